/** What the form library's parts say, in the console's languages. */
import { TranslatableString } from "@rjsf/utils";
import type { TFunction } from "i18next";
import type { Texts } from "../../../i18n/texts.ts";

type Part = keyof Texts["configuration"]["parts"];

const PARTS: Record<TranslatableString, Part | null> = {
  [TranslatableString.ArrayItemTitle]: "item",
  [TranslatableString.MissingItems]: "unsupported",
  [TranslatableString.EmptyArray]: "empty",
  [TranslatableString.YesLabel]: "yes",
  [TranslatableString.NoLabel]: "no",
  [TranslatableString.NewStringDefault]: "newValue",
  [TranslatableString.AddButton]: "add",
  [TranslatableString.AddItemButton]: "addEntry",
  [TranslatableString.CopyButton]: "copy",
  [TranslatableString.ExpandButton]: "optionalAdd",
  [TranslatableString.MoveDownButton]: "moveDown",
  [TranslatableString.MoveUpButton]: "moveUp",
  [TranslatableString.RemoveButton]: "remove",
  [TranslatableString.ClearLabel]: "clear",
  [TranslatableString.ClearButton]: "clear",
  [TranslatableString.OptionalObjectAdd]: "optionalAdd",
  [TranslatableString.OptionalObjectRemove]: "optionalRemove",
  [TranslatableString.OptionalObjectEmptyMsg]: "optionalEmpty",
  [TranslatableString.OptionPrefix]: "option",
  [TranslatableString.TitleOptionPrefix]: "titleOption",
  [TranslatableString.KeyLabel]: "key",
  [TranslatableString.DeprecatedLabel]: "deprecated",
  [TranslatableString.UnknownFieldType]: "unsupported",
  [TranslatableString.CycleDetected]: "unsupported",
  [TranslatableString.InvalidObjectField]: "unsupported",
  [TranslatableString.UnsupportedField]: "unsupported",
  [TranslatableString.UnsupportedFieldWithId]: "unsupported",
  [TranslatableString.UnsupportedFieldWithReason]: "unsupported",
  [TranslatableString.UnsupportedFieldWithIdAndReason]: "unsupported",
  // Of parts that are not used here.
  [TranslatableString.CloseLabel]: null,
  [TranslatableString.ErrorsLabel]: null,
  [TranslatableString.NowLabel]: null,
  [TranslatableString.AriaDateLabel]: null,
  [TranslatableString.PreviewLabel]: null,
  [TranslatableString.DecrementAriaLabel]: null,
  [TranslatableString.IncrementAriaLabel]: null,
  [TranslatableString.Type]: null,
  [TranslatableString.Value]: null,
  [TranslatableString.FilesInfo]: null,
};

/** `%1`, `%2`, ... are filled with `params`. */
export function partText(t: TFunction, text: TranslatableString, params: string[] = []): string {
  const part = PARTS[text];
  const words = part ? t(`configuration.parts.${part}`) : text;
  return words.replaceAll(/%(\d)/g, (_, number) => params[number - 1] ?? "");
}
