import { Alert, Grid, Group, Select, Stack, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQueues } from "../../api/queries.ts";
import { Panel } from "../../components/panel.tsx";
import { Loading } from "../../components/states.tsx";
import { useLive } from "../../live/provider.tsx";
import { AgentsTable } from "./agents-table.tsx";
import { ContactsNow } from "./contacts-now.tsx";
import { Monitors } from "./monitors.tsx";
import { QueuesTable } from "./queues-table.tsx";
import { Totals } from "./totals.tsx";

const Strip = lazy(() => import("./strip.tsx"));

/** Everything that happens now, to be read from across the room. */
export default function WallboardPage() {
  const { t } = useTranslation();
  const live = useLive((state) => state.live);
  const lost = useLive((state) => state.status === "lost");
  const queues = useQueues();
  const [search, setSearch] = useState("");
  const [queue, setQueue] = useState<string | null>(null);

  useEffect(() => {
    document.title = `${t("wallboard.title")} · ${t("brand")}`;
  }, [t]);

  if (!live) return <Loading />;
  const shown = queue ? live.queues.filter((each) => each.id === queue) : live.queues;
  const settings = queues.data ?? [];

  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Title order={1}>{t("wallboard.title")}</Title>
        <Group gap="xs">
          <Monitors live={live} />
          <Select
            size="xs"
            w={160}
            clearable
            aria-label={t("wallboard.queue")}
            placeholder={t("wallboard.allQueues")}
            value={queue}
            onChange={setQueue}
            data={live.queues.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextInput
            size="xs"
            w={{ base: 150, sm: 240 }}
            aria-label={t("wallboard.search")}
            placeholder={t("wallboard.search")}
            leftSection={<IconSearch size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </Group>
      </Group>
      {lost && (
        <Alert color="red" py="xs" role="alert">
          {t("wallboard.paused")}
        </Alert>
      )}
      <Totals queues={shown} at={live.at} />
      <QueuesTable queues={shown} settings={settings} at={live.at} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <AgentsTable live={live} search={search} queue={queue} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="md">
            <ContactsNow live={live} search={search} queue={queue} />
            <Panel title={t("wallboard.strip")}>
              <Suspense fallback={<Loading />}>
                <Strip />
              </Suspense>
            </Panel>
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
