import { NumberInput, type NumberInputProps, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** What people think of a length of time in; the API wants milliseconds. */
const UNITS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type Unit = keyof typeof UNITS;

interface Props
  extends Omit<NumberInputProps, "value" | "defaultValue" | "onChange" | "rightSection"> {
  unit: Unit;
  /** In milliseconds; null is an empty field. */
  value?: number | null;
  onChange?: (ms: number | null) => void;
  defaultValue?: number | null;
}

/** A length of time in a unit that is written beside it. */
export function DurationInput({
  unit,
  value,
  onChange,
  defaultValue: _,
  description,
  ...rest
}: Props) {
  const { t } = useTranslation();
  return (
    <NumberInput
      min={0}
      allowNegative={false}
      decimalScale={unit === "seconds" ? 0 : 2}
      {...rest}
      description={description}
      value={value === null || value === undefined ? "" : value / UNITS[unit]}
      onChange={(number) =>
        onChange?.(number === "" ? null : Math.round(Number(number) * UNITS[unit]))
      }
      hideControls
      rightSectionWidth={60}
      rightSectionPointerEvents="none"
      rightSection={
        <Text size="xs" className="quiet">
          {t(`unit.${unit}`)}
        </Text>
      }
    />
  );
}
