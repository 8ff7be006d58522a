import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RoutingDecided } from "../../api/types.ts";
import { moment } from "../../components/format.ts";
import { Excluded } from "../../components/routing/excluded.tsx";
import { Scores } from "../../components/routing/scores.tsx";

interface Props {
  decision: RoutingDecided;
  name: (agent: string) => string;
}

/** Why this agent: reasons, ring, every candidate with the parts of the score, who was left out. */
export function RoutingDetails({ decision, name }: Props) {
  const { t, i18n } = useTranslation();
  const circumstances = [
    decision.ring > 0 && t("routing.reached", { ring: decision.ring }),
    decision.chosen_ring !== null && t("routing.chosenRing", { ring: decision.chosen_ring }),
    (decision.chosen_level ?? 1) > 1 && t("routing.chosenLevel", { level: decision.chosen_level }),
    decision.held_until !== null &&
      t("routing.heldUntil", { at: moment(decision.held_until, i18n.language) }),
  ].filter((each) => each !== false);

  return (
    <div style={{ margin: "2px 0 4px" }}>
      {decision.reasons.length > 0 && <Text size="sm">{decision.reasons.join(" · ")}</Text>}
      {circumstances.length > 0 && (
        <Text size="xs" className="quiet">
          {circumstances.join(" · ")}
        </Text>
      )}
      {decision.candidates.length === 0 ? (
        <Text size="sm" className="quiet">
          {t("routing.noCandidates")}
        </Text>
      ) : (
        <Scores decision={decision} name={name} />
      )}
      <Excluded excluded={decision.excluded} name={name} />
    </div>
  );
}
