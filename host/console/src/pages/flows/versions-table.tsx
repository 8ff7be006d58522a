import { Button, Table, Text, Tooltip } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PluginStatus } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty } from "../../components/states.tsx";
import { actorName } from "./actor.ts";
import { UploadDialog } from "./upload-dialog.tsx";
import { VersionDrawer } from "./version-drawer.tsx";
import { VersionStateBadge } from "./version-state.tsx";

/** Every version that is kept: where it stands, who brought it, and what they said of it. */
export function VersionsTable({ row, mayChange }: { row: PluginStatus; mayChange: boolean }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const [uploading, setUploading] = useState(false);
  return (
    <Panel
      title={t("flows.allVersions")}
      flush
      testId="version-list"
      aside={
        mayChange && (
          <Button
            size="xs"
            leftSection={<IconUpload size={15} />}
            onClick={() => setUploading(true)}
            data-testid="upload-version"
          >
            {t("flows.upload")}
          </Button>
        )
      }
    >
      {row.versions.length === 0 ? (
        <Empty>{t("flows.noneKept")}</Empty>
      ) : (
        <div className="scroll-x">
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("flows.column.version")}</Table.Th>
                <Table.Th>{t("flows.column.state")}</Table.Th>
                <Table.Th>{t("flows.column.since")}</Table.Th>
                <Table.Th>{t("flows.column.by")}</Table.Th>
                <Table.Th ta="right">{t("flows.column.contacts")}</Table.Th>
                <Table.Th aria-hidden />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {row.versions.map((version) => (
                <Table.Tr key={version.id} data-version-row={version.label}>
                  <Table.Td>
                    <Text size="sm" ff="monospace">
                      {version.label}
                    </Text>
                    {version.note && (
                      <Text size="xs" className="quiet" lineClamp={2} maw={320}>
                        {version.note}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <VersionStateBadge state={version.state} />
                  </Table.Td>
                  <Table.Td style={{ whiteSpace: "nowrap" }}>
                    {instant(version.imported_at, i18n.language)}
                  </Table.Td>
                  <Table.Td>{actorName(version.by, t)}</Table.Td>
                  <Table.Td ta="right" className="figures">
                    {version.contacts}
                  </Table.Td>
                  <Table.Td ta="right">
                    <Tooltip label={t("flows.openVersion")}>
                      <Button
                        size="compact-xs"
                        variant="default"
                        onClick={() => setOpen(version.id)}
                        aria-label={`${t("flows.open")}: ${version.label}`}
                      >
                        {t("flows.open")}
                      </Button>
                    </Tooltip>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <VersionDrawer row={row} version={open} mayChange={mayChange} onClose={() => setOpen(null)} />
      {uploading && (
        <UploadDialog
          kind={row.kind}
          name={row.name}
          onClose={() => setUploading(false)}
          onDone={(version) => {
            setUploading(false);
            setOpen(version.id);
          }}
        />
      )}
    </Panel>
  );
}
