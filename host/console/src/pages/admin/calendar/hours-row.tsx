import { ActionIcon, Group, Text, TextInput, Tooltip } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CalendarValues, type Hours, timeOf } from "./form.ts";

interface Props {
  form: UseFormReturnType<CalendarValues>;
  /** Where the list of hours is in the form. */
  path: string;
  hours: Hours[];
  /** Whose hours these are, for readers of the screen. */
  name: string;
}

/** The hours of one day; none is closed. */
export function HoursRow({ form, path, hours, name }: Props) {
  const { t } = useTranslation();
  const time = (place: number, end: keyof Hours) => {
    const props = form.getInputProps(`${path}.${place}.${end}`);
    return (
      <TextInput
        {...props}
        w={70}
        size="xs"
        aria-label={`${name}, ${t(`admin.calendar.${end}`)}`}
        placeholder="09:00"
        onBlur={() => {
          const typed = hours[place]?.[end] ?? "";
          form.setFieldValue(`${path}.${place}.${end}`, timeOf(typed));
        }}
        styles={{ error: { width: 200 } }}
      />
    );
  };
  return (
    <Group gap="sm" align="flex-start">
      {hours.length === 0 && (
        <Text size="sm" className="quiet" lh="30px">
          {t("admin.calendar.closed")}
        </Text>
      )}
      {hours.map((_, place) => (
        <Group key={place} gap={4} wrap="nowrap" align="flex-start">
          {time(place, "from")}
          <Text lh="30px">–</Text>
          {time(place, "to")}
          <Tooltip label={t("admin.calendar.removeHours")}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={30}
              aria-label={`${t("admin.calendar.removeHours")}: ${name}`}
              onClick={() => form.removeListItem(path, place)}
            >
              <IconX size={15} />
            </ActionIcon>
          </Tooltip>
        </Group>
      ))}
      <Tooltip label={t("admin.calendar.addHours")}>
        <ActionIcon
          variant="subtle"
          size={30}
          aria-label={`${t("admin.calendar.addHours")}: ${name}`}
          onClick={() => form.insertListItem(path, next(hours))}
        >
          <IconPlus size={15} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

/** After the last of the day, an hour later. */
function next(hours: Hours[]): Hours {
  const last = hours.at(-1);
  if (!last) return { from: "09:00", to: "17:00" };
  const hour = Math.min(23, Number(last.to.slice(0, 2)) + 1 || 0);
  return { from: `${String(hour).padStart(2, "0")}:00`, to: "24:00" };
}
