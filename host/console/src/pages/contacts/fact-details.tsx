import { Text, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Fact, type PluginVersion, type Usage, versionLabel } from "../../api/types.ts";
import { Attributes } from "../../components/attributes.tsx";
import { count, duration } from "../../components/format.ts";
import type { Names } from "./names.ts";
import { RoutingDetails } from "./routing-details.tsx";

interface Props {
  fact: Fact;
  names: Names;
}

/** What else a fact says, below its title. */
export function FactDetails({ fact, names }: Props) {
  const { t } = useTranslation();
  switch (fact.kind) {
    case "contact_started":
      return (
        <Quiet>
          {t("contacts.timeline.contact_started_flow", {
            flow: fact.body.flow,
            channel: t(`channel.${fact.body.channel}`),
          })}
        </Quiet>
      );
    case "attributes_set":
      return <Attributes of={fact.body.attributes} />;
    case "flow_stepped":
      return (
        <>
          <Quiet>
            {t("contacts.timeline.step", fact.body)} · {t("contacts.timeline.event", fact.body)} ·{" "}
            {fact.body.actions.length > 0
              ? t("contacts.timeline.actions", { actions: fact.body.actions.join(", ") })
              : t("contacts.timeline.noActions")}
          </Quiet>
          <Cost version={fact.body.version} usage={fact.body.usage} />
        </>
      );
    case "keys_collected":
      return <Quiet>{t(`contacts.timeline.outcome.${fact.body.outcome}`)}</Quiet>;
    case "invariant_violated":
      return (
        <>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {fact.body.detail}
          </Text>
          <Quiet>{fact.body.trail.join(" → ")}</Quiet>
        </>
      );
    case "plugin_faulted":
      return (
        <>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {fact.body.fault.message}
          </Text>
          <Cost version={fact.body.version} usage={fact.body.usage} />
        </>
      );
    case "queue_entered":
      return <Quiet>{t("contacts.timeline.priority", fact.body)}</Quiet>;
    case "queue_ranked":
      return (
        <>
          {fact.body.reasons.length > 0 && <Quiet>{fact.body.reasons.join(" · ")}</Quiet>}
          <Cost version={fact.body.version} usage={fact.body.usage} />
        </>
      );
    case "queue_left":
      return <Took word="waitedFor" ms={fact.body.waited_ms} />;
    case "routing_decided":
      return (
        <>
          <RoutingDetails decision={fact.body} name={names.agent} />
          <Cost version={fact.body.version} usage={fact.body.usage} />
        </>
      );
    case "offer_made":
      return <Took word="ringsFor" ms={fact.body.ring_timeout_ms} />;
    case "offer_ended":
      return <Took word="rangFor" ms={fact.body.rang_ms} />;
    case "segment_ended":
      return <Took word="talkedFor" ms={fact.body.talked_ms} />;
    case "wrap_up_ended":
      return (
        <>
          <Took word="wrappedFor" ms={fact.body.wrapped_ms} />
          {fact.body.note && (
            <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {fact.body.note}
            </Text>
          )}
        </>
      );
    case "leg_measured":
      return (
        <Quiet>
          {t("contacts.timeline.jitterGap", {
            jitter: fact.body.statistics.jitter_ms.toFixed(1),
            gap: fact.body.statistics.largest_gap_ms,
          })}
        </Quiet>
      );
    case "recording_finished":
      return (
        <Quiet>
          {duration(fact.body.length_ms)} · {(fact.body.bytes / 1_048_576).toFixed(1)} MiB
        </Quiet>
      );
    default:
      return null;
  }
}

function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" className="quiet" style={{ overflowWrap: "anywhere" }}>
      {children}
    </Text>
  );
}

type TimeWord = "waitedFor" | "ringsFor" | "rangFor" | "talkedFor" | "wrappedFor";

function Took({ word, ms }: { word: TimeWord; ms: number }) {
  const { t } = useTranslation();
  return <Quiet>{t(`contacts.timeline.${word}`, { time: duration(ms) })}</Quiet>;
}

/** Which code answered and what that cost. */
function Cost({ version, usage }: { version: PluginVersion | null; usage: Usage }) {
  const { t, i18n } = useTranslation();
  return (
    <Tooltip label={t("contacts.timeline.usage")}>
      <Text size="xs" ff="monospace" className="quiet" w="fit-content">
        {version ? versionLabel(version) : t("contacts.timeline.builtIn")}
        {usage.fuel > 0 && (
          <>
            {" · "}
            {t("contacts.timeline.fuel", { fuel: count(usage.fuel, i18n.language) })}
            {" · "}
            {t("contacts.timeline.took", { us: count(usage.took_us, i18n.language) })}
            {" · "}
            {t("contacts.timeline.memory", {
              kib: count(Math.ceil(usage.memory_bytes / 1_024), i18n.language),
            })}
          </>
        )}
      </Text>
    </Tooltip>
  );
}
