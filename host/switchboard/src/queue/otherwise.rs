//! Whom a queue will not have, or not any longer, and where they go instead: the one place where a
//! rule's, or a policy's, [`Otherwise`] is acted on.

use crate::call::contact::Contact;
use crate::call::ending::Goodbye;
use crate::limits::OVERFLOWS;
use crate::queue::Queue;
use crate::queue::visit::{Place, Ticket};
use crate::switchboard::Switchboard;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::configuration::Otherwise;
use hotline_vocabulary::fact::{QueueRefusal, VisitEnd, What};
use hotline_vocabulary::ids::{ContactId, QueueId};
use hotline_vocabulary::live::HoursLive;
use hotline_vocabulary::{EndReason, Timestamp};

/// Where a contact goes after the queues in question were asked.
#[derive(Debug)]
pub(crate) enum Way {
    /// Into this ticket's queue, which will have it.
    In(Ticket),
    /// The queue of this ticket would not have it, and says what becomes of it: anything but
    /// another queue.
    Out(Ticket, Otherwise, QueueRefusal),
}

impl Switchboard {
    /// Why this ticket's queue would not let a contact in now. Asterisk's order: whether there is
    /// anybody comes before whether there is room.
    pub(crate) fn refusal(&self, medium: Medium, ticket: &Ticket) -> Option<QueueRefusal> {
        let queue = self.queues.get(&ticket.queue)?;
        let rules = &queue.config.rules;
        if let HoursLive::Closed { .. } = self.calendars.stand(rules.hours.as_deref()) {
            return Some(QueueRefusal::Closed);
        }
        let needs = queue.needs(medium, &ticket.skills);
        if self.is_empty(queue, &needs, &rules.refuse_when) {
            return Some(QueueRefusal::Empty);
        }
        queue.is_full().then_some(QueueRefusal::Full)
    }

    /// Asks the ticket's queue, then those that the rules name in turn, each at most once. `refused`
    /// is what the first is known to say already.
    pub(crate) fn find_way(
        &mut self,
        id: ContactId,
        mut ticket: Ticket,
        mut refused: Option<QueueRefusal>,
    ) -> Way {
        let medium = self
            .contacts
            .get(&id)
            .map_or(Medium::Voice, |contact| contact.channel.medium());
        let mut asked = vec![ticket.queue];
        loop {
            let Some(why) = refused.take().or_else(|| self.refusal(medium, &ticket)) else {
                return Way::In(ticket);
            };
            match self.refused(id, ticket.queue, why) {
                Otherwise::Queue(next) => {
                    if asked.contains(&next) || !self.may_overflow(id, next) {
                        return Way::Out(ticket, Otherwise::TellFlow, why);
                    }
                    asked.push(next);
                    ticket.queue = next;
                }
                otherwise => return Way::Out(ticket, otherwise, why),
            }
        }
    }

    /// Counts one more queue that the contact is sent to, if there is such a queue.
    fn may_overflow(&mut self, id: ContactId, to: QueueId) -> bool {
        let known = self.queues.get(&to).is_some_and(|queue| !queue.retired);
        match self.contacts.get_mut(&id) {
            Some(contact) if known && contact.overflows < OVERFLOWS => {
                contact.overflows += 1;
                true
            }
            _ => false,
        }
    }

    /// Writes a refusal down; gives what its queue says to do.
    fn refused(&mut self, id: ContactId, queue: QueueId, why: QueueRefusal) -> Otherwise {
        let Some(queue) = self.queues.get_mut(&queue) else {
            return Otherwise::TellFlow;
        };
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.turned_away_by = Some(queue.config.id);
        }
        queue.figures.refused(why);
        self.desk.fact(
            id,
            What::QueueRefused {
                queue: queue.config.id,
                queue_name: queue.config.name.clone(),
                why,
            },
        );
        queue.otherwise(why)
    }

    fn names_another_queue(&self, queue: QueueId, why: QueueRefusal) -> bool {
        let queue = self.queues.get(&queue);
        queue.is_some_and(|queue| matches!(queue.otherwise(why), Otherwise::Queue(_)))
    }

    /// A queue will not have a contact any longer that waits in it.
    pub(crate) fn turn_out(&mut self, id: ContactId, why: QueueRefusal) {
        let Some(ticket) = self.waits_with(id) else {
            return;
        };
        // Who has no flow to decide what next, and no ear for a goodbye, waits on where there is no
        // other queue.
        let only_another_queue = self.contacts.get(&id).is_some_and(Contact::has_no_flow);
        if only_another_queue && !self.names_another_queue(ticket.queue, why) {
            return;
        }
        let (to, why) = match self.find_way(id, ticket, Some(why)) {
            Way::In(ticket) => (Otherwise::Queue(ticket.queue), why),
            Way::Out(..) if only_another_queue => return,
            Way::Out(_, to, why) => (to, why),
        };
        self.send_on(id, to, VisitEnd::Refused, why.as_str());
    }

    /// Sends a waiting contact on, by the word of a rule or of a policy. A queue named here is not
    /// asked again whether it will have the contact. Where the flow decides what next, the visit
    /// ends as `how`, and the flow is told `word`.
    pub(crate) fn send_on(
        &mut self,
        id: ContactId,
        to: Otherwise,
        how: VisitEnd,
        word: &'static str,
    ) {
        let Some(ticket) = self.waits_with(id) else {
            return;
        };
        match to {
            Otherwise::Queue(queue) => {
                self.leave_queue(id, VisitEnd::Overflowed);
                self.join(id, Ticket { queue, ..ticket }, Place::Ranked);
                self.advance(id);
            }
            to => {
                if !self.goes_elsewhere(id, &ticket, to) {
                    self.leave_queue(id, how);
                    self.tell_flow_of_agent(id, word);
                }
            }
        }
    }

    /// False when it is for the flow to decide what next.
    pub(crate) fn goes_elsewhere(&mut self, id: ContactId, ticket: &Ticket, to: Otherwise) -> bool {
        match to {
            // Only who is on the line can be promised something, or speak.
            Otherwise::Callback | Otherwise::Voicemail if !self.is_on_the_line(id) => false,
            Otherwise::HangUp => {
                self.end(id, EndReason::TurnedAway, Goodbye::HangUp);
                true
            }
            Otherwise::Callback => self.book_callback(id, ticket),
            Otherwise::Voicemail => {
                if let Some(contact) = self.contacts.get_mut(&id) {
                    contact.turned_away_by.get_or_insert(ticket.queue);
                }
                // At once: the greeting may have to wait for the flow's last word.
                self.leave_queue(id, VisitEnd::Voicemail);
                self.take_message(id)
            }
            Otherwise::TellFlow | Otherwise::Queue(_) => false,
        }
    }

    pub(crate) fn is_on_the_line(&self, id: ContactId) -> bool {
        let contact = self.contacts.get(&id);
        contact.is_some_and(|contact| contact.leg.is_some())
    }

    fn waits_with(&self, id: ContactId) -> Option<Ticket> {
        let visit = self.contacts.get(&id)?.call.waiting()?;
        Some(visit.ticket.clone())
    }

    /// The longest wait is over. While an offer rings, that is awaited: see [`Self::waits_on`].
    pub(crate) fn waited_too_long(&mut self, id: ContactId) {
        let visit = self
            .contacts
            .get_mut(&id)
            .and_then(|contact| contact.call.visit_mut());
        if let Some(visit) = visit {
            visit.longest_wait = None;
        }
        self.turn_out(id, QueueRefusal::TimedOut);
    }

    /// A contact is back in line after an offer came to nothing.
    pub(crate) fn waits_on(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get(&id) else {
            return;
        };
        let Some(visit) = contact.call.waiting() else {
            return;
        };
        // Who is called back does not hold the line meanwhile.
        if contact.callback.is_some() {
            return;
        }
        // Whoever it might wait for may have gone while the offer rang.
        self.emptied.insert(visit.ticket.queue);
        let end = self.wait_ends(visit.ticket.queue, visit.entered);
        if end.is_some_and(|end| end <= self.desk.now()) {
            self.turn_out(id, QueueRefusal::TimedOut);
        }
    }

    pub(crate) fn wait_ends(&self, queue: QueueId, entered: Timestamp) -> Option<Timestamp> {
        let longest = self.queues.get(&queue)?.config.rules.max_wait_ms?;
        Some(entered + longest)
    }
}

impl Queue {
    const fn otherwise(&self, why: QueueRefusal) -> Otherwise {
        let rules = &self.config.rules;
        match why {
            QueueRefusal::Full => rules.on_full,
            QueueRefusal::Closed => rules.on_closed,
            QueueRefusal::Empty => rules.on_empty,
            QueueRefusal::TimedOut => rules.on_max_wait,
        }
    }
}
