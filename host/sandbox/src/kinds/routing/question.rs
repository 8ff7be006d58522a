//! What a policy is asked, in the words of `wit/`: borrowed from the host's own, so that only lists
//! are built anew.

use super::super::{attributes, interaction};
use crate::bindings::hotline::common::types::SkillNeed;
use crate::bindings::hotline::routing::types as wit;
use crate::host::millis;
use crate::wording::Wording;
use hotline_vocabulary::routing::{AgentView, Batch, ContactView, FoundFact, QueueView, VisitView};

pub(super) fn visit<T>(
    visit: &VisitView,
    wording: Wording,
    use_it: impl FnOnce(wit::Visit<'_>) -> T,
) -> T {
    let attributes = attributes(&visit.interaction);
    let queue = visit.queue.id.to_string();
    use_it(wit::Visit {
        interaction: interaction(&visit.interaction, &attributes, wording),
        queue: queue_view(&visit.queue, &queue, wording),
        waited_ms: visit.waited_ms.0,
        facts: &facts(&visit.facts),
        ext: wording.ext(),
    })
}

pub(super) fn batch<T>(
    batch: &Batch,
    wording: Wording,
    use_it: impl FnOnce(wit::Batch<'_>) -> T,
) -> T {
    let queue_ids: Vec<String> = batch.queues.iter().map(|q| q.id.to_string()).collect();
    let queues = batch.queues.iter().zip(&queue_ids);
    let queues: Vec<_> = queues
        .map(|(queue, id)| queue_view(queue, id, wording))
        .collect();

    let agent_parts: Vec<_> = batch.agents.iter().map(AgentParts::of).collect();
    let agents = batch.agents.iter().zip(&agent_parts);
    let agents: Vec<_> = agents
        .map(|(agent, parts)| parts.view(agent, wording))
        .collect();

    let contact_parts: Vec<_> = batch.contacts.iter().map(ContactParts::of).collect();
    let contacts = batch.contacts.iter().zip(&contact_parts);
    let contacts: Vec<_> = contacts
        .map(|(contact, parts)| {
            let place = batch.queues.iter().position(|q| q.id == contact.queue);
            parts.view(
                contact,
                place.map_or("", |place| &queue_ids[place]),
                wording,
            )
        })
        .collect();
    use_it(wit::Batch {
        at: millis(batch.at),
        queues: &queues,
        agents: &agents,
        contacts: &contacts,
        ext: wording.ext(),
    })
}

/// What a view of an agent borrows besides the agent.
struct AgentParts<'a> {
    id: String,
    skills: Vec<wit::Skill<'a>>,
    experience: Vec<wit::Experience<'a>>,
}

impl<'a> AgentParts<'a> {
    fn of(agent: &'a AgentView) -> Self {
        let skills = agent.skills.iter().map(|skill| wit::Skill {
            name: &skill.name,
            level: skill.level,
        });
        let experience = agent.experience.iter().map(|known| wit::Experience {
            topic: &known.topic,
            handled: known.handled,
            last_ended_ms: known.last_ended_ms.map(|ago| ago.0),
            resolution: known.resolution,
            rating: known.rating,
        });
        AgentParts {
            id: agent.id.to_string(),
            skills: skills.collect(),
            experience: experience.collect(),
        }
    }

    fn view(&'a self, agent: &AgentView, wording: Wording) -> wit::AgentView<'a> {
        wit::AgentView {
            id: &self.id,
            idle_ms: agent.idle_ms.0,
            occupancy: agent.occupancy,
            skills: &self.skills,
            experience: &self.experience,
            ext: wording.ext(),
        }
    }
}

/// What a view of a contact borrows besides the contact.
struct ContactParts<'a> {
    attributes: Vec<(&'a str, &'a str)>,
    needs: Vec<SkillNeed<'a>>,
    candidates: Vec<wit::Candidate>,
    facts: Vec<(&'a str, &'a str)>,
}

impl<'a> ContactParts<'a> {
    fn of(contact: &'a ContactView) -> Self {
        let needs = contact.needs.iter().map(|need| SkillNeed {
            name: &need.skill,
            at_least: need.at_least,
        });
        let candidates = contact.candidates.iter().map(|candidate| wit::Candidate {
            agent: candidate.agent,
            ring: candidate.ring,
        });
        ContactParts {
            attributes: attributes(&contact.interaction),
            needs: needs.collect(),
            candidates: candidates.collect(),
            facts: facts(&contact.facts),
        }
    }

    fn view(
        &'a self,
        contact: &'a ContactView,
        queue: &'a str,
        wording: Wording,
    ) -> wit::ContactView<'a> {
        wit::ContactView {
            interaction: interaction(&contact.interaction, &self.attributes, wording),
            queue,
            waited_ms: contact.waited_ms.0,
            attempt: contact.attempt,
            ring: contact.ring,
            needs: &self.needs,
            candidates: &self.candidates,
            candidates_total: contact.candidates_total,
            preferred: contact.preferred,
            facts: &self.facts,
            ext: wording.ext(),
        }
    }
}

fn queue_view<'a>(queue: &'a QueueView, id: &'a str, wording: Wording) -> wit::QueueView<'a> {
    wit::QueueView {
        id,
        name: &queue.name,
        waiting: queue.waiting,
        oldest_wait_ms: queue.oldest_wait_ms.0,
        ready_agents: queue.ready_agents,
        service_level_ms: queue.service_level_ms.0,
        expected_wait_ms: queue.expected_wait_ms.map(|wait| wait.0),
        open: queue.open,
        ext: wording.ext(),
    }
}

fn facts(found: &[FoundFact]) -> Vec<(&str, &str)> {
    let pairs = found.iter();
    pairs.map(|fact| (&*fact.id, &*fact.value)).collect()
}
