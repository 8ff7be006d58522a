//! Who is called back: with the place that they had, once for each queue, tried again when promised
//! and no more often, and rung for no longer than allowed and for nobody but an agent who waits.

use super::*;
use hotline_vocabulary::configuration::CallbackRule;

/// What is owed to a customer.
#[derive(Debug)]
pub(super) struct Owed {
    /// Where the customer waited.
    queue: QueueId,
    /// Since when their place counts.
    place_since: Timestamp,
    rule: CallbackRule,
    /// Calls to the customer.
    attempts: u32,
    phone: Phone,
    /// In line again then; the first time, at once.
    due: Option<Timestamp>,
}

/// The customer's phone.
#[derive(Debug, Clone, Copy)]
enum Phone {
    Silent,
    /// Until then at the latest.
    Rings(LegId, Timestamp),
    /// It rang, and nobody took it.
    NotTaken,
}

impl Contact {
    /// A callback whose customer is not on the line.
    pub(super) fn is_owed(&self) -> bool {
        self.owed.is_some() && self.leg.is_none()
    }
}

impl Auditor {
    /// The caller of this contact is promised a callback.
    pub(super) fn booked(&mut self, caller: ContactId, queue: QueueId) -> Finding {
        let contact = self.contacts.get(&caller).ok_or("an unknown contact")?;
        let config = self.queue(queue).ok_or("a queue that is gone")?;
        let rule = config.rules.callback.clone();
        let rule = rule.filter(|_| self.house.dials_out);
        let visit = contact.visit.as_ref().filter(|visit| visit.queue == queue);
        self.counts.callbacks += 1;
        self.promised = Some(Owed {
            queue,
            place_since: visit.map_or(self.now, |visit| visit.place_since),
            rule: rule.ok_or("promised a callback by a queue that gives none")?,
            attempts: 0,
            phone: Phone::Silent,
            due: Some(self.now),
        });
        Ok(())
    }

    /// The callback begins that was promised to the caller of `parent`.
    pub(super) fn owes(&mut self, id: ContactId, parent: ContactId) -> Finding {
        let owed = self.promised.take().ok_or("a callback for nobody")?;
        let parent_id = parent;
        let parent = self.contacts.get(&parent).ok_or("an unknown contact")?;
        // What the flow had asked for goes for the callback too.
        let agents: Vec<AgentId> = self.agents.keys().copied().collect();
        let preferred = match parent.safe {
            true => parent.preferred,
            false => preference(parent_id, &agents),
        };
        let contact = self.contacts.get(&id).ok_or("an unknown contact")?;
        let twice = self.contacts.values().any(|other| {
            let queue = other.owed.as_ref().map(|owed| owed.queue);
            !other.ended && queue == Some(owed.queue) && other.caller == contact.caller
        });
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.preferred = preferred;
            contact.owed = Some(owed);
        }
        hold(!twice, || "owed to one customer twice".to_owned())
    }

    pub(super) fn callback_fact(&mut self, id: ContactId, fact: &Fact) -> Finding {
        let now = self.now;
        if let What::CallbackBooked { queue, .. } = &fact.what {
            return self.booked(id, *queue);
        }
        let contact = self.contacts.get_mut(&id).ok_or("an unknown contact")?;
        let Some(owed) = &mut contact.owed else {
            return Ok(());
        };
        match (&fact.what, owed.phone) {
            (What::QueueEntered { place_since, .. }, _) => {
                let Some(due) = owed.due.take() else {
                    return Ok(());
                };
                let place = *place_since == Some(owed.place_since);
                hold(due == now, || format!("in line again, not at {due:?}"))?;
                hold(place, || {
                    format!("lost the place that it had since {:?}", owed.place_since)
                })
            }
            (What::CustomerCalled { leg }, _) => {
                owed.attempts += 1;
                owed.phone = Phone::Rings(*leg, now + owed.rule.ring_timeout_ms);
                hold(contact.segment.is_some() && contact.leg.is_none(), || {
                    "called for nobody, or while on the line".to_owned()
                })
            }
            (What::ContactAnswered, Phone::Rings(leg, _)) => {
                owed.phone = Phone::Silent;
                contact.leg = Some(leg);
                self.counts.reached += 1;
                Ok(())
            }
            (What::LegEnded { leg, .. }, Phone::Rings(rings, _)) if *leg == rings => {
                owed.phone = Phone::NotTaken;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The agent has the callback no longer. Says whether that is because nobody took the call:
    /// then there is nothing to wrap up.
    pub(super) fn was_not_reached(&mut self, id: ContactId) -> bool {
        let now = self.now;
        let Some(contact) = self.contacts.get_mut(&id).filter(|one| one.is_owed()) else {
            return false;
        };
        let Some(owed) = &mut contact.owed else {
            return false;
        };
        let not_taken = match std::mem::replace(&mut owed.phone, Phone::Silent) {
            Phone::Silent => false,
            Phone::Rings(_, until) => until <= now,
            Phone::NotTaken => true,
        };
        if not_taken {
            let again = owed.attempts < owed.rule.attempts;
            self.counts.tried_again += u32::from(again);
            // The last time, it is over at once.
            let after = if again {
                owed.rule.retry_after_ms
            } else {
                Millis::ZERO
            };
            owed.due = Some(now + after);
        }
        not_taken
    }

    /// Once an input is taken to its end.
    pub(super) fn callbacks_are_kept(&self) -> Finding {
        let open = self.contacts.iter().filter(|(_, contact)| !contact.ended);
        for (id, contact) in open.filter(|_| !self.stopped) {
            let Some(owed) = &contact.owed else {
                continue;
            };
            let late = owed.due.is_some_and(|due| due < self.now);
            hold(!late, || format!("{id} was to be called at {:?}", owed.due))?;
            if let Phone::Rings(_, until) = owed.phone {
                hold(until >= self.now, || {
                    format!("the customer of {id} is rung longer than allowed")
                })?;
                hold(contact.segment.is_some(), || {
                    format!("the customer of {id} is called, and no agent waits")
                })?;
            }
        }
        Ok(())
    }
}
