//! This is now history: written once, append-only, in the order of (tenant, epoch, sequence).
//! Timelines, live figures and reports are folds over facts and nothing else.

use crate::address::{Address, Channel};
use crate::agent::{AgentState, Device};
use crate::end_reason::EndReason;
use crate::ids::{
    AgentId, ContactId, LegId, OfferId, QueueId, RecordingId, SegmentId, TenantId, VisitId,
};
use crate::media::MediaStatistics;
use crate::plugin::{PluginFault, PluginVersion, Usage};
use crate::routing::{Exclusion, Invariant, Score};
use crate::skills::SkillExpression;
use crate::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};

/// Raised by one at each start of a tenant's switchboard; fences an owner that lost its lease.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Epoch(pub u32);

/// Counts a tenant's facts within an epoch, from 1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Sequence(pub u64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Fact {
    pub tenant: TenantId,
    pub epoch: Epoch,
    pub sequence: Sequence,
    pub at: Timestamp,
    /// The contact whose timeline this belongs to.
    pub contact: Option<ContactId>,
    /// The agent whose day this belongs to.
    pub agent: Option<AgentId>,
    #[serde(flatten)]
    pub what: What,
}

/// The kinds of fact. `kind` is the stable word in the API, the journal and SQL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum What {
    // Contact
    ContactStarted {
        channel: Channel,
        caller: Address,
        dialled: String,
        /// None where nothing is to be heard.
        leg: Option<LegId>,
        /// Empty for one that was refused, and for a channel without flows.
        flow: String,
        /// The contact that this one came from.
        #[serde(default)]
        parent: Option<ContactId>,
    },
    ContactAnswered,
    AttributesSet {
        attributes: Vec<(String, String)>,
    },
    ContactEnded {
        reason: EndReason,
    },

    // Flow
    FlowStepped {
        step: u64,
        event: String,
        trace: Vec<String>,
        actions: Vec<String>,
        version: PluginVersion,
        usage: Usage,
    },
    /// Its flow's next event went to another version than the one before: a newer one took the
    /// contact over, or stood in for one that failed.
    FlowMoved {
        from: PluginVersion,
        to: PluginVersion,
    },
    /// `keys` is none for a sensitive input: then only the length is history.
    KeysCollected {
        keys: Option<String>,
        length: u32,
        outcome: crate::flow::CollectOutcome,
    },
    /// An adviser failed and the built-in behaviour took over.
    PluginFaulted {
        plugin: String,
        fault: PluginFault,
        version: Option<PluginVersion>,
        usage: Usage,
    },
    SafeFlowEntered,

    // Queue visit
    QueueEntered {
        visit: VisitId,
        queue: QueueId,
        queue_name: String,
        priority: i32,
        /// Since when the place in line counts, where that is earlier than this visit: its customer
        /// left and called again. The wait that is reported counts from this fact all the same.
        #[serde(default)]
        place_since: Option<Timestamp>,
        /// What the contact itself asks for, besides what the queue requires.
        #[serde(default)]
        skills: SkillExpression,
    },
    /// A queue would not have the contact, or not any longer; what became of it follows.
    QueueRefused {
        queue: QueueId,
        queue_name: String,
        why: QueueRefusal,
    },
    QueueRanked {
        visit: VisitId,
        base: f64,
        slope: f64,
        reasons: Vec<String>,
        version: Option<PluginVersion>,
        usage: Usage,
    },
    /// A policy's lookups came back: which were in time for the first ranking, and what failed.
    /// What they found is about a person and is not written down.
    LookedUp {
        visit: VisitId,
        found: Vec<String>,
        failed: Vec<(String, String)>,
        took_ms: Millis,
        late: bool,
    },
    /// Something that the flow looked up. What was found is about a person and is not written down.
    FlowLookedUp {
        /// `history`, `table tiers`, `crm find-contact`.
        source: String,
        outcome: crate::flow::LookupOutcome,
        /// Why it failed.
        problem: Option<String>,
        took_ms: Millis,
    },
    QueueLeft {
        visit: VisitId,
        queue: QueueId,
        waited_ms: Millis,
        how: VisitEnd,
    },

    // Routing
    /// What must hold at every instant did not. Service goes on.
    InvariantViolated {
        invariant: Invariant,
        contacts: Vec<ContactId>,
        agents: Vec<AgentId>,
        detail: String,
        /// The last inputs that led to it, oldest first.
        trail: Vec<String>,
    },
    RoutingDecided(RoutingDecided),
    OfferMade {
        offer: OfferId,
        visit: VisitId,
        queue: QueueId,
        ring_timeout_ms: Millis,
    },
    OfferEnded {
        offer: OfferId,
        how: OfferEnd,
        rang_ms: Millis,
    },

    // Segment
    AgentConnected {
        segment: SegmentId,
        queue: QueueId,
        /// What the agent is heard on; none where nothing is to be heard.
        leg: Option<LegId>,
    },
    SegmentEnded {
        segment: SegmentId,
        talked_ms: Millis,
    },
    WrapUpEnded {
        segment: SegmentId,
        wrapped_ms: Millis,
        disposition: Option<String>,
        note: String,
    },

    // Legs and recordings
    LegEnded {
        leg: LegId,
        reason: EndReason,
    },
    LegMeasured {
        leg: LegId,
        statistics: MediaStatistics,
    },
    RecordingStarted {
        recording: RecordingId,
        #[serde(default)]
        purpose: RecordingPurpose,
    },
    RecordingFinished {
        recording: RecordingId,
        length_ms: Millis,
        bytes: u64,
    },

    /// Who a connector says that is; nobody, several, or why it does not say.
    CustomerLookedUp {
        connector: String,
        /// Best fit first; at most 3.
        customers: Vec<crate::connector::Contact>,
        problem: Option<String>,
    },
    /// The customer is to be called back by this contact, and keeps the place.
    CallbackBooked {
        callback: ContactId,
        queue: QueueId,
    },
    /// We call the customer; an answer is `contact_answered`, none is `leg_ended`.
    CustomerCalled {
        leg: LegId,
    },
    /// The customer left a message; `queue` is where they had waited.
    MessageLeft {
        recording: RecordingId,
        length_ms: Millis,
        queue: Option<QueueId>,
    },

    // Agent
    AgentStateChanged {
        from: String,
        to: AgentState,
    },
    /// A pause was asked for that begins when what the agent has in hand is done; none: it was
    /// taken back. Nothing new is offered meanwhile.
    PauseNext {
        reason: Option<String>,
    },
    DeviceChanged {
        device: Device,
        up: bool,
    },
    RequestRefused {
        request: String,
        reason: String,
    },
}

/// How a queue visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisitEnd {
    Answered,
    Abandoned,
    Overflowed,
    /// The flow took the contact out.
    Dequeued,
    /// The customer is called back instead, and keeps the place.
    Callback,
    /// The customer leaves a message instead.
    Voicemail,
    /// The queue would not have the contact any longer: see `queue_refused` before it.
    Refused,
    /// The host ended it (restart, limit).
    Ended,
}

impl VisitEnd {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            VisitEnd::Answered => "answered",
            VisitEnd::Abandoned => "abandoned",
            VisitEnd::Overflowed => "overflowed",
            VisitEnd::Dequeued => "dequeued",
            VisitEnd::Callback => "callback",
            VisitEnd::Voicemail => "voicemail",
            VisitEnd::Refused => "refused",
            VisitEnd::Ended => "ended",
        }
    }
}

/// What a recording is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RecordingPurpose {
    /// The contact, from its answer on.
    #[default]
    Contact,
    /// A message that the customer left.
    Message,
}

/// Why a queue would not have a contact, or not any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum QueueRefusal {
    /// As many as it may hold wait already.
    Full,
    /// Outside its business hours.
    Closed,
    /// Nobody is there to wait for.
    Empty,
    /// The contact has waited as long as it may.
    TimedOut,
}

impl QueueRefusal {
    /// The word that flows are told.
    pub const fn as_str(self) -> &'static str {
        match self {
            QueueRefusal::Full => "queue-full",
            QueueRefusal::Closed => "queue-closed",
            QueueRefusal::Empty => "queue-empty",
            QueueRefusal::TimedOut => "timed-out",
        }
    }
}

/// How an offer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    Accepted,
    Rejected,
    TimedOut,
    /// The customer left while it rang.
    Abandoned,
    /// The agent's device failed or went away.
    DeviceFailed,
}

impl OfferEnd {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            OfferEnd::Accepted => "accepted",
            OfferEnd::Rejected => "rejected",
            OfferEnd::TimedOut => "timed_out",
            OfferEnd::Abandoned => "abandoned",
            OfferEnd::DeviceFailed => "device_failed",
        }
    }
}

/// One routing decision, explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoutingDecided {
    pub visit: VisitId,
    pub chosen: Option<AgentId>,
    /// The ring that the visit had reached, from 1; 0 in facts from before there were rings.
    #[serde(default)]
    pub ring: u8,
    /// The innermost ring that the chosen agent belongs to.
    #[serde(default)]
    pub chosen_ring: Option<u8>,
    /// The level of the queue for the chosen agent; 1 comes first.
    #[serde(default)]
    pub chosen_level: Option<u8>,
    /// At most 12.
    pub candidates: Vec<AgentId>,
    #[serde(default)]
    pub candidates_total: u32,
    /// Agents of the queue who were left out, and why; the first 12.
    pub excluded: Vec<(AgentId, Exclusion)>,
    /// A policy held the contact back deliberately until then.
    #[serde(default)]
    pub held_until: Option<Timestamp>,
    pub reasons: Vec<String>,
    pub scores: Vec<Score>,
    /// None when the built-in order decided.
    pub version: Option<PluginVersion>,
    pub usage: Usage,
}
