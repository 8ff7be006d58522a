//! What a policy is asked, in the words of `wit/`: borrowed from the host's own, so that only lists
//! are built anew.

use super::super::{attributes, interaction};
use super::columns::{AgentColumns, Names};
use crate::bindings::hotline::routing::types as wit;
use crate::host::millis;
use crate::wording::Wording;
use hotline_vocabulary::routing::{Batch, ContactView, FoundFact, QueueView, VisitView};

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

    let skills = Names::of_skills(batch);
    let agents = AgentColumns::of(&batch.agents, &skills);
    let contact_parts: Vec<_> = batch
        .contacts
        .iter()
        .map(|contact| ContactParts::of(contact, &skills, batch.agents.len()))
        .collect();
    let contacts = batch.contacts.iter().zip(&contact_parts);
    let contacts: Vec<_> = contacts
        .map(|(contact, parts)| {
            let place = batch.queues.iter().position(|q| q.id == contact.queue);
            parts.view(contact, place.unwrap_or(0), wording)
        })
        .collect();
    use_it(wit::Batch {
        at: millis(batch.at),
        queues: &queues,
        skills: &skills.names,
        agents: agents.view(wording),
        contacts: &contacts,
        ext: wording.ext(),
    })
}

/// What a view of a contact borrows besides the contact.
struct ContactParts<'a> {
    attributes: Vec<(&'a str, &'a str)>,
    needs: Vec<wit::Need>,
    rings: Vec<u8>,
    facts: Vec<(&'a str, &'a str)>,
}

impl<'a> ContactParts<'a> {
    fn of(contact: &'a ContactView, skills: &Names<'_>, agents: usize) -> Self {
        let needs = contact.needs.iter().map(|need| wit::Need {
            skill: skills.place(&need.skill),
            at_least: need.at_least,
        });
        let mut rings = vec![0; agents];
        for candidate in &contact.candidates {
            if let Some(ring) = rings.get_mut(candidate.agent as usize) {
                *ring = candidate.ring.max(1);
            }
        }
        ContactParts {
            attributes: attributes(&contact.interaction),
            needs: needs.collect(),
            rings,
            facts: facts(&contact.facts),
        }
    }

    fn view(
        &'a self,
        contact: &'a ContactView,
        queue: usize,
        wording: Wording,
    ) -> wit::ContactView<'a> {
        wit::ContactView {
            interaction: interaction(&contact.interaction, &self.attributes, wording),
            queue: u32::try_from(queue).unwrap_or(u32::MAX),
            waited_ms: contact.waited_ms.0,
            attempt: contact.attempt,
            ring: contact.ring,
            needs: &self.needs,
            rings: &self.rings,
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
