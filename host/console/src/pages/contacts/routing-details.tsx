import { Table, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Exclusion, RoutingDecided } from "../../api/types.ts";
import { word } from "../../i18n/index.ts";
import { round } from "./fact-words.ts";

interface Props {
  decision: RoutingDecided;
  name: (agent: string) => string;
}

/** Why this agent: reasons, every candidate with the parts of the score, and who was left out. */
export function RoutingDetails({ decision, name }: Props) {
  const { t } = useTranslation();
  const parts = [...new Set(decision.scores.flatMap((score) => score.parts.map(([part]) => part)))];
  const scoreOf = (agent: string) => decision.scores.find((score) => score.agent === agent);
  const exclusion = (why: Exclusion): string => {
    if (typeof why === "string") return t(`contacts.timeline.exclusion.${why}`);
    if ("skill" in why) return t("contacts.timeline.exclusion.skill", why);
    return t("contacts.timeline.exclusion.state", { state: word(t, "agentState", why.state) });
  };

  return (
    <div style={{ margin: "2px 0 4px" }}>
      {decision.reasons.length > 0 && <Text size="sm">{decision.reasons.join(" · ")}</Text>}
      {decision.candidates.length === 0 ? (
        <Text size="sm" className="quiet">
          {t("contacts.timeline.noCandidates")}
        </Text>
      ) : (
        <div className="scroll-x candidates">
          <Table
            fz="xs"
            verticalSpacing={3}
            horizontalSpacing={8}
            w="auto"
            mt={4}
            withRowBorders={false}
          >
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("contacts.timeline.candidates")}</Table.Th>
                {decision.scores.length > 0 && (
                  <Table.Th className="number">{t("contacts.timeline.score")}</Table.Th>
                )}
                {parts.map((part) => (
                  <Table.Th key={part} className="number">
                    {part}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {decision.candidates.map((agent) => {
                const score = scoreOf(agent);
                const chosen = agent === decision.chosen;
                return (
                  <Table.Tr key={agent} fw={chosen ? 700 : 400}>
                    <Table.Td>
                      {name(agent)}{" "}
                      {chosen && (
                        <IconCheck
                          size={13}
                          color="var(--state-ready)"
                          aria-label={t("contacts.timeline.chosen")}
                          style={{ verticalAlign: "-2px" }}
                        />
                      )}
                    </Table.Td>
                    {decision.scores.length > 0 && (
                      <Table.Td className="number">{score ? round(score.total) : "–"}</Table.Td>
                    )}
                    {parts.map((part) => (
                      <Table.Td key={part} className="number">
                        {round(score?.parts.find(([each]) => each === part)?.[1] ?? 0)}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {decision.excluded.length > 0 && (
        <Text size="xs" className="quiet" mt={2} style={{ overflowWrap: "anywhere" }}>
          <b>{t("contacts.timeline.excluded")}</b>{" "}
          {decision.excluded.map(([agent, why]) => `${name(agent)}: ${exclusion(why)}`).join("; ")}
        </Text>
      )}
    </div>
  );
}
