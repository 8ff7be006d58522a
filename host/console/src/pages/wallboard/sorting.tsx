import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";

export type Columns<Row> = Record<string, (row: Row) => string | number>;

export interface Sorting<Row> {
  rows: Row[];
  by: string;
  descending: boolean;
  toggle: (column: string) => void;
}

/** Rows in the order of a column that the reader picks; ties stay in the order given. */
export function useSorting<Row>(
  rows: Row[],
  columns: Columns<Row>,
  initial: string,
  initiallyDescending = false,
): Sorting<Row> {
  const [by, setBy] = useState(initial);
  const [descending, setDescending] = useState(initiallyDescending);
  const sorted = useMemo(() => {
    const key = columns[by] ?? (() => 0);
    return [...rows].sort((a, b) => compare(key(a), key(b)) * (descending ? -1 : 1));
  }, [rows, columns, by, descending]);
  const toggle = (column: string) => {
    setDescending(column === by ? !descending : false);
    setBy(column);
  };
  return { rows: sorted, by, descending, toggle };
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b));
}

interface HeadProps<Row> {
  column: string;
  sorting: Sorting<Row>;
  number?: boolean;
  children: ReactNode;
}

/** A column's head that sorts by it. */
export function Head<Row>({ column, sorting, number, children }: HeadProps<Row>) {
  const active = sorting.by === column;
  const Arrow = sorting.descending ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th
      className={number ? "number" : undefined}
      aria-sort={active ? (sorting.descending ? "descending" : "ascending") : "none"}
    >
      <UnstyledButton
        onClick={() => sorting.toggle(column)}
        style={{
          font: "inherit",
          display: "flex",
          gap: 3,
          alignItems: "center",
          width: "fit-content",
          color: active ? "var(--mantine-color-text)" : "inherit",
        }}
      >
        {children}
        <Arrow size={12} style={{ visibility: active ? "visible" : "hidden" }} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}
