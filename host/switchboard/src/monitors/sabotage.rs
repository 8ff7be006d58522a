//! Faults planted on purpose, so that each monitor is seen to find what it is there for. Compiled
//! for tests alone.

use crate::call::{Call, Change};
use crate::queue::visit::{Place, built_in_order};
use crate::switchboard::Switchboard;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::routing::Invariant;

/// Breaks one invariant, if there is anyone now to break it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sabotage(pub Invariant);

impl Switchboard {
    /// Says whether anything was broken. What follows is not the switchboard's fault.
    pub fn sabotage(&mut self, Sabotage(invariant): Sabotage) -> bool {
        let find = |wanted: &dyn Fn(&Call) -> bool| {
            let mut contacts = self.contacts.values();
            contacts
                .find(|contact| wanted(&contact.call))
                .map(|contact| contact.id)
        };
        let found = match invariant {
            Invariant::Liveness => find(&|call| matches!(call, Call::Queued(_))),
            Invariant::Conservation => find(&|call| matches!(call, Call::Queued(_))),
            Invariant::DoubleBooking => find(&|call| matches!(call, Call::Queued(_))),
            Invariant::GhostOffer => find(&|call| matches!(call, Call::Offered(..))),
            Invariant::Starvation => {
                let aged = |call: &Call| {
                    call.waiting()
                        .is_some_and(|visit| visit.place == Place::Aged)
                };
                find(&aged)
            }
        };
        found.is_some_and(|contact| self.break_for(invariant, contact))
    }

    fn break_for(&mut self, invariant: Invariant, id: ContactId) -> bool {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return false;
        };
        match invariant {
            // The wish for a decision is lost.
            Invariant::Liveness => {
                self.routing.forget_wishes();
                true
            }
            // A visit vanishes without an end.
            Invariant::Conservation => contact.call.on(Change::Leave).is_some(),
            // A contact is offered to someone who is busy.
            Invariant::DoubleBooking => {
                let mut agents = self.agents.values();
                let busy = agents.find(|agent| agent.is_occupied());
                let busy = busy.map(|agent| agent.config.id);
                if let Some(agent) = busy {
                    self.offer(id, agent);
                }
                busy.is_some()
            }
            // An offer is withdrawn, and the agent's device rings on.
            Invariant::GhostOffer => contact.call.on(Change::Withdraw).is_some(),
            // Someone who has waited too long goes to the end of the line.
            Invariant::Starvation => {
                let Some(visit) = contact.call.visit_mut() else {
                    return false;
                };
                let Some(queue) = self.queues.get_mut(&visit.ticket.queue) else {
                    return false;
                };
                queue.step_out(id, visit);
                visit.place = Place::Ranked;
                visit.order = built_in_order(-1_000_000);
                self.desk.cancel(visit.matures.take());
                queue.line_up(id, visit);
                true
            }
        }
    }
}
