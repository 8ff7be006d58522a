import {
  Alert,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Progress,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problem.ts";
import { useFlows, useMe } from "../../api/queries.ts";
import type { WhatIfStatus, WhatIfWish } from "../../api/types.ts";
import { Panel } from "../../components/panel.tsx";
import { Loaded } from "../../components/states.tsx";
import { type Period, spanOf } from "./figures.ts";
import { isUnderWay, useCancelWhatIf, useStartWhatIf, useWhatIf } from "./queries.ts";
import { WhatIfResult } from "./what-if-result.tsx";

const OWN = ["shipped", "built_in", "first_in_first_out"] as const;
const LIVE = "live:";
const VERSION = "version:";

/** A version's label names its policy: `name@digest`. */
const policyOf = (label: string) => label.slice(0, label.lastIndexOf("@"));

function which(value: string): WhatIfWish["policies"][number] {
  if (value.startsWith(LIVE)) return { live: value.slice(LIVE.length) };
  if (!value.startsWith(VERSION)) return value as (typeof OWN)[number];
  const version = value.slice(VERSION.length);
  return { version: { policy: policyOf(version), version } };
}

/** Recorded traffic, played again with other policies: side by side, before one is put to use. */
export function WhatIfPanel() {
  const { t } = useTranslation();
  const latest = useWhatIf();
  const administers = useMe().data?.role === "admin";
  return (
    <Panel title={t("routing.whatIf.title")} testId="what-if">
      <Stack gap="md">
        <Text size="sm" className="quiet">
          {t("routing.whatIf.hint")}
        </Text>
        <Loaded of={latest}>
          {(job) => (
            <>
              {administers && <Ask busy={isUnderWay(job)} />}
              {job && <Run job={job} administers={administers} />}
            </>
          )}
        </Loaded>
      </Stack>
    </Panel>
  );
}

/** As `datetime-local` wants it: by the local clock, to the minute. */
const local = (at: number) =>
  new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function Ask({ busy }: { busy: boolean }) {
  const { t } = useTranslation();
  const start = useStartWhatIf();
  const known = (useFlows().data ?? []).filter((each) => each.kind === "policy");
  const live = known.filter((each) => each.live);
  const kept = known.flatMap((each) => each.versions.filter((version) => !version.live));
  const [period, setPeriod] = useState<Period | "other">("yesterday");
  const [other, setOther] = useState(() => {
    const { from, to } = spanOf("yesterday", Date.now());
    return { from: local(from), to: local(to) };
  });
  const [policies, setPolicies] = useState<string[]>(["shipped", "built_in"]);
  const [replications, setReplications] = useState<number>(5);

  const run = () => {
    const span =
      period === "other"
        ? { from: new Date(other.from).getTime(), to: new Date(other.to).getTime() }
        : spanOf(period, Date.now());
    const wish: WhatIfWish = {
      ...span,
      replications,
      policies: policies.map(which),
    };
    start.mutate(wish);
  };

  return (
    <Stack gap="sm">
      <Group gap="md" align="flex-end">
        <div>
          <Text size="sm" fw={600} mb={4}>
            {t("routing.whatIf.period")}
          </Text>
          <SegmentedControl
            size="sm"
            aria-label={t("routing.whatIf.period")}
            value={period}
            onChange={(value) => setPeriod(value as Period | "other")}
            data={(["today", "yesterday", "week", "other"] as const).map((value) => ({
              value,
              label: t(`routing.whatIf.periods.${value}`),
            }))}
          />
        </div>
        {period === "other" &&
          (["from", "to"] as const).map((end) => (
            <TextInput
              key={end}
              type="datetime-local"
              label={t(`routing.whatIf.${end}`)}
              value={other[end]}
              onChange={(event) => setOther({ ...other, [end]: event.currentTarget.value })}
            />
          ))}
        <MultiSelect
          label={t("routing.whatIf.policies")}
          miw={280}
          flex={1}
          maxValues={4}
          value={policies}
          onChange={setPolicies}
          data={[
            {
              group: t("routing.whatIf.own"),
              items: OWN.map((value) => ({
                value: value as string,
                label: t(`routing.arm.${value}`),
              })),
            },
            {
              group: t("routing.whatIf.live"),
              items: live.map(({ name }) => ({ value: LIVE + name, label: name })),
            },
            {
              group: t("routing.whatIf.kept"),
              items: kept.map(({ label }) => ({ value: VERSION + label, label })),
            },
          ].filter(({ items }) => items.length > 0)}
        />
        <NumberInput
          label={t("routing.whatIf.replications")}
          w={110}
          min={2}
          max={20}
          allowDecimal={false}
          value={replications}
          onChange={(value) => setReplications(Number(value))}
        />
        <Button
          onClick={run}
          loading={start.isPending}
          disabled={busy || policies.length === 0}
          data-testid="start-what-if"
        >
          {t("routing.whatIf.run")}
        </Button>
      </Group>
      {start.error && (
        <Alert color="red" role="alert" py="xs">
          {explain(start.error, t)}
        </Alert>
      )}
    </Stack>
  );
}

function Run({ job, administers }: { job: WhatIfStatus; administers: boolean }) {
  const { t } = useTranslation();
  const cancel = useCancelWhatIf();
  if (isUnderWay(job)) {
    return (
      <Group gap="md" data-testid="what-if-running">
        <Text size="sm">{t(`routing.whatIf.state.${job.state}`)}</Text>
        <Progress
          flex={1}
          miw={120}
          value={(100 * job.done) / Math.max(1, job.of)}
          animated={job.state === "preparing"}
          aria-label={t("routing.whatIf.progress", { done: job.done, of: job.of })}
        />
        <Text size="sm" className="figures quiet">
          {t("routing.whatIf.progress", { done: job.done, of: job.of })}
        </Text>
        {administers && (
          <Button size="xs" variant="default" onClick={() => cancel.mutate(job.id)}>
            {t("cancel")}
          </Button>
        )}
      </Group>
    );
  }
  if (job.result) return <WhatIfResult job={job} result={job.result} />;
  return (
    <Alert color={job.state === "failed" ? "red" : "gray"} role="status">
      {t(`routing.whatIf.state.${job.state}`)} {job.problem}
    </Alert>
  );
}
