import { ActionIcon, Button, Stack, Text, Tooltip } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { DurationInput } from "../../../components/duration-input.tsx";
import { Panel } from "../../../components/panel.tsx";
import { ExpressionInput } from "./expression-input.tsx";
import { nextRing } from "./form.ts";
import type { Part } from "./part.ts";

/** Rings after the first that the host takes. */
const MOST_RINGS = 8;

/** Who may be given its contacts, and who joins them after a wait. */
export function Qualified({ form, queue }: Part) {
  const { t } = useTranslation();
  const rings = form.values.rules.rings;
  return (
    <Panel title={t("admin.queue.section.qualified")}>
      <Stack gap="md">
        <ExpressionInput
          label={t("admin.queue.skills")}
          description={t("admin.queue.skillsHint")}
          placeholder={t("admin.queue.anyone")}
          queue={queue}
          data-testid="queue-skills"
          {...form.getInputProps("skills")}
        />
        <div>
          <Text size="sm" fw={600}>
            {t("admin.queue.rings")}
          </Text>
          <Text size="xs" className="quiet" mb={6}>
            {t("admin.queue.ringsHint")}
          </Text>
          <Stack gap="sm">
            {rings.map((_, index) => (
              <div key={index} className="ring-row">
                <Text size="sm" fw={600} className="figures ring-name">
                  {t("admin.queue.ringNumber", { number: index + 2 })}
                </Text>
                <DurationInput
                  unit="seconds"
                  aria-label={t("admin.queue.ringAfter", { number: index + 2 })}
                  placeholder={t("admin.queue.ringAfterShort")}
                  data-testid="ring-after"
                  {...form.getInputProps(`rules.rings.${index}.after_ms`)}
                />
                <ExpressionInput
                  aria-label={t("admin.queue.ringSkills", { number: index + 2 })}
                  placeholder={t("admin.queue.anyone")}
                  queue={queue}
                  {...form.getInputProps(`rules.rings.${index}.skills`)}
                />
                <Tooltip label={t("admin.queue.removeRing")}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={`${t("admin.queue.removeRing")} ${index + 2}`}
                    onClick={() => form.removeListItem("rules.rings", index)}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                </Tooltip>
              </div>
            ))}
            <Button
              variant="default"
              size="xs"
              w="fit-content"
              disabled={rings.length >= MOST_RINGS}
              data-testid="add-ring"
              leftSection={<IconPlus size={14} />}
              onClick={() => form.insertListItem("rules.rings", nextRing(rings))}
            >
              {t("admin.queue.addRing")}
            </Button>
          </Stack>
        </div>
      </Stack>
    </Panel>
  );
}
