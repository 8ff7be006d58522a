import { ActionIcon, Anchor, Modal, Table, Text, Tooltip } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ContactLive, Live } from "../../api/types.ts";
import { StateDot } from "../../components/agent-state.tsx";
import { Panel } from "../../components/panel.tsx";
import { WhyWaiting } from "../../components/routing/why-waiting.tsx";
import { Empty } from "../../components/states.tsx";
import { Elapsed } from "../../components/timers.tsx";
import { type Columns, Head, useSorting } from "./sorting.tsx";

const STAGES: ContactLive["stage"][] = ["waiting", "resting", "in_flow", "talking"];
const STAGE_COLOUR = {
  waiting: "offered",
  resting: "paused",
  in_flow: "paused",
  talking: "talking",
} as const;

/** In the present stage since when; a flow, and a callback that rests, count from the start. */
function stageSince(contact: ContactLive): number {
  return "since" in contact ? contact.since : contact.started_at;
}

const COLUMNS: Columns<ContactLive> = {
  caller: (contact) => contact.caller,
  // The waiting first, in the order of their positions.
  stage: (contact) =>
    STAGES.indexOf(contact.stage) * 1e13 +
    (contact.stage === "waiting" ? contact.position : stageSince(contact)),
  time: (contact) => -stageSince(contact),
  total: (contact) => -contact.started_at,
};

/** More rows than a person reads; the figures above count all. */
const SHOWN = 200;

interface Props {
  live: Live;
  search: string;
  queue: string | null;
}

export function ContactsNow({ live, search, queue }: Props) {
  const { t } = useTranslation();
  const names = useMemo(
    () => new Map(live.agents.map((agent) => [agent.id, agent.name])),
    [live.agents],
  );
  const [asked, setAsked] = useState<ContactLive | null>(null);
  const where = (contact: ContactLive): string => {
    switch (contact.stage) {
      case "in_flow":
        return t("wallboard.inFlow", { flow: contact.flow });
      case "waiting":
        return t("wallboard.positionIn", { position: contact.position, queue: contact.queue_name });
      case "resting":
        return t("wallboard.resting");
      case "talking":
        return t("wallboard.talkingTo", { agent: names.get(contact.agent) ?? "" });
    }
  };
  const wanted = search.trim().toLowerCase();
  const rows = live.contacts.filter(
    (contact) =>
      (!queue || (contact.stage === "waiting" && contact.queue === queue)) &&
      `${contact.caller} ${where(contact)}`.toLowerCase().includes(wanted),
  );
  const sorting = useSorting(rows, COLUMNS, "stage");

  return (
    <Panel title={t("wallboard.contacts")} flush testId="contacts-now">
      {rows.length === 0 ? (
        <Empty>{t("wallboard.noContacts")}</Empty>
      ) : (
        <div className="scroll-x" style={{ maxHeight: 420, overflowY: "auto" }}>
          <Table highlightOnHover style={{ minWidth: 0 }}>
            <Table.Thead>
              <Table.Tr>
                <Head column="caller" sorting={sorting}>
                  {t("wallboard.caller")}
                </Head>
                <Head column="stage" sorting={sorting}>
                  {t("wallboard.stage")}
                </Head>
                <Head column="time" sorting={sorting} number>
                  {t("wallboard.time")}
                </Head>
                <Head column="total" sorting={sorting} number>
                  {t("wallboard.total")}
                </Head>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sorting.rows.slice(0, SHOWN).map((contact) => (
                <Table.Tr key={contact.id} data-contact={contact.id} data-stage={contact.stage}>
                  <Table.Td>
                    <Anchor component={Link} to={`/contacts/${contact.id}`} size="sm" fw={600}>
                      {contact.caller || t(`channel.${contact.channel}`)}
                    </Anchor>
                  </Table.Td>
                  <Table.Td className="wrap">
                    <span className="pieces">
                      <span>
                        <StateDot state={STAGE_COLOUR[contact.stage]} calm /> {where(contact)}
                      </span>
                      {contact.stage === "waiting" && contact.offered_to && (
                        <span className="quiet">
                          {t("wallboard.offeredTo", { agent: names.get(contact.offered_to) ?? "" })}
                        </span>
                      )}
                    </span>
                  </Table.Td>
                  <Table.Td className="number">
                    {contact.stage === "waiting" && (
                      <Tooltip label={t("routing.why.ask")}>
                        <ActionIcon
                          variant="subtle"
                          size="sm"
                          mr={6}
                          aria-label={`${t("routing.why.ask")} ${contact.caller}`}
                          data-testid="why-button"
                          onClick={() => setAsked(contact)}
                        >
                          <IconHelpCircle size={16} />
                        </ActionIcon>
                      </Tooltip>
                    )}
                    <Elapsed since={stageSince(contact)} />
                  </Table.Td>
                  <Table.Td className="number quiet">
                    <Elapsed since={contact.started_at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {rows.length > SHOWN && (
            <Text size="sm" className="quiet" px="md" py="xs">
              {t("wallboard.moreContacts", { count: rows.length - SHOWN })}
            </Text>
          )}
        </div>
      )}
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={t("routing.why.title", { caller: asked?.caller ?? "" })}
        size="lg"
        closeButtonProps={{ "aria-label": t("close") }}
      >
        {asked && <WhyWaiting contact={asked.id} name={(agent) => names.get(agent) ?? "…"} />}
      </Modal>
    </Panel>
  );
}
