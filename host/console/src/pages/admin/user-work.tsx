import {
  ActionIcon,
  Button,
  Group,
  Input,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Text,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { QueueRow } from "../../api/types.ts";
import { DurationInput } from "../../components/duration-input.tsx";
import type { UserValues } from "./user-values.ts";

type Form = UseFormReturnType<UserValues>;

/** Which queues a person serves, which of them first, and which only after a wait. */
export function Memberships({ form, queues }: { form: Form; queues: QueueRow[] }) {
  const { t } = useTranslation();
  const chosen = form.values.queues;
  const free = queues.filter(({ id }) => !chosen.some(({ queue }) => queue === id));
  return (
    <Input.Wrapper
      label={t("admin.user.queues")}
      description={t("admin.user.queuesHint")}
      labelElement="div"
    >
      <Stack gap={6} mt={4}>
        {chosen.map((membership, index) => (
          <Group key={membership.queue} gap={6} wrap="nowrap" align="flex-start">
            <Select
              flex={1}
              aria-label={t("admin.user.queue")}
              allowDeselect={false}
              data={queues
                .filter(({ id }) => id === membership.queue || free.some((each) => each.id === id))
                .map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps(`queues.${index}.queue`)}
            />
            <NumberInput
              w={104}
              min={1}
              max={100}
              allowDecimal={false}
              aria-label={t("admin.user.queueLevel")}
              prefix={`${t("admin.user.queueLevel")} `}
              {...form.getInputProps(`queues.${index}.level`)}
            />
            <DurationInput
              unit="seconds"
              w={96}
              rightSectionWidth={30}
              aria-label={t("admin.user.queueDelay")}
              {...form.getInputProps(`queues.${index}.after_ms`)}
              onChange={(ms) => form.setFieldValue(`queues.${index}.after_ms`, ms ?? 0)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t("admin.user.removeQueue")}
              onClick={() => form.removeListItem("queues", index)}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          disabled={free.length === 0}
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            form.insertListItem("queues", { queue: free[0]?.id ?? "", level: 1, after_ms: 0 })
          }
        >
          {t("admin.user.addQueue")}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}

const MEDIA = ["voice", "chat", "email", "task"] as const;

/** How much a person takes at once, by medium. */
export function Capacities({ form }: { form: Form }) {
  const { t } = useTranslation();
  const chosen = form.values.capacity;
  const free = MEDIA.filter((medium) => !chosen.some((each) => each.medium === medium));
  const named = (media: readonly (typeof MEDIA)[number][]) =>
    media.map((value) => ({ value, label: t(`medium.${value}`) }));
  return (
    <Input.Wrapper
      label={t("admin.user.capacity")}
      description={t("admin.user.capacityHint")}
      labelElement="div"
    >
      <Stack gap={6} mt={4}>
        {chosen.length === 0 && (
          <Text size="sm" className="quiet">
            {t("admin.user.capacityNone")}
          </Text>
        )}
        {chosen.map((capacity, index) => (
          <Group key={capacity.medium} gap={6} wrap="nowrap" align="flex-start">
            <Select
              w={110}
              aria-label={t("admin.user.medium")}
              allowDeselect={false}
              data={named(MEDIA.filter((each) => each === capacity.medium || free.includes(each)))}
              {...form.getInputProps(`capacity.${index}.medium`)}
            />
            <NumberInput
              w={64}
              min={1}
              max={20}
              allowDecimal={false}
              aria-label={t("admin.user.atOnce")}
              {...form.getInputProps(`capacity.${index}.at_once`)}
            />
            <MultiSelect
              flex={1}
              aria-label={t("admin.user.interruptedBy")}
              placeholder={
                capacity.interrupted_by.length === 0 ? t("admin.user.interruptedBy") : ""
              }
              data={named(MEDIA.filter((each) => each !== capacity.medium))}
              {...form.getInputProps(`capacity.${index}.interrupted_by`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t("admin.user.removeMedium")}
              onClick={() => form.removeListItem("capacity", index)}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          disabled={free.length === 0}
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            form.insertListItem("capacity", {
              medium: free[0] ?? "chat",
              at_once: 1,
              interrupted_by: [],
            })
          }
        >
          {t("admin.user.addMedium")}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
