import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { VersionState } from "../../api/types.ts";

const COLOURS: Record<VersionState, string> = {
  uploaded: "gray.7",
  admitted: "gray.7",
  compiled: "blue.8",
  staged: "blue.8",
  shadow: "violet.8",
  canary: "orange.9",
  active: "green.8",
  draining: "gray.7",
  retired: "gray.7",
  rejected: "red.8",
  quarantined: "red.8",
};

/** Where a version stands. */
export function VersionStateBadge({ state }: { state: VersionState }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLOURS[state]} tt="none" data-testid="version-state" data-state={state}>
      {t(`flows.state.${state}`)}
    </Badge>
  );
}
