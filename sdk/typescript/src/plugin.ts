/** The worlds that this SDK targets, by their names in `wit/`. */
export type World =
  | "ivr-flow"
  | "ivr-flow-with-migration"
  | "flow-interpreter"
  | "flow-interpreter-with-migration"
  | "routing-policy"
  | "routing-policy-with-lookups"
  | "qa-rule"
  | "qa-live"
  | "qa-rule-and-live"
  | "crm-connector";

/** What a `define...` function returns, and what a plugin's module exports as its default. */
export interface Plugin<Exports = object> {
  readonly world: World;
  /** The component's exported interfaces, by their names in camel case. */
  readonly exports: Exports;
}
