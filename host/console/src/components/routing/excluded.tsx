import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Exclusion } from "../../api/types.ts";
import { byReason } from "./by-reason.ts";
import { useExclusion } from "./exclusion.ts";

interface Props {
  excluded: readonly (readonly [string, Exclusion])[];
  name: (agent: string) => string;
  /** When more were left out than are named. */
  total?: number;
}

/** Who was left out, by which condition. */
export function Excluded({ excluded, name, total }: Props) {
  const { t } = useTranslation();
  const words = useExclusion(name);
  const unnamed = (total ?? 0) - excluded.length;
  if (excluded.length === 0) return null;
  return (
    <div style={{ marginTop: 4 }} data-testid="excluded">
      <Text size="xs" fw={600} className="quiet">
        {t("routing.excluded")}
      </Text>
      <ul className="reasons">
        {byReason(excluded, words).map(([reason, agents]) => (
          <li key={reason}>
            <b>{reason}</b>: <span className="quiet">{agents.map(name).join(", ")}</span>
          </li>
        ))}
        {unnamed > 0 && <li className="quiet">{t("routing.more", { count: unnamed })}</li>}
      </ul>
    </div>
  );
}
