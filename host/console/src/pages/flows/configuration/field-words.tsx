import { Text } from "@mantine/core";
import {
  type ArrayFieldTitleProps,
  type DescriptionFieldProps,
  errorId,
  type FieldErrorProps,
  type TitleFieldProps,
} from "@rjsf/utils";

/** Inputs show their own mistakes; groups and lists have nobody else who would. */
export function FieldErrorTemplate({ errors, fieldPathId, schema }: FieldErrorProps) {
  if (!errors?.length || (schema.type !== "array" && schema.type !== "object")) return null;
  return (
    <Text id={errorId(fieldPathId)} size="sm" c="red" role="alert" mb="xs">
      {errors.map(String).join(" ")}
    </Text>
  );
}

/** Of a group or a list. */
export function FieldTitle({ title, optionalDataControl }: TitleFieldProps | ArrayFieldTitleProps) {
  if (!title && !optionalDataControl) return null;
  return (
    <Text component="span" size="sm" fw={600}>
      {title} {optionalDataControl}
    </Text>
  );
}

export function FieldDescription({ description }: DescriptionFieldProps) {
  if (!description) return null;
  return (
    <Text size="xs" className="quiet" mb={6}>
      {description}
    </Text>
  );
}
