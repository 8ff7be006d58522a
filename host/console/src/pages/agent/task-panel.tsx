import { Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconCornerUpLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ContactLive, Work } from "../../api/types.ts";
import { Attributes } from "../../components/attributes.tsx";
import { Elapsed } from "../../components/timers.tsx";
import type { Ask } from "./ask.ts";

interface Props {
  work: Extract<Work, { stage: "handling" }>;
  contact: ContactLive | undefined;
  ask: Ask;
}

/** A piece of work in hand: what it is about, then done or back to the queue. */
export function TaskPanel({ work, contact, ask }: Props) {
  const { t } = useTranslation();
  return (
    <section
      className="panel"
      aria-label={t("agent.task.title")}
      data-testid="task-panel"
      data-contact={work.contact}
      style={{ borderLeft: "4px solid var(--state-talking)" }}
    >
      <Stack p="md" gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Text size="sm" fw={600} style={{ color: "var(--state-talking)" }}>
              {t("agent.task.title")}
            </Text>
            <Title order={2} fz={20} lh={1.3} style={{ overflowWrap: "anywhere" }}>
              {contact?.caller || t("agent.task.nobody")}
            </Title>
          </div>
          <Text fz={20} fw={600} lh={1.3}>
            <Elapsed since={work.since} />
          </Text>
        </Group>
        {contact && <Attributes of={contact.attributes} />}
        <Group gap="sm">
          <Button
            color="green.8"
            leftSection={<IconCheck size={18} />}
            onClick={() => ask({ request: "complete", contact: work.contact })}
            data-testid="complete-task"
          >
            {t("agent.task.complete")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconCornerUpLeft size={18} />}
            onClick={() => ask({ request: "give_back", contact: work.contact })}
            data-testid="give-back-task"
          >
            {t("agent.task.giveBack")}
          </Button>
          <Anchor component={Link} to={`/contacts/${work.contact}`} size="sm" ml="auto">
            {t("agent.call.open")}
          </Anchor>
        </Group>
      </Stack>
    </section>
  );
}
