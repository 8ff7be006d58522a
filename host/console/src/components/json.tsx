/** A value as it is stored, for those who want to see exactly that. */
export function Json({ of }: { of: unknown }) {
  return (
    <pre
      style={{
        margin: "6px 0 2px",
        padding: "8px 10px",
        borderRadius: "var(--mantine-radius-sm)",
        background: "var(--hotline-page)",
        border: "1px solid var(--hotline-line)",
        fontFamily: "var(--mantine-font-family-monospace)",
        fontSize: "var(--mantine-font-size-xs)",
        overflowX: "auto",
        maxHeight: 400,
      }}
    >
      {JSON.stringify(of, null, 2)}
    </pre>
  );
}
