import {
  Alert,
  Button,
  Drawer,
  Group,
  Stack,
  Text,
  Textarea,
  Timeline,
  Title,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problem.ts";
import type { PluginStatus, VersionDetail, VersionWish } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { notifyDone } from "../../components/notify.ts";
import { Loaded } from "../../components/states.tsx";
import { actorName } from "./actor.ts";
import { CanaryDialog } from "./canary-dialog.tsx";
import { Diagnostics } from "./diagnostics.tsx";
import { type Move, moves } from "./moves.ts";
import { Permissions } from "./permissions.tsx";
import { useMove, useVersion } from "./queries.ts";
import { ReplayPanel } from "./replay-panel.tsx";
import { VersionStateBadge } from "./version-state.tsx";

interface Props {
  row: PluginStatus;
  /** Which version; none: closed. */
  version: string | null;
  mayChange: boolean;
  onClose: () => void;
}

/** One version: its report, what it asks for, what a replay says, what may be done with it. */
export function VersionDrawer({ row, version, mayChange, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={version !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title={`${t(`flows.kind.${row.kind}`)} · ${row.name}`}
      data-testid="version-drawer"
    >
      {version !== null && <Content key={version} row={row} id={version} mayChange={mayChange} />}
    </Drawer>
  );
}

function Content({ row, id, mayChange }: { row: PluginStatus; id: string; mayChange: boolean }) {
  const version = useVersion(row, id);
  return (
    <Loaded of={version}>
      {(detail) => <Version row={row} version={detail} mayChange={mayChange} />}
    </Loaded>
  );
}

interface VersionProps {
  row: PluginStatus;
  version: VersionDetail;
  mayChange: boolean;
}

function Version({ row, version, mayChange }: VersionProps) {
  const { t } = useTranslation();
  const [accepting, setAccepting] = useState<string[]>([]);
  const asksForMore =
    version.permissions.length > 0 || version.permission_changes.removed.length > 0;
  return (
    <Stack>
      <Group gap="sm">
        <Title order={3} ff="monospace" fz={18}>
          {version.label}
        </Title>
        <VersionStateBadge state={version.state} />
      </Group>
      {version.note && <Text>{version.note}</Text>}
      {version.report.length > 0 && (
        <Diagnostics
          title={t(version.state === "rejected" ? "flows.rejected" : "flows.warnings")}
          colour={version.state === "rejected" ? "red" : "yellow"}
          diagnostics={version.report}
          testId="admission-report"
        />
      )}
      {asksForMore && (
        <section>
          <Title order={4} mb={6}>
            {t("flows.permissions")}
          </Title>
          <Permissions
            version={version}
            accepting={accepting}
            onAccept={setAccepting}
            mayChange={mayChange}
          />
        </section>
      )}
      {mayChange && <Moves row={row} version={version} accepting={accepting} />}
      {version.state !== "rejected" && !version.live && (
        <ReplayPanel of={row} version={version} mayChange={mayChange} />
      )}
      <History version={version} />
    </Stack>
  );
}

interface MovesProps {
  row: PluginStatus;
  version: VersionDetail;
  accepting: string[];
}

/** What may be done with it now, each with its reason written down. */
function Moves({ row, version, accepting }: MovesProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [canary, setCanary] = useState(false);
  const move = useMove(row);
  // A language answers no contacts that it could be tried on.
  const mayBeTried = row.live !== null && row.kind !== "language";
  const possible = moves(version.state, mayBeTried);
  if (possible.length === 0) return null;
  const go = (to: VersionWish, done: string) =>
    move.mutate(
      { version: version.id, to, reason },
      {
        onSuccess: () => {
          setReason("");
          setCanary(false);
          notifyDone(done);
        },
      },
    );
  const press = (each: Move) => {
    const done = t(`flows.moved.${each}`, { version: version.label });
    switch (each) {
      case "stage":
        return go({ staged: { accept: accepting } }, done);
      case "shadow":
        return go("shadow", done);
      case "canary":
        return setCanary(true);
      case "activate":
      case "roll-back":
        return go("active", done);
      case "quarantine":
        return go("quarantined", done);
    }
  };
  return (
    <section>
      <Title order={4} mb={6}>
        {t("flows.next")}
      </Title>
      <Stack gap="sm">
        <Textarea
          label={t("flows.reason")}
          description={t("flows.reasonHelp")}
          maxLength={500}
          autosize
          minRows={1}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group gap="xs">
          {possible.map((each, index) => (
            <Button
              key={each}
              size="sm"
              variant={index === 0 ? "filled" : "default"}
              color={each === "quarantine" ? "red" : undefined}
              loading={move.isPending}
              onClick={() => press(each)}
              data-testid={`move-${each}`}
            >
              {t(`flows.move.${each}`)}
            </Button>
          ))}
        </Group>
        {possible.map((each) => (
          <Text key={each} size="xs" className="quiet">
            <b>{t(`flows.move.${each}`)}:</b> {t(`flows.moveHelp.${each}`)}
          </Text>
        ))}
        {move.error && (
          <Alert color="red" role="alert" data-testid="move-refused">
            {explain(move.error, t)}
          </Alert>
        )}
      </Stack>
      {canary && (
        <CanaryDialog
          onClose={() => setCanary(false)}
          pending={move.isPending}
          error={move.error}
          onStart={(wish) => go(wish, t("flows.moved.canary", { version: version.label }))}
        />
      )}
    </section>
  );
}

/** Every change of its state, the newest first. */
function History({ version }: { version: VersionDetail }) {
  const { t, i18n } = useTranslation();
  const changes = [...version.history].reverse();
  return (
    <section>
      <Title order={4} mb="xs">
        {t("flows.history")}
      </Title>
      <Timeline bulletSize={14} lineWidth={2}>
        {changes.map((change, index) => (
          <Timeline.Item
            key={`${change.at}/${change.to}/${index}`}
            title={<VersionStateBadge state={change.to} />}
          >
            <Text size="sm">
              {instant(change.at, i18n.language)} · {actorName(change.by, t)}
            </Text>
            {change.reason && (
              <Text size="sm" className="quiet" style={{ overflowWrap: "anywhere" }}>
                {change.reason}
              </Text>
            )}
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  );
}
