import { Select } from "@mantine/core";
import { ariaDescribedByIds, type WidgetProps } from "@rjsf/utils";
import { useTranslation } from "react-i18next";
import type { ConfigurationChoices } from "../../../api/types.ts";
import type { FormContext } from "./form-context.ts";

/** Picks one of the tenant's queues, skills, ... by name; one that is gone stays to be seen. */
export function PickerWidget(props: WidgetProps) {
  const { id, label, schema, value, required, disabled, readonly, rawErrors, onChange } = props;
  const { t } = useTranslation();
  const kind = schema["x-hotline"] as keyof ConfigurationChoices;
  const { choices } = props.registry.formContext as FormContext;
  const known = choices[kind] ?? [];
  const gone = typeof value === "string" && value !== "" && !known.includes(value);
  return (
    <Select
      id={id}
      label={label}
      description={schema.description}
      required={required}
      disabled={disabled || readonly}
      data={[
        ...known,
        ...(gone ? [{ value, label: t("configuration.gone", { name: value }) }] : []),
      ]}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      placeholder={t(`configuration.pick.${kind}`)}
      nothingFoundMessage={t("configuration.noneToPick")}
      searchable
      clearable={!required}
      error={rawErrors?.join("\n")}
      aria-describedby={ariaDescribedByIds(id)}
    />
  );
}
