//! What the switchboard looks like at one instant. Costs as much as there is to show: asked a few
//! times a second, never for a decision.

use crate::agent::Agent;
use crate::call::Call;
use crate::call::contact::Contact;
use crate::queue::Queue;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::live::{
    AgentLive, ContactLive, HoursLive, Live, OfferLive, QueueLive, Stage,
};
use std::collections::BTreeMap;

/// Place in line of everyone who waits.
type Positions = BTreeMap<ContactId, u32>;

impl Switchboard {
    /// `now` may be later than the last input.
    pub fn live(&self, now: Timestamp) -> Live {
        let positions: Positions = self
            .queues
            .values()
            .flat_map(|queue| queue.in_order(now).zip(1..))
            .collect();
        Live {
            at: now,
            queues: self
                .queues
                .values()
                .filter(|queue| !queue.retired)
                .map(|queue| self.queue_live(queue, now))
                .collect(),
            agents: self
                .agents
                .values()
                .map(|agent| self.agent_live(agent, now))
                .collect(),
            contacts: self
                .contacts
                .values()
                .filter_map(|contact| self.contact_live(contact, &positions))
                .collect(),
            monitors: self.monitors(),
            customers: self
                .agents
                .values()
                .flat_map(|agent| &agent.work)
                .filter_map(|work| {
                    let known = &self.contacts.get(&work.contact)?.customers;
                    (!known.is_empty()).then(|| (work.contact, known.clone()))
                })
                .collect(),
        }
    }

    fn queue_live(&self, queue: &Queue, now: Timestamp) -> QueueLive {
        let calendar = queue.config.rules.hours.as_deref();
        queue.live(self.calendars.stand(calendar), now)
    }

    fn agent_live(&self, agent: &Agent, now: Timestamp) -> AgentLive {
        AgentLive {
            id: agent.config.id,
            name: agent.config.name.clone(),
            state: agent.state(),
            work: agent.work.clone(),
            device: agent.device,
            browser_up: agent.browser.is_some(),
            desk_phone_up: agent.desk_phone_up,
            pause_next: agent.pause_next().map(str::to_owned),
            offers: agent
                .work
                .iter()
                .filter_map(|work| self.offer_live(work.contact, now))
                .collect(),
        }
    }

    fn offer_live(&self, id: ContactId, now: Timestamp) -> Option<OfferLive> {
        let contact = self.contacts.get(&id)?;
        let Call::Offered(visit, offer) = &contact.call else {
            return None;
        };
        let queue = self.queues.get(&visit.ticket.queue)?;
        Some(OfferLive {
            offer: offer.id,
            contact: id,
            queue: queue.config.id,
            queue_name: queue.config.name.clone(),
            channel: contact.channel,
            caller: contact.caller.clone(),
            attributes: contact.attributes.clone(),
            waited_ms: now.since(visit.entered),
            rings_until: offer.rings_until,
        })
    }

    fn contact_live(&self, contact: &Contact, positions: &Positions) -> Option<ContactLive> {
        Some(ContactLive {
            id: contact.id,
            channel: contact.channel,
            caller: contact.caller.clone(),
            dialled: contact.dialled.clone(),
            language: contact.language().map(str::to_owned),
            started_at: contact.started,
            attributes: contact.attributes.clone(),
            flow: contact.guide.flow.clone(),
            flow_version: contact.guide.version.clone(),
            stage: self.stage(contact, positions)?,
        })
    }

    fn stage(&self, contact: &Contact, positions: &Positions) -> Option<Stage> {
        match &contact.call {
            Call::Ending => None,
            Call::Ringing | Call::InFlow if contact.is_resting() => Some(Stage::Resting),
            Call::Ringing | Call::InFlow => Some(Stage::InFlow),
            Call::Queued(visit) | Call::Offered(visit, _) => {
                let queue = self.queues.get(&visit.ticket.queue)?;
                // Whoever is being offered is next.
                let position = positions.get(&contact.id).copied().unwrap_or(1);
                Some(Stage::Waiting {
                    queue: queue.config.id,
                    queue_name: queue.config.name.clone(),
                    position,
                    since: visit.entered,
                    expected_wait_ms: queue.expected_wait(position),
                    offered_to: contact.call.offer().map(|offer| offer.agent),
                })
            }
            Call::Talking(talk) => Some(Stage::Talking {
                agent: talk.agent,
                segment: talk.segment,
                since: talk.since,
                calling: contact.is_calling(),
            }),
        }
    }
}

impl Queue {
    fn live(&self, hours: HoursLive, now: Timestamp) -> QueueLive {
        QueueLive {
            id: self.config.id,
            name: self.config.name.clone(),
            waiting: self.waiting(),
            oldest_wait_ms: self.oldest_wait(now),
            expected_wait_ms: self.expected_wait(self.waiting().saturating_add(1)),
            agents_ready: self.pools.free(),
            agents_busy: self.pools.busy(),
            agents_paused: self.pools.paused(),
            queued: self.figures.queued,
            answered: self.figures.answered,
            abandoned: self.figures.abandoned,
            service_level: self.figures.service_level(),
            refused: self.figures.refused,
            hours,
        }
    }
}
