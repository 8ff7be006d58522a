//! What a tenant has set up, as the switchboard sees it. Changing it applies to waiting contacts
//! too and logs nobody out.

use crate::ids::{AgentId, QueueId};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Configuration {
    pub numbers: Vec<Number>,
    pub queues: Vec<Queue>,
    pub agents: Vec<Agent>,
    /// Where the built-in safe flow sends a caller whose flow failed.
    pub default_queue: Option<QueueId>,
    /// The language of built-in announcements and of contacts that did not choose (BCP 47).
    pub language: String,
    #[serde(default)]
    pub recording: RecordingRule,
    pub limits: TenantLimits,
}

/// Which contacts are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RecordingRule {
    /// From the answer to the end, with pauses for what is sensitive.
    #[default]
    Always,
    Never,
}

/// A number that callers may dial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Number {
    /// The user part of the SIP address, as dialled (`100`, `+4930123`).
    pub dialled: String,
    /// The flow that answers it, by its name in the flows folder.
    pub flow: String,
    /// Whether a web page may call it without credentials.
    pub click_to_call: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Queue {
    pub id: QueueId,
    /// Unique in the tenant; what flows say.
    pub name: String,
    /// The routing policy's name in the flows folder; none means the shipped skills policy.
    pub policy: Option<String>,
    pub required_skills: Vec<SkillNeed>,
    /// How long an agent's device rings before the contact is offered to another.
    pub ring_timeout_ms: Millis,
    /// Longest after-call work; none means until the agent ends it.
    pub wrap_up_ms: Option<Millis>,
    /// How often a waiting caller's flow is told position and expected wait.
    pub progress_every_ms: Millis,
    /// The service level's threshold T.
    pub service_level_ms: Millis,
    /// Contacts that may wait at once; the next one overflows to the flow as `queue-full`.
    pub max_waiting: u32,
    /// What waiting callers hear: a file below `prompts`, or none for the built-in music.
    pub music: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SkillNeed {
    pub skill: String,
    /// From 1 to 10.
    pub at_least: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Agent {
    pub id: AgentId,
    pub name: String,
    pub skills: Vec<Skill>,
    /// The queues that this agent serves.
    pub queues: Vec<QueueId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Skill {
    pub name: String,
    /// Proficiency from 1 to 10.
    pub level: u8,
}

/// Bounds of one tenant; each has its unit in its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TenantLimits {
    pub concurrent_contacts: u32,
    pub contact_length_ms: Millis,
    /// Contacts that one decision of a policy may see.
    pub batch_contacts: u32,
    /// Agents that one decision of a policy may see.
    pub batch_agents: u32,
    /// Offers that an agent may miss in a row before being paused.
    pub missed_offers: u32,
}

impl Default for TenantLimits {
    fn default() -> Self {
        TenantLimits {
            concurrent_contacts: 2_000,
            contact_length_ms: Millis::from_secs(4 * 3600),
            batch_contacts: 64,
            batch_agents: 256,
            missed_offers: 3,
        }
    }
}
