/** The API's nouns under short names: the one place that knows how the schema spells them. */
import type { components } from "./schema.d.ts";

/** The host writes every field of an answer, with null where there is nothing. */
type Whole<T> = T extends object ? { [K in keyof T]-?: Whole<T[K]> } : T;
type Schemas = components["schemas"];
type Noun<Name extends keyof Schemas> = Whole<Schemas[Name]>;

export type AgentLive = Noun<"AgentLive">;
export type AgentRow = Noun<"AgentItem">;
export type AgentStateName = Schemas["AgentState"]["state"];
export type Calendar = Noun<"Calendar">;
export type Capacity = Noun<"Capacity">;
export type Contact = Noun<"Contact">;
export type ContactLive = Noun<"ContactLive">;
export type ContactRow = Noun<"ContactRow">;
export type Device = Schemas["Device"];
export type Exclusion = RoutingDecided["excluded"][number][1];
export type Fact = Noun<"Fact">;
export type KnownCustomers = Noun<"KnownCustomers">;
export type Me = Noun<"Me">;
export type MediaStatistics = Noun<"MediaStatistics">;
export type KeptFault = Noun<"PluginFaultItem">;
export type Membership = Noun<"Membership">;
export type Invariant = Schemas["Invariant"];
export type MonitorLive = Noun<"MonitorLive">;
export type NumberRow = Noun<"Number">;
export type OfferLive = Noun<"OfferLive">;
export type Otherwise = Schemas["Otherwise"];
export type DecisionRow = Noun<"DecisionRow">;
export type Difference = Noun<"Difference">;
export type Estimate = Noun<"Estimate">;
export type FigureGroup = Schemas["Group"];
export type PolicyReport = Noun<"PolicyReport">;
export type WhatIf = Noun<"WhatIf">;
export type WhatIfStatus = Noun<"WhatIfStatus">;
export type Diagnostic = Noun<"Diagnostic">;
export type PictureNode = Schemas["Node"];
export type Actor = Schemas["Actor"];
export type CanaryLimits = Schemas["CanaryLimits"];
export type ContactUsage = Noun<"ContactUsage">;
export type DayUsage = Noun<"DayUsage">;
export type Metered = Noun<"Metered">;
export type Permission = Schemas["Permission"];
export type ConfigurationChoices = Noun<"ConfigurationChoices">;
export type ConnectorJob = Noun<"ConnectorJob">;
export type ConnectorStatus = Noun<"ConnectorStatus">;
export type ConnectorUse = Schemas["ConnectorUse"];
export type OutboundExchange = Noun<"Exchange">;
export type PluginConfiguration = Omit<Noun<"PluginConfiguration">, "schema" | "value"> & {
  schema: object | null;
  value: object;
};
export type PluginDifference = Noun<"PluginDifference">;
export type PluginKind = Schemas["PluginKind"];
export type PluginPlan = Noun<"PluginPlan">;
export type PluginStatus = Noun<"PluginStatus">;
export type PluginTrial = Noun<"TrialResults">;
export type Replayed = Noun<"Replayed">;
export type ReplayReport = Noun<"ReplayReport">;
export type TrialGroup = PluginTrial["canary"];
export type VersionDetail = Noun<"Version">;
export type VersionState = VersionDetail["state"];
export type PluginVersion = Noun<"PluginVersion">;
export type PublicTenant = Noun<"Lines">;
export type Qualifying = Noun<"Qualifying">;
export type QueueLive = Noun<"QueueLive">;
export type QueueRow = Noun<"QueueItem">;
export type Role = Schemas["Role"];
export type RoutingDecided = Noun<"RoutingDecided">;
export type Skill = Noun<"Skill">;
export type Token = Noun<"TokenItem">;
export type WhyWaiting = Noun<"WhyWaiting">;
export type Usage = Noun<"Usage">;
export type User = Noun<"User">;
export type Work = Noun<"Work">;

// What is sent: here a field may be left out.
export type AgentRequest = Schemas["AgentRequest"];
export type CalendarForm = Schemas["CalendarDraft"];
export type PluginSettings = PluginStatus["settings"];
export type VersionWish = Schemas["Transition"]["to"];
export type WhatIfWish = Schemas["Wish"];
export type QueueForm = Schemas["QueueDraft"];
export type UserForm = Schemas["UserWish"];
export type ProblemDetails = Schemas["Problem"];

export interface ContactQuery {
  state?: "open" | "ended";
  queue?: string;
  agent?: string;
  caller?: string;
}

/** The agent's page, and what is known of the contacts in hand, also after their end. */
export type AgentDesk = Noun<"AgentPage"> & { known?: ContactLive[] };

/** What happens now, as pushed. An agent is shown their own queues. */
export interface Live {
  at: number;
  queues: QueueLive[];
  agents: AgentLive[];
  /** Contacts that have not ended, oldest first. */
  contacts: ContactLive[];
  /** What must hold at every instant; none for agents. */
  monitors: MonitorLive[];
}

/** What the host pushes over `/api/v1/live`. */
export type LiveMessage =
  | { type: "hello"; cursor: string | null }
  | { type: "agent"; agent: AgentDesk }
  | { type: "live"; live: Live }
  | { type: "fact"; cursor: string; fact: Fact }
  | { type: "plugin"; status: PluginStatus }
  | { type: "pong" };

/** What people are shown of a version: the name and the digest that changes when its author saves. */
export function versionLabel(version: PluginVersion): string {
  return `${version.name}@${(version.artifact ?? version.component).slice(0, 8)}`;
}
