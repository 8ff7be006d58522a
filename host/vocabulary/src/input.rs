//! Something happened: what a tenant's switchboard is told, one at a time, with the time beside it.

use crate::address::{Address, Channel};
use crate::agent::Device;
use crate::configuration::Configuration;
use crate::end_reason::EndReason;
use crate::flow::Finding;
use crate::ids::{
    AgentId, ContactId, LegId, LookupId, OfferId, PlaybackId, QuestionId, QueueId, RecordingId,
    VisitId,
};
use crate::media::{Digit, MediaStatistics, PlaybackOutcome};
use crate::question::Verdict;
use crate::routing::FoundFact;
use crate::skills::SkillExpression;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The tenant's set-up, first and at every change.
    Configured(Configuration),
    /// Nothing but time passed; given when `next_wake` is due.
    Tick,

    // Customers
    /// A call for one of the tenant's numbers came in and rings; its media is allocated.
    CallArrived(CallArrived),
    /// Keys of the customer, by RFC 4733 or SIP INFO.
    KeyPressed {
        leg: LegId,
        digit: Digit,
    },
    PlaybackEnded {
        leg: LegId,
        playback: PlaybackId,
        outcome: PlaybackOutcome,
    },

    // Tasks
    TaskCreated(Task),
    /// After a restart: a task that has begun and not ended waits again; `started` is when it was
    /// created.
    TaskResumed {
        task: Task,
        started: Timestamp,
    },
    /// After a restart: a callback that was booked and whose customer was not reached waits again.
    CallbackResumed(OwedCallback),
    /// Whoever created it wants it back.
    TaskWithdrawn {
        contact: ContactId,
    },

    // Legs
    /// A leg that we dialled (an agent's desk phone) was answered.
    LegAnswered {
        leg: LegId,
    },
    /// A leg is over by no act of the switchboard: far end, failure, lost media.
    LegEnded {
        leg: LegId,
        reason: EndReason,
    },
    /// The last word about a leg's media, after it closed.
    LegMeasured {
        leg: LegId,
        statistics: MediaStatistics,
    },
    /// A recording's file is complete.
    RecordingFinished {
        recording: RecordingId,
        length_ms: crate::time::Millis,
        bytes: u64,
    },

    // Agents
    AgentSignedIn {
        agent: AgentId,
    },
    AgentSignedOut {
        agent: AgentId,
    },
    AgentRequested {
        agent: AgentId,
        request: AgentRequest,
    },
    /// A device of an agent can take calls. A browser brings its standing leg.
    DeviceUp {
        agent: AgentId,
        device: Device,
        leg: Option<LegId>,
    },
    DeviceDown {
        agent: AgentId,
        device: Device,
    },

    // Advisers
    Answered {
        question: QuestionId,
        verdict: Verdict,
    },

    /// What a policy's lookups for a visit found.
    LookedUp {
        contact: ContactId,
        visit: VisitId,
        facts: Vec<FoundFact>,
        /// Lookups that failed, by id, and why.
        failed: Vec<(String, String)>,
    },

    /// What a flow's lookup came to.
    FlowLookedUp {
        contact: ContactId,
        lookup: LookupId,
        finding: Finding,
    },

    /// What a connector says of who has arrived.
    CustomerLookedUp {
        contact: ContactId,
        connector: String,
        customers: Vec<crate::connector::Contact>,
        /// Why it says nothing.
        problem: Option<String>,
    },

    /// Who spoke with a customer last, from before this switchboard began.
    LastSpoke {
        customer: Address,
        agent: AgentId,
        at: Timestamp,
    },

    /// From before this switchboard began: a customer left a queue, and may call again.
    PlaceKept {
        queue: QueueId,
        customer: Address,
        /// Since when the place counts.
        since: Timestamp,
        left: Timestamp,
    },

    /// The host stops in an orderly way: end what is open, blame us.
    Stopping,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CallArrived {
    pub contact: ContactId,
    pub leg: LegId,
    pub channel: Channel,
    pub caller: Address,
    pub dialled: String,
}

/// A piece of work for a queue. A refusal is a fact of kind `request_refused` about no contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub contact: ContactId,
    /// Whom the work is for; may be empty.
    pub customer: Address,
    pub queue: QueueId,
    pub priority: i32,
    /// Besides what the queue requires.
    pub skills: SkillExpression,
    /// Name and value, each name once.
    pub attributes: Vec<(String, String)>,
    /// The contact that it came from.
    pub parent: Option<ContactId>,
}

/// A customer who is owed a call, as an earlier run of the host left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedCallback {
    pub contact: ContactId,
    pub customer: Address,
    /// What the customer had dialled, and is shown when we call.
    pub dialled: String,
    pub queue: QueueId,
    pub priority: i32,
    /// Besides what the queue requires.
    pub skills: SkillExpression,
    /// Name and value, each name once.
    pub attributes: Vec<(String, String)>,
    pub booked: Timestamp,
    /// Since when the customer waits: the place of the call that it came from.
    pub place_since: Timestamp,
    /// Calls to the customer that nobody took.
    pub attempts: u32,
    /// When the last of them failed, while the next one is not due.
    pub rests_since: Option<Timestamp>,
}

/// What agents ask for. A refusal is a fact of kind `request_refused` and leaves everything as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum AgentRequest {
    Ready,
    /// While busy: takes effect when the contact and its wrap-up are over.
    Pause {
        reason: String,
    },
    UseDevice {
        device: Device,
    },
    AcceptOffer {
        offer: OfferId,
    },
    RejectOffer {
        offer: OfferId,
    },
    HangUp {
        contact: ContactId,
    },
    /// Ends the handling of a contact without audio: what was to be done is done.
    Complete {
        contact: ContactId,
    },
    /// Puts a contact without audio back into its queue, for another agent.
    GiveBack {
        contact: ContactId,
    },
    /// Ends the wrap-up.
    Dispose {
        contact: ContactId,
        disposition: String,
        note: String,
    },
}
