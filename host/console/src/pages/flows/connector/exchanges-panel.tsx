import { Badge, Table, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OutboundExchange } from "../../../api/types.ts";
import { count, moment } from "../../../components/format.ts";
import { Panel } from "../../../components/panel.tsx";
import { Empty, Loaded } from "../../../components/states.tsx";
import { useConnectorExchanges } from "../queries.ts";

/** What was sent to the other system and what came back, with references in place of secrets. */
export function ExchangesPanel({ name }: { name: string }) {
  const { t } = useTranslation();
  const exchanges = useConnectorExchanges(name);
  return (
    <Panel title={t("connector.exchanges")} testId="connector-exchanges" flush>
      <Loaded of={exchanges}>
        {(rows) =>
          rows.length === 0 ? <Empty>{t("connector.noExchanges")}</Empty> : <Rows rows={rows} />
        }
      </Loaded>
    </Panel>
  );
}

function Rows({ rows }: { rows: OutboundExchange[] }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState<number>();
  return (
    <div className="scroll-x">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={130}>{t("connector.column.at")}</Table.Th>
            <Table.Th>{t("connector.column.request")}</Table.Th>
            <Table.Th>{t("connector.column.answer")}</Table.Th>
            <Table.Th ta="right">{t("connector.column.took")}</Table.Th>
            <Table.Th ta="right">{t("connector.column.tries")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => {
            // The newest stand first: counted from the oldest, a row keeps its number.
            const number = rows.length - index;
            const isOpen = open === number;
            const time = moment(row.at, i18n.language);
            const Chevron = isOpen ? IconChevronDown : IconChevronRight;
            return (
              <Fragment key={number}>
                <Table.Tr>
                  <Table.Td>
                    <UnstyledButton
                      onClick={() => setOpen(isOpen ? undefined : number)}
                      aria-expanded={isOpen}
                      aria-label={t("connector.details", { time })}
                      style={{ whiteSpace: "nowrap" }}
                    >
                      <Chevron size={14} style={{ verticalAlign: "-2px" }} /> {time}
                    </UnstyledButton>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" ff="monospace" truncate maw={{ base: 200, sm: 420, lg: 600 }}>
                      {row.method} {row.url}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Answer row={row} />
                  </Table.Td>
                  <Table.Td ta="right" className="figures" style={{ whiteSpace: "nowrap" }}>
                    {count(row.took_ms, i18n.language)} ms
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {row.from_cache ? t("connector.cached") : row.tries}
                  </Table.Td>
                </Table.Tr>
                {isOpen && (
                  <Table.Tr>
                    <Table.Td colSpan={5}>
                      <div className="wide-detail">
                        {row.detail && (
                          <Text size="sm" mb="xs">
                            {row.detail}
                          </Text>
                        )}
                        <Half
                          title={t("connector.sent")}
                          first={`${row.method} ${row.url}`}
                          headers={row.request_headers}
                          body={row.request_body}
                        />
                        <Half
                          title={t("connector.got")}
                          first={row.status === null ? undefined : String(row.status)}
                          headers={row.response_headers}
                          body={row.response_body}
                        />
                      </div>
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Answer({ row }: { row: OutboundExchange }) {
  const { t } = useTranslation();
  const isGood = row.failure === null && row.status !== null && row.status < 400;
  return (
    <Badge color={isGood ? "green.8" : "red.8"} tt="none">
      {row.failure ?? row.status ?? t("connector.noAnswer")}
    </Badge>
  );
}

interface HalfProps {
  title: string;
  first?: string;
  headers: string[][];
  body: OutboundExchange["request_body"];
}

/** One direction of an exchange. */
function Half({ title, first, headers, body }: HalfProps) {
  const { t } = useTranslation();
  const isCut = body && new TextEncoder().encode(body.text).length < body.bytes;
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return (
    <>
      <Text size="xs" fw={650}>
        {title}
      </Text>
      <pre className="wire">
        {[...(first ? [first] : []), ...lines, ...(body ? ["", body.text] : [])].join("\n") || "–"}
        {isCut && `\n… ${t("connector.cut", { bytes: body.bytes })}`}
      </pre>
    </>
  );
}
