//! The words between a routing policy and the queue engine; the same nouns as `wit/routing`.

use crate::address::Medium;
use crate::flow::Interaction;
use crate::ids::{AgentId, ContactId, QueueId, VisitId};
use crate::plugin::{PluginVersion, Usage};
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
    /// Of someone who joins at the end of the line.
    pub expected_wait_ms: Option<Millis>,
    /// Within its business hours; true where it has none.
    pub open: bool,
}

/// A contact's stay in a queue, as a policy ranks it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VisitView {
    pub interaction: Interaction,
    pub queue: QueueView,
    pub waited_ms: Millis,
    /// What the policy's lookups found so far.
    pub facts: Vec<FoundFact>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AgentView {
    pub id: AgentId,
    pub idle_ms: Millis,
    /// Busy share of the time since sign-in, 0 to 1.
    pub occupancy: f32,
    pub skills: Vec<Skill>,
    /// Only where something is known.
    pub experience: Vec<Experience>,
}

/// What is known of an agent's past work on a skill or topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Experience {
    /// A skill's name, or a value of the contacts' attribute `topic`.
    pub topic: String,
    /// Contacts since sign-in.
    pub handled: u32,
    /// Since the last of them ended.
    pub last_ended_ms: Option<Millis>,
    /// Share of them that were resolved, 0 to 1.
    pub resolution: Option<f32>,
    /// Mean rating by customers, 0 to 1.
    pub rating: Option<f32>,
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
    /// Qualified and free, by ring, then in the order of the batch's agents; at most `batch_agents`.
    pub candidates: Vec<Candidate>,
    /// How many there are in all; more than are shown when the bound cut them off.
    pub candidates_total: u32,
    /// The place in the batch's `agents` of whom the flow or the customer's history prefers, when
    /// they are a candidate.
    pub preferred: Option<u32>,
    pub facts: Vec<FoundFact>,
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
    /// Least loaded first, then longest idle.
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
    /// Leave this queue for a flow (a bot, say), by its name in the flows folder: the contact goes
    /// on in it from its `started` event, with its attributes.
    Flow(String),
    /// Hang up and call the customer back, whose place is kept.
    Callback,
    /// Leave this queue and take a message.
    Voicemail,
    /// Deliberately, although someone is free: only with a time to look again, and only so long in
    /// all (`hold_ms` of the tenant's limits).
    KeepWaiting,
    /// What the policy said makes no sense, in words that name the agent as it did: overruled.
    Invalid(String),
}

/// Something to look up before a contact is ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Lookup {
    /// Chosen by the policy; the fact comes with it.
    pub id: String,
    pub source: LookupSource,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LookupSource {
    /// What the host's records know of this customer.
    CustomerHistory,
    /// A key of a table of the tenant's flows folder.
    Table { table: String, key: String },
    /// Of a later contract; finds nothing.
    Unknown(String),
}

/// Keys can be telephone numbers: not printed.
impl std::fmt::Debug for LookupSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LookupSource::CustomerHistory => f.write_str("CustomerHistory"),
            LookupSource::Table { table, .. } => write!(f, "Table({table:?})"),
            LookupSource::Unknown(name) => write!(f, "Unknown({name:?})"),
        }
    }
}

/// What a lookup found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FoundFact {
    /// The lookup's.
    pub id: String,
    /// JSON; `null` when there is nothing.
    pub value: String,
}

/// Values are about people: not printed.
impl std::fmt::Debug for FoundFact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FoundFact({:?}, {} bytes)", self.id, self.value.len())
    }
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
    /// Lacks the skill at the level, in every ring.
    Skill(String),
    /// Signed in but in this state (`paused`, `talking`, ...).
    State(String),
    /// No device that could take a call.
    NoDevice,
    /// Missed or rejected this contact before, while others are free.
    AlreadyOffered,
    /// Qualifies from this ring on, which opens then.
    Ring { ring: u8, opens_at: Timestamp },
    /// Someone whom they could serve waits in this queue, which comes first for them.
    Level { queue: QueueId, contact: ContactId },
    /// Serves contacts of this queue only from then on.
    Delay { until: Timestamp },
    /// Until then the contact waits for this agent alone.
    Preferred { agent: AgentId, until: Timestamp },
    /// Has as many contacts of this medium as they take.
    Capacity(Medium),
}

impl Exclusion {
    /// The word by which totals are counted: its kind, or the state.
    pub fn kind(&self) -> &str {
        match self {
            Exclusion::Skill(_) => "skill",
            Exclusion::State(state) => state,
            Exclusion::NoDevice => "no_device",
            Exclusion::AlreadyOffered => "already_offered",
            Exclusion::Ring { .. } => "ring",
            Exclusion::Level { .. } => "level",
            Exclusion::Delay { .. } => "delay",
            Exclusion::Preferred { .. } => "preferred",
            Exclusion::Capacity(_) => "capacity",
        }
    }
}

/// Why a contact still waits, at one instant: the answer to a supervisor's question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhyWaiting {
    pub at: Timestamp,
    pub contact: ContactId,
    pub visit: VisitId,
    pub queue: QueueId,
    pub queue_name: String,
    /// Within its business hours; true where it has none.
    pub queue_open: bool,
    pub since: Timestamp,
    /// The place in line, from 1.
    pub position: u32,
    pub expected_wait_ms: Option<Millis>,
    /// The ring that the visit has reached, from 1.
    pub ring: u8,
    pub next_ring_at: Option<Timestamp>,
    /// The agent whom it waits for alone, and until when.
    pub preferred: Option<AgentId>,
    pub preferred_until: Option<Timestamp>,
    /// Whose device rings for it now.
    pub offered_to: Option<AgentId>,
    /// A policy is deciding now.
    pub deciding: bool,
    /// A policy holds it back deliberately until then.
    pub held_until: Option<Timestamp>,
    /// Who could be given it now, longest idle first; at most 32.
    pub candidates: Vec<AgentId>,
    pub candidates_total: u32,
    /// The queue's other agents and what keeps each out; at most 32.
    pub excluded: Vec<(AgentId, Exclusion)>,
    /// All of those, by kind of exclusion.
    pub excluded_totals: Vec<ExclusionTotal>,
    /// What the policy said of it last.
    pub said: Option<PolicySaid>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ExclusionTotal {
    /// `skill`, `ring`, `level`, ..., or the agents' state; see [`Exclusion::kind`].
    pub kind: String,
    pub agents: u32,
}

/// A policy's last word on a waiting contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PolicySaid {
    pub at: Timestamp,
    /// None when it gave no outcome for this contact.
    pub decision: Option<Decision>,
    pub reasons: Vec<String>,
    /// None when the built-in order decided.
    pub version: Option<PluginVersion>,
    pub usage: Usage,
}

/// What holds at every instant; checked after each input while the host runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Invariant {
    /// A free agent and a waiting contact whom they could be given never coexist without a decision
    /// under way.
    Liveness,
    /// A visit and a contact end exactly once, and none is lost in between.
    Conservation,
    /// No agent holds more contacts than their capacity.
    DoubleBooking,
    /// An offer rings at exactly one agent for exactly one contact, and no longer than allowed.
    GhostOffer,
    /// Nobody who has waited as long as anyone may is passed over.
    Starvation,
}

impl Invariant {
    pub const ALL: [Invariant; 5] = [
        Invariant::Liveness,
        Invariant::Conservation,
        Invariant::DoubleBooking,
        Invariant::GhostOffer,
        Invariant::Starvation,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Invariant::Liveness => "liveness",
            Invariant::Conservation => "conservation",
            Invariant::DoubleBooking => "double_booking",
            Invariant::GhostOffer => "ghost_offer",
            Invariant::Starvation => "starvation",
        }
    }
}

/// How one invariant has fared since the switchboard started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MonitorLive {
    pub invariant: Invariant,
    /// Contacts and agents that it was checked for.
    pub checked: u64,
    pub violated: u64,
}
