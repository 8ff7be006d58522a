//! What a tenant's switchboard looks like at one instant: the shapes behind the wallboard, the
//! agent's own page and the API. Read from the switchboard, never stored.

use crate::address::{Address, Channel};
use crate::agent::{AgentState, Device, Work};
use crate::connector::Contact;
use crate::ids::{AgentId, ContactId, OfferId, QueueId, SegmentId};
use crate::plugin::PluginVersion;
use crate::routing::MonitorLive;
use crate::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Live {
    pub at: Timestamp,
    pub queues: Vec<QueueLive>,
    /// In the order of their ids.
    pub agents: Vec<AgentLive>,
    /// Contacts that have not ended, in the order of their ids: oldest first.
    pub contacts: Vec<ContactLive>,
    /// What must hold at every instant, and whether it did.
    #[serde(default)]
    pub monitors: Vec<MonitorLive>,
    /// Of the contacts that agents have in hand: for those agents, and on no wallboard.
    #[serde(skip)]
    pub customers: BTreeMap<ContactId, Vec<Arc<KnownCustomers>>>,
}

/// Who a connector says that the customer of a contact is; several when more than one fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KnownCustomers {
    pub contact: ContactId,
    pub connector: String,
    /// Best fit first; at most 3.
    pub customers: Vec<Contact>,
}

impl Live {
    pub fn agent(&self, id: AgentId) -> Option<&AgentLive> {
        let place = self.agents.binary_search_by_key(&id, |agent| agent.id);
        self.agents.get(place.ok()?)
    }

    pub fn contact(&self, id: ContactId) -> Option<&ContactLive> {
        let place = self
            .contacts
            .binary_search_by_key(&id, |contact| contact.id);
        self.contacts.get(place.ok()?)
    }

    /// The contacts that an agent has in hand, in the order in which they came, but for those that
    /// have ended.
    pub fn contacts_of(&self, agent: &AgentLive) -> impl Iterator<Item = &ContactLive> {
        let in_hand = agent.work.iter();
        in_hand.filter_map(|work| self.contact(work.contact))
    }

    /// Who the customers of an agent's contacts are, those that ring included.
    pub fn customers_of(&self, agent: &AgentLive) -> impl Iterator<Item = &KnownCustomers> {
        let known = agent
            .work
            .iter()
            .filter_map(|work| self.customers.get(&work.contact));
        known.flatten().map(Arc::as_ref)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QueueLive {
    pub id: QueueId,
    pub name: String,
    pub waiting: u32,
    pub oldest_wait_ms: Millis,
    pub expected_wait_ms: Option<Millis>,
    pub agents_ready: u32,
    /// With something in hand: offered, handled or wrapped up.
    pub agents_busy: u32,
    pub agents_paused: u32,
    /// Since the switchboard started.
    pub queued: u64,
    pub answered: u64,
    pub abandoned: u64,
    /// Answered within T / (answered + abandoned), since the switchboard started; none before any.
    pub service_level: Option<f64>,
    pub refused: RefusedLive,
    pub hours: HoursLive,
}

/// Contacts that the queue would not have, or not any longer, since the switchboard started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RefusedLive {
    pub full: u64,
    pub closed: u64,
    pub empty: u64,
    pub timed_out: u64,
}

/// Whether a queue's business hours let contacts in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum HoursLive {
    /// It has no calendar.
    Always,
    /// `until` is none when no change is in sight.
    Open {
        until: Option<Timestamp>,
    },
    Closed {
        until: Option<Timestamp>,
    },
    /// Its calendar can not be read, so it counts as open.
    Unknown {
        why: String,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AgentLive {
    pub id: AgentId,
    pub name: String,
    #[serde(flatten)]
    pub state: AgentState,
    /// Every contact in hand, in the order in which they came.
    pub work: Vec<Work>,
    pub device: Device,
    pub browser_up: bool,
    pub desk_phone_up: bool,
    /// A pause asked for while busy, which begins when what is in hand is done; nothing new is
    /// offered meanwhile.
    pub pause_next: Option<String>,
    /// What rings.
    pub offers: Vec<OfferLive>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OfferLive {
    pub offer: OfferId,
    pub contact: ContactId,
    pub queue: QueueId,
    pub queue_name: String,
    pub channel: Channel,
    pub caller: Address,
    pub attributes: Vec<(String, String)>,
    pub waited_ms: Millis,
    pub rings_until: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactLive {
    pub id: ContactId,
    pub channel: Channel,
    pub caller: Address,
    pub dialled: String,
    pub language: Option<String>,
    pub started_at: Timestamp,
    pub attributes: Vec<(String, String)>,
    pub flow: String,
    /// The version that the contact is pinned to; none before its first step ended.
    pub flow_version: Option<PluginVersion>,
    #[serde(flatten)]
    pub stage: Stage,
}

/// Where a contact is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    InFlow,
    Waiting {
        queue: QueueId,
        queue_name: String,
        position: u32,
        since: Timestamp,
        expected_wait_ms: Option<Millis>,
        /// The agent whose device rings now.
        offered_to: Option<AgentId>,
    },
    Talking {
        agent: AgentId,
        segment: SegmentId,
        since: Timestamp,
        /// The customer is being called, and has not answered.
        calling: bool,
    },
    /// A callback between two attempts.
    Resting,
}
