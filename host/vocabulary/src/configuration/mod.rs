//! What a tenant has set up, as the switchboard sees it. Changing it applies to waiting contacts
//! too and logs nobody out.

mod calendar;
mod queue;

use crate::address::Medium;
use crate::ids::{AgentId, QueueId};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

pub use crate::skills::{Skill, SkillExpression, SkillNeed};
pub use calendar::{Calendar, DayHours, Exception, Hours, TimeOfDay, TimeOfDayError, Weekday};
pub use queue::{CallbackRule, LastAgentRule, Otherwise, Queue, QueueRules, Ring, Unavailability};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Configuration {
    pub numbers: Vec<Number>,
    pub queues: Vec<Queue>,
    pub agents: Vec<Agent>,
    /// Business hours by name; queues refer to them.
    #[serde(default)]
    pub calendars: Vec<Calendar>,
    /// Where the built-in safe flow sends a caller whose flow failed.
    pub default_queue: Option<QueueId>,
    /// The language of built-in announcements and of contacts that did not choose (BCP 47).
    pub language: String,
    #[serde(default)]
    pub recording: RecordingRule,
    /// Whether customers can be called: the host has a trunk.
    #[serde(default)]
    pub dials_out: bool,
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
pub struct Agent {
    pub id: AgentId,
    pub name: String,
    pub skills: Vec<Skill>,
    /// The queues that this agent serves.
    pub queues: Vec<Membership>,
    /// How many contacts of each medium at once; one voice contact and nothing else when empty.
    #[serde(default)]
    pub capacity: Vec<Capacity>,
}

impl Agent {
    /// How many contacts of a medium the agent takes at once.
    pub fn at_once(&self, medium: Medium) -> u8 {
        let listed = self.capacity.iter().find(|one| one.medium == medium);
        match (medium, listed) {
            (Medium::Voice, None) => u8::from(self.capacity.is_empty()),
            // Nobody can talk twice.
            (Medium::Voice, Some(one)) => one.at_once.min(1),
            (_, listed) => listed.map_or(0, |one| one.at_once),
        }
    }

    /// Whether a contact `by` one medium may come on top of one of another.
    pub fn is_interrupted(&self, working: Medium, by: Medium) -> bool {
        let listed = self.capacity.iter().find(|one| one.medium == working);
        working == by || listed.is_some_and(|one| one.interrupted_by.contains(&by))
    }
}

/// An agent's place in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Membership {
    pub queue: QueueId,
    /// 1 comes first: while someone whom this agent could serve waits in a queue of a lower number,
    /// this queue's contacts are not offered to them.
    #[serde(default = "first")]
    pub level: u8,
    /// Only contacts that have waited this long.
    #[serde(default)]
    pub after_ms: Millis,
}

const fn first() -> u8 {
    1
}

impl Membership {
    /// At the first level and without a delay.
    pub const fn of(queue: QueueId) -> Self {
        Membership {
            queue,
            level: 1,
            after_ms: Millis::ZERO,
        }
    }
}

/// How much of one medium an agent takes, and what may come on top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    pub medium: Medium,
    /// From 1 to 20; voice is 1.
    pub at_once: u8,
    /// Media whose contacts may still be offered while the agent works on one of this medium.
    #[serde(default)]
    pub interrupted_by: Vec<Medium>,
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
    /// How long in all a policy may hold one visit back beside agents who are free for it; then the
    /// built-in order applies.
    #[serde(default = "hold_ms")]
    pub hold_ms: Millis,
    /// Whoever has waited this long comes before everyone who has not, whatever their priority.
    #[serde(default = "aged_after_ms")]
    pub aged_after_ms: Millis,
}

const fn hold_ms() -> Millis {
    Millis::from_secs(60)
}

const fn aged_after_ms() -> Millis {
    Millis::from_secs(1_800)
}

impl Default for TenantLimits {
    fn default() -> Self {
        TenantLimits {
            concurrent_contacts: 2_000,
            contact_length_ms: Millis::from_secs(4 * 3600),
            batch_contacts: 64,
            batch_agents: 256,
            missed_offers: 3,
            hold_ms: hold_ms(),
            aged_after_ms: aged_after_ms(),
        }
    }
}
