import type { ConfigurationChoices } from "../../../api/types.ts";

/** What the form's parts are told besides their schema. */
export interface FormContext {
  choices: ConfigurationChoices;
}
