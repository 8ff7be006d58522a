import {
  ActionIcon,
  Button,
  Group,
  Input,
  NumberInput,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../api/client.ts";
import { keys, useChange } from "../../api/queries.ts";
import type { QueueForm, QueueRow } from "../../api/types.ts";
import { notifyDone } from "../../components/notify.ts";
import { FormDialog } from "./section.tsx";

interface Props {
  /** None for a new one. */
  queue: QueueRow | null;
  onClose: () => void;
}

/** People think of these in seconds; the API wants milliseconds. */
const toSeconds = (ms: number | null): number | "" => (ms === null ? "" : ms / 1_000);
const toMs = (seconds: number | ""): number => Math.round(Number(seconds) * 1_000);

export function QueueDialog({ queue, onClose }: Props) {
  const { t } = useTranslation();
  const required = (value: string) => (value.trim() ? null : t("signIn.required"));
  const present = (value: number | "") => (value === "" ? t("signIn.required") : null);
  const form = useForm({
    initialValues: {
      name: queue?.name ?? "",
      policy: queue?.policy ?? "",
      required_skills: queue?.required_skills ?? [],
      ring: toSeconds(queue?.ring_timeout_ms ?? 20_000),
      wrap_up: toSeconds(queue ? queue.wrap_up_ms : 30_000),
      progress: toSeconds(queue?.progress_every_ms ?? 30_000),
      service_level: toSeconds(queue?.service_level_ms ?? 20_000),
      max_waiting: (queue?.max_waiting ?? 100) as number | "",
      music: queue?.music ?? "",
    },
    validate: {
      name: required,
      ring: present,
      progress: present,
      service_level: present,
      max_waiting: present,
      required_skills: { skill: required },
    },
  });
  const save = useChange(
    (body: QueueForm) =>
      queue
        ? ask(api.PUT("/api/v1/queues/{id}", { params: { path: { id: queue.id } }, body }))
        : ask(api.POST("/api/v1/queues", { body })),
    keys.queues,
  );
  const number = { min: 0, allowDecimal: false, allowNegative: false } as const;

  return (
    <FormDialog
      title={queue ? t("admin.queue.edit", { name: queue.name }) : t("admin.queue.add")}
      form={form}
      error={save.error}
      saving={save.isPending}
      onClose={onClose}
      onSave={(values) =>
        save.mutate(
          {
            name: values.name.trim(),
            policy: values.policy.trim() || null,
            required_skills: values.required_skills,
            ring_timeout_ms: toMs(values.ring),
            wrap_up_ms: values.wrap_up === "" ? null : toMs(values.wrap_up),
            progress_every_ms: toMs(values.progress),
            service_level_ms: toMs(values.service_level),
            max_waiting: Number(values.max_waiting),
            music: values.music.trim() || null,
          },
          {
            onSuccess: () => {
              notifyDone(t("admin.saved"));
              onClose();
            },
          },
        )
      }
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label={t("admin.queue.name")}
          description={t("admin.queue.nameHint")}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <TextInput
          label={t("admin.queue.policy")}
          description={t("admin.queue.policyHint")}
          {...form.getInputProps("policy")}
        />
        <NumberInput
          label={t("admin.queue.ring")}
          description={t("admin.queue.ringHint")}
          {...number}
          {...form.getInputProps("ring")}
        />
        <NumberInput
          label={t("admin.queue.wrapUp")}
          description={t("admin.queue.wrapUpHint")}
          {...number}
          {...form.getInputProps("wrap_up")}
        />
        <NumberInput
          label={t("admin.queue.serviceLevel")}
          description={t("admin.queue.serviceLevelHint")}
          {...number}
          {...form.getInputProps("service_level")}
        />
        <NumberInput
          label={t("admin.queue.progress")}
          description={t("admin.queue.progressHint")}
          {...number}
          {...form.getInputProps("progress")}
        />
        <NumberInput
          label={t("admin.queue.maxWaiting")}
          description={t("admin.queue.maxWaitingHint")}
          {...number}
          {...form.getInputProps("max_waiting")}
        />
        <TextInput
          label={t("admin.queue.music")}
          description={t("admin.queue.musicHint")}
          {...form.getInputProps("music")}
        />
      </SimpleGrid>
      <Input.Wrapper label={t("admin.queue.required")} labelElement="div">
        <Stack gap={6} mt={4}>
          {form.values.required_skills.map((_, index) => (
            <Group key={index} gap={6} wrap="nowrap" align="flex-start">
              <TextInput
                flex={1}
                aria-label={t("admin.user.skill")}
                placeholder={t("admin.user.skill")}
                {...form.getInputProps(`required_skills.${index}.skill`)}
              />
              <NumberInput
                w={90}
                aria-label={t("admin.queue.atLeast")}
                min={1}
                max={10}
                clampBehavior="strict"
                allowDecimal={false}
                {...form.getInputProps(`required_skills.${index}.at_least`)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={t("admin.user.removeSkill")}
                onClick={() => form.removeListItem("required_skills", index)}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
          ))}
          <Button
            variant="default"
            size="xs"
            w="fit-content"
            leftSection={<IconPlus size={14} />}
            onClick={() => form.insertListItem("required_skills", { skill: "", at_least: 1 })}
          >
            {t("admin.user.addSkill")}
          </Button>
        </Stack>
      </Input.Wrapper>
    </FormDialog>
  );
}
