import { Badge, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ContactRow } from "../../api/types.ts";
import { word } from "../../i18n/index.ts";

/** Why a contact ended and with whom that lies; whatever lies with us stands out. */
export function EndReason({ of }: { of: ContactRow }) {
  const { t } = useTranslation();
  if (of.ended_at === null) {
    return (
      <Badge variant="light" color="blue" tt="none">
        {t("contacts.now")}
      </Badge>
    );
  }
  if (!of.end_reason) return "–";
  const blamed = of.blame === "us" || of.blame === "carrier";
  return (
    <Tooltip label={t("contacts.blame", { who: t(`blame.${of.blame ?? "nobody"}`) })}>
      <span style={blamed ? { color: "var(--state-bad)", fontWeight: 600 } : undefined}>
        {word(t, "endReason", of.end_reason)}
      </span>
    </Tooltip>
  );
}
