//! What the house asks its advisers (plugins), and what they answer. The switchboard asks for flow
//! steps and routing; records and agents' tools ask for judgements and for what other systems know.
//! Plugins propose; the house disposes: an answer is checked again when it arrives, and silence never
//! strands a caller.

use crate::connector;
use crate::flow::{Action, FlowEvent, Interaction};
use crate::ids::ContactId;
use crate::plugin::{PluginFault, PluginVersion, Usage};
use crate::qa;
use crate::routing::{Batch, Lookup, Order, Outcome, VisitView};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// What next for this contact? The first step pins the flow's version for the contact.
    FlowStep(FlowStep),
    /// May this contact, which another version of the flow has begun with, go on in the one in
    /// service?
    Migrate(Migrate),
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
    /// What is to be said of what was said?
    Qa {
        /// The plugin's name in the tenant's folder.
        rule: String,
        contact: ContactId,
        at: Timestamp,
        ask: qa::Question,
    },
    /// What is to be asked of another system, and what do its responses mean?
    Connector {
        /// The plugin's name in the tenant's folder.
        connector: String,
        /// The same for all rounds of an operation, and for no other; seeds its randomness.
        operation: u64,
        /// Whom it is about, if anybody; the connector is not told.
        #[serde(default)]
        contact: Option<ContactId>,
        at: Timestamp,
        ask: connector::Question,
    },
}

impl Question {
    /// Whom it is about.
    pub fn contacts(&self) -> Vec<ContactId> {
        match self {
            Question::FlowStep(FlowStep { contact, .. })
            | Question::Migrate(Migrate { contact, .. })
            | Question::Plan { contact, .. }
            | Question::Rank { contact, .. }
            | Question::Qa { contact, .. } => vec![*contact],
            Question::Decide { batch, .. } => {
                batch.contacts.iter().map(|one| one.contact).collect()
            }
            Question::Connector { contact, .. } => contact.iter().copied().collect(),
        }
    }
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
pub struct Migrate {
    pub contact: ContactId,
    /// The flow's name in the tenant's folder.
    pub flow: String,
    pub at: Timestamp,
    pub interaction: Interaction,
    /// What the contact is on.
    pub from: PluginVersion,
    /// What that version returned at its last step.
    pub state: Vec<u8>,
}

/// What becomes of a contact that another version of its flow has begun with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Migrated {
    /// It ends on the version that it is on.
    Stay,
    /// It goes on with its event, in this state.
    State(Vec<u8>),
    /// It begins anew: with `started` in place of its event, in this state.
    Restart(Vec<u8>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    FlowStep(FlowStepped),
    Migrate(Migrated),
    /// At most 8; empty from a policy that looks nothing up.
    Plan(Vec<Lookup>),
    Rank(Order),
    Decide(Vec<Outcome>),
    Qa(qa::Answer),
    Connector(connector::Progress),
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
pub struct Verdict {
    pub outcome: Result<Answer, PluginFault>,
    /// None when nothing was live to ask.
    pub version: Option<PluginVersion>,
    pub usage: Usage,
}
