/** All that a plugin may ask of its surroundings. Each is a plain function that returns at once. */
import { surroundings, unit } from "./surroundings.ts";
import type { Log } from "./wit/host.ts";

export type Level = Log.Level;

function emit(level: Level, message: string, fields: Record<string, string> = {}): void {
  surroundings().log.emit(level, message, Object.entries(fields));
}

/** Structured lines for the plugin's author: at most 64 a call, a message cut at 1 KiB. */
export const log = {
  emit,
  debug: (message: string, fields?: Record<string, string>): void => emit("debug", message, fields),
  info: (message: string, fields?: Record<string, string>): void => emit("info", message, fields),
  warn: (message: string, fields?: Record<string, string>): void => emit("warn", message, fields),
  error: (message: string, fields?: Record<string, string>): void => emit("error", message, fields),
};

/**
 * The plugin's configuration; `{}` when it has none. The host has checked it against the manifest's
 * `config_schema`, and `C` says the same in TypeScript.
 */
export function config<C = Record<string, unknown>>(): C {
  return JSON.parse(surroundings().config.get()) as C;
}

/** The time of the event being handled, in milliseconds since 1970-01-01 UTC; constant in a step. */
export function nowMs(): number {
  return surroundings().clock.nowMs();
}

/** What the plugin measures of itself, by the names that its manifest declares. */
export const metrics = {
  /** Adds to a counter. */
  count: (name: string, by = 1): void => surroundings().metrics.count(name, by),
  /** Adds a value to a histogram; at most 256 values a call. */
  observe: (name: string, value: number): void => surroundings().metrics.observe(name, value),
};

/** From 0 to below 1, the same again in a replay; `Math.random` is this too. */
export function random(): number {
  return unit(surroundings().random);
}

/** Evenly from 0 to `bound` - 1; 0 when `bound` is 0. */
export function randomBelow(bound: number): number {
  return Math.floor(random() * bound);
}
