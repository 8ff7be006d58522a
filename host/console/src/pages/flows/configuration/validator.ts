/** Our check in the shape that the form library asks for. */
import { type Schema, Validator } from "@cfworker/json-schema";
import {
  type ErrorSchema,
  ErrorSchemaBuilder,
  type RJSFSchema,
  toErrorList,
  type ValidatorType,
} from "@rjsf/utils";
import type { TFunction } from "i18next";
import { check, type Misfit, steps } from "./check.ts";
import type { FormContext } from "./form-context.ts";

/** Mistakes at their places, as the form keeps them. */
export function errorTree(misfits: Misfit[]): ErrorSchema<object> {
  const tree = new ErrorSchemaBuilder<object>();
  for (const { pointer, message } of misfits) tree.addErrors(message, steps(pointer));
  return tree.ErrorSchema;
}

export function validatorFor(t: TFunction): ValidatorType<object, RJSFSchema, FormContext> {
  return {
    validateFormData(value, schema) {
      const errorSchema = errorTree(check(schema as Schema, value ?? {}, t));
      return { errorSchema, errors: toErrorList(errorSchema) };
    },
    isValid(schema, value, root) {
      // The library asks this of parts of the schema; what they refer to stands in the whole.
      const whole = { $defs: root?.$defs, definitions: root?.definitions, ...schema };
      return new Validator(whole as Schema, "2020-12", true).validate(value).valid;
    },
    rawValidation(schema, value) {
      return { errors: check(schema as Schema, value ?? {}, t) as never[] };
    },
  };
}
