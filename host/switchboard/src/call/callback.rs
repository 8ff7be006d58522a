//! Virtual hold: a customer hangs up and keeps the place. In their stead a callback waits, a contact
//! of its own whose parent is the call. When an agent has accepted it, the customer is called; who
//! does not answer is tried again later, as often as the queue's rule says.

use crate::call::contact::{Contact, Hearing};
use crate::call::ending::Goodbye;
use crate::call::{Call, Change};
use crate::consent::Recording;
use crate::desk::{Alarm, Desk};
use crate::guide::{Author, Guide};
use crate::legs::{Legs, Party};
use crate::limits;
use crate::queue::visit::{Place, Ticket};
use crate::switchboard::{Phase, Switchboard};
use crate::timers::TimerId;
use hotline_vocabulary::configuration::CallbackRule;
use hotline_vocabulary::fact::{VisitEnd, What};
use hotline_vocabulary::flow::{Action, Command, Preferred};
use hotline_vocabulary::ids::{ContactId, LegId, QueueId};
use hotline_vocabulary::input::OwedCallback;
use hotline_vocabulary::media::{Prompt, PromptSource};
use hotline_vocabulary::{Address, Channel, Effect, EndReason, Timestamp};

/// What is owed to a customer, and how far we are.
#[derive(Debug)]
pub(crate) struct Callback {
    ticket: Ticket,
    /// Since when the customer waits: their call's place.
    place_since: Timestamp,
    rule: CallbackRule,
    /// Calls to the customer so far.
    attempts: u32,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// In the queue, or with an agent and the customer.
    Open,
    /// An agent has accepted; the customer's phone rings.
    Calling { leg: LegId, unanswered: TimerId },
    /// Nobody answered; tried again when this is due.
    Resting(TimerId),
}

impl Callback {
    pub(crate) const fn place(&self) -> Place {
        Place::Since(self.place_since)
    }

    pub(crate) const fn preferred(&self) -> Option<Preferred> {
        self.ticket.preferred
    }

    /// The queue where the customer waited is gone.
    pub(crate) const fn moves_to(&mut self, queue: QueueId) {
        self.ticket.queue = queue;
    }
}

impl Switchboard {
    /// The flow's wish for a contact in a queue. True when it is granted, and the call over.
    pub(crate) fn callback_wanted(&mut self, id: ContactId, number: Option<&str>) -> bool {
        let visit = self.contacts.get(&id).and_then(|c| c.call.visit());
        let Some(ticket) = visit.map(|visit| visit.ticket.clone()) else {
            return false;
        };
        let booked = self.book(id, &ticket, number).is_some();
        if booked {
            self.end(id, EndReason::CallbackBooked, Goodbye::HangUp);
        }
        booked
    }

    /// Notes that the customer is to be called back for this ticket, tells them, and ends the call.
    /// False where no callback can be given; then nothing has changed, and its flow decides.
    pub(crate) fn book_callback(&mut self, id: ContactId, ticket: &Ticket) -> bool {
        if self.book(id, ticket, None).is_none() {
            return false;
        }
        self.stop_running(id);
        if let Some(contact) = self.contacts.get_mut(&id) {
            let promise = promise_in(contact.language().unwrap_or(&self.settings.language));
            contact.guide.author = Author::Callback;
            let commands = [Command::Play(vec![promise]), Command::HangUp];
            let actions = (0u32..).zip(commands);
            let actions = actions.map(|(id, command)| Action { id, command });
            contact.guide.replace(actions.collect());
            self.advance(id);
        }
        true
    }

    fn book(&mut self, id: ContactId, ticket: &Ticket, number: Option<&str>) -> Option<()> {
        let now = self.desk.now();
        let rule = self.callback_rule(ticket)?;
        let contact = self.contacts.get(&id)?;
        let number = match number {
            Some(number) => Address::from(number),
            None => contact.caller.clone(),
        };
        if !is_dialable(&number) || self.is_owed(ticket, &number) {
            return None;
        }
        // A place in another queue is none here.
        let visit = contact.call.visit();
        let visit = visit.filter(|visit| visit.ticket.queue == ticket.queue);
        let place_since = visit.map_or(now, |visit| visit.place_since);
        let (dialled, attributes) = (contact.dialled.clone(), contact.attributes.clone());
        let callback: ContactId = self.desk.mint();
        self.desk.fact(
            id,
            What::CallbackBooked {
                callback,
                queue: ticket.queue,
            },
        );
        self.leave_queue(id, VisitEnd::Callback);
        self.desk.fact(
            callback,
            What::ContactStarted {
                channel: Channel::Callback,
                caller: number.clone(),
                dialled: dialled.clone(),
                leg: None,
                flow: String::new(),
                parent: Some(id),
            },
        );
        if !attributes.is_empty() {
            let attributes = attributes.clone();
            self.desk.fact(callback, What::AttributesSet { attributes });
        }
        let owed = OwedCallback {
            contact: callback,
            customer: number,
            dialled,
            queue: ticket.queue,
            priority: ticket.priority,
            skills: ticket.skills.clone(),
            attributes,
            booked: now,
            place_since,
            attempts: 0,
            rests_since: None,
        };
        self.open_callback(owed, ticket.preferred, rule);
        Some(())
    }

    /// A callback that an earlier run of the host left behind waits again: its history goes on. It
    /// follows the rule that its queue has now, or the usual one where that gives no callbacks any
    /// more: what was promised is kept.
    pub(crate) fn callback_resumed(&mut self, owed: OwedCallback) {
        if self.phase != Phase::Open || self.contacts.contains_key(&owed.contact) {
            return;
        }
        let queue = self.queues.get(&owed.queue);
        let rule = queue.and_then(|queue| queue.config.rules.callback.clone());
        self.open_callback(owed, None, rule.unwrap_or_default());
    }

    fn open_callback(
        &mut self,
        owed: OwedCallback,
        preferred: Option<Preferred>,
        rule: CallbackRule,
    ) {
        let id = owed.contact;
        let ticket = Ticket {
            queue: owed.queue,
            priority: owed.priority,
            skills: owed.skills,
            preferred,
        };
        let stage = match owed.rests_since {
            None => Stage::Open,
            Some(since) => {
                let due = since + rule.retry_after_ms;
                Stage::Resting(self.desk.at(due, Alarm::CallbackDue(id)))
            }
        };
        let contact = Contact {
            id,
            leg: None,
            channel: Channel::Callback,
            caller: owed.customer,
            dialled: owed.dialled,
            started: owed.booked,
            attributes: owed.attributes,
            priority: ticket.priority,
            call: Call::InFlow,
            guide: Guide::none(),
            hearing: Hearing::Silence,
            recording: Recording::No,
            too_long: self.desk.at(
                owed.booked + limits::CALLBACK_LENGTH_MS,
                Alarm::ContactTooLong(id),
            ),
            customers: Vec::new(),
            overflows: 0,
            turned_away_by: None,
            callback: Some(Callback {
                ticket: ticket.clone(),
                place_since: owed.place_since,
                rule,
                attempts: owed.attempts,
                stage,
            }),
        };
        let rests = contact.is_resting();
        self.contacts.insert(id, contact);
        self.open += 1;
        if !rests {
            self.join(id, ticket, Place::Since(owed.place_since));
        }
        self.advance(id);
    }

    /// None where the queue gives no callbacks, or we have no way to call anyone.
    fn callback_rule(&self, ticket: &Ticket) -> Option<CallbackRule> {
        let queue = self.queues.get(&ticket.queue)?;
        let able = self.phase == Phase::Open && self.settings.dials_out && !queue.retired;
        let room = self.open < self.settings.limits.concurrent_contacts;
        queue.config.rules.callback.clone().filter(|_| able && room)
    }

    /// Whether this customer has a callback in this queue already.
    fn is_owed(&self, ticket: &Ticket, number: &Address) -> bool {
        self.contacts.values().any(|contact| {
            let owed = contact.callback.as_ref();
            owed.is_some_and(|owed| owed.ticket.queue == ticket.queue) && contact.caller == *number
        })
    }

    /// The agent has accepted: the customer is called.
    pub(crate) fn call_customer(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Some(callback) = &mut contact.callback else {
            return;
        };
        if contact.leg.is_some() || !matches!(callback.stage, Stage::Open) {
            return;
        }
        let leg = self.desk.mint();
        callback.attempts += 1;
        let ring_timeout = callback.rule.ring_timeout_ms;
        callback.stage = Stage::Calling {
            leg,
            unanswered: self.desk.after(ring_timeout, Alarm::CustomerUnanswered(id)),
        };
        self.legs.add(leg, Party::Customer(id));
        self.desk.effect(Effect::DialCustomer {
            leg,
            contact: id,
            number: contact.caller.clone(),
            shown: Address::from(contact.dialled.as_str()),
        });
        self.desk.fact(id, What::CustomerCalled { leg });
    }

    /// The customer picked up.
    pub(crate) fn customer_answered(&mut self, id: ContactId, leg: LegId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Some(callback) = &mut contact.callback else {
            return;
        };
        match callback.stage {
            Stage::Calling {
                leg: called,
                unanswered,
            } if called == leg => self.desk.cancel(unanswered),
            _ => return,
        }
        callback.stage = Stage::Open;
        contact.leg = Some(leg);
        self.desk.cancel(contact.too_long);
        let longest = self.settings.limits.contact_length_ms;
        contact.too_long = self.desk.after(longest, Alarm::ContactTooLong(id));
        contact.answered(leg, self.settings.recording, &mut self.desk, &mut self.legs);
        if let Some(line) = contact.call.talk().and_then(|talk| talk.line) {
            self.desk.effect(Effect::Bridge {
                customer: leg,
                agent: line.leg,
            });
        }
    }

    /// The customer's phone has rung long enough.
    pub(crate) fn customer_unanswered(&mut self, id: ContactId) {
        let reason = EndReason::NoAnswer;
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.stop_calling(reason, &mut self.desk, &mut self.legs);
            self.attempt_failed(id, reason);
        }
    }

    /// A leg of the customer's ended. True when it was a call of ours that nobody took.
    pub(crate) fn call_failed(&mut self, id: ContactId, ended: LegId, reason: EndReason) -> bool {
        let callback = self
            .contacts
            .get_mut(&id)
            .and_then(|contact| contact.callback.as_mut());
        let Some(callback) = callback else {
            return false;
        };
        match callback.stage {
            Stage::Calling { leg, unanswered } if leg == ended => self.desk.cancel(unanswered),
            _ => return false,
        }
        callback.stage = Stage::Open;
        self.legs.retire(ended, &mut self.desk);
        self.attempt_failed(id, reason);
        true
    }

    /// The agent is free again; the customer is tried later, or not any more.
    fn attempt_failed(&mut self, id: ContactId, reason: EndReason) {
        let now = self.desk.now();
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let talk = contact.call.on(Change::Rest).and_then(|over| over.talk);
        let Some(callback) = &mut contact.callback else {
            return;
        };
        let last = callback.attempts >= callback.rule.attempts;
        if !last {
            let due = Alarm::CallbackDue(id);
            let after = callback.rule.retry_after_ms;
            callback.stage = Stage::Resting(self.desk.after(after, due));
        }
        if let Some(talk) = talk {
            self.talk_over(id, &talk);
            self.change_agent(talk.agent, |agent| agent.put_down(id, now));
        }
        if last {
            self.end(id, reason, Goodbye::TheyLeft);
        }
    }

    /// Time to try again: back into the queue, with the place that the customer had.
    pub(crate) fn callback_due(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Some(callback) = &mut contact.callback else {
            return;
        };
        callback.stage = Stage::Open;
        let (ticket, place) = (callback.ticket.clone(), callback.place());
        let known = self.queues.get(&ticket.queue);
        if known.is_some_and(|queue| !queue.retired) {
            self.join(id, ticket, place);
        }
        self.advance(id);
    }
}

impl Contact {
    /// A callback between two attempts: it waits for its time, in no queue.
    pub(crate) fn is_resting(&self) -> bool {
        let callback = self.callback.as_ref();
        callback.is_some_and(|callback| matches!(callback.stage, Stage::Resting(_)))
    }

    /// False of a callback whose customer has not been on the line: nobody spoke with them.
    pub(crate) const fn was_reached(&self) -> bool {
        self.callback.is_none() || self.leg.is_some()
    }

    /// Whether the customer's phone rings for this callback.
    pub(crate) fn is_calling(&self) -> bool {
        self.calls_on().is_some()
    }

    /// The leg on which the customer's phone rings for this callback.
    pub(crate) fn calls_on(&self) -> Option<LegId> {
        match self.callback.as_ref()?.stage {
            Stage::Calling { leg, .. } => Some(leg),
            Stage::Open | Stage::Resting(_) => None,
        }
    }

    /// Gives up a call to the customer that rings, and forgets a time to try again.
    pub(crate) fn stop_calling(&mut self, reason: EndReason, desk: &mut Desk, legs: &mut Legs) {
        let Some(callback) = &mut self.callback else {
            return;
        };
        match std::mem::replace(&mut callback.stage, Stage::Open) {
            Stage::Open => {}
            Stage::Resting(timer) => desk.cancel(timer),
            Stage::Calling { leg, unanswered } => {
                desk.cancel(unanswered);
                desk.effect(Effect::HangUp { leg, reason });
                legs.retire(leg, desk);
            }
        }
    }
}

/// Whether a phone can be called under this: digits, with or without the international plus (E.164
/// has at most 15).
fn is_dialable(address: &Address) -> bool {
    let number = address.reveal();
    let digits = number.strip_prefix('+').unwrap_or(number);
    (3..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

fn promise_in(language: &str) -> Prompt {
    let chinese = language.starts_with("zh");
    let text = match chinese {
        false => "You keep your place in line. We will call you back. Goodbye.",
        true => "我们会保留您的排队位置，并尽快给您回电。再见。",
    };
    Prompt {
        source: PromptSource::Text(text.to_owned()),
        language: Some(if chinese { "zh-CN" } else { "en" }.to_owned()),
    }
}
