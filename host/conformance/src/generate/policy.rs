//! Questions to a routing policy.

use super::Size;
use crate::ordinary::{MONDAY_TEN_O_CLOCK, history, interaction, queue};
use hotline_vocabulary::ids::{AgentId, ContactId, Id, QueueId};
use hotline_vocabulary::question::Question;
use hotline_vocabulary::routing::{AgentView, Batch, Candidate, ContactView, FoundFact, VisitView};
use hotline_vocabulary::skills::{Skill, SkillNeed};
use hotline_vocabulary::time::Millis;
use proptest::collection::vec;
use proptest::prelude::*;

const SKILLS: [&str; 4] = ["german", "english", "loans", "cards"];

pub(super) fn question(size: Size) -> impl Strategy<Value = Question> {
    let contact = ContactId::from_bits(1);
    prop_oneof![
        4 => batch(size).prop_map(|batch| Question::Decide { policy: None, batch }),
        1 => visit().prop_map(move |visit| Question::Rank { policy: None, contact, visit }),
        1 => visit().prop_map(move |visit| Question::Plan { policy: None, contact, visit }),
    ]
}

/// Known, found nothing, not there, or nothing that this policy asked for.
fn facts() -> impl Strategy<Value = Vec<FoundFact>> {
    let odd = |value: &str| {
        vec![FoundFact {
            id: "history".to_owned(),
            value: value.to_owned(),
        }]
    };
    prop_oneof![
        Just(Vec::new()),
        Just(odd("null")),
        Just(odd("[1, 2]")),
        (0u32..50, 1u128..20).prop_map(|(n, a)| vec![history(n, AgentId::from_bits(a))]),
    ]
}

fn visit() -> impl Strategy<Value = VisitView> {
    (0u64..3_600_000, -10i32..10, facts()).prop_map(|(waited, priority, facts)| VisitView {
        interaction: hotline_vocabulary::flow::Interaction {
            priority,
            ..interaction(1)
        },
        queue: queue(),
        waited_ms: Millis(waited),
        facts,
    })
}

fn batch(size: Size) -> impl Strategy<Value = Batch> {
    let (agents, contacts) = match size {
        Size::Usual => (0..25, 0..7),
        Size::TenTimes => (250..251, 64..65),
    };
    let agent = (0u64..600_000, 0u8..16, 1u8..=10);
    let waiting = (0u64..600_000, 0u8..16, any::<u64>(), -5i32..5, facts());
    (vec(agent, agents), vec(waiting, contacts)).prop_map(|(mut agents, contacts)| {
        // Longest idle first, as the host lists them.
        agents.sort_unstable_by_key(|agent| std::cmp::Reverse(agent.0));
        let agents: Vec<AgentView> = (1..)
            .zip(agents)
            .map(|(number, (idle, skills, level))| AgentView {
                id: AgentId::from_bits(number),
                idle_ms: Millis(idle),
                occupancy: 0.5,
                skills: named(skills)
                    .map(|name| Skill {
                        name: name.to_owned(),
                        level,
                    })
                    .collect(),
                experience: Vec::new(),
            })
            .collect();
        let contacts = (1..)
            .zip(contacts)
            .map(|(number, (waited, needs, free, priority, facts))| {
                let candidates = candidates(agents.len(), free);
                let mut contact = interaction(number);
                contact.priority = priority;
                ContactView {
                    contact: ContactId::from_bits(number),
                    interaction: contact,
                    queue: QueueId::from_bits(1),
                    waited_ms: Millis(waited),
                    attempt: 0,
                    ring: 1,
                    needs: named(needs)
                        .map(|name| SkillNeed {
                            skill: name.to_owned(),
                            at_least: 1,
                        })
                        .collect(),
                    candidates_total: u32::try_from(candidates.len()).unwrap_or(u32::MAX),
                    candidates,
                    preferred: None,
                    facts,
                }
            })
            .collect();
        Batch {
            at: MONDAY_TEN_O_CLOCK,
            queues: vec![queue()],
            agents,
            contacts,
        }
    })
}

/// The skills whose bits are set.
fn named(bits: u8) -> impl Iterator<Item = &'static str> {
    let chosen = move |place: &usize| bits & (1 << place) != 0;
    (0..SKILLS.len()).filter(chosen).map(|place| SKILLS[place])
}

/// The agents whose bits are set, over and over.
fn candidates(agents: usize, free: u64) -> Vec<Candidate> {
    (0u32..)
        .take(agents)
        .filter(|agent| free & (1 << (agent % 64)) != 0)
        .map(|agent| Candidate { agent, ring: 1 })
        .collect()
}
