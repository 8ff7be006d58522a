import { Group, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface Props {
  title: ReactNode;
  /** Controls at the right end of the head. */
  aside?: ReactNode;
  children: ReactNode;
  /** Whether the content reaches the edges, as tables do. */
  flush?: boolean;
  testId?: string;
}

/** A titled area of a page. */
export function Panel({ title, aside, children, flush, testId }: Props) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id} data-testid={testId}>
      <Group px="md" pt="sm" pb="xs" justify="space-between" gap="xs" mih={46}>
        <Title order={2} size="h3" id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      <div
        style={
          flush ? undefined : { padding: "0 var(--mantine-spacing-md) var(--mantine-spacing-md)" }
        }
      >
        {children}
      </div>
    </section>
  );
}
