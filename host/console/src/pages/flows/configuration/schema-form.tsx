/** A form made of a plugin's JSON Schema. Large: loaded when it is looked at. */
import type { Schema } from "@cfworker/json-schema";
import Form, { getDefaultRegistry } from "@rjsf/core";
import { generateTemplates } from "@rjsf/mantine/lib/templates/index.js";
import CheckboxesWidget from "@rjsf/mantine/lib/widgets/CheckboxesWidget.js";
import CheckboxWidget from "@rjsf/mantine/lib/widgets/CheckboxWidget.js";
import PasswordWidget from "@rjsf/mantine/lib/widgets/PasswordWidget.js";
import RadioWidget from "@rjsf/mantine/lib/widgets/RadioWidget.js";
import RangeWidget from "@rjsf/mantine/lib/widgets/RangeWidget.js";
import SelectWidget from "@rjsf/mantine/lib/widgets/SelectWidget.js";
import TextareaWidget from "@rjsf/mantine/lib/widgets/TextareaWidget.js";
import type {
  ErrorSchema,
  FieldProps,
  RegistryFieldsType,
  RegistryWidgetsType,
  RJSFSchema,
  TemplatesType,
} from "@rjsf/utils";
import { type ComponentType, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ConfigurationChoices } from "../../../api/types.ts";
import { FieldDescription, FieldErrorTemplate, FieldTitle } from "./field-words.tsx";
import type { FormContext } from "./form-context.ts";
import { inLanguage } from "./in-language.ts";
import { partText } from "./parts.ts";
import { PickerWidget } from "./picker.tsx";
import { errorTree, validatorFor } from "./validator.ts";

const plain = getDefaultRegistry().fields;

/** A field that is called by its number where it is an entry of a list. */
function numbered(Plain: ComponentType<FieldProps>) {
  return function Numbered(props: FieldProps) {
    const last = props.fieldPathId.path.at(-1);
    if (typeof last !== "number") return <Plain {...props} />;
    return <Plain {...props} uiSchema={{ "ui:title": `${last + 1}.`, ...props.uiSchema }} />;
  };
}

const Text = numbered(plain.StringField as ComponentType<FieldProps>);

/** Text, but for what the schema says is picked from the tenant's own things. */
function StringField(props: FieldProps) {
  const isPicked = typeof props.schema["x-hotline"] === "string";
  const uiSchema = isPicked ? { ...props.uiSchema, "ui:widget": PickerWidget } : props.uiSchema;
  return <Text {...props} uiSchema={uiSchema} />;
}

const fields = {
  StringField,
  NumberField: numbered(plain.NumberField as ComponentType<FieldProps>),
  ObjectField: numbered(plain.ObjectField as ComponentType<FieldProps>),
} as RegistryFieldsType;
const widgets = {
  CheckboxesWidget,
  CheckboxWidget,
  PasswordWidget,
  RadioWidget,
  RangeWidget,
  SelectWidget,
  TextareaWidget,
} as RegistryWidgetsType;
const templates = {
  ...generateTemplates(),
  ArrayFieldTitleTemplate: FieldTitle,
  DescriptionFieldTemplate: FieldDescription,
  FieldErrorTemplate,
  TitleFieldTemplate: FieldTitle,
} as Partial<TemplatesType>;

interface Props {
  schema: Schema;
  value: object;
  choices: ConfigurationChoices;
  disabled: boolean;
  /** What the host said of the last try, by JSON pointer. */
  refused: Record<string, string>;
  onChange: (value: object) => void;
  onSubmit: (value: object) => void;
  /** What stands below the fields, with the button that submits. */
  children: ReactNode;
}

export default function SchemaForm(props: Props) {
  const { schema, value, choices, disabled, refused, onChange, onSubmit, children } = props;
  const { t, i18n } = useTranslation();
  const validator = useMemo(() => validatorFor(t), [t]);
  const worded = useMemo(() => inLanguage(schema, i18n.language), [schema, i18n.language]);
  const extraErrors = useMemo(
    () =>
      errorTree(Object.entries(refused).map(([pointer, message]) => ({ pointer, message }))) as
        | ErrorSchema<object>
        | undefined,
    [refused],
  );
  return (
    <Form<object, RJSFSchema, FormContext>
      // Its texts are made once.
      key={i18n.language}
      schema={worded as RJSFSchema}
      uiSchema={{ "ui:submitButtonOptions": { norender: true } }}
      formData={value}
      formContext={{ choices }}
      validator={validator}
      extraErrors={extraErrors}
      fields={fields as never}
      widgets={widgets as never}
      templates={templates as never}
      translateString={(text, params) => partText(t, text, params)}
      disabled={disabled}
      noHtml5Validate
      showErrorList={false}
      focusOnFirstError
      experimental_defaultFormStateBehavior={{
        arrayMinItems: { populate: "never" },
        emptyObjectFields: "skipEmptyDefaults",
      }}
      // The mistakes stand at their fields.
      onError={() => undefined}
      onChange={({ formData }) => onChange(formData ?? {})}
      onSubmit={({ formData }) => onSubmit(formData ?? {})}
    >
      {children}
    </Form>
  );
}
