import type { components } from "./schema.d.ts";

type S = components["schemas"];

/** One kind of fact: the stable word and what it carries (`host/vocabulary/src/fact.rs`). */
type Kind<Word extends string, Body> = { kind: Word; body: Body };
type Bare<Word extends string> = { kind: Word; body?: undefined };

export type Exclusion = "no_device" | "already_offered" | { skill: string } | { state: string };

export interface Score {
  agent: string;
  total: number;
  /** Name and share of each part; they add up to the total. */
  parts: [string, number][];
}

export interface RoutingDecided {
  visit: string;
  chosen: string | null;
  candidates: string[];
  excluded: [string, Exclusion][];
  reasons: string[];
  scores: Score[];
  /** None when the built-in order decided. */
  version: S["PluginVersion"] | null;
  usage: S["Usage"];
}

export type What =
  | Kind<
      "contact_started",
      { channel: S["Channel"]; caller: string; dialled: string; leg: string; flow: string }
    >
  | Bare<"contact_answered">
  | Kind<"attributes_set", { attributes: [string, string][] }>
  | Kind<"contact_ended", { reason: string }>
  | Kind<
      "flow_stepped",
      {
        step: number;
        event: string;
        trace: string[];
        actions: string[];
        version: S["PluginVersion"];
        usage: S["Usage"];
      }
    >
  | Kind<
      "keys_collected",
      { keys: string | null; length: number; outcome: "complete" | "partial" | "no_input" }
    >
  | Kind<
      "plugin_faulted",
      {
        plugin: string;
        fault: { kind: string; message: string };
        version: S["PluginVersion"] | null;
        usage: S["Usage"];
      }
    >
  | Bare<"safe_flow_entered">
  | Kind<"queue_entered", { visit: string; queue: string; queue_name: string; priority: number }>
  | Kind<
      "queue_ranked",
      {
        visit: string;
        base: number;
        slope: number;
        reasons: string[];
        version: S["PluginVersion"] | null;
        usage: S["Usage"];
      }
    >
  | Kind<"queue_left", { visit: string; queue: string; waited_ms: number; how: string }>
  | Kind<"routing_decided", RoutingDecided>
  | Kind<"offer_made", { offer: string; visit: string; queue: string; ring_timeout_ms: number }>
  | Kind<"offer_ended", { offer: string; how: string; rang_ms: number }>
  | Kind<"agent_connected", { segment: string; queue: string; leg: string }>
  | Kind<"segment_ended", { segment: string; talked_ms: number }>
  | Kind<
      "wrap_up_ended",
      { segment: string; wrapped_ms: number; disposition: string | null; note: string }
    >
  | Kind<"leg_ended", { leg: string; reason: string }>
  | Kind<"leg_measured", { leg: string; statistics: S["MediaStatistics"] }>
  | Kind<"recording_started", { recording: string }>
  | Kind<"recording_finished", { recording: string; length_ms: number; bytes: number }>
  | Kind<"agent_state_changed", { from: string; to: S["AgentState"] }>
  | Kind<"device_changed", { device: S["Device"]; up: boolean }>
  | Kind<"request_refused", { request: string; reason: string }>;
