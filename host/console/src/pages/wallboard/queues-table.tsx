import { Badge, Group, Table, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { QueueLive, QueueRow } from "../../api/types.ts";
import { StateDot } from "../../components/agent-state.tsx";
import { duration, moment, percent } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty } from "../../components/states.tsx";
import { OldestWait } from "./oldest-wait.tsx";
import { type Columns, Head, useSorting } from "./sorting.tsx";

const COLUMNS: Columns<QueueLive> = {
  name: (queue) => queue.name,
  waiting: (queue) => queue.waiting,
  oldest: (queue) => (queue.waiting > 0 ? queue.oldest_wait_ms : -1),
  expected: (queue) => queue.expected_wait_ms ?? -1,
  level: (queue) => queue.service_level ?? 2,
  agents: (queue) => queue.agents_ready,
  answered: (queue) => queue.answered,
  abandoned: (queue) => queue.abandoned,
};

interface Props {
  queues: QueueLive[];
  /** What is set up; known a moment later than the figures. */
  settings: QueueRow[];
  at: number;
}

export function QueuesTable({ queues, settings, at }: Props) {
  const { t, i18n } = useTranslation();
  const sorting = useSorting(queues, COLUMNS, "oldest", true);
  const threshold = (id: string) => settings.find((each) => each.id === id)?.service_level_ms;

  return (
    <Panel title={t("wallboard.queues")} flush testId="queues">
      {queues.length === 0 ? (
        <Empty>{t("wallboard.noQueues")}</Empty>
      ) : (
        <div className="scroll-x">
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Head column="name" sorting={sorting}>
                  {t("wallboard.queue")}
                </Head>
                <Head column="waiting" sorting={sorting} number>
                  {t("wallboard.waiting")}
                </Head>
                <Head column="oldest" sorting={sorting} number>
                  {t("wallboard.oldest")}
                </Head>
                <Head column="expected" sorting={sorting} number>
                  {t("wallboard.expected")}
                </Head>
                <Head column="level" sorting={sorting} number>
                  {t("wallboard.serviceLevel")}
                </Head>
                <Head column="agents" sorting={sorting}>
                  {t("wallboard.agents")}
                </Head>
                <Head column="answered" sorting={sorting} number>
                  {t("wallboard.answered")}
                </Head>
                <Head column="abandoned" sorting={sorting} number>
                  {t("wallboard.abandoned")}
                </Head>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sorting.rows.map((queue) => (
                <Table.Tr key={queue.id} data-queue={queue.name}>
                  <Table.Td fw={650}>
                    {queue.name}
                    <OutOfHours hours={queue.hours} />
                  </Table.Td>
                  <Table.Td className="number" fz="lg" fw={queue.waiting > 0 ? 700 : 400}>
                    {queue.waiting}
                  </Table.Td>
                  <Table.Td className="number">
                    <OldestWait queue={queue} at={at} thresholdMs={threshold(queue.id)} />
                  </Table.Td>
                  <Table.Td className="number">{duration(queue.expected_wait_ms)}</Table.Td>
                  <Table.Td className="number">
                    <Tooltip
                      label={
                        threshold(queue.id) === undefined
                          ? t("wallboard.serviceLevelAny")
                          : t("wallboard.serviceLevelFormula", {
                              threshold: t("admin.queue.seconds", {
                                count: (threshold(queue.id) ?? 0) / 1_000,
                              }),
                            })
                      }
                    >
                      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the formula is for keyboards too */}
                      <span tabIndex={0} style={{ borderBottom: "1px dotted" }}>
                        {percent(queue.service_level, i18n.language)}
                      </span>
                    </Tooltip>
                  </Table.Td>
                  <Table.Td>
                    <AgentsOf queue={queue} />
                  </Table.Td>
                  <Table.Td className="number">{queue.answered}</Table.Td>
                  <Table.Td className="number">{queue.abandoned}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Panel>
  );
}

/** Says so when the queue takes nobody now, or its calendar can not be read. */
function OutOfHours({ hours }: { hours: QueueLive["hours"] }) {
  const { t, i18n } = useTranslation();
  if (hours.state === "always" || hours.state === "open") return null;
  const label =
    hours.state === "unknown"
      ? hours.why
      : hours.until === null
        ? t("wallboard.closed")
        : t("wallboard.closedUntil", { at: moment(hours.until, i18n.language) });
  return (
    <Tooltip label={label}>
      <Badge
        ml={8}
        size="sm"
        variant="light"
        tt="none"
        color={hours.state === "unknown" ? "red" : "gray"}
      >
        {hours.state === "unknown" ? t("wallboard.hoursUnknown") : t("wallboard.closed")}
      </Badge>
    </Tooltip>
  );
}

function AgentsOf({ queue }: { queue: QueueLive }) {
  const { t } = useTranslation();
  const counts = {
    ready: queue.agents_ready,
    busy: queue.agents_busy,
    paused: queue.agents_paused,
  };
  return (
    <Tooltip label={t("wallboard.agentsOf", counts)}>
      <Group gap={12} wrap="nowrap" className="figures" w="fit-content">
        {(["ready", "talking", "paused"] as const).map((state) => (
          <Group key={state} gap={5} wrap="nowrap">
            <StateDot state={state} size={8} />
            <span>{state === "talking" ? counts.busy : counts[state]}</span>
          </Group>
        ))}
      </Group>
    </Tooltip>
  );
}
