//! The words between a routing policy and the queue engine; the same nouns as `wit/routing`.

use crate::flow::Interaction;
use crate::ids::{AgentId, ContactId, QueueId};
use crate::skills::{Skill, SkillNeed};
use crate::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QueueView {
    pub id: QueueId,
    pub name: String,
    pub waiting: u32,
    pub oldest_wait_ms: Millis,
    pub ready_agents: u32,
    pub service_level_ms: Millis,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AgentView {
    pub id: AgentId,
    pub idle_ms: Millis,
    /// Busy share of the time since sign-in, 0 to 1.
    pub occupancy: f32,
    pub skills: Vec<Skill>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactView {
    pub contact: ContactId,
    pub interaction: Interaction,
    pub queue: QueueId,
    pub waited_ms: Millis,
    /// How many offers this visit has had.
    pub attempt: u32,
    /// The ring that the visit has reached, from 1.
    pub ring: u8,
    /// What proficiency is measured over.
    pub needs: Vec<SkillNeed>,
    /// Qualified and free, by ring, then longest idle first; at most `batch_agents`.
    pub candidates: Vec<Candidate>,
}

/// Someone whom a contact could be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// The place in the batch's `agents`, from 0.
    pub agent: u32,
    /// The innermost ring that the agent belongs to, from 1.
    pub ring: u8,
}

/// The first contacts in rank order, and the agents free for any of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Batch {
    pub at: Timestamp,
    pub queues: Vec<QueueView>,
    pub agents: Vec<AgentView>,
    pub contacts: Vec<ContactView>,
}

impl Batch {
    /// The candidates of one of its contacts, in their order.
    pub fn candidates_of<'a>(&'a self, contact: &'a ContactView) -> impl Iterator<Item = AgentId> {
        let agents = contact.candidates.iter().map(|one| one.agent as usize);
        agents.filter_map(|place| Some(self.agents.get(place)?.id))
    }
}

/// Position in the queue: `base + slope * waited milliseconds`, highest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Order {
    pub base: f64,
    pub slope: f64,
    pub reasons: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Assign(AgentId),
    /// Leave this queue for another, by name.
    Overflow(String),
    KeepWaiting,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Outcome {
    pub contact: ContactId,
    pub decision: Decision,
    pub reasons: Vec<String>,
    /// Score parts per candidate, for "explain this decision".
    pub scores: Vec<Score>,
    pub recheck_after_ms: Option<Millis>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Score {
    pub agent: AgentId,
    pub total: f64,
    /// Name and share of each part; they add up to the total.
    pub parts: Vec<(String, f64)>,
}

/// Why an agent of the queue was no candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// Lacks the skill at the level.
    Skill(String),
    /// Signed in but in this state (`paused`, `talking`, ...).
    State(String),
    /// No device that could take a call.
    NoDevice,
    /// Missed or rejected this contact before, while others are free.
    AlreadyOffered,
}
