import { Group, Text, TextInput, type TextInputProps, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUsers } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../../api/client.ts";
import { Problem } from "../../../api/problem.ts";
import type { Qualifying } from "../../../api/types.ts";

interface Props extends TextInputProps {
  value?: string;
  /** Whose agents are counted; every agent when none. */
  queue: string | null;
}

/** A skill expression; while it is typed, what is wrong with it or who meets it stands below. */
export function ExpressionInput({ queue, error, ...rest }: Props) {
  const { t } = useTranslation();
  const [expression] = useDebouncedValue(rest.value ?? "", 250);
  const checked = useQuery({
    queryKey: ["qualifying", expression, queue],
    queryFn: () =>
      ask<Qualifying>(
        api.GET("/api/v1/skills/qualifying", {
          params: { query: { expression, ...(queue ? { queue } : {}) } },
        }),
      ),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const wrong = checked.error instanceof Problem ? checked.error.fields.expression : undefined;

  return (
    <div>
      <TextInput
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        spellCheck={false}
        autoComplete="off"
        {...rest}
        error={error ?? (wrong ? t("admin.queue.expression.wrong", { problem: wrong }) : undefined)}
      />
      {!wrong && checked.data && <Who qualifying={checked.data} />}
    </div>
  );
}

/** Names that are shown before the rest is a number. */
const NAMED = 6;

function Who({ qualifying }: { qualifying: Qualifying }) {
  const { t } = useTranslation();
  const met = qualifying.agents.filter((agent) => agent.unmet === null);
  const others = qualifying.agents.filter((agent) => agent.unmet !== null);
  const names = met.slice(0, NAMED).map((agent) => agent.name);
  if (met.length > NAMED) names.push(`+${met.length - NAMED}`);
  const why = others
    .slice(0, 12)
    .map((agent) => t("admin.queue.expression.lacks", { name: agent.name, unmet: agent.unmet }));

  return (
    <Group gap={6} mt={4} wrap="nowrap" align="flex-start" data-testid="qualifying">
      <IconUsers size={15} style={{ marginTop: 2, flexShrink: 0 }} />
      <Text size="xs" c={met.length === 0 ? "var(--state-paused)" : undefined}>
        <b>
          {t("admin.queue.expression.meet", { met: met.length, all: qualifying.agents.length })}
        </b>
        {names.length > 0 && ` ${names.join(", ")}`}
        {others.length > 0 && (
          <Tooltip label={<span style={{ whiteSpace: "pre-line" }}>{why.join("\n")}</span>}>
            <Text span size="xs" className="quiet" ml={6} td="underline dotted" tabIndex={0}>
              {t("admin.queue.expression.others", { count: others.length })}
            </Text>
          </Tooltip>
        )}
      </Text>
    </Group>
  );
}
