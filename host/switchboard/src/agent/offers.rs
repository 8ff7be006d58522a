//! A contact proposed to one agent: it rings, and ends by accept, reject, time-out, a failed device
//! or the customer's hang-up, whichever is first, and leaves nothing behind.

use crate::agent::{Availability, DEVICE, MISSED_OFFERS};
use crate::call::Change;
use crate::desk::{Alarm, Desk};
use crate::legs::Party;
use crate::switchboard::Switchboard;
use crate::timers::TimerId;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{Device, WorkStage};
use hotline_vocabulary::fact::{OfferEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, OfferId};
use hotline_vocabulary::{Effect, EndReason, Millis, Timestamp};

#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) id: OfferId,
    pub(crate) agent: AgentId,
    pub(crate) ringing: Ringing,
    pub(crate) since: Timestamp,
    pub(crate) rings_until: Timestamp,
    over: TimerId,
}

/// What rings, and so by what the offer is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ringing {
    /// The console, for a contact without audio.
    Screen,
    /// The console, for a call that will be heard on its standing leg.
    Browser,
    /// A desk phone, dialled for this offer.
    DeskPhone(LegId),
}

impl Offer {
    /// Begins to ring, now.
    pub(crate) fn new(
        id: OfferId,
        agent: AgentId,
        ringing: Ringing,
        ring_timeout: Millis,
        contact: ContactId,
        desk: &mut Desk,
    ) -> Self {
        Offer {
            id,
            agent,
            ringing,
            since: desk.now(),
            rings_until: desk.now() + ring_timeout,
            over: desk.after(ring_timeout, Alarm::RingOver(contact)),
        }
    }
}

impl Switchboard {
    /// Rings a free agent's device for a waiting contact. Both are known to be so.
    pub(crate) fn offer(&mut self, id: ContactId, agent: AgentId) {
        let now = self.desk.now();
        let Some(device) = self.agents.get(&agent).map(|agent| agent.device) else {
            return;
        };
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let medium = contact.channel.medium();
        let Some(visit) = contact.call.visit_mut() else {
            return;
        };
        let Some(queue) = self.queues.get_mut(&visit.ticket.queue) else {
            return;
        };
        queue.step_out(id, visit);
        visit.attempt += 1;
        visit.kept_waiting_for.clear();
        visit.hold = None;
        self.desk.cancel(visit.recheck.take());
        self.routing.want_all(&queue.members.below);
        let offer = self.desk.mint();
        let ring_timeout_ms = queue.config.ring_timeout_ms;
        self.desk.fact(
            (id, agent),
            What::OfferMade {
                offer,
                visit: visit.id,
                queue: visit.ticket.queue,
                ring_timeout_ms,
            },
        );
        let ringing = match (medium, device) {
            (Medium::Chat | Medium::Email | Medium::Task, _) => Ringing::Screen,
            (Medium::Voice, Device::Browser) => Ringing::Browser,
            (Medium::Voice, Device::DeskPhone) => {
                let leg = self.desk.mint();
                self.legs.add(leg, Party::DeskPhone(id, agent));
                self.desk.effect(Effect::Dial {
                    leg,
                    agent,
                    contact: id,
                    caller: contact.caller.clone(),
                });
                Ringing::DeskPhone(leg)
            }
        };
        let rings = Offer::new(offer, agent, ringing, ring_timeout_ms, id, &mut self.desk);
        contact.call.on(Change::Offer(rings));
        let stage = WorkStage::Offered { offer, since: now };
        self.change_agent(agent, |agent| agent.take_up(id, medium, stage));
    }

    /// The offer came to nothing: the agent answers for it, the contact is offered to another.
    pub(crate) fn offer_failed(&mut self, id: ContactId, how: OfferEnd) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Some(offer) = contact.call.on(Change::Withdraw).and_then(|o| o.offer) else {
            return;
        };
        let Some(visit) = contact.call.visit_mut() else {
            return;
        };
        if !visit.declined.contains(&offer.agent) {
            visit.declined.push(offer.agent);
        }
        visit.preferred = visit.preferred.filter(|(agent, _)| *agent != offer.agent);
        visit.kept_waiting_at = None;
        let retired = match self.queues.get_mut(&visit.ticket.queue) {
            Some(queue) if !queue.retired => {
                queue.line_up(id, visit);
                self.routing.want(&queue.config.policy);
                false
            }
            _ => true,
        };
        self.offer_over(id, offer, how);
        if retired {
            self.leave_retired_queue(id);
        } else {
            self.waits_on(id);
        }
    }

    pub(crate) fn offer_accepted(&mut self, id: ContactId, offer: Offer) {
        if let Some(agent) = self.agents.get_mut(&offer.agent) {
            agent.missed = 0;
        }
        self.write_offer_end(id, &offer, OfferEnd::Accepted);
    }

    /// Writes the end of an offer that the contact's state has let go of, and frees its agent.
    pub(crate) fn offer_over(&mut self, id: ContactId, offer: Offer, how: OfferEnd) {
        self.write_offer_end(id, &offer, how);
        if let Ringing::DeskPhone(leg) = offer.ringing {
            let reason = match how {
                OfferEnd::Abandoned => EndReason::CallerCancelled,
                _ => EndReason::NoAnswer,
            };
            self.hang_up_desk_phone(leg, reason);
        }
        match how {
            OfferEnd::Accepted => {}
            OfferEnd::Abandoned => {
                self.change_agent(offer.agent, |agent| agent.put_down_unnoticed(id));
            }
            OfferEnd::Rejected | OfferEnd::TimedOut => self.offer_missed(offer.agent, id),
            OfferEnd::DeviceFailed => {
                let now = self.desk.now();
                self.change_agent(offer.agent, |agent| {
                    agent.put_down(id, now);
                    agent.set_availability(Availability::paused(DEVICE), now);
                });
            }
        }
    }

    fn write_offer_end(&mut self, id: ContactId, offer: &Offer, how: OfferEnd) {
        self.desk.cancel(offer.over);
        let rang_ms = self.desk.now().since(offer.since);
        self.desk.fact(
            (id, offer.agent),
            What::OfferEnded {
                offer: offer.id,
                how,
                rang_ms,
            },
        );
    }

    /// An agent who lets offers pass by is paused, so that customers stop ringing at nobody.
    fn offer_missed(&mut self, id: AgentId, contact: ContactId) {
        let most = self.settings.limits.missed_offers.max(1);
        let now = self.desk.now();
        self.change_agent(id, |agent| {
            agent.put_down(contact, now);
            agent.missed += 1;
            if agent.missed >= most {
                agent.missed = 0;
                // A pause that was asked for keeps its reason.
                if agent.availability == Availability::Ready {
                    agent.set_availability(Availability::paused(MISSED_OFFERS), now);
                }
            }
        });
    }
}
