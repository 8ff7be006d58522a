import { Paper, SimpleGrid, Text, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { QueueLive } from "../../api/types.ts";
import { percent } from "../../components/format.ts";
import { OldestWait } from "./oldest-wait.tsx";

/** The handful of figures that decide whether somebody must act. */
export function Totals({ queues, at }: { queues: QueueLive[]; at: number }) {
  const { t, i18n } = useTranslation();
  const sum = (pick: (queue: QueueLive) => number) =>
    queues.reduce((total, queue) => total + pick(queue), 0);
  const oldest = queues
    .filter((queue) => queue.waiting > 0)
    .sort((a, b) => b.oldest_wait_ms - a.oldest_wait_ms)[0];
  const waiting = sum((queue) => queue.waiting);
  const answered = sum((queue) => queue.answered);
  const abandoned = sum((queue) => queue.abandoned);
  // Weighted by what each queue's level is a share of, so that it equals the recount over all.
  const within = sum((q) => (q.service_level ?? 0) * (q.answered + q.abandoned));
  const level = answered + abandoned > 0 ? within / (answered + abandoned) : null;

  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
      <Figure label={t("wallboard.waiting")} strong={waiting > 0} testId="total-waiting">
        {waiting}
      </Figure>
      <Figure label={t("wallboard.oldest")} strong={waiting > 0}>
        <OldestWait queue={oldest} at={at} />
      </Figure>
      <Figure label={t("wallboard.serviceLevel")} hint={t("wallboard.serviceLevelAny")}>
        {percent(level, i18n.language)}
      </Figure>
      <Figure label={t("wallboard.answered")}>{answered}</Figure>
      <Figure label={t("wallboard.abandoned")}>{abandoned}</Figure>
      <Figure label={t("wallboard.queued")}>{sum((queue) => queue.queued)}</Figure>
    </SimpleGrid>
  );
}

interface FigureProps {
  label: string;
  hint?: string;
  strong?: boolean;
  testId?: string;
  children: ReactNode;
}

function Figure({ label, hint, strong, testId, children }: FigureProps) {
  return (
    <Tooltip label={hint} disabled={!hint}>
      <Paper
        className="panel"
        px="md"
        py={10}
        tabIndex={hint ? 0 : undefined}
        style={strong ? { borderLeft: "4px solid var(--state-offered)" } : undefined}
      >
        <Text size="xs" className="quiet" fw={600}>
          {label}
        </Text>
        <Text fz={30} lh={1.2} fw={700} className="figures" data-testid={testId} component="div">
          {children}
        </Text>
      </Paper>
    </Tooltip>
  );
}
