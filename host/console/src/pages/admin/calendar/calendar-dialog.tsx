import { ActionIcon, Button, Group, Select, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconCopy, IconPlus, IconX } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../../api/client.ts";
import { Problem } from "../../../api/problem.ts";
import { keys, useChange } from "../../../api/queries.ts";
import type { Calendar } from "../../../api/types.ts";
import { notifyDone } from "../../../components/notify.ts";
import { FormDialog } from "../section.tsx";
import { type CalendarValues, DAYS, draftOf, fieldOf, isTime, valuesOf } from "./form.ts";
import { HoursRow } from "./hours-row.tsx";

interface Props {
  /** None for a new one. */
  calendar: Calendar | null;
  onClose: () => void;
}

/** Business hours by day of the week, and the days that differ. */
export function CalendarDialog({ calendar, onClose }: Props) {
  const { t } = useTranslation();
  const zones = useMemo(() => ["UTC", ...Intl.supportedValuesOf("timeZone")], []);
  const required = (value: string) => (value.trim() ? null : t("signIn.required"));
  const time = (value: string) => (isTime(value) ? null : t("admin.calendar.timeHint"));
  const hours = { from: time, to: time };
  const form = useForm<CalendarValues>({
    initialValues: valuesOf(calendar),
    validate: {
      name: required,
      time_zone: required,
      week: Object.fromEntries(DAYS.map((day) => [day, hours])),
      exceptions: { date: required, name: required, hours },
    },
  });
  const save = useChange(
    (values: CalendarValues) =>
      ask(
        api.PUT("/api/v1/calendars/{name}", {
          params: { path: { name: values.name.trim() } },
          body: draftOf(values),
        }),
      ),
    keys.calendars,
  );
  const known = zones.includes(form.values.time_zone)
    ? zones
    : [form.values.time_zone, ...zones].filter(Boolean);

  return (
    <FormDialog
      title={calendar ? t("admin.calendar.edit", { name: calendar.name }) : t("admin.calendar.add")}
      form={form}
      error={save.error}
      saving={save.isPending}
      onClose={onClose}
      onSave={(values) =>
        save.mutate(values, {
          onSuccess: () => {
            notifyDone(t("admin.saved"));
            onClose();
          },
          onError: (error) => {
            if (!(error instanceof Problem)) return;
            const fields = Object.entries(error.fields);
            form.setErrors(
              Object.fromEntries(fields.map(([field, said]) => [fieldOf(field, values), said])),
            );
          },
        })
      }
    >
      <Group grow align="flex-start">
        <TextInput
          label={t("admin.calendar.name")}
          description={t("admin.calendar.nameHint")}
          disabled={calendar !== null}
          data-autofocus={calendar === null || undefined}
          {...form.getInputProps("name")}
        />
        <Select
          label={t("admin.calendar.timeZone")}
          description={" "}
          searchable
          allowDeselect={false}
          limit={60}
          data={known}
          {...form.getInputProps("time_zone")}
        />
      </Group>
      <fieldset className="door-row week">
        <legend>{t("admin.calendar.week")}</legend>
        {DAYS.map((day, place) => (
          <div key={day} className="week-day" data-day={day}>
            <Text size="sm" fw={600} lh="30px">
              {t(`admin.calendar.day.${day}`)}
            </Text>
            <HoursRow
              form={form}
              path={`week.${day}`}
              hours={form.values.week[day]}
              name={t(`admin.calendar.day.${day}`)}
            />
            {place < 6 && (
              <Tooltip label={t("admin.calendar.copyDown")}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={30}
                  aria-label={`${t(`admin.calendar.day.${day}`)}: ${t("admin.calendar.copyDown")}`}
                  onClick={() => {
                    for (const below of DAYS.slice(place + 1, place < 5 ? 5 : 7)) {
                      form.setFieldValue(`week.${below}`, structuredClone(form.values.week[day]));
                    }
                  }}
                >
                  <IconCopy size={15} />
                </ActionIcon>
              </Tooltip>
            )}
          </div>
        ))}
        <Text size="xs" className="quiet">
          {t("admin.calendar.hint")}
        </Text>
      </fieldset>
      <fieldset className="door-row week">
        <legend>{t("admin.calendar.holidays")}</legend>
        <Text size="xs" className="quiet">
          {t("admin.calendar.holidaysHint")}
        </Text>
        {form.values.exceptions.map((exception, place) => (
          <Stack key={place} gap={4} className="holiday">
            <Group gap={6} wrap="nowrap" align="flex-start">
              <TextInput
                type="date"
                size="xs"
                w={140}
                aria-label={t("admin.calendar.date")}
                {...form.getInputProps(`exceptions.${place}.date`)}
              />
              <TextInput
                size="xs"
                flex={1}
                aria-label={t("admin.calendar.holidayName")}
                placeholder={t("admin.calendar.holidayName")}
                {...form.getInputProps(`exceptions.${place}.name`)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size={30}
                aria-label={`${t("admin.calendar.removeHoliday")}: ${exception.name}`}
                onClick={() => form.removeListItem("exceptions", place)}
              >
                <IconX size={15} />
              </ActionIcon>
            </Group>
            <HoursRow
              form={form}
              path={`exceptions.${place}.hours`}
              hours={exception.hours}
              name={exception.name || exception.date}
            />
          </Stack>
        ))}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          leftSection={<IconPlus size={14} />}
          onClick={() => form.insertListItem("exceptions", { date: "", name: "", hours: [] })}
        >
          {t("admin.calendar.addHoliday")}
        </Button>
      </fieldset>
    </FormDialog>
  );
}
