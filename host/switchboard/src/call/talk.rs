//! An agent and a customer talk: how it begins, and the ways it ends.

use crate::agent::offers::Offer;
use crate::call::contact::Hearing;
use crate::call::ending::Goodbye;
use crate::call::{Call, Change, Released};
use crate::queue::visit::{Place, Ticket};
use crate::switchboard::Switchboard;
use hotline_vocabulary::agent::{AgentState, Device};
use hotline_vocabulary::fact::{OfferEnd, VisitEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, SegmentId};
use hotline_vocabulary::{Effect, EndReason, Timestamp};

/// What the flow is told when an agent has accepted.
pub(crate) const CONNECTED: &str = "connected";

#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) segment: SegmentId,
    pub(crate) agent: AgentId,
    pub(crate) device: Device,
    /// The agent's leg.
    pub(crate) leg: LegId,
    pub(crate) since: Timestamp,
    /// What the contact queued for: should the agent be lost, it queues for it again.
    pub(crate) ticket: Ticket,
}

impl Switchboard {
    /// The agent accepted, and is heard at once on `leg`.
    pub(crate) fn connect(&mut self, id: ContactId, leg: LegId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Call::Offered(visit, Offer { agent, device, .. }) = &contact.call else {
            return;
        };
        let (agent, since) = (*agent, self.desk.now());
        let segment = self.desk.mint();
        let talk = Talk {
            segment,
            agent,
            device: *device,
            leg,
            since,
            ticket: visit.ticket.clone(),
        };
        let queue = talk.ticket.queue;
        let Some(Released {
            visit: Some(visit),
            offer: Some(offer),
            ..
        }) = contact.call.on(Change::Connect(talk))
        else {
            return;
        };
        contact.guide.stop_all(&mut self.desk);
        contact.recording.resume(&mut self.desk);
        contact.hearing = Hearing::Agent;
        self.desk.effect(Effect::Bridge {
            customer: contact.leg,
            agent: leg,
        });
        self.offer_accepted(id, offer);
        self.visit_over(id, *visit, VisitEnd::Answered);
        self.desk.fact(
            (id, agent),
            What::AgentConnected {
                segment,
                queue,
                leg,
            },
        );
        self.set_agent_state(
            agent,
            AgentState::Talking {
                contact: id,
                segment,
                since,
            },
        );
        self.tell_flow_of_agent(id, CONNECTED);
    }

    /// Takes the two apart. What becomes of agent and customer is the caller's to say.
    pub(crate) fn talk_over(&mut self, id: ContactId, talk: &Talk) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            self.desk.effect(Effect::Unbridge {
                customer: contact.leg,
                agent: talk.leg,
            });
            contact.hearing = Hearing::Silence;
            let customer = contact.caller.clone();
            self.familiar.spoke(customer, talk.agent, self.desk.now());
        }
        let talked_ms = self.desk.now().since(talk.since);
        self.desk.fact(
            (id, talk.agent),
            What::SegmentEnded {
                segment: talk.segment,
                talked_ms,
            },
        );
        if let Some(queue) = self.queues.get_mut(&talk.ticket.queue) {
            queue.figures.handled(talked_ms);
        }
        if talk.device == Device::DeskPhone {
            self.hang_up_desk_phone(talk.leg, EndReason::CallerHungUp);
        }
    }

    /// The agent ends the call: the customer is hung up, the agent wraps up.
    pub(crate) fn agent_hung_up(&mut self, id: ContactId) {
        self.end(id, EndReason::AgentHungUp, Goodbye::HangUp);
    }

    /// The agent is lost in mid-talk, not the customer: who hears music and is next in line.
    /// `afterwards` is the agent's next state.
    pub(crate) fn agent_lost(&mut self, id: ContactId, afterwards: AgentState) {
        let Some(talk) = self.contacts.get(&id).and_then(|c| c.call.talk()) else {
            return;
        };
        let agent = talk.agent;
        let mut ticket = talk.ticket.clone();
        let known = |queue| self.queues.get(queue).is_some_and(|q| !q.retired);
        if !known(&ticket.queue) {
            match self.settings.default_queue {
                Some(queue) => ticket.queue = queue,
                None => return self.end(id, EndReason::InternalError, Goodbye::HangUp),
            }
        }
        self.join(id, ticket, Place::Front);
        self.set_agent_state(agent, afterwards);
        self.advance(id);
    }

    /// A new standing leg while talking: the browser is back within its grace.
    pub(crate) fn rebridge(&mut self, agent: AgentId, leg: LegId) {
        let Some(AgentState::Talking { contact, .. }) = self.agents.get(&agent).map(|a| &a.state)
        else {
            return;
        };
        let Some(contact) = self.contacts.get_mut(contact) else {
            return;
        };
        let customer = contact.leg;
        let Call::Talking(talk) = &mut contact.call else {
            return;
        };
        if talk.device == Device::Browser && talk.leg != leg {
            let lost = std::mem::replace(&mut talk.leg, leg);
            self.desk.effect(Effect::Unbridge {
                customer,
                agent: lost,
            });
            self.desk.effect(Effect::Bridge {
                customer,
                agent: leg,
            });
        }
    }

    /// A desk phone's leg ended by no act of ours: it declined, hung up, or was lost.
    pub(crate) fn desk_phone_ended(
        &mut self,
        id: ContactId,
        agent: AgentId,
        leg: LegId,
        reason: EndReason,
    ) {
        let Some(contact) = self.contacts.get(&id) else {
            return;
        };
        let offered = contact.call.offer().is_some_and(|o| o.leg == Some(leg));
        let talking = contact.call.talk().is_some_and(|t| t.leg == leg);
        if !offered && !talking {
            return;
        }
        self.desk.fact((id, agent), What::LegEnded { leg, reason });
        self.legs.retire(leg, &mut self.desk);
        if offered {
            self.offer_failed(id, how_an_offer_ended(reason));
        } else if is_a_loss(reason) {
            let afterwards = self.paused(crate::agent::DEVICE);
            self.agent_lost(id, afterwards);
        } else {
            self.agent_hung_up(id);
        }
    }

    pub(crate) fn hang_up_desk_phone(&mut self, leg: LegId, reason: EndReason) {
        // One that ended by itself has no more to be told.
        if self.legs.retire(leg, &mut self.desk) {
            self.desk.effect(Effect::HangUp { leg, reason });
        }
    }
}

const fn how_an_offer_ended(reason: EndReason) -> OfferEnd {
    match reason {
        EndReason::Busy | EndReason::Declined | EndReason::AgentHungUp => OfferEnd::Rejected,
        EndReason::NoAnswer => OfferEnd::TimedOut,
        _ => OfferEnd::DeviceFailed,
    }
}

/// Whether a talk was cut off rather than ended by the agent.
const fn is_a_loss(reason: EndReason) -> bool {
    matches!(
        reason,
        EndReason::MediaLost
            | EndReason::FarEndFailed
            | EndReason::InternalError
            | EndReason::HostRestart
    )
}
