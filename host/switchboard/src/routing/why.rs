//! Why a contact still waits: the answer to a supervisor, made when asked. Looks at every agent of
//! the queue, so it costs as much as there is to look at; never part of a decision.

use crate::agent::Agent;
use crate::limits::EXPLAINED_AGENTS;
use crate::queue::visit::Visit;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::routing::{Exclusion, ExclusionTotal, WhyWaiting};
use std::collections::BTreeMap;

impl Switchboard {
    /// None when the contact does not wait in a queue. `now` may be later than the last input.
    pub fn why_waiting(&self, id: ContactId, now: Timestamp) -> Option<WhyWaiting> {
        let contact = self.contacts.get(&id)?;
        let visit = contact.call.visit()?;
        let queue = self.queues.get(&visit.ticket.queue)?;
        let offered_to = contact.call.offer().map(|offer| offer.agent);
        let position = match offered_to {
            Some(_) => 1,
            None => queue.position(&visit.rank(id), now),
        };
        let mut candidates = Vec::new();
        let mut excluded = Vec::new();
        let mut totals = BTreeMap::<String, u32>::new();
        for (agent, state) in &self.agents {
            if !state.serves(queue.config.id) {
                continue;
            }
            match keeps_out(state, visit) {
                None => candidates.push((idle_since(state), *agent)),
                Some(why) => {
                    *totals.entry(why.kind().to_owned()).or_default() += 1;
                    excluded.push((*agent, why));
                }
            }
        }
        candidates.sort_unstable();
        let candidates_total = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
        candidates.truncate(EXPLAINED_AGENTS);
        excluded.truncate(EXPLAINED_AGENTS);
        Some(WhyWaiting {
            at: now,
            contact: id,
            visit: visit.id,
            queue: queue.config.id,
            queue_name: queue.config.name.clone(),
            queue_open: true,
            since: visit.entered,
            position,
            expected_wait_ms: queue.expected_wait(position),
            ring: 1,
            next_ring_at: None,
            preferred: visit.preferred.map(|(agent, _)| agent),
            preferred_until: visit.preferred.map(|(_, until)| until),
            offered_to,
            deciding: self.routing.is_deciding(&queue.config.policy),
            held_until: None,
            candidates: candidates.into_iter().map(|(_, agent)| agent).collect(),
            candidates_total,
            excluded,
            excluded_totals: totals
                .into_iter()
                .map(|(kind, agents)| ExclusionTotal { kind, agents })
                .collect(),
            said: None,
        })
    }
}

fn idle_since(agent: &Agent) -> Timestamp {
    match agent.state() {
        AgentState::Ready { since } => since,
        _ => Timestamp::default(),
    }
}

fn keeps_out(agent: &Agent, visit: &Visit) -> Option<Exclusion> {
    if let Some(hindrance) = agent.hindrance(visit.needs.medium()) {
        return Some(hindrance);
    }
    let unmet = visit
        .needs
        .expression()
        .unmet(&|skill| agent.level(skill))?;
    Some(Exclusion::Skill(unmet.to_string()))
}

impl Agent {
    fn serves(&self, queue: hotline_vocabulary::ids::QueueId) -> bool {
        self.config
            .queues
            .iter()
            .any(|member| member.queue == queue)
    }

    fn level(&self, skill: &str) -> u8 {
        let known = self.config.skills.iter().find(|known| known.name == skill);
        known.map_or(0, |known| known.level)
    }
}
