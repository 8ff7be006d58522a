import { Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../api/client.ts";
import type { WhyWaiting as Why } from "../../api/types.ts";
import { versionLabel } from "../../api/types.ts";
import { count, duration, moment } from "../format.ts";
import { Empty, Loaded } from "../states.tsx";
import { Elapsed, Remaining } from "../timers.tsx";
import { Excluded } from "./excluded.tsx";

/** How often the answer is asked anew while somebody looks at it. */
const REFRESH_MS = 2_000;

export const useWhyWaiting = (contact: string) =>
  useQuery({
    queryKey: ["waiting", contact],
    queryFn: async () =>
      (
        await ask<{ why: Why | null }>(
          api.GET("/api/v1/contacts/{id}/waiting", { params: { path: { id: contact } } }),
        )
      ).why,
    refetchInterval: REFRESH_MS,
  });

interface Props {
  contact: string;
  name: (agent: string) => string;
}

/** Why a contact still waits: who could take it, what keeps the others out, what comes next. */
export function WhyWaiting({ contact, name }: Props) {
  const { t } = useTranslation();
  const why = useWhyWaiting(contact);
  return (
    <Loaded of={why}>
      {(answer) =>
        answer ? <Answer why={answer} name={name} /> : <Empty>{t("routing.why.over")}</Empty>
      }
    </Loaded>
  );
}

function Answer({ why, name }: { why: Why; name: (agent: string) => string }) {
  const { t } = useTranslation();
  const left = why.excluded_totals.reduce((sum, { agents }) => sum + agents, 0);
  return (
    <Stack gap="sm" data-testid="why-waiting">
      <Text fw={600}>
        <Verdict why={why} name={name} />
      </Text>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Item label={t("routing.why.queue")}>{why.queue_name}</Item>
        <Item label={t("routing.why.position")}>{why.position}</Item>
        <Item label={t("routing.why.waited")}>
          <Elapsed since={why.since} />
        </Item>
        <Item label={t("routing.why.expected")}>{duration(why.expected_wait_ms)}</Item>
        <Item label={t("routing.why.ring")}>{why.ring}</Item>
        <Item label={t("routing.why.nextRing")}>
          {why.next_ring_at === null ? "–" : <Remaining until={why.next_ring_at} />}
        </Item>
        <Item label={t("routing.why.could")}>{why.candidates_total}</Item>
        <Item label={t("routing.why.couldNot")}>{left}</Item>
      </SimpleGrid>
      {why.candidates.length > 0 && (
        <Text size="sm">
          <b>{t("routing.why.candidates")}</b> {why.candidates.map(name).join(", ")}
        </Text>
      )}
      <Excluded excluded={why.excluded} name={name} total={left} />
      <Said why={why} name={name} />
    </Stack>
  );
}

/** The one sentence that answers the question. */
function Verdict({ why, name }: { why: Why; name: (agent: string) => string }) {
  const { t, i18n } = useTranslation();
  if (why.offered_to) return t("routing.why.rings", { agent: name(why.offered_to) });
  if (!why.queue_open) return t("routing.why.closed");
  if (why.held_until !== null) {
    return t("routing.why.held", { at: moment(why.held_until, i18n.language) });
  }
  if (why.preferred && why.preferred_until !== null) {
    return t("routing.why.preferred", {
      agent: name(why.preferred),
      at: moment(why.preferred_until, i18n.language),
    });
  }
  if (why.deciding) return t("routing.why.deciding");
  if (why.candidates_total > 0 && why.position > 1) {
    return t("routing.why.others", { count: why.position - 1 });
  }
  if (why.candidates_total > 0) return t("routing.why.next");
  if (why.excluded_totals.length === 0) return t("routing.why.nobodyServes");
  return t("routing.why.nobodyFree");
}

function Said({ why, name }: { why: Why; name: (agent: string) => string }) {
  const { t, i18n } = useTranslation();
  const said = why.said;
  if (!said) return null;
  const decision = said.decision;
  const what =
    decision === null
      ? t("routing.decision.none")
      : typeof decision === "string"
        ? t(`routing.decision.${decision}`)
        : "assign" in decision
          ? t("routing.decision.assign", { agent: name(decision.assign) })
          : "overflow" in decision
            ? t("routing.decision.overflow", { queue: decision.overflow })
            : "flow" in decision
              ? t("routing.decision.flow", { flow: decision.flow })
              : t("routing.decision.invalid", { what: decision.invalid });
  return (
    <div>
      <Text size="xs" fw={600} className="quiet">
        {t("routing.why.said", { at: moment(said.at, i18n.language) })}
      </Text>
      <Text size="sm">{[what, ...said.reasons].join(" · ")}</Text>
      <Group gap={6}>
        <Text size="xs" ff="monospace" className="quiet">
          {said.version ? versionLabel(said.version) : t("contacts.timeline.builtIn")}
          {said.usage.fuel > 0 &&
            ` · ${t("contacts.timeline.fuel", { fuel: count(said.usage.fuel, i18n.language) })}`}
        </Text>
      </Group>
    </div>
  );
}

function Item({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" className="quiet">
        {label}
      </Text>
      <Text component="div" fw={600} className="figures" style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </div>
  );
}
