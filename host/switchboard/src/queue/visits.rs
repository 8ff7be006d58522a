//! Visits begin and end.

use crate::call::Change;
use crate::desk::Alarm;
use crate::limits::FIRST_PROGRESS_MS;
use crate::queue::otherwise::Way;
use crate::queue::visit::{Gathering, Place, Ranking, Ticket, Visit, built_in_order};
use crate::switchboard::Switchboard;
use hotline_vocabulary::EndReason;
use hotline_vocabulary::fact::{OfferEnd, VisitEnd, What};
use hotline_vocabulary::flow::Enqueue;
use hotline_vocabulary::ids::{ContactId, QueueId};

impl Switchboard {
    /// The flow's wish to queue its contact; gives the outcome, or none when there is no more to tell
    /// the flow. A contact that is in a queue already leaves it for the one that will have it.
    pub(crate) fn enqueue(&mut self, id: ContactId, enqueue: Enqueue) -> Option<&'static str> {
        let Some(queue) = self.settings.queue_named(&enqueue.queue) else {
            return Some("unknown-queue");
        };
        let ticket = Ticket {
            queue,
            priority: enqueue.priority,
            skills: enqueue.skills,
            preferred: enqueue.preferred,
        };
        match self.find_way(id, ticket, None) {
            Way::In(ticket) => {
                self.leave_queue(id, VisitEnd::Dequeued);
                self.join(id, ticket, Place::Ranked);
                Some("queued")
            }
            Way::Out(ticket, to, why) => match self.goes_elsewhere(id, &ticket, to) {
                true => None,
                false => Some(why.as_str()),
            },
        }
    }

    /// The flow's wish to have its contact back; gives the outcome.
    pub(crate) fn dequeue(&mut self, id: ContactId) -> &'static str {
        if self.leave_queue(id, VisitEnd::Dequeued) {
            "ok"
        } else {
            "not-queued"
        }
    }

    /// Begins a visit: from the flow, or from the talk with an agent who was lost.
    pub(crate) fn join(&mut self, id: ContactId, ticket: Ticket, place: Place) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Some(queue) = self.queues.get_mut(&ticket.queue) else {
            return;
        };
        contact.answer(self.settings.recording, &mut self.desk, &mut self.legs);
        contact.priority = ticket.priority;
        contact.turned_away_by = None;
        let preferred = contact.prefers(&ticket, &queue.config, &self.familiar, self.desk.now());
        let (visit_id, queue_id, priority) = (self.desk.mint(), ticket.queue, ticket.priority);
        let rules = &queue.config.rules;
        let usual = FIRST_PROGRESS_MS.min(queue.config.progress_every_ms);
        let first_progress = rules.first_progress_ms.unwrap_or(usual);
        // Places are kept for those who call.
        let caller = contact.leg.map(|_| &contact.caller);
        let kept = match place {
            Place::Since(place_since) => Some(place_since),
            Place::Ranked | Place::Front | Place::Aged => {
                caller.and_then(|caller| queue.places.take(caller, &mut self.desk))
            }
        };
        contact.stop_calling(EndReason::CallerHungUp, &mut self.desk, &mut self.legs);
        let entered = self.desk.now();
        // Who is called back does not hold the line meanwhile.
        let holds = contact.callback.is_none();
        let longest_wait = rules.max_wait_ms.filter(|_| holds);
        let visit = Box::new(Visit {
            id: visit_id,
            needs: queue.needs(contact.channel.medium(), &ticket.skills),
            ticket,
            entered,
            place_since: kept.unwrap_or(entered),
            order: built_in_order(priority),
            place,
            ring: 1,
            matures: None,
            preferred,
            attempt: 0,
            declined: Vec::new(),
            kept_waiting_at: None,
            hold: None,
            said: None,
            kept_waiting_for: Vec::new(),
            ranking: Ranking::Settled,
            gathering: Gathering::Done { since: None },
            facts: Vec::new(),
            progress: self.desk.after(first_progress, Alarm::ProgressDue(id)),
            recheck: None,
            longest_wait: longest_wait.map(|most| self.desk.after(most, Alarm::WaitedTooLong(id))),
        });
        queue.enter(id, &visit);
        queue.figures.entered();
        let (queue_name, policy) = (queue.config.name.clone(), queue.config.policy.clone());
        let skills = visit.ticket.skills.clone();
        if let Some(talk) = contact
            .call
            .on(Change::Join(visit))
            .and_then(|over| over.talk)
        {
            self.talk_over(id, &talk);
        }
        self.desk.fact(
            id,
            What::QueueEntered {
                visit: visit_id,
                queue: queue_id,
                queue_name,
                priority,
                place_since: kept,
                skills,
            },
        );
        self.emptied.insert(queue_id);
        self.gather(id);
        self.mature(id);
        self.routing.introduce(&policy, id);
    }

    /// Ends the visit and whatever rings for it; the contact is back in its flow. Says whether
    /// there was one.
    pub(crate) fn leave_queue(&mut self, id: ContactId, how: VisitEnd) -> bool {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return false;
        };
        let Some(released) = contact.call.on(Change::Leave) else {
            return false;
        };
        contact.stop_music(&mut self.desk);
        if let Some(offer) = released.offer {
            self.offer_over(id, offer, OfferEnd::Abandoned);
        }
        if let Some(visit) = released.visit {
            self.visit_over(id, *visit, how);
        }
        true
    }

    /// Writes the end of a visit that the contact's state has let go of.
    pub(crate) fn visit_over(&mut self, id: ContactId, visit: Visit, how: VisitEnd) {
        self.desk.cancel(visit.progress);
        self.desk.cancel(visit.recheck);
        if let Gathering::Pending { overdue, .. } = visit.gathering {
            self.desk.cancel(overdue);
        }
        self.desk.cancel(visit.longest_wait);
        self.desk.cancel(visit.matures);
        self.better_queue_shrank(visit.ticket.queue);
        let waited_ms = self.desk.now().since(visit.entered);
        if let Some(queue) = self.queues.get_mut(&visit.ticket.queue) {
            queue.leave(id, &visit);
            let service_level = queue.config.service_level_ms;
            queue.figures.left(how, waited_ms, service_level);
            if how == VisitEnd::Abandoned
                && let Some(contact) = self.contacts.get(&id)
            {
                queue.keep_place(&contact.caller, visit.place_since, &mut self.desk);
            }
        }
        self.desk.fact(
            id,
            What::QueueLeft {
                visit: visit.id,
                queue: visit.ticket.queue,
                waited_ms,
                how,
            },
        );
    }

    /// A policy sends a waiting contact on to another queue, where its next visit begins.
    pub(crate) fn overflow(&mut self, id: ContactId, to: QueueId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Some(visit) = contact.call.waiting() else {
            return;
        };
        let ticket = Ticket {
            queue: to,
            ..visit.ticket.clone()
        };
        contact.overflows += 1;
        self.leave_queue(id, VisitEnd::Overflowed);
        self.join(id, ticket, Place::Ranked);
        self.advance(id);
    }

    /// The queue is gone from the configuration: the flow decides what next.
    pub(crate) fn leave_retired_queue(&mut self, id: ContactId) {
        if self.leave_queue(id, VisitEnd::Overflowed) {
            self.tell_flow_of_agent(id, "overflowed");
        }
    }
}
