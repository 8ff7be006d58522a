import { Badge, Button, Grid, Group, NavLink, Stack, Title } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowsSplit,
  IconChecklist,
  IconPlugConnected,
  IconScript,
  IconSitemap,
  IconUpload,
} from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { useFlows, useMe } from "../../api/queries.ts";
import type { PluginKind, PluginStatus } from "../../api/types.ts";
import { versionLabel } from "../../api/types.ts";
import { Empty, Loaded } from "../../components/states.tsx";
import { addressOf, named } from "./address.ts";
import { PluginPanel } from "./plugin-panel.tsx";
import { UploadDialog } from "./upload-dialog.tsx";

const ICONS: Record<PluginKind, typeof IconSitemap> = {
  flow: IconSitemap,
  policy: IconArrowsSplit,
  qa: IconChecklist,
  connector: IconPlugConnected,
  language: IconScript,
};

/** The tenant's plugins; follows saves as they go live or are refused. */
export default function FlowsPage() {
  const { t } = useTranslation();
  const { kind, name } = useParams();
  const flows = useFlows();
  const navigate = useNavigate();
  const mayChange = useMe().data?.role === "admin";
  const [uploading, setUploading] = useState(false);

  useEffect(() => {
    document.title = `${t("flows.title")} · ${t("brand")}`;
  }, [t]);

  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1}>{t("flows.title")}</Title>
        {mayChange && (
          <Button
            variant="default"
            leftSection={<IconUpload size={16} />}
            onClick={() => setUploading(true)}
          >
            {t("flows.uploadNew")}
          </Button>
        )}
      </Group>
      {uploading && (
        <UploadDialog
          onClose={() => setUploading(false)}
          onDone={(version, of) => {
            setUploading(false);
            navigate(addressOf(of, version.version.name));
          }}
        />
      )}
      <Loaded of={flows}>
        {(rows) => {
          const chosen = named(rows, kind, name);
          if (!chosen) {
            return (
              <div className="panel">
                <Empty icon={<IconSitemap size={30} stroke={1.4} />}>{t("flows.empty")}</Empty>
              </div>
            );
          }
          return (
            <Grid gap="md">
              <Grid.Col span={{ base: 12, md: 4, lg: 3 }}>
                <nav className="panel" aria-label={t("flows.title")}>
                  {rows.map((row) => (
                    <Item key={`${row.kind}/${row.name}`} row={row} active={row === chosen} />
                  ))}
                </nav>
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 8, lg: 9 }}>
                <PluginPanel key={`${chosen.kind}/${chosen.name}`} row={chosen} />
              </Grid.Col>
            </Grid>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Item({ row, active }: { row: PluginStatus; active: boolean }) {
  const { t } = useTranslation();
  const calls = row.versions.reduce((sum, version) => sum + version.contacts, 0);
  const Icon = ICONS[row.kind];
  return (
    <NavLink
      component={Link}
      to={addressOf(row.kind, row.name)}
      active={active}
      variant="light"
      aria-current={active ? "page" : undefined}
      label={row.name}
      description={row.live ? versionLabel(row.live) : t("flows.notLive")}
      leftSection={<Icon size={18} stroke={1.7} />}
      rightSection={
        <Group gap={6} wrap="nowrap">
          {calls > 0 && (
            <Badge variant="light" color="blue" tt="none">
              {t("flows.calls", { count: calls })}
            </Badge>
          )}
          {row.problem && (
            <IconAlertTriangle
              size={18}
              color="var(--state-bad)"
              aria-label={t("flows.problemShort")}
            />
          )}
        </Group>
      }
    />
  );
}
