import { Button, Chip, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Remaining } from "../../components/timers.tsx";
import { word } from "../../i18n/index.ts";
import type { Ask } from "./agent-page.tsx";

interface Props {
  contact: string;
  caller: string;
  until: number | null;
  dispositions: string[];
  ask: Ask;
}

/** After-call work: one result, a note, done. The keys 1 to 9 are not taken: notes hold numbers. */
export function WrapUpForm({ contact, caller, until, dispositions, ask }: Props) {
  const { t } = useTranslation();
  const [disposition, setDisposition] = useState<string | null>(null);
  const [note, setNote] = useState("");

  return (
    <form
      className="panel"
      aria-label={t("agent.wrapUp.title")}
      data-testid="wrap-up"
      style={{ borderLeft: "4px solid var(--state-wrap_up)" }}
      onSubmit={(event) => {
        event.preventDefault();
        if (disposition) ask({ request: "dispose", contact, disposition, note: note.trim() });
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
              <Chip key={each} value={each} size="md" data-testid={`disposition-${each}`}>
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
