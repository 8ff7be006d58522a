import {
  IconAddressBook,
  IconAlertTriangle,
  IconArrowsSplit,
  IconBan,
  IconBell,
  IconBellOff,
  IconDeviceLandlinePhone,
  IconFlag,
  IconLifebuoy,
  IconListNumbers,
  IconLogin2,
  IconLogout2,
  IconMailbox,
  IconMessage2,
  IconNotes,
  IconPhone,
  IconPhoneCall,
  IconPhoneCheck,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPlayerPause,
  IconPlayerRecord,
  IconTag,
  IconTimeline,
  IconTransform,
  IconUser,
  IconWaveSine,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Fact, versionLabel } from "../../api/types.ts";
import { round } from "../../components/format.ts";
import { word } from "../../i18n/index.ts";
import type { Names } from "./names.ts";

export const GROUPS = ["flow", "routing", "people", "media"] as const;
export type Group = (typeof GROUPS)[number];
type Kind = Fact["kind"];

export const GROUP_OF: Record<Kind, Group> = {
  contact_started: "flow",
  contact_answered: "flow",
  attributes_set: "flow",
  contact_ended: "flow",
  flow_stepped: "flow",
  flow_moved: "flow",
  keys_collected: "flow",
  plugin_faulted: "flow",
  safe_flow_entered: "flow",
  queue_entered: "routing",
  queue_refused: "routing",
  queue_ranked: "routing",
  queue_left: "routing",
  routing_decided: "routing",
  invariant_violated: "routing",
  offer_made: "routing",
  offer_ended: "routing",
  agent_connected: "people",
  segment_ended: "people",
  wrap_up_ended: "people",
  agent_state_changed: "people",
  pause_next: "people",
  device_changed: "people",
  request_refused: "people",
  leg_ended: "media",
  leg_measured: "media",
  recording_started: "media",
  recording_finished: "media",
  message_left: "media",
  callback_booked: "flow",
  customer_called: "flow",
  looked_up: "routing",
  flow_looked_up: "flow",
  customer_looked_up: "people",
};

export const ICONS: Record<Kind, typeof IconPhone> = {
  contact_started: IconPhoneIncoming,
  contact_answered: IconPhoneCheck,
  attributes_set: IconTag,
  contact_ended: IconFlag,
  flow_stepped: IconTimeline,
  flow_moved: IconTransform,
  keys_collected: IconListNumbers,
  plugin_faulted: IconAlertTriangle,
  safe_flow_entered: IconLifebuoy,
  queue_entered: IconLogin2,
  queue_refused: IconBan,
  queue_ranked: IconListNumbers,
  queue_left: IconLogout2,
  routing_decided: IconArrowsSplit,
  invariant_violated: IconAlertTriangle,
  offer_made: IconBell,
  offer_ended: IconBellOff,
  agent_connected: IconMessage2,
  segment_ended: IconPhone,
  wrap_up_ended: IconNotes,
  agent_state_changed: IconUser,
  pause_next: IconPlayerPause,
  device_changed: IconDeviceLandlinePhone,
  request_refused: IconBan,
  leg_ended: IconPhoneOff,
  leg_measured: IconWaveSine,
  recording_started: IconPlayerRecord,
  recording_finished: IconPlayerRecord,
  message_left: IconMailbox,
  callback_booked: IconPhoneCall,
  customer_called: IconPhoneOutgoing,
  looked_up: IconAddressBook,
  flow_looked_up: IconAddressBook,
  customer_looked_up: IconAddressBook,
};

/** What happened, in one line. */
export function useFactTitle() {
  const { t } = useTranslation();
  return (fact: Fact, names: Names): string => {
    const who = fact.agent ? names.agent(fact.agent) : t("contacts.timeline.someone");
    switch (fact.kind) {
      case "contact_started":
        return fact.body.leg
          ? t("contacts.timeline.contact_started", fact.body)
          : t("contacts.timeline.contact_created", {
              channel: t(`channel.${fact.body.channel}`),
              caller: fact.body.caller,
            });
      case "contact_ended":
        return t("contacts.timeline.contact_ended", {
          reason: word(t, "endReason", fact.body.reason),
        });
      case "flow_stepped":
        return fact.body.trace.length > 0
          ? t("contacts.timeline.flow_stepped", { trace: fact.body.trace.join(" → ") })
          : t("contacts.timeline.flow_stepped_bare", {
              step: fact.body.step,
              event: fact.body.event,
            });
      case "keys_collected": {
        const { keys, length } = fact.body;
        if (length === 0) return t("contacts.timeline.keysNone");
        if (keys === null) return t("contacts.timeline.keysHidden", { count: length });
        return t("contacts.timeline.keys", { keys });
      }
      case "plugin_faulted":
        return t("contacts.timeline.plugin_faulted", {
          plugin: fact.body.plugin,
          kind: fact.body.fault.kind.replaceAll("_", " "),
        });
      case "queue_entered":
        return t("contacts.timeline.queue_entered", { queue: fact.body.queue_name });
      case "queue_refused":
        return t("contacts.timeline.queue_refused", {
          queue: fact.body.queue_name,
          why: word(t, "contacts.timeline.refusal", fact.body.why),
        });
      case "queue_ranked":
        return t("contacts.timeline.queue_ranked", {
          base: round(fact.body.base),
          slope: round(fact.body.slope * 1_000),
        });
      case "queue_left":
        return t("contacts.timeline.queue_left", {
          how: word(t, "contacts.timeline.visitEnd", fact.body.how),
        });
      case "routing_decided":
        return fact.body.chosen
          ? t("contacts.timeline.decided", { agent: names.agent(fact.body.chosen) })
          : t("contacts.timeline.decidedNobody");
      case "offer_made":
        return t("contacts.timeline.offer_made", { agent: who });
      case "offer_ended":
        return t("contacts.timeline.offer_ended", {
          how: word(t, "contacts.timeline.offerEnd", fact.body.how),
        });
      case "agent_connected":
        return t("contacts.timeline.agent_connected", { agent: who });
      case "wrap_up_ended":
        return fact.body.disposition
          ? t("contacts.timeline.wrap_up_ended", {
              disposition: word(t, "disposition", fact.body.disposition),
            })
          : t("contacts.timeline.wrap_up_ended_bare");
      case "leg_ended":
        return t("contacts.timeline.leg_ended", {
          leg: names.leg(fact.body.leg),
          reason: word(t, "endReason", fact.body.reason),
        });
      case "leg_measured": {
        const { packets_lost, packets_received } = fact.body.statistics;
        return t("contacts.timeline.leg_measured", {
          leg: names.leg(fact.body.leg),
          lost: packets_lost,
          expected: packets_lost + packets_received,
        });
      }
      case "agent_state_changed":
        return t("contacts.timeline.agent_state_changed", {
          agent: who,
          from: word(t, "agentState", fact.body.from),
          to: t(`agentState.${fact.body.to.state}`),
        });
      case "pause_next":
        return fact.body.reason
          ? t("contacts.timeline.pause_next", {
              reason: word(t, "pauseReason", fact.body.reason),
            })
          : t("contacts.timeline.pause_next_cancelled");
      case "device_changed":
        return t(fact.body.up ? "contacts.timeline.device_up" : "contacts.timeline.device_down", {
          device: t(`device.${fact.body.device}`),
        });
      case "request_refused":
        return t("contacts.timeline.request_refused", fact.body);
      case "invariant_violated":
        return t("contacts.timeline.invariant_violated", {
          invariant: t(`invariant.${fact.body.invariant}`),
        });
      case "looked_up":
        return t("contacts.timeline.looked_up", { found: fact.body.found.length });
      case "flow_looked_up": {
        const { source, outcome, problem } = fact.body;
        const how = t(`contacts.timeline.lookup.${outcome}`);
        return problem
          ? t("contacts.timeline.flow_not_looked_up", { source, how, problem })
          : t("contacts.timeline.flow_looked_up", { source, how });
      }
      case "customer_looked_up":
        return fact.body.problem
          ? t("contacts.timeline.customer_not_looked_up", { problem: fact.body.problem })
          : t("contacts.timeline.customer_looked_up", {
              count: fact.body.customers.length,
              connector: fact.body.connector,
            });
      case "flow_moved":
        return t("contacts.timeline.flow_moved", {
          from: versionLabel(fact.body.from),
          to: versionLabel(fact.body.to),
        });
      case "callback_booked":
      case "customer_called":
      case "message_left":
      case "contact_answered":
      case "attributes_set":
      case "safe_flow_entered":
      case "segment_ended":
      case "recording_started":
      case "recording_finished":
        return t(`contacts.timeline.${fact.kind}`);
      default:
        // A newer host may know kinds that this page does not.
        return (fact as { kind: string }).kind.replaceAll("_", " ");
    }
  };
}
