import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ConnectorStatus } from "../../../api/types.ts";

type State = ConnectorStatus["endpoints"][number]["breaker"];

const COLOUR: Record<State, string> = { closed: "green.8", half_open: "orange.9", open: "red.8" };

/** Whether an endpoint's circuit breaker lets requests through. */
export function BreakerBadge({ state }: { state: State }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLOUR[state]} tt="none">
      {t(`connector.breaker.${state}`)}
    </Badge>
  );
}
