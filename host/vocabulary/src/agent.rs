//! What an agent is doing, and with which device.

use crate::ids::{ContactId, OfferId, SegmentId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What an agent is doing. A state carries what it needs and nothing else.
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
    /// Taking contacts. `since` counts idle time.
    Ready {
        since: Timestamp,
    },
    /// One contact is ringing.
    Offered {
        offer: OfferId,
        contact: ContactId,
        since: Timestamp,
    },
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
