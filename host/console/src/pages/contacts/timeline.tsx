import { Group, SegmentedControl, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeline } from "../../api/queries.ts";
import type { Contact, Fact } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { Json } from "../../components/json.tsx";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { FactDetails } from "./fact-details.tsx";
import { type Group as FactGroup, GROUP_OF, GROUPS, ICONS, useFactTitle } from "./fact-words.ts";
import { type Names, useNames } from "./names.ts";

const COLOURS: Record<FactGroup, string> = {
  flow: "var(--mantine-primary-color-filled)",
  routing: "var(--state-offered)",
  people: "var(--state-talking)",
  media: "var(--state-wrap_up)",
};

/** The history of a contact, told for people; each fact can be opened as it is stored. */
export function Timeline({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const timeline = useTimeline(contact.id, contact.ended_at === null);
  const names = useNames(contact);
  const [group, setGroup] = useState<FactGroup | "all">("all");
  const [raw, setRaw] = useState(false);

  return (
    <Panel
      title={t("contacts.timeline.title")}
      flush
      testId="timeline"
      aside={
        <Switch
          size="xs"
          label={t("contacts.timeline.raw")}
          checked={raw}
          onChange={(event) => setRaw(event.currentTarget.checked)}
        />
      }
    >
      <Loaded of={timeline}>
        {(facts) => {
          if (facts.length === 0) return <Empty>{t("contacts.timeline.empty")}</Empty>;
          const shown = facts.filter((fact) => group === "all" || GROUP_OF[fact.kind] === group);
          return (
            <>
              <Group px="md" pb="xs" gap="sm">
                <div className="scroll-x">
                  <SegmentedControl
                    size="xs"
                    aria-label={t("filter")}
                    value={group}
                    onChange={(value) => setGroup(value as FactGroup | "all")}
                    data={["all" as const, ...GROUPS].map((value) => ({
                      value,
                      label: t(`contacts.timeline.${value}`),
                    }))}
                  />
                </div>
                <Text size="xs" className="quiet">
                  {t("contacts.timeline.facts", { count: shown.length })}
                </Text>
              </Group>
              <Entries facts={shown} start={contact.started_at} raw={raw} names={names} />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

interface EntriesProps {
  facts: Fact[];
  start: number;
  raw: boolean;
  names: Names;
}

function Entries({ facts, ...rest }: EntriesProps) {
  return (
    <ol style={{ listStyle: "none", margin: 0, padding: 0 }}>
      {facts.map((fact) => (
        <Entry key={`${fact.epoch}.${fact.sequence}`} fact={fact} {...rest} />
      ))}
    </ol>
  );
}

interface EntryProps {
  fact: Fact;
  start: number;
  raw: boolean;
  names: Names;
}

function Entry({ fact, start, raw, names }: EntryProps) {
  const { i18n } = useTranslation();
  const title = useFactTitle()(fact, names);
  const Icon = ICONS[fact.kind];
  // Steps in which the flow went nowhere are there to be found, not to be read.
  const minor =
    fact.kind === "flow_stepped" && fact.body.trace.length === 0 && fact.body.actions.length === 0;
  const bad = ["plugin_faulted", "request_refused", "invariant_violated"].includes(fact.kind);
  const colour = bad ? "var(--state-bad)" : COLOURS[GROUP_OF[fact.kind] ?? "flow"];
  return (
    <li
      data-fact={fact.kind}
      style={{
        display: "grid",
        gridTemplateColumns: "62px 24px minmax(0, 1fr)",
        columnGap: 8,
        padding: `${minor ? 2 : 7}px var(--mantine-spacing-md)`,
        borderTop: "1px solid var(--hotline-line)",
      }}
    >
      <time
        className="figures quiet"
        dateTime={new Date(fact.at).toISOString()}
        title={instant(fact.at, i18n.language)}
        style={{ fontSize: "var(--mantine-font-size-xs)", lineHeight: "22px", textAlign: "right" }}
      >
        {offset(fact.at - start)}
      </time>
      <span aria-hidden style={{ color: colour, paddingTop: 1 }}>
        {Icon && <Icon size={18} stroke={1.8} />}
      </span>
      <div style={{ minWidth: 0 }}>
        <Text
          size="sm"
          fw={minor ? 400 : 600}
          className={minor ? "quiet" : undefined}
          style={{ overflowWrap: "anywhere", color: bad ? "var(--state-bad)" : undefined }}
        >
          {title}
        </Text>
        {!minor && <FactDetails fact={fact} names={names} />}
        {raw && <Json of={fact} />}
      </div>
    </li>
  );
}

/** Since the contact began, to a tenth of a second: `+0:07.2`. */
function offset(ms: number): string {
  const tenths = Math.max(0, Math.round(ms / 100));
  const minutes = Math.floor(tenths / 600);
  return `+${minutes}:${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}`;
}
