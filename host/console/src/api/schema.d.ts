/**
 * The API as the console uses it, in the layout that `npm run generate` (openapi-typescript) writes
 * from `/api/v1/openapi.json`. Times are milliseconds UTC, ids are text.
 */

type Json<T> = { headers: { [name: string]: unknown }; content: { "application/json": T } };
type Empty = { headers: { [name: string]: unknown }; content?: never };
type Failure = {
  headers: { [name: string]: unknown };
  content: { "application/problem+json": components["schemas"]["Problem"] };
};
type Body<T> = { content: { "application/json": T } };
type Path<Name extends string> = { path: { [name in Name]: string } };
type Read<T, Parameters = { query?: never }> = {
  parameters: Parameters;
  responses: { 200: Json<T>; default: Failure };
};
type Send<Request, Response = never, Parameters = { query?: never }> = {
  parameters: Parameters;
  requestBody: Body<Request>;
  responses: {
    200: [Response] extends [never] ? Empty : Json<Response>;
    default: Failure;
  };
};
type Remove<Parameters = { query?: never }> = {
  parameters: Parameters;
  responses: { 204: Empty; default: Failure };
};
type S = components["schemas"];

export interface paths {
  "/api/v1/session": { post: Send<S["SignIn"], S["Session"]>; delete: Remove };
  "/api/v1/me": { get: Read<S["Me"]> };
  "/api/v1/agent": { get: Read<S["AgentDesk"]> };
  "/api/v1/agent/requests": { post: Send<S["AgentRequest"]> };
  "/api/v1/agent/audio": { post: Send<S["AudioOffer"], S["AudioAnswer"]>; delete: Remove };
  "/api/v1/queues": {
    get: Read<{ items: S["QueueRow"][] }>;
    post: Send<S["QueueForm"], S["Queue"]>;
  };
  "/api/v1/queues/{id}": {
    put: Send<S["QueueForm"], S["Queue"], Path<"id">>;
    delete: Remove<Path<"id">>;
  };
  "/api/v1/agents": { get: Read<{ items: S["AgentRow"][] }> };
  "/api/v1/users": {
    get: Read<{ items: S["User"][] }>;
    post: Send<S["UserForm"], S["User"]>;
  };
  "/api/v1/users/{id}": { put: Send<S["UserForm"], S["User"], Path<"id">> };
  "/api/v1/numbers": { get: Read<{ items: S["Number"][] }> };
  "/api/v1/numbers/{dialled}": {
    put: Send<S["NumberForm"], S["Number"], Path<"dialled">>;
    delete: Remove<Path<"dialled">>;
  };
  "/api/v1/contacts": {
    get: Read<
      { items: S["ContactRow"][]; next_cursor: string | null },
      { query?: S["ContactQuery"] }
    >;
  };
  "/api/v1/contacts/{id}": { get: Read<S["Contact"], Path<"id">> };
  "/api/v1/contacts/{id}/timeline": { get: Read<{ items: S["Fact"][] }, Path<"id">> };
  "/api/v1/flows": { get: Read<{ items: S["PluginRow"][] }> };
  "/api/v1/tokens": {
    get: Read<{ items: S["Token"][] }>;
    post: Send<S["TokenForm"], S["NewToken"]>;
  };
  "/api/v1/tokens/{id}": { delete: Remove<Path<"id">> };
  "/api/v1/public/{tenant}": { get: Read<S["PublicTenant"], Path<"tenant">> };
  "/api/v1/public/{tenant}/calls": {
    post: Send<S["CallOffer"], S["CallAnswer"], Path<"tenant">>;
  };
}

export interface components {
  schemas: {
    Problem: {
      type?: string;
      title: string;
      status: number;
      detail?: string;
      code?: string;
      errors?: { field: string; message: string }[];
    };

    SignIn: { tenant: string; user_name: string; password: string };
    Session: { token: string; me: S["Me"] };
    Role: "agent" | "supervisor" | "admin";
    Me: {
      id: string;
      user_name: string;
      display_name: string;
      role: S["Role"];
      language: string;
      tenant: { id: string; name: string; display_name: string };
    };

    Device: "browser" | "desk_phone";
    AgentState:
      | { state: "signed_out" }
      | { state: "paused"; reason: string; since: number }
      | { state: "ready"; since: number }
      | { state: "offered"; offer: string; contact: string; since: number }
      | { state: "talking"; contact: string; segment: string; since: number }
      | {
          state: "wrap_up";
          contact: string;
          segment: string;
          since: number;
          until: number | null;
        };
    OfferLive: {
      offer: string;
      contact: string;
      queue: string;
      queue_name: string;
      caller: string;
      attributes: [string, string][];
      waited_ms: number;
      rings_until: number;
    };
    AgentLive: {
      id: string;
      name: string;
      device: S["Device"];
      browser_up: boolean;
      desk_phone_up: boolean;
      pause_next: string | null;
      offer: S["OfferLive"] | null;
    } & S["AgentState"];
    AgentDesk: {
      agent: S["AgentLive"];
      contact: S["ContactLive"] | null;
      /** The last contact while it is being wrapped up, where the host knows it still. */
      last_contact?: S["ContactLive"] | null;
      queues: { id: string; name: string }[];
      pause_reasons: string[];
      dispositions: string[];
    };
    AgentRequest:
      | { request: "ready" }
      | { request: "pause"; reason: string }
      | { request: "use_device"; device: S["Device"] }
      | { request: "accept_offer"; offer: string }
      | { request: "reject_offer"; offer: string }
      | { request: "hang_up"; contact: string }
      | { request: "dispose"; contact: string; disposition: string; note: string };
    AudioOffer: { sdp: string };
    AudioAnswer: { leg: string; sdp: string };

    SkillNeed: { skill: string; at_least: number };
    Skill: { name: string; level: number };
    QueueForm: {
      name: string;
      policy: string | null;
      required_skills: S["SkillNeed"][];
      ring_timeout_ms: number;
      wrap_up_ms: number | null;
      progress_every_ms: number;
      service_level_ms: number;
      max_waiting: number;
      music: string | null;
    };
    Queue: { id: string } & S["QueueForm"];
    QueueLive: {
      id: string;
      name: string;
      waiting: number;
      oldest_wait_ms: number;
      expected_wait_ms: number | null;
      agents_ready: number;
      agents_busy: number;
      agents_paused: number;
      queued: number;
      answered: number;
      abandoned: number;
      service_level: number | null;
    };
    QueueRow: S["Queue"] & { live: S["QueueLive"] | null };
    AgentRow: S["AgentLive"] & { skills: S["Skill"][]; queues: string[] };
    UserForm: {
      user_name: string;
      display_name: string;
      role: S["Role"];
      language: string | null;
      skills: S["Skill"][];
      queues: string[];
      /** At least 10 characters; absent: keep the present one. */
      password?: string;
      /** At least 10 characters; absent: keep; empty: no desk phone. */
      desk_phone_password?: string;
    };
    User: {
      id: string;
      user_name: string;
      display_name: string;
      role: S["Role"];
      /** None means the tenant's. */
      language: string | null;
      skills: S["Skill"][];
      queues: string[];
      has_desk_phone: boolean;
    };
    Number: { dialled: string; flow: string; click_to_call: boolean };
    NumberForm: { flow: string; click_to_call: boolean };
    TokenForm: { name: string; role: S["Role"]; expires_at?: number };
    Token: {
      id: string;
      name: string;
      scopes: string[];
      created_at: number;
      expires_at: number | null;
    };
    /** The secret is shown this once. */
    NewToken: S["Token"] & { secret: string };

    Channel: "phone" | "web";
    Stage:
      | { stage: "in_flow" }
      | {
          stage: "waiting";
          queue: string;
          queue_name: string;
          position: number;
          since: number;
          expected_wait_ms: number | null;
          offered_to: string | null;
        }
      | { stage: "talking"; agent: string; segment: string; since: number };
    ContactLive: {
      id: string;
      channel: S["Channel"];
      caller: string;
      dialled: string;
      language: string | null;
      started_at: number;
      attributes: [string, string][];
      flow: string;
      flow_version: S["PluginVersion"] | null;
    } & S["Stage"];
    Live: {
      at: number;
      queues: S["QueueLive"][];
      agents: S["AgentLive"][];
      contacts: S["ContactLive"][];
    };

    ContactQuery: {
      limit?: number;
      cursor?: string;
      state?: "open" | "ended";
      queue?: string;
      agent?: string;
      caller?: string;
    };
    ContactRow: {
      id: string;
      channel: S["Channel"];
      caller: string;
      dialled: string;
      flow: string;
      started_at: number;
      answered_at: number | null;
      ended_at: number | null;
      end_reason: string | null;
      blame: "caller" | "agent" | "us" | "carrier" | "nobody" | null;
      queue_names: string[];
      agent_names: string[];
      waited_ms: number;
      talked_ms: number;
      disposition: string | null;
      has_recording: boolean;
    };
    Contact: S["ContactRow"] & {
      attributes: [string, string][];
      flow_versions: string[];
      media: { leg: string; statistics: S["MediaStatistics"] }[];
      /** No length until the file is complete. */
      recordings: { id: string; started_at: number; length_ms: number | null }[];
      live: S["ContactLive"] | null;
    };
    MediaStatistics: {
      packets_received: number;
      packets_sent: number;
      packets_lost: number;
      jitter_ms: number;
      largest_gap_ms: number;
    };

    PluginVersion: { name: string; component: string; artifact: string | null };
    Usage: { fuel: number; took_us: number; memory_bytes: number };
    Fact: {
      tenant: string;
      epoch: number;
      sequence: number;
      at: number;
      contact: string | null;
      agent: string | null;
    } & S["What"];
    What: import("./facts.ts").What;

    Diagnostic: {
      code: string;
      severity: "error" | "warning";
      path: string;
      /** From 1; none where a file has no lines (a component). */
      line: number | null;
      column: number | null;
      length: number | null;
      message: string;
      hint: string | null;
    };
    PictureNode: { id: string; title: string; kind: string; next: [string, string][] };
    PluginStatus: {
      name: string;
      kind: "flow" | "policy";
      /** Below the flows root. */
      path: string;
      /** None when no version ever went live. */
      live: S["PluginVersion"] | null;
      since: number | null;
      versions: { label: string; contacts: number }[];
      /** Why the file as it is now was refused. */
      problem: S["Diagnostic"][] | null;
      /** About the live version. */
      warnings: S["Diagnostic"][];
      picture: S["PictureNode"][];
    };
    PluginRow: S["PluginStatus"];

    PublicTenant: {
      display_name: string;
      language: string;
      lines: { number: string; flow: string }[];
    };
    CallOffer: { number: string; sdp: string };
    CallAnswer: { call: string; token: string; sdp: string };
  };
}
