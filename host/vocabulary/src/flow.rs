//! The words between a flow and the host; the same nouns as `wit/ivr`, where their meaning is
//! written down at length.

use crate::ids::AgentId;
use crate::media::Prompt;
use crate::personal::Personal;
use crate::routing::LookupSource;
use crate::skills::SkillExpression;
use crate::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};

/// What a plugin may know of a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Interaction {
    pub id: String,
    pub channel: String,
    pub direction: String,
    pub caller: crate::address::Address,
    pub dialled: String,
    pub language: Option<String>,
    pub started_at: Timestamp,
    pub priority: i32,
    pub attributes: Vec<(String, String)>,
}

/// Chosen by the flow; the end of its action is reported with it.
pub type ActionId = u32;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Action {
    pub id: ActionId,
    pub command: Command,
}

/// Performed in order, one after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Command {
    Answer,
    /// Refuse before answering, with this SIP status (400 to 699).
    Reject(u16),
    Play(Vec<Prompt>),
    Collect(Collect),
    SetAttributes(Vec<(String, String)>),
    StartTimer {
        name: String,
        after_ms: Millis,
    },
    CancelTimer(String),
    Enqueue(Enqueue),
    Dequeue,
    /// Takes a message; a queued contact leaves its queue for it.
    Voicemail(Voicemail),
    /// Hang up, keep the customer's place, and call them back when an agent has accepted.
    Callback {
        /// None is the caller's own.
        number: Option<String>,
    },
    /// Ends by [`FlowEvent::LookedUp`]; the next action does not wait for it.
    LookUp(Lookup),
    /// Goes on in another flow of the tenant, by name.
    Transfer {
        flow: String,
    },
    HangUp,
    /// Of a later contract, by its name: answered `unsupported`.
    Unknown(String),
}

/// Something that a flow wants to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = FlowLookup))]
pub struct Lookup {
    pub source: Source,
    /// What comes later is dropped.
    pub timeout_ms: Millis,
}

/// Where a flow looks something up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = FlowSource))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// What the host itself can answer, as for a routing policy.
    Host(LookupSource),
    Connector(ConnectorOperation),
}

/// One operation of a connector, as a flow words it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConnectorOperation {
    /// The connector's name in the tenant's plugins.
    pub connector: String,
    /// `find-contact`, ...; any other name is an operation of the connector's own.
    pub operation: String,
    /// JSON. What it says is about a person; of a protected input it holds the token.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub argument: Personal<String>,
}

impl Source {
    /// What is looked up where, without whom it is about: `history`, `table tiers`,
    /// `crm find-contact`.
    pub fn label(&self) -> String {
        match self {
            Source::Host(LookupSource::CustomerHistory) => "history".to_owned(),
            Source::Host(LookupSource::Table { table, .. }) => format!("table {table}"),
            Source::Host(LookupSource::Unknown(name)) => name.clone(),
            Source::Connector(wanted) => format!("{} {}", wanted.connector, wanted.operation),
        }
    }
}

/// A request for a message after the tone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Voicemail {
    /// What is said before the tone.
    pub prompts: Vec<Prompt>,
    /// Longest message.
    pub max_ms: Millis,
}

/// A request for keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Collect {
    pub prompts: Vec<Prompt>,
    /// Whether a key stops the prompts.
    pub barge_in: bool,
    pub max_digits: u32,
    /// Keys that end the input and are not part of it.
    pub terminators: String,
    /// Counted from the end of the prompts.
    pub first_timeout_ms: Millis,
    pub inter_timeout_ms: Millis,
    /// The flow gets a token and a length; facts get the length; recording pauses.
    pub sensitive: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Enqueue {
    /// A queue's name.
    pub queue: String,
    pub priority: i32,
    /// Besides what the queue requires.
    pub skills: SkillExpression,
    /// Someone to wait for first.
    #[serde(default)]
    pub preferred: Option<Preferred>,
}

/// An agent whom a contact waits for alone, while they are signed in, not paused and serve the
/// queue; after that anyone who qualifies will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Preferred {
    pub agent: AgentId,
    /// Counted from the beginning of the visit.
    pub wait_ms: Millis,
}

/// What a flow is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FlowEvent {
    /// The contact arrived, before it is answered.
    Started,
    /// The action ended; `outcome` is a stable word (`ok`, `interrupted`, `failed`, `unknown-queue`,
    /// `queue-full`, `queue-closed`, `queue-empty`, ...).
    Done {
        action: ActionId,
        outcome: String,
    },
    Input(CollectedInput),
    LookedUp(LookedUp),
    Timer(String),
    Progress(QueueProgress),
    /// What became of the contact in its queue: `connected`; or, no longer queued, `overflowed` or a
    /// [`crate::fact::QueueRefusal`].
    Agent {
        what: String,
    },
    /// The customer is gone: the last step of the contact, whose actions are not performed.
    HangUp {
        reason: String,
    },
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CollectedInput {
    pub action: ActionId,
    /// Empty for a sensitive collect.
    pub digits: String,
    pub token: Option<String>,
    pub length: u32,
    pub outcome: CollectOutcome,
}

/// Keys can be card digits: printed as their number.
impl std::fmt::Debug for CollectedInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CollectedInput")
            .field("action", &self.action)
            .field("length", &self.length)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CollectOutcome {
    /// `max-digits` were pressed, or a terminator.
    Complete,
    /// Some keys, then the inter-digit time-out.
    Partial,
    /// No key at all.
    NoInput,
}

/// What a lookup came to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LookedUp {
    pub action: ActionId,
    pub outcome: LookupOutcome,
    /// JSON; `null` unless something was found.
    pub value: String,
}

/// What is found is about a person: not printed.
impl std::fmt::Debug for LookedUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LookedUp")
            .field("action", &self.action)
            .field("outcome", &self.outcome)
            .field("bytes", &self.value.len())
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LookupOutcome {
    Found,
    /// There is no such thing.
    Nothing,
    TimedOut,
    Failed,
}

impl LookupOutcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            LookupOutcome::Found => "found",
            LookupOutcome::Nothing => "nothing",
            LookupOutcome::TimedOut => "timed_out",
            LookupOutcome::Failed => "failed",
        }
    }
}

/// What a performer says of a lookup.
#[derive(Clone, PartialEq, Eq)]
pub enum Finding {
    /// JSON, not `null`.
    Found(String),
    Nothing,
    /// Why, in a sentence for the tenant's people that names no person.
    Failed(String),
}

/// What is found is about a person: not printed.
impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Finding::Found(value) => write!(f, "Found({} bytes)", value.len()),
            Finding::Nothing => f.write_str("Nothing"),
            Finding::Failed(why) => write!(f, "Failed({why:?})"),
        }
    }
}

/// What a caller typed under protection, on its way to where it is kept: it can not be written down,
/// and prints as its length.
#[derive(Clone, PartialEq, Eq)]
pub struct ProtectedKeys(String);

impl ProtectedKeys {
    pub fn new(keys: String) -> Self {
        ProtectedKeys(keys)
    }

    /// The deliberate way out.
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl std::fmt::Debug for ProtectedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{} keys]", self.0.len())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QueueProgress {
    pub queue: String,
    /// From 1.
    pub position: u32,
    pub expected_wait_ms: Option<Millis>,
    pub waited_ms: Millis,
}
