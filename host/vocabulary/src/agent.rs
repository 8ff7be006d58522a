//! What an agent is doing, and with which device.

use crate::address::Medium;
use crate::ids::{ContactId, OfferId, SegmentId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What an agent is doing; of several contacts, the foremost: what is worked on before what only
/// rings, a call before the rest, the oldest first. A state carries what it needs and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AgentState {
    SignedOut,
    /// Signed in, not taking contacts. The reason is one of the tenant's pause reasons.
    Paused {
        reason: String,
        since: Timestamp,
    },
    /// Taking contacts, with none in hand. `since` counts idle time.
    Ready {
        since: Timestamp,
    },
    /// One contact is ringing.
    Offered {
        offer: OfferId,
        contact: ContactId,
        since: Timestamp,
    },
    /// Handling a contact; on a call, talking.
    Talking {
        contact: ContactId,
        segment: SegmentId,
        since: Timestamp,
    },
    /// After-call work; ends by the agent, or at `until`.
    WrapUp {
        contact: ContactId,
        segment: SegmentId,
        since: Timestamp,
        until: Option<Timestamp>,
    },
}

impl AgentState {
    /// The contact that this state is about.
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            AgentState::Offered { contact, .. }
            | AgentState::Talking { contact, .. }
            | AgentState::WrapUp { contact, .. } => Some(*contact),
            AgentState::SignedOut | AgentState::Paused { .. } | AgentState::Ready { .. } => None,
        }
    }

    pub const fn name(&self) -> &'static str {
        match self {
            AgentState::SignedOut => "signed_out",
            AgentState::Paused { .. } => "paused",
            AgentState::Ready { .. } => "ready",
            AgentState::Offered { .. } => "offered",
            AgentState::Talking { .. } => "talking",
            AgentState::WrapUp { .. } => "wrap_up",
        }
    }
}

/// One contact that an agent has in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Work {
    pub contact: ContactId,
    pub medium: Medium,
    #[serde(flatten)]
    pub stage: WorkStage,
}

/// How far a contact is that an agent has in hand. Each counts towards the agent's capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum WorkStage {
    /// It rings.
    Offered { offer: OfferId, since: Timestamp },
    Handling {
        segment: SegmentId,
        since: Timestamp,
    },
    /// After-call work; ends by the agent, or at `until`.
    WrapUp {
        segment: SegmentId,
        since: Timestamp,
        until: Option<Timestamp>,
    },
}

impl WorkStage {
    pub const fn since(&self) -> Timestamp {
        match self {
            WorkStage::Offered { since, .. }
            | WorkStage::Handling { since, .. }
            | WorkStage::WrapUp { since, .. } => *since,
        }
    }
}

impl Work {
    /// The state of an agent of whom this is the foremost.
    pub const fn as_state(&self) -> AgentState {
        let contact = self.contact;
        match self.stage {
            WorkStage::Offered { offer, since } => AgentState::Offered {
                offer,
                contact,
                since,
            },
            WorkStage::Handling { segment, since } => AgentState::Talking {
                contact,
                segment,
                since,
            },
            WorkStage::WrapUp {
                segment,
                since,
                until,
            } => AgentState::WrapUp {
                contact,
                segment,
                since,
                until,
            },
        }
    }
}

/// With what an agent speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// The console's standing WebRTC leg, set up once a shift.
    Browser,
    /// A SIP phone registered as the agent; rung for each contact.
    DeskPhone,
}
