//! What every decision has at hand: the time, fresh ids, timers, and where facts and effects go.

use crate::timers::{TimerId, Timers};
use hotline_vocabulary::fact::{Epoch, Sequence, What};
use hotline_vocabulary::ids::{
    AgentId, ContactId, Id, LegId, LookupId, Minter, QuestionId, QueueId, RecordingId, TenantId,
};
use hotline_vocabulary::{Address, Effect, Fact, Millis, Timestamp};

/// What comes due. A timer is cancelled with what it watches, so that none ever rings in vain.
#[derive(Debug)]
pub(crate) enum Alarm {
    /// An adviser has not answered in time.
    AdviserSilent(QuestionId),
    /// The offer of this contact rang long enough.
    RingOver(ContactId),
    WrapUpOver(AgentId, ContactId),
    /// Tell the flow how its queued contact fares.
    ProgressDue(ContactId),
    /// More agents may serve this contact from now on, or it has aged.
    VisitMatures(ContactId),
    /// The policy wished to see this contact again.
    RecheckDue(ContactId),
    FlowTimerDue(ContactId, String),
    /// A flow's lookup has taken as long as it may.
    FlowLookupOverdue(ContactId, LookupId),
    /// No key, or no further key, in time.
    KeysOverdue(ContactId),
    /// A message has lasted as long as it may.
    MessageOver(ContactId),
    ContactTooLong(ContactId),
    /// The customer of a callback has not answered.
    CustomerUnanswered(ContactId),
    /// Time to try a callback again.
    CallbackDue(ContactId),
    /// Nothing more is expected to be heard of this leg.
    LegForgotten(LegId),
    RecordingForgotten(RecordingId),
    /// The calendar of this name opens or closes.
    HoursChange(String),
    /// A contact has waited as long as its queue lets it.
    WaitedTooLong(ContactId),
    /// A policy's lookups for this contact have taken as long as they may.
    LookupsOverdue(ContactId),
    /// An agent whose device went away has not come back.
    LostForGood(AgentId),
    /// A place kept in a queue for a customer who may call again.
    PlaceForgotten(QueueId, Address),
}

/// Whose timeline a fact belongs to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About {
    contact: Option<ContactId>,
    agent: Option<AgentId>,
}

impl From<()> for About {
    fn from((): ()) -> Self {
        About::default()
    }
}

impl From<ContactId> for About {
    fn from(contact: ContactId) -> Self {
        About {
            contact: Some(contact),
            agent: None,
        }
    }
}

impl From<AgentId> for About {
    fn from(agent: AgentId) -> Self {
        About {
            contact: None,
            agent: Some(agent),
        }
    }
}

impl From<(Option<ContactId>, Option<AgentId>)> for About {
    fn from((contact, agent): (Option<ContactId>, Option<AgentId>)) -> Self {
        About { contact, agent }
    }
}

impl From<(ContactId, AgentId)> for About {
    fn from((contact, agent): (ContactId, AgentId)) -> Self {
        About {
            contact: Some(contact),
            agent: Some(agent),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Desk {
    tenant: TenantId,
    epoch: Epoch,
    sequence: u64,
    now: Timestamp,
    minter: Minter,
    pub(crate) timers: Timers<Alarm>,
    facts: Vec<Fact>,
    /// So many of the facts have been looked at by the monitors.
    watched: usize,
    effects: Vec<Effect>,
}

impl Desk {
    pub(crate) fn new(tenant: TenantId, epoch: Epoch, seed: u64) -> Self {
        Desk {
            tenant,
            epoch,
            sequence: 0,
            now: Timestamp::default(),
            minter: Minter::new(seed),
            timers: Timers::new(),
            facts: Vec::new(),
            watched: 0,
            effects: Vec::new(),
        }
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Time never runs backwards here, whatever the host's clock does.
    pub(crate) fn set_now(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    pub(crate) fn mint<T: Id>(&mut self) -> T {
        self.minter.mint(self.now)
    }

    /// Stands for keys that nobody may see; nothing can be read off it.
    pub(crate) fn token(&mut self) -> String {
        let id: QuestionId = self.mint();
        format!("keys-{:032x}", id.bits())
    }

    pub(crate) fn fact(&mut self, about: impl Into<About>, what: What) {
        let About { contact, agent } = about.into();
        self.sequence += 1;
        self.facts.push(Fact {
            tenant: self.tenant,
            epoch: self.epoch,
            sequence: Sequence(self.sequence),
            at: self.now,
            contact,
            agent,
            what,
        });
    }

    /// Facts that the monitors have not looked at.
    pub(crate) fn unwatched(&self) -> &[Fact] {
        self.facts.get(self.watched..).unwrap_or_default()
    }

    pub(crate) fn watched(&mut self) {
        self.watched = self.facts.len();
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn after(&mut self, span: Millis, alarm: Alarm) -> TimerId {
        self.at(self.now + span, alarm)
    }

    pub(crate) fn at(&mut self, due: Timestamp, alarm: Alarm) -> TimerId {
        self.timers.start(due, alarm)
    }

    pub(crate) fn cancel(&mut self, timer: impl Into<Option<TimerId>>) {
        if let Some(timer) = timer.into() {
            self.timers.cancel(timer);
        }
    }

    pub(crate) fn drain(&mut self) -> (Vec<Fact>, Vec<Effect>) {
        self.watched = 0;
        (
            std::mem::take(&mut self.facts),
            std::mem::take(&mut self.effects),
        )
    }
}
