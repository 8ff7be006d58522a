//! What a policy is shown: the first contacts in line who could meet a free agent, and those agents.
//! Bounded both ways, whatever the size of the house.

use crate::agent::Agent;
use crate::call::contact::Contact;
use crate::queue::Queue;
use crate::queue::line::{self, Line};
use crate::queue::visit::{Needs, Visit};
use crate::routing::verdict::{Candidacy, Considered};
use crate::routing::{Policy, PolicyDesk};
use crate::switchboard::Switchboard;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::routing::{AgentView, Batch, Candidate, ContactView};
use std::collections::BTreeMap;

/// Those who wait for the same skills in one queue, and who is free for them.
struct Meeting<'a> {
    queue: &'a Queue,
    needs: &'a Needs,
    line: &'a Line,
    /// Longest idle first.
    candidates: Vec<AgentId>,
}

impl Switchboard {
    /// None when no one who waits could meet anyone who is free.
    pub(super) fn batch(&self, policy: &Policy) -> Option<(Batch, Considered)> {
        let now = self.desk.now();
        let desk = self.routing.desks.get(policy)?;
        let most_agents = self.settings.limits.batch_agents.max(1) as usize;
        let most_contacts = self.settings.limits.batch_contacts.max(1) as usize;
        let meetings = self.meetings(desk, most_agents);
        let in_line = line::merge(now, meetings.iter().map(|meeting| (meeting, meeting.line)));

        let mut agents = Vec::<AgentView>::new();
        let mut places = BTreeMap::<AgentId, u32>::new();
        let mut contacts = Vec::new();
        let mut considered = Vec::new();
        for (meeting, rank) in in_line {
            let Some(contact) = self.contacts.get(&rank.contact) else {
                continue;
            };
            let Some(visit) = contact.call.waiting() else {
                continue;
            };
            if visit.kept_waiting_at == Some(desk.affairs) || visit.is_gathering() {
                continue;
            }
            let mut candidates = meeting.candidates_for(visit, most_agents);
            candidates.retain(|id| {
                if agents.len() < most_agents
                    && !places.contains_key(id)
                    && let Some(agent) = self.agents.get(id)
                {
                    places.insert(*id, agents.len() as u32);
                    agents.push(agent.view(now));
                }
                places.contains_key(id)
            });
            if candidates.is_empty() {
                continue;
            }
            considered.push(Candidacy {
                contact: contact.id,
                visit: visit.id,
                candidates: candidates.clone(),
            });
            let shown = candidates.iter().filter_map(|id| places.get(id));
            let shown = shown.map(|agent| Candidate {
                agent: *agent,
                ring: 1,
            });
            contacts.push(contact.view(visit, shown.collect(), now));
            if contacts.len() == most_contacts {
                break;
            }
        }
        if contacts.is_empty() {
            return None;
        }
        let mut queues: Vec<_> = meetings
            .iter()
            .map(|meeting| meeting.queue.view(now))
            .collect();
        queues.dedup_by_key(|queue| queue.id);
        let batch = Batch {
            at: now,
            queues,
            agents,
            contacts,
        };
        let considered = Considered {
            affairs: desk.affairs,
            contacts: considered,
        };
        Some((batch, considered))
    }

    fn meetings(&self, desk: &PolicyDesk, most_agents: usize) -> Vec<Meeting<'_>> {
        let queues = desk.queues.iter().filter_map(|id| self.queues.get(id));
        queues
            .flat_map(|queue| queue.lines().map(move |(needs, line)| (queue, needs, line)))
            .filter_map(|(queue, needs, line)| {
                let candidates: Vec<_> = queue
                    .pools
                    .of(needs.medium())
                    .qualified(needs)
                    .take(most_agents)
                    .collect();
                (!candidates.is_empty()).then_some(Meeting {
                    queue,
                    needs,
                    line,
                    candidates,
                })
            })
            .collect()
    }
}

impl Meeting<'_> {
    /// Those who have not declined this contact yet; if there are none, those who have.
    fn candidates_for(&self, visit: &Visit, most: usize) -> Vec<AgentId> {
        if visit.declined.is_empty() {
            return self.candidates.clone();
        }
        let fresh: Vec<AgentId> = self
            .queue
            .pools
            .of(self.needs.medium())
            .qualified(self.needs)
            .filter(|agent| !visit.declined.contains(agent))
            .take(most)
            .collect();
        if fresh.is_empty() {
            self.candidates.clone()
        } else {
            fresh
        }
    }
}

impl Agent {
    fn view(&self, now: Timestamp) -> AgentView {
        AgentView {
            id: self.config.id,
            idle_ms: self.idle(now),
            occupancy: self.occupancy(now),
            skills: self.config.skills.clone(),
            experience: Vec::new(),
        }
    }
}

impl Contact {
    fn view(&self, visit: &Visit, candidates: Vec<Candidate>, now: Timestamp) -> ContactView {
        ContactView {
            contact: self.id,
            interaction: self.interaction(),
            queue: visit.ticket.queue,
            waited_ms: now.since(visit.entered),
            attempt: visit.attempt,
            ring: 1,
            needs: visit.needs.to_vocabulary(),
            candidates_total: u32::try_from(candidates.len()).unwrap_or(u32::MAX),
            candidates,
            preferred: None,
            facts: visit.facts.clone(),
        }
    }
}
