/** The API's nouns under short names: the one place that knows how the schema spells them. */
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type AgentDesk = Schemas["AgentDesk"];
export type AgentLive = Schemas["AgentLive"];
export type AgentRequest = Schemas["AgentRequest"];
export type AgentRow = Schemas["AgentRow"];
export type AgentStateName = Schemas["AgentState"]["state"];
export type Contact = Schemas["Contact"];
export type ContactLive = Schemas["ContactLive"];
export type ContactQuery = Schemas["ContactQuery"];
export type ContactRow = Schemas["ContactRow"];
export type Device = Schemas["Device"];
export type Diagnostic = Schemas["Diagnostic"];
export type Fact = Schemas["Fact"];
export type Live = Schemas["Live"];
export type Me = Schemas["Me"];
export type MediaStatistics = Schemas["MediaStatistics"];
export type NumberRow = Schemas["Number"];
export type OfferLive = Schemas["OfferLive"];
export type PictureNode = Schemas["PictureNode"];
export type PluginRow = Schemas["PluginRow"];
export type PluginStatus = Schemas["PluginStatus"];
export type PluginVersion = Schemas["PluginVersion"];
export type ProblemDetails = Schemas["Problem"];
export type PublicTenant = Schemas["PublicTenant"];
export type QueueForm = Schemas["QueueForm"];
export type QueueLive = Schemas["QueueLive"];
export type QueueRow = Schemas["QueueRow"];
export type Role = Schemas["Role"];
export type Skill = Schemas["Skill"];
export type Token = Schemas["Token"];
export type Usage = Schemas["Usage"];
export type User = Schemas["User"];
export type UserForm = Schemas["UserForm"];

/** What the server pushes over `/api/v1/live`. */
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
