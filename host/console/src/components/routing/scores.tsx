import { Table, Text, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { RoutingDecided } from "../../api/types.ts";
import { round } from "../format.ts";

interface Props {
  decision: RoutingDecided;
  name: (agent: string) => string;
}

const COLOURS = ["#1c7ed6", "#f08c00", "#2f9e44", "#ae3ec9", "#0c8599", "#868e96"];

/** Every candidate with the total score and a bar of its parts; the chosen one is marked. */
export function Scores({ decision, name }: Props) {
  const { t } = useTranslation();
  const parts = [...new Set(decision.scores.flatMap((score) => score.parts.map(([part]) => part)))];
  const colour = (part: string) => COLOURS[parts.indexOf(part) % COLOURS.length];
  const scoreOf = (agent: string) => decision.scores.find((score) => score.agent === agent);
  const positive = (agent: string) =>
    (scoreOf(agent)?.parts ?? []).reduce((sum, [, share]) => sum + Math.max(0, share), 0);
  const longest = Math.max(...decision.candidates.map(positive), Number.EPSILON);
  const unnamed = decision.candidates_total - decision.candidates.length;

  return (
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
            <Table.Th>{t("routing.candidates")}</Table.Th>
            {decision.scores.length > 0 && (
              <>
                <Table.Th className="number">{t("routing.score")}</Table.Th>
                <Table.Th>
                  {parts.map((part) => (
                    <span key={part} className="legend">
                      <i style={{ background: colour(part) }} aria-hidden />
                      {part}
                    </span>
                  ))}
                </Table.Th>
              </>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {decision.candidates.map((agent) => {
            const score = scoreOf(agent);
            const chosen = agent === decision.chosen;
            const shares = (score?.parts ?? []).map(([part, share]) => `${part} ${round(share)}`);
            return (
              <Table.Tr key={agent} fw={chosen ? 700 : 400}>
                <Table.Td>
                  {name(agent)}{" "}
                  {chosen && (
                    <IconCheck
                      size={13}
                      color="var(--state-ready)"
                      aria-label={t("routing.chosen")}
                      style={{ verticalAlign: "-2px" }}
                    />
                  )}
                </Table.Td>
                {decision.scores.length > 0 && (
                  <>
                    <Table.Td className="number">{score ? round(score.total) : "–"}</Table.Td>
                    <Table.Td>
                      <Tooltip label={shares.join(" · ")} disabled={shares.length === 0}>
                        <span
                          className="score-bar"
                          role="img"
                          aria-label={shares.join(", ")}
                          data-testid="score-bar"
                        >
                          {(score?.parts ?? []).map(([part, share]) => (
                            <i
                              key={part}
                              style={{
                                width: `${(100 * Math.max(0, share)) / longest}%`,
                                background: colour(part),
                              }}
                            />
                          ))}
                        </span>
                      </Tooltip>
                    </Table.Td>
                  </>
                )}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      {unnamed > 0 && (
        <Text size="xs" className="quiet">
          {t("routing.more", { count: unnamed })}
        </Text>
      )}
    </div>
  );
}
