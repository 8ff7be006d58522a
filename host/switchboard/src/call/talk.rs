//! An agent and a customer talk: how it begins, and the ways it ends.

use crate::agent::offers::{Offer, Ringing};
use crate::call::contact::Hearing;
use crate::call::ending::Goodbye;
use crate::call::{Call, Change, Released};
use crate::queue::visit::{Place, Ticket};
use crate::switchboard::Switchboard;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{Device, WorkStage};
use hotline_vocabulary::fact::{OfferEnd, VisitEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, SegmentId};
use hotline_vocabulary::{Effect, EndReason, Timestamp};

/// What the flow is told when an agent has accepted.
pub(crate) const CONNECTED: &str = "connected";

#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) segment: SegmentId,
    pub(crate) agent: AgentId,
    pub(crate) medium: Medium,
    /// None where nothing is to be heard.
    pub(crate) line: Option<Line>,
    pub(crate) since: Timestamp,
    /// What the contact queued for: should the agent be lost, it queues for it again.
    pub(crate) ticket: Ticket,
}

/// What an agent talks through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) device: Device,
    pub(crate) leg: LegId,
}

impl Switchboard {
    /// The agent accepted, and is heard at once on `line` where there is something to hear.
    pub(crate) fn connect(&mut self, id: ContactId, line: Option<Line>) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Call::Offered(visit, Offer { agent, .. }) = &contact.call else {
            return;
        };
        let (agent, since) = (*agent, self.desk.now());
        let segment = self.desk.mint();
        let talk = Talk {
            segment,
            agent,
            medium: contact.channel.medium(),
            line,
            since,
            ticket: visit.ticket.clone(),
        };
        let (queue, medium) = (talk.ticket.queue, talk.medium);
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
        if let Some((customer, line)) = contact.leg.zip(line) {
            self.desk.effect(Effect::Bridge {
                customer,
                agent: line.leg,
            });
        }
        self.offer_accepted(id, offer);
        self.visit_over(id, *visit, VisitEnd::Answered);
        self.desk.fact(
            (id, agent),
            What::AgentConnected {
                segment,
                queue,
                leg: line.map(|line| line.leg),
            },
        );
        let stage = WorkStage::Handling { segment, since };
        self.change_agent(agent, |agent| agent.take_up(id, medium, stage));
        self.call_customer(id);
        self.tell_flow_of_agent(id, CONNECTED);
    }

    /// Takes the two apart. What becomes of agent and customer is the caller's to say.
    pub(crate) fn talk_over(&mut self, id: ContactId, talk: &Talk) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            if let Some((customer, line)) = contact.leg.zip(talk.line) {
                self.desk.effect(Effect::Unbridge {
                    customer,
                    agent: line.leg,
                });
            }
            contact.hearing = Hearing::Silence;
            if contact.was_reached() {
                let customer = contact.caller.clone();
                self.familiar.spoke(customer, talk.agent, self.desk.now());
            }
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
            queue.figures.talked(talked_ms);
        }
        if let Some(Line {
            device: Device::DeskPhone,
            leg,
        }) = talk.line
        {
            self.hang_up_desk_phone(leg, EndReason::CallerHungUp);
        }
    }

    /// The agent ends the call: the customer is hung up, the agent wraps up.
    pub(crate) fn agent_hung_up(&mut self, id: ContactId) {
        self.end(id, EndReason::AgentHungUp, Goodbye::HangUp);
    }

    /// The agent is lost in mid-talk, not the customer: who hears music and is next in line. What
    /// becomes of the agent is the caller's to say.
    pub(crate) fn agent_lost(&mut self, id: ContactId) {
        self.back_in_line(id, Place::Front);
    }

    /// Takes a contact from its agent and back into the queue that it came from.
    pub(crate) fn back_in_line(&mut self, id: ContactId, place: Place) {
        let Some(talk) = self.contacts.get(&id).and_then(|c| c.call.talk()) else {
            return;
        };
        let mut ticket = talk.ticket.clone();
        let known = |queue| self.queues.get(queue).is_some_and(|q| !q.retired);
        if !known(&ticket.queue) {
            match self.settings.default_queue {
                Some(queue) => ticket.queue = queue,
                None => return self.end(id, EndReason::InternalError, Goodbye::HangUp),
            }
        }
        // Should this agent come back in time, the customer is theirs again.
        let contact = self.contacts.get(&id).filter(|one| one.was_reached());
        if let Some(customer) = contact.map(|contact| contact.caller.clone()) {
            self.familiar.spoke(customer, talk.agent, self.desk.now());
        }
        self.join(id, ticket, place);
        self.advance(id);
    }

    /// A new standing leg while talking: the browser is back within its grace.
    pub(crate) fn rebridge(&mut self, agent: AgentId, leg: LegId) {
        let Some(agent) = self.agents.get(&agent) else {
            return;
        };
        for work in &agent.work {
            let Some(contact) = self.contacts.get_mut(&work.contact) else {
                continue;
            };
            let (
                Some(customer),
                Call::Talking(Talk {
                    line: Some(line), ..
                }),
            ) = (contact.leg, &mut contact.call)
            else {
                continue;
            };
            if line.device != Device::Browser || line.leg == leg {
                continue;
            }
            let lost = std::mem::replace(&mut line.leg, leg);
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
        let rings = |offer: &Offer| offer.ringing == Ringing::DeskPhone(leg);
        let offered = contact.call.offer().is_some_and(rings);
        let line = contact.call.talk().and_then(|talk| talk.line);
        let talking = line.is_some_and(|line| line.leg == leg);
        if !offered && !talking {
            return;
        }
        self.desk.fact((id, agent), What::LegEnded { leg, reason });
        self.legs.retire(leg, &mut self.desk);
        if offered {
            self.offer_failed(id, how_an_offer_ended(reason));
        } else if is_a_loss(reason) {
            self.device_failed(agent, id);
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
