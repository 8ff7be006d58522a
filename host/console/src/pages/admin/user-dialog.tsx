import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Input,
  NumberInput,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../api/client.ts";
import { formErrors } from "../../api/fields.ts";
import { Problem } from "../../api/problem.ts";
import { keys, useChange } from "../../api/queries.ts";
import type { QueueRow, User, UserForm } from "../../api/types.ts";
import { notifyDone } from "../../components/notify.ts";
import { LANGUAGES } from "../../i18n/index.ts";
import { FormDialog } from "./section.tsx";
import type { UserValues } from "./user-values.ts";
import { Capacities, Memberships } from "./user-work.tsx";

interface Props {
  /** None for a new one. */
  user: User | null;
  queues: QueueRow[];
  onClose: () => void;
}

export function UserDialog({ user, queues, onClose }: Props) {
  const { t } = useTranslation();
  const required = (value: string) => (value.trim() ? null : t("signIn.required"));
  const form = useForm<UserValues>({
    initialValues: {
      user_name: user?.user_name ?? "",
      display_name: user?.display_name ?? "",
      role: user?.role ?? "agent",
      language: user?.language ?? "",
      password: "",
      skills: user?.skills ?? [],
      queues: user?.queues ?? [],
      capacity: user?.capacity ?? [],
      desk_phone_password: "",
      without_desk_phone: false,
    },
    validate: {
      user_name: required,
      display_name: required,
      password: (value) => (user ? null : required(value)),
      skills: { name: required },
    },
  });
  const save = useChange(
    (body: UserForm) =>
      user
        ? ask(api.PUT("/api/v1/users/{id}", { params: { path: { id: user.id } }, body }))
        : ask(api.POST("/api/v1/users", { body })),
    keys.users,
  );

  return (
    <FormDialog
      title={user ? t("admin.user.edit", { name: user.display_name }) : t("admin.user.add")}
      form={form}
      error={save.error}
      saving={save.isPending}
      onClose={onClose}
      onSave={({ password, desk_phone_password, without_desk_phone, language, ...rest }) =>
        save.mutate(
          {
            user_name: rest.user_name,
            display_name: rest.display_name,
            role: rest.role,
            skills: rest.skills,
            queues: rest.queues,
            capacity: rest.capacity,
            language: language || null,
            ...(password ? { password } : {}),
            ...(without_desk_phone
              ? { desk_phone_password: "" }
              : desk_phone_password
                ? { desk_phone_password }
                : {}),
          },
          {
            onSuccess: () => {
              notifyDone(t("admin.saved"));
              onClose();
            },
            onError: (error) => {
              if (error instanceof Problem) form.setErrors(formErrors(error.fields));
            },
          },
        )
      }
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label={t("admin.user.displayName")}
          data-autofocus
          {...form.getInputProps("display_name")}
        />
        <TextInput
          label={t("admin.user.userName")}
          autoComplete="off"
          {...form.getInputProps("user_name")}
        />
        <Select
          label={t("admin.user.role")}
          allowDeselect={false}
          data={(["agent", "supervisor", "admin"] as const).map((role) => ({
            value: role,
            label: t(`account.role.${role}`),
          }))}
          {...form.getInputProps("role")}
        />
        <Select
          label={t("admin.user.language")}
          placeholder={t("admin.user.tenantLanguage")}
          clearable
          data={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
          value={form.values.language || null}
          onChange={(value) => form.setFieldValue("language", value ?? "")}
        />
        <PasswordInput
          label={t("admin.user.password")}
          description={user ? t("admin.user.passwordKeep") : t("admin.user.passwordNew")}
          autoComplete="new-password"
          {...form.getInputProps("password")}
        />
        <PasswordInput
          label={t("admin.user.deskPhonePassword")}
          description={t("admin.user.deskPhoneHint")}
          autoComplete="new-password"
          disabled={form.values.without_desk_phone}
          {...form.getInputProps("desk_phone_password")}
        />
      </SimpleGrid>
      {user?.has_desk_phone && (
        <Checkbox
          label={t("admin.user.removeDeskPhone")}
          {...form.getInputProps("without_desk_phone", { type: "checkbox" })}
        />
      )}
      <Memberships form={form} queues={queues} />
      <Input.Wrapper label={t("admin.user.skills")} labelElement="div">
        <Stack gap={6} mt={4}>
          {form.values.skills.map((_, index) => (
            <Group key={index} gap={6} wrap="nowrap" align="flex-start">
              <TextInput
                flex={1}
                aria-label={t("admin.user.skill")}
                placeholder={t("admin.user.skill")}
                {...form.getInputProps(`skills.${index}.name`)}
              />
              <NumberInput
                w={90}
                aria-label={t("admin.user.level")}
                min={1}
                max={10}
                clampBehavior="strict"
                allowDecimal={false}
                {...form.getInputProps(`skills.${index}.level`)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={t("admin.user.removeSkill")}
                onClick={() => form.removeListItem("skills", index)}
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
            onClick={() => form.insertListItem("skills", { name: "", level: 5 })}
          >
            {t("admin.user.addSkill")}
          </Button>
        </Stack>
      </Input.Wrapper>
      <Capacities form={form} />
    </FormDialog>
  );
}
