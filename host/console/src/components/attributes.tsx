import { Group } from "@mantine/core";

/** Names and values that a flow has set on a contact. */
export function Attributes({ of }: { of: [string, string][] }) {
  if (of.length === 0) return null;
  return (
    <Group gap={6}>
      {of.map(([name, value]) => (
        <span
          key={name}
          style={{
            border: "1px solid var(--hotline-line)",
            borderRadius: 6,
            padding: "1px 8px",
            fontSize: "var(--mantine-font-size-sm)",
            overflowWrap: "anywhere",
          }}
        >
          <span className="quiet">{name}</span> <b>{value}</b>
        </span>
      ))}
    </Group>
  );
}
