/**
 * A test bench for plugins: runs them natively, in vitest or node:test, without a server or
 * WebAssembly. It runs every call twice and insists on equal answers, since a call must be a pure
 * function.
 */
export * as connector from "./connector.ts";
export { FlowBench, caller } from "./flow.ts";
export { MONDAY_TEN_O_CLOCK, FakeHost, purely } from "./host.ts";
export * as qa from "./qa.ts";
export * as routing from "./routing.ts";
