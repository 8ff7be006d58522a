//! Inputs at random, as a contact centre could give them. What they are made of shrinks: fewer moves,
//! fewer contacts, smaller numbers.

use crate::call::{AGENT_WORDS, Call, Move};
use crate::fixture::Case;
use crate::sample::{MONDAY_TEN_O_CLOCK, history, interaction, queue};
use crate::subject::Kind;
use hotline_vocabulary::ids::{AgentId, ContactId, Id, QueueId};
use hotline_vocabulary::question::Question;
use hotline_vocabulary::routing::{AgentView, Batch, Candidate, ContactView, FoundFact, VisitView};
use hotline_vocabulary::skills::{Skill, SkillNeed};
use hotline_vocabulary::time::Millis;
use proptest::collection::vec;
use proptest::prelude::*;

/// How large the inputs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// An ordinary day.
    Usual,
    /// Ten times that: for a policy the largest batch that the host asks about.
    TenTimes,
}

const SKILLS: [&str; 4] = ["german", "english", "loans", "cards"];

pub(crate) fn case(kind: Kind, size: Size) -> BoxedStrategy<Case> {
    match kind {
        Kind::Flow => call(size)
            .prop_map(|call| Case::Call(Box::new(call)))
            .boxed(),
        Kind::Policy => question(size).prop_map(|q| Case::Ask(Box::new(q))).boxed(),
    }
}

fn keys() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[0-9]",
        2 => "[0-9]{6}",
        1 => "[0-9*#]{1,64}",
    ]
}

fn one_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        6 => keys().prop_map(Move::Press),
        1 => "[0-9]{1,3}".prop_map(Move::PressAndStop),
        2 => Just(Move::PressNothing),
        2 => (1u32..200).prop_map(Move::Position),
        1 => prop::sample::select(AGENT_WORDS.to_vec()).prop_map(|w| Move::Agent(w.to_owned())),
        2 => Just(Move::Timer),
        1 => Just(Move::HangUp),
    ]
}

fn call(size: Size) -> impl Strategy<Value = Call> {
    let enqueue = prop_oneof![
        5 => Just("queued"),
        1 => Just("queue-full"),
        1 => Just("unknown-queue"),
        1 => Just("queue-closed"),
    ];
    let wish = prop_oneof![3 => Just("ok"), 1 => Just("refused"), 1 => Just("failed")];
    let (moves, attributes, bytes) = match size {
        Size::Usual => (0..12, 0usize..6, 20),
        Size::TenTimes => (0..40, 60usize..61, 200),
    };
    (vec(one_move(), moves), enqueue, wish, attributes).prop_map(
        move |(moves, enqueue, wish, attributes)| {
            let mut contact = interaction(1);
            let more = (0..attributes).map(|n| (format!("attribute-{n}"), "x".repeat(bytes)));
            contact.attributes.extend(more);
            Call {
                moves,
                enqueue: enqueue.to_owned(),
                wish: wish.to_owned(),
                interaction: (attributes > 0).then_some(contact),
            }
        },
    )
}

fn question(size: Size) -> impl Strategy<Value = Question> {
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
