import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problem.ts";
import type { Replayed, VersionDetail } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { Differences } from "./differences.tsx";
import { type PluginName, useReplay } from "./queries.ts";

interface Props {
  of: PluginName;
  version: VersionDetail;
  mayChange: boolean;
}

/** What it would have done with the last recorded calls. */
export function ReplayPanel({ of, version, mayChange }: Props) {
  const { t } = useTranslation();
  const replay = useReplay(of);
  const summary = replay.data?.summary ?? version.replayed;
  return (
    <section>
      <Group justify="space-between" mb={6}>
        <Title order={4}>{t("flows.replay")}</Title>
        {mayChange && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconHistory size={15} />}
            loading={replay.isPending}
            onClick={() => replay.mutate(version.id)}
            data-testid="replay"
          >
            {t("flows.replayRun")}
          </Button>
        )}
      </Group>
      <Stack gap="sm">
        {summary ? (
          <Summary of={summary} />
        ) : (
          <Text size="sm" className="quiet">
            {t("flows.replayNone")}
          </Text>
        )}
        {replay.error && (
          <Alert color="red" role="alert">
            {explain(replay.error, t)}
          </Alert>
        )}
        {replay.data && <Differences rows={replay.data.differences} />}
      </Stack>
    </section>
  );
}

function Summary({ of }: { of: Replayed }) {
  const { t, i18n } = useTranslation();
  return (
    <Text size="sm" data-testid="replayed" data-changed={of.contacts_changed}>
      {t("flows.replayed", {
        time: instant(of.at, i18n.language),
        contacts: of.contacts,
        changed: of.contacts_changed,
        faults: of.faults,
      })}
      {of.not_comparable > 0 && ` ${t("flows.notComparable", { count: of.not_comparable })}`}
      {!of.complete && ` ${t("flows.replayCut")}`}
    </Text>
  );
}
