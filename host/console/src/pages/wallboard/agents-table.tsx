import { Checkbox, Group, Table, Text, Tooltip } from "@mantine/core";
import { IconDeviceLandlinePhone, IconWorld } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAgents } from "../../api/queries.ts";
import type { AgentLive, AgentStateName, Live } from "../../api/types.ts";
import { AgentStateLabel, stateSince } from "../../components/agent-state.tsx";
import { Panel } from "../../components/panel.tsx";
import { Empty } from "../../components/states.tsx";
import { Elapsed } from "../../components/timers.tsx";
import { word } from "../../i18n/index.ts";
import { type Columns, Head, useSorting } from "./sorting.tsx";

/** Who needs a look first. */
const ORDER: AgentStateName[] = ["offered", "talking", "wrap_up", "ready", "paused", "signed_out"];

const COLUMNS: Columns<AgentLive> = {
  name: (agent) => agent.name,
  state: (agent) => ORDER.indexOf(agent.state) * 1e13 + (stateSince(agent) ?? 0),
  time: (agent) => -(stateSince(agent) ?? 0),
};

interface Props {
  live: Live;
  search: string;
  queue: string | null;
}

export function AgentsTable({ live, search, queue }: Props) {
  const { t } = useTranslation();
  const [signedOut, setSignedOut] = useState(false);
  const agents = useAgents();
  const rows = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    const serves = new Map(
      agents.data?.map((agent) => [agent.id, agent.queues.map((each) => each.queue)]),
    );
    return live.agents.filter(
      (agent) =>
        (signedOut || agent.state !== "signed_out") &&
        agent.name.toLowerCase().includes(wanted) &&
        (!queue || (serves.get(agent.id)?.includes(queue) ?? true)),
    );
  }, [live.agents, agents.data, search, queue, signedOut]);
  const sorting = useSorting(rows, COLUMNS, "state");
  const caller = (contact: string) =>
    live.contacts.find((each) => each.id === contact)?.caller ?? "";

  return (
    <Panel
      title={t("wallboard.agents")}
      flush
      testId="agents"
      aside={
        <Checkbox
          size="xs"
          label={t("wallboard.showSignedOut")}
          checked={signedOut}
          onChange={(event) => setSignedOut(event.currentTarget.checked)}
        />
      }
    >
      {rows.length === 0 ? (
        <Empty>{t("wallboard.noAgents")}</Empty>
      ) : (
        <div className="scroll-x">
          <Table highlightOnHover style={{ minWidth: 0 }}>
            <Table.Thead>
              <Table.Tr>
                <Head column="name" sorting={sorting}>
                  {t("wallboard.agent")}
                </Head>
                <Head column="state" sorting={sorting}>
                  {t("wallboard.state")}
                </Head>
                <Head column="time" sorting={sorting} number>
                  {t("wallboard.time")}
                </Head>
                <Table.Th aria-label={t("wallboard.device")} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sorting.rows.map((agent) => (
                <Table.Tr key={agent.id} data-agent={agent.name}>
                  <Table.Td fw={600}>{agent.name}</Table.Td>
                  <Table.Td className="wrap">
                    <AgentStateLabel agent={agent} />{" "}
                    {"contact" in agent && caller(agent.contact) && (
                      <Text
                        component={Link}
                        to={`/contacts/${agent.contact}`}
                        size="sm"
                        className="quiet"
                        ml={8}
                      >
                        {caller(agent.contact)}
                      </Text>
                    )}
                    {agent.work.length > 1 && (
                      <Text
                        span
                        size="sm"
                        className="quiet"
                        ml={8}
                        title={t("wallboard.moreInHand", { count: agent.work.length - 1 })}
                        data-testid="more-in-hand"
                      >
                        {t("wallboard.more", { count: agent.work.length - 1 })}
                      </Text>
                    )}
                    {agent.pause_next && (
                      <Text span size="xs" className="quiet" ml={8}>
                        {t("wallboard.pauseNext", {
                          reason: word(t, "pauseReason", agent.pause_next),
                        })}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td className="number">
                    {stateSince(agent) === null ? "–" : <Elapsed since={stateSince(agent) ?? 0} />}
                  </Table.Td>
                  <Table.Td>
                    {agent.state !== "signed_out" && <DeviceMark agent={agent} />}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Panel>
  );
}

function DeviceMark({ agent }: { agent: AgentLive }) {
  const { t } = useTranslation();
  const up = agent.device === "browser" ? agent.browser_up : agent.desk_phone_up;
  const Icon = agent.device === "browser" ? IconWorld : IconDeviceLandlinePhone;
  const device = t(`device.${agent.device}`);
  const label = up ? device : t("wallboard.deviceDown", { device });
  return (
    <Tooltip label={label}>
      <Group w="fit-content" aria-label={label} role="img">
        <Icon size={16} color={up ? "var(--hotline-quiet)" : "var(--state-bad)"} />
      </Group>
    </Tooltip>
  );
}
