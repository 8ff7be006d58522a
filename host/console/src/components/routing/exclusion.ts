import { useTranslation } from "react-i18next";
import { useQueues } from "../../api/queries.ts";
import type { Exclusion } from "../../api/types.ts";
import { word } from "../../i18n/index.ts";
import { moment } from "../format.ts";

/** Why an agent could not be given a contact, in words. `agent` names people. */
export function useExclusion(agent: (id: string) => string) {
  const { t, i18n } = useTranslation();
  const queues = useQueues();
  return (why: Exclusion): string => {
    if (typeof why === "string") return t(`routing.exclusion.${why}`);
    const at = (time: number) => moment(time, i18n.language);
    if ("skill" in why) return t("routing.exclusion.skill", why);
    if ("state" in why) {
      return t("routing.exclusion.state", { state: word(t, "agentState", why.state) });
    }
    if ("ring" in why) {
      return t("routing.exclusion.ring", { ring: why.ring.ring, at: at(why.ring.opens_at) });
    }
    if ("level" in why) {
      const queue = queues.data?.find(({ id }) => id === why.level.queue);
      return t("routing.exclusion.level", { queue: queue?.name ?? "…" });
    }
    if ("delay" in why) return t("routing.exclusion.delay", { at: at(why.delay.until) });
    if ("preferred" in why) {
      return t("routing.exclusion.preferred", {
        agent: agent(why.preferred.agent),
        at: at(why.preferred.until),
      });
    }
    if ("capacity" in why) {
      return t("routing.exclusion.capacity", { medium: t(`medium.${why.capacity}`) });
    }
    // A newer host may know reasons that this page does not.
    return Object.keys(why).join(", ").replaceAll("_", " ");
  };
}
