import {
  Alert,
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  SimpleGrid,
  Slider,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problem.ts";
import type { CanaryLimits, VersionWish } from "../../api/types.ts";

interface Props {
  onClose: () => void;
  onStart: (wish: VersionWish) => void;
  pending: boolean;
  error: unknown;
}

/** The host's own defaults; shown, so that one knows what would end the trial. */
const LIMITS: CanaryLimits = {
  max_fault_percent: 2,
  tolerated_faults: 2,
  max_fuel_percent: 80,
  max_fuel_factor: 5,
  min_calls: 20,
  service_level_margin: 10,
  abandonment_margin: 5,
  min_visits: 30,
};

/** Who gets the candidate, and what would roll it back by itself. */
export function CanaryDialog({ onClose, onStart, pending, error }: Props) {
  const { t } = useTranslation();
  const [by, setBy] = useState<"percent" | "callers">("percent");
  const [percent, setPercent] = useState(5);
  const [callers, setCallers] = useState("");
  const [limits, setLimits] = useState(LIMITS);
  const list = callers
    .split(/[\s,;]+/)
    .map((each) => each.trim())
    .filter(Boolean);
  const split = by === "percent" ? { percent } : { callers: list };
  const limit = (name: keyof CanaryLimits) => (
    <NumberInput
      key={name}
      label={t(`flows.limit.${name}`)}
      value={limits[name]}
      min={0}
      onChange={(value) => setLimits({ ...limits, [name]: Number(value) || 0 })}
    />
  );
  return (
    <Modal opened onClose={onClose} title={t("flows.canaryTitle")} size="lg">
      <Stack>
        <SegmentedControl
          value={by}
          onChange={(value) => setBy(value === "callers" ? "callers" : "percent")}
          data={[
            { value: "percent", label: t("flows.byPercent") },
            { value: "callers", label: t("flows.byCallers") },
          ]}
        />
        {by === "percent" ? (
          <Stack gap={4}>
            <Text size="sm">{t("flows.percentOf", { percent })}</Text>
            <Slider
              min={1}
              max={99}
              value={percent}
              onChange={setPercent}
              marks={[{ value: 5 }, { value: 25 }, { value: 50 }]}
              aria-label={t("flows.byPercent")}
            />
          </Stack>
        ) : (
          <Textarea
            label={t("flows.byCallers")}
            description={t("flows.callersHelp")}
            autosize
            minRows={3}
            maxRows={10}
            value={callers}
            onChange={(event) => setCallers(event.currentTarget.value)}
          />
        )}
        <Text fw={600}>{t("flows.rollsBack")}</Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(Object.keys(LIMITS) as (keyof CanaryLimits)[]).map(limit)}
        </SimpleGrid>
        {error ? (
          <Alert color="red" role="alert">
            {explain(error, t)}
          </Alert>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            loading={pending}
            disabled={by === "callers" && list.length === 0}
            onClick={() => onStart({ canary: { split, limits } })}
            data-testid="start-canary"
          >
            {t("flows.canaryStart")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
