/**
 * Write Hotline plugins in TypeScript. A module for each world of the contract, with the nouns of
 * `wit/`: `@hotline/sdk/ivr` (and `linear`, which is sugar over it), `routing`, `qa`, `connector` and
 * `flow-language`. `host` is all that a plugin may ask of its surroundings, and `bench` runs a plugin
 * natively, without a server or WebAssembly, in ordinary tests. Build with `hotline plugin build`.
 */
export { Fault } from "./fault.ts";
export type { Plugin, World } from "./plugin.ts";
export type { Interaction } from "./routing.ts";
