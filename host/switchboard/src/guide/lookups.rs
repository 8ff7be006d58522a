//! What a flow looks up for its contact: begun like any action, answered by the host, beside whatever
//! the contact hears meanwhile. What comes after its time, or after the flow has lost the contact, is
//! dropped.

use crate::desk::{Alarm, Desk};
use crate::guide::Guide;
use crate::limits::{FLOW_LOOKUPS, LOOKUP_AT_MOST_MS, LOOKUP_VALUE_BYTES};
use crate::switchboard::Switchboard;
use crate::timers::TimerId;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::flow::{
    ActionId, Finding, FlowEvent, LookedUp, Lookup, LookupOutcome, Source,
};
use hotline_vocabulary::ids::{ContactId, LookupId};
use hotline_vocabulary::routing::LookupSource;
use hotline_vocabulary::{Effect, Millis, Timestamp};

/// What a flow is told where nothing was found.
const NOTHING: &str = "null";

/// A lookup that has not been answered.
#[derive(Debug)]
pub(crate) struct OpenLookup {
    id: LookupId,
    action: ActionId,
    source: String,
    since: Timestamp,
    overdue: TimerId,
}

/// How a lookup ended, before its flow and its timeline are told.
struct Ended {
    action: ActionId,
    source: String,
    outcome: LookupOutcome,
    value: String,
    problem: Option<String>,
    took_ms: Millis,
}

impl Ended {
    /// One that never began.
    fn refused(action: ActionId, wanted: &Lookup, why: String) -> Self {
        Ended {
            action,
            source: wanted.source.label(),
            outcome: LookupOutcome::Failed,
            value: NOTHING.to_owned(),
            problem: Some(why),
            took_ms: Millis(0),
        }
    }
}

impl Switchboard {
    pub(super) fn look_up(&mut self, id: ContactId, action: ActionId, mut wanted: Lookup) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        if contact.guide.lookups.len() >= FLOW_LOOKUPS {
            let why = format!("{FLOW_LOOKUPS} lookups of this contact are open already");
            return self.lookup_ended(id, Ended::refused(action, &wanted, why));
        }
        if let Source::Host(LookupSource::Unknown(name)) = &wanted.source {
            let why = format!("this Hotline knows no source `{name}`");
            return self.lookup_ended(id, Ended::refused(action, &wanted, why));
        }
        wanted.timeout_ms = wanted.timeout_ms.min(LOOKUP_AT_MOST_MS);
        let lookup: LookupId = self.desk.mint();
        contact.guide.lookups.push(OpenLookup {
            id: lookup,
            action,
            source: wanted.source.label(),
            since: self.desk.now(),
            overdue: self
                .desk
                .after(wanted.timeout_ms, Alarm::FlowLookupOverdue(id, lookup)),
        });
        self.desk.effect(Effect::LookUpForFlow {
            lookup,
            interaction: Box::new(contact.interaction()),
            contact: id,
            wanted,
        });
    }

    pub(crate) fn flow_looked_up(&mut self, id: ContactId, lookup: LookupId, finding: Finding) {
        let (outcome, value, problem) = match finding {
            Finding::Found(value) if value.len() > LOOKUP_VALUE_BYTES => {
                let why = format!(
                    "what was found has {} bytes; a flow is told at most {LOOKUP_VALUE_BYTES}",
                    value.len()
                );
                (LookupOutcome::Failed, NOTHING.to_owned(), Some(why))
            }
            Finding::Found(value) => (LookupOutcome::Found, value, None),
            Finding::Nothing => (LookupOutcome::Nothing, NOTHING.to_owned(), None),
            Finding::Failed(why) => (LookupOutcome::Failed, NOTHING.to_owned(), Some(why)),
        };
        self.close_lookup(id, lookup, outcome, value, problem);
    }

    pub(crate) fn flow_lookup_overdue(&mut self, id: ContactId, lookup: LookupId) {
        let value = NOTHING.to_owned();
        self.close_lookup(id, lookup, LookupOutcome::TimedOut, value, None);
    }

    fn close_lookup(
        &mut self,
        id: ContactId,
        lookup: LookupId,
        outcome: LookupOutcome,
        value: String,
        problem: Option<String>,
    ) {
        let now = self.desk.now();
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Some(open) = contact.guide.take_lookup(lookup) else {
            return;
        };
        self.desk.cancel(open.overdue);
        let ended = Ended {
            action: open.action,
            source: open.source,
            outcome,
            value,
            problem,
            took_ms: now.since(open.since),
        };
        self.lookup_ended(id, ended);
        self.advance(id);
    }

    fn lookup_ended(&mut self, id: ContactId, ended: Ended) {
        let Ended {
            action,
            source,
            outcome,
            value,
            problem,
            took_ms,
        } = ended;
        let what = What::FlowLookedUp {
            source,
            outcome,
            problem,
            took_ms,
        };
        self.desk.fact(id, what);
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.guide.tell(FlowEvent::LookedUp(LookedUp {
                action,
                outcome,
                value,
            }));
        }
    }
}

impl Guide {
    fn take_lookup(&mut self, lookup: LookupId) -> Option<OpenLookup> {
        let place = self.lookups.iter().position(|open| open.id == lookup)?;
        Some(self.lookups.swap_remove(place))
    }

    /// Nobody wants to know any more.
    pub(super) fn drop_lookups(&mut self, desk: &mut Desk) {
        for open in self.lookups.drain(..) {
            desk.cancel(open.overdue);
        }
    }
}
