//! A queue as set up, and its rules.

use super::SkillExpression;
use crate::ids::QueueId;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Queue {
    pub id: QueueId,
    /// Unique in the tenant; what flows say.
    pub name: String,
    /// The routing policy's name in the flows folder; none means the shipped skills policy.
    pub policy: Option<String>,
    /// Who qualifies: ring 1.
    #[serde(default)]
    pub skills: SkillExpression,
    /// How long an agent's device rings before the contact is offered to another.
    pub ring_timeout_ms: Millis,
    /// Longest after-call work; none means until the agent ends it.
    pub wrap_up_ms: Option<Millis>,
    /// How often a waiting caller's flow is told position and expected wait.
    pub progress_every_ms: Millis,
    /// The service level's threshold T.
    pub service_level_ms: Millis,
    /// Contacts that may wait at once, callbacks included; the next one is refused as `queue-full`.
    pub max_waiting: u32,
    /// What waiting callers hear: a file below `prompts`, or none for the built-in music.
    pub music: Option<String>,
    #[serde(default)]
    pub rules: QueueRules,
}

impl Queue {
    /// With the usual times: 20 s of ringing, 30 s of wrap-up, service level at 20 s; no rules.
    pub fn named(id: QueueId, name: &str) -> Self {
        Queue {
            id,
            name: name.to_owned(),
            policy: None,
            skills: SkillExpression::Anyone,
            ring_timeout_ms: Millis::from_secs(20),
            wrap_up_ms: Some(Millis::from_secs(30)),
            progress_every_ms: Millis::from_secs(20),
            service_level_ms: Millis::from_secs(20),
            max_waiting: 200,
            music: None,
            rules: QueueRules::default(),
        }
    }
}

/// What a queue does besides lining up its contacts. By default nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct QueueRules {
    /// Rings 2, 3, ...: who joins those who qualify after a wait. An agent of an inner ring who
    /// becomes free comes before one of an outer ring.
    pub rings: Vec<Ring>,
    /// The calendar of its business hours, by name; none means always open. Whoever waits when it
    /// closes stays.
    pub hours: Option<String>,
    /// A contact is refused as `queue-empty` when at least one of these is true of each of the
    /// queue's agents, or there is no agent. Empty: never. (Asterisk's `joinempty`.)
    pub refuse_when: Vec<Unavailability>,
    /// A waiting contact leaves when that becomes true. Empty: never. (Asterisk's `leavewhenempty`.)
    pub leave_when: Vec<Unavailability>,
    /// Longest wait. An offer that rings when it is over rings to its end.
    pub max_wait_ms: Option<Millis>,
    /// How soon after entering a flow is told position and expected wait for the first time: 2 s
    /// when none.
    pub first_progress_ms: Option<Millis>,
    pub on_full: Otherwise,
    pub on_closed: Otherwise,
    pub on_empty: Otherwise,
    pub on_max_wait: Otherwise,
    /// Whether and how callers may be called back; none refuses.
    pub callback: Option<CallbackRule>,
    /// A customer who abandons and comes again within this time keeps the place; 0 is off.
    pub redial_within_ms: Millis,
    /// Offer a customer first to the agent whom they spoke with last.
    pub last_agent: Option<LastAgentRule>,
}

impl QueueRules {
    /// What becomes of a contact in each case, with the path of the setting in the queue.
    pub const fn otherwise(&self) -> [(&'static str, Otherwise); 4] {
        [
            ("rules.on_full", self.on_full),
            ("rules.on_closed", self.on_closed),
            ("rules.on_empty", self.on_empty),
            ("rules.on_max_wait", self.on_max_wait),
        ]
    }

    /// The queues that its contacts may be sent to.
    pub fn destinations(&self) -> Vec<QueueId> {
        let queue = |(_, otherwise)| match otherwise {
            Otherwise::Queue(queue) => Some(queue),
            _ => None,
        };
        self.otherwise().into_iter().filter_map(queue).collect()
    }
}

/// Who joins after a wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// Counted from the beginning of the visit.
    pub after_ms: Millis,
    /// Instead of the queue's own; empty is any agent of the queue. What the contact itself asks
    /// for is dropped with it.
    pub skills: SkillExpression,
}

/// Why an agent of a queue does not count as someone to wait for (Asterisk's `app_queue`, whose
/// words these are).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unavailability {
    /// Signed in and paused.
    Paused,
    /// Does not meet what the contact needs, in no ring (there: too high a penalty).
    Penalty,
    /// Busy with contacts up to the capacity.
    InUse,
    /// An offer rings.
    Ringing,
    /// Signed in without a device that could take a call.
    Unavailable,
    /// Signed out.
    Invalid,
    /// Lost a moment ago; whether they come back is not known yet.
    Unknown,
    /// In wrap-up.
    WrapUp,
}

/// What becomes of a contact that a queue will not have, or have any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// Its flow is told why and decides.
    #[default]
    TellFlow,
    Queue(QueueId),
    Callback,
    Voicemail,
    HangUp,
}

/// Virtual hold: the customer hangs up, keeps the place, and is called when an agent has accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CallbackRule {
    /// Calls to the customer before giving up; from 1.
    pub attempts: u32,
    pub retry_after_ms: Millis,
    /// How long the customer's phone rings.
    pub ring_timeout_ms: Millis,
}

impl Default for CallbackRule {
    fn default() -> Self {
        CallbackRule {
            attempts: 2,
            retry_after_ms: Millis::from_secs(300),
            ring_timeout_ms: Millis::from_secs(30),
        }
    }
}

/// Who spoke with this customer last comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LastAgentRule {
    /// How long ago the talk may have ended.
    pub within_ms: Millis,
    /// How long the contact waits for that agent alone, while they are signed in and not paused.
    pub wait_ms: Millis,
}
