import { Anchor, Code, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { PluginDifference } from "../../api/types.ts";
import { instant } from "../../components/format.ts";

/** What the active version decided, and what the candidate would have. */
export function Differences({ rows }: { rows: PluginDifference[] }) {
  const { t, i18n } = useTranslation();
  if (rows.length === 0) return null;
  return (
    <div className="scroll-x">
      <Table verticalSpacing="xs" data-testid="differences">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("flows.column.contact")}</Table.Th>
            <Table.Th>{t("flows.column.question")}</Table.Th>
            <Table.Th>{t("flows.column.active")}</Table.Th>
            <Table.Th>{t("flows.column.candidate")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={`${row.contact}/${row.question}/${index}`}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                {row.contact ? (
                  <Anchor component={Link} to={`/contacts/${row.contact}`} size="sm">
                    {instant(row.at, i18n.language)}
                  </Anchor>
                ) : (
                  instant(row.at, i18n.language)
                )}
              </Table.Td>
              <Table.Td>{row.question}</Table.Td>
              <Table.Td>
                <Said text={row.active} />
              </Table.Td>
              <Table.Td>
                {row.failed ? (
                  <Text size="sm" c="var(--state-bad)">
                    {row.candidate}
                  </Text>
                ) : (
                  <Said text={row.candidate} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Said({ text }: { text: string }) {
  return (
    <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", maxWidth: 420 }}>
      {text}
    </Code>
  );
}
