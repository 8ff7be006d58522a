import { Button, Chip, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Remaining } from "../../components/timers.tsx";
import { word } from "../../i18n/index.ts";
import { serverNow } from "../../live/clock.ts";
import type { Ask } from "./ask.ts";

interface Props {
  contact: string;
  caller: string;
  until: number | null;
  dispositions: string[];
  ask: Ask;
}

/** How long before its end a wrap-up is sent by itself. */
const LAST_MOMENT_MS = 1_200;

/** After-call work: one result, a note, done. The keys 1 to 9 are not taken: notes hold numbers. */
export function WrapUpForm({ contact, caller, until, dispositions, ask }: Props) {
  const { t } = useTranslation();
  const [disposition, setDisposition] = useState<string | null>(null);
  const [note, setNote] = useState("");

  const send = () => {
    if (disposition) ask({ request: "dispose", contact, disposition, note: note.trim() });
  };

  // What was chosen and written is not lost when the time runs out.
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(() => latest.current(), until - serverNow() - LAST_MOMENT_MS);
    return () => clearTimeout(timer);
  }, [until]);

  return (
    <form
      className="panel"
      aria-label={t("agent.wrapUp.title")}
      data-testid="wrap-up"
      style={{ borderLeft: "4px solid var(--state-wrap_up)" }}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Stack p="md" gap="md">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Text size="sm" fw={600} style={{ color: "var(--state-wrap_up)" }}>
              {t("agent.wrapUp.title")}
            </Text>
            <Title order={1} fz={24} lh={1.3} style={{ overflowWrap: "anywhere" }}>
              {caller || t("agent.wrapUp.lead")}
            </Title>
          </div>
          {until !== null && (
            <Text fz={24} fw={600} lh={1.3}>
              <Remaining until={until} />
            </Text>
          )}
        </Group>
        <Chip.Group value={disposition} onChange={(value) => setDisposition(String(value))}>
          <Group
            gap="xs"
            role="radiogroup"
            aria-label={t("agent.wrapUp.disposition")}
            data-testid="disposition"
          >
            {dispositions.map((each) => (
              <Chip
                key={each}
                value={each}
                size="md"
                wrapperProps={{ "data-testid": `disposition-${each}` }}
              >
                {word(t, "disposition", each)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Textarea
          label={t("agent.wrapUp.note")}
          placeholder={t("agent.wrapUp.notePlaceholder")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.currentTarget.form?.requestSubmit();
            }
          }}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={4_000}
          data-testid="note"
        />
        <Group gap="sm">
          <Button type="submit" size="md" disabled={!disposition} data-testid="finish-wrap-up">
            {t("agent.wrapUp.finish")}
          </Button>
          {!disposition && (
            <Text size="sm" className="quiet">
              {t("agent.wrapUp.choose")}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}
