//! Visits begin and end.

use crate::call::Change;
use crate::desk::Alarm;
use crate::limits::PROGRESS_EVERY_AT_LEAST_MS;
use crate::queue::visit::{Place, Ranking, Ticket, Visit, built_in_order};
use crate::switchboard::Switchboard;
use hotline_vocabulary::fact::{OfferEnd, VisitEnd, What};
use hotline_vocabulary::flow::Enqueue;
use hotline_vocabulary::ids::{ContactId, QueueId};

impl Switchboard {
    /// The flow's wish to queue its contact; gives the outcome. A contact that is in a queue already
    /// leaves it first.
    pub(crate) fn enqueue(&mut self, id: ContactId, enqueue: Enqueue) -> &'static str {
        let Some(queue) = self.settings.queue_named(&enqueue.queue) else {
            return "unknown-queue";
        };
        if self.queues.get(&queue).is_none_or(super::Queue::is_full) {
            return "queue-full";
        }
        self.leave_queue(id, VisitEnd::Dequeued);
        let ticket = Ticket {
            queue,
            priority: enqueue.priority,
            skills: enqueue.skills,
            preferred: enqueue.preferred,
        };
        self.join(id, ticket, Place::Ranked);
        "queued"
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
        let preferred = contact.prefers(&ticket, &queue.config, &self.familiar, self.desk.now());
        let (visit_id, queue_id, priority) = (self.desk.mint(), ticket.queue, ticket.priority);
        let progress_every = queue.config.progress_every_ms;
        let visit = Box::new(Visit {
            id: visit_id,
            needs: queue.needs(contact.channel.medium(), &ticket.skills),
            ticket,
            entered: self.desk.now(),
            order: built_in_order(priority),
            place,
            preferred,
            attempt: 0,
            declined: Vec::new(),
            kept_waiting_at: None,
            kept_waiting_for: Vec::new(),
            ranking: Ranking::Settled,
            progress: self.desk.after(
                progress_every.max(PROGRESS_EVERY_AT_LEAST_MS),
                Alarm::ProgressDue(id),
            ),
            recheck: None,
        });
        queue.enter(id, &visit);
        queue.figures.entered();
        let (queue_name, policy) = (queue.config.name.clone(), queue.config.policy.clone());
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
            },
        );
        self.ask_rank(id);
        self.routing.want(&policy);
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
        let waited_ms = self.desk.now().since(visit.entered);
        if let Some(queue) = self.queues.get_mut(&visit.ticket.queue) {
            queue.leave(id, &visit);
            let service_level = queue.config.service_level_ms;
            queue.figures.left(how, waited_ms, service_level);
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
