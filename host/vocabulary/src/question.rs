//! What the switchboard asks its advisers (plugins), and what they answer. They propose; it
//! disposes: an answer is checked again when it arrives, and silence never strands a caller.

use crate::flow::{Action, FlowEvent, Interaction};
use crate::ids::ContactId;
use crate::plugin::{PluginFault, PluginVersion, Usage};
use crate::routing::{Batch, Lookup, Order, Outcome, VisitView};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// What next for this contact? The first step pins the flow's version for the contact.
    FlowStep(FlowStep),
    /// What to look up before this contact is ranked?
    Plan {
        policy: Option<String>,
        contact: ContactId,
        visit: VisitView,
    },
    /// Where does this contact stand in its queue?
    Rank {
        policy: Option<String>,
        contact: ContactId,
        visit: VisitView,
    },
    /// Who gets whom?
    Decide {
        policy: Option<String>,
        batch: Batch,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowStep {
    pub contact: ContactId,
    /// The flow's name in the tenant's folder.
    pub flow: String,
    /// From 0; also seeds the step's randomness.
    pub step: u64,
    pub at: Timestamp,
    pub interaction: Interaction,
    /// What the flow returned at its last step; empty at the first. At most 16 KiB.
    pub state: Vec<u8>,
    pub event: FlowEvent,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    FlowStep(FlowStepped),
    /// At most 8; empty from a policy that looks nothing up.
    Plan(Vec<Lookup>),
    Rank(Order),
    Decide(Vec<Outcome>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowStepped {
    pub state: Vec<u8>,
    pub actions: Vec<Action>,
    /// The nodes passed, in order: what the timeline shows.
    pub trace: Vec<String>,
}

/// An answer or a fault, with what it cost and which code gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict<T = Answer> {
    pub outcome: Result<T, PluginFault>,
    /// None when nothing was live to ask.
    pub version: Option<PluginVersion>,
    pub usage: Usage,
}
