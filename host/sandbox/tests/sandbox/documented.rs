//! What others document of their routing, met by the shipped skills policy: the compiled component
//! with the configuration named, a row a behaviour. Those that the queue engine decides are in
//! `tests/simulation`.

use crate::offline::policy;
use crate::stand::{contact, interaction, visit};
use hotline_sandbox::offline::Policy;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{AgentId, Id, QueueId};
use hotline_vocabulary::question::{Answer, Question};
use hotline_vocabulary::routing::{
    AgentView, Batch, Candidate, ContactView, Decision, Order, Outcome,
};
use hotline_vocabulary::skills::{Skill, SkillNeed};
use hotline_vocabulary::time::Millis;

/// Idle seconds, ring, and levels of one free agent.
type Agent = (u64, u8, &'static [(&'static str, u8)]);

struct Row {
    source: &'static str,
    config: &'static str,
    needs: &'static [&'static str],
    attributes: &'static [(&'static str, &'static str)],
    waited_s: u64,
    /// Longest idle of a ring first, as the engine names them.
    agents: &'static [Agent],
    /// Who gets the contact, by place; none for nobody.
    gets: Option<usize>,
}

const PLAIN: Row = Row {
    source: "",
    config: "{}",
    needs: &[],
    attributes: &[],
    waited_s: 10,
    agents: &[],
    gets: None,
};

const IN_TURN: &str = r#"{"agent_order":{"in_turn":["finance","support"]}}"#;

const FILTERED: &str = r#"{"filters":[
    {"attributes":{"product":"loans","tier":"gold"},
     "targets":[{"skills":{"loans":8},"for_s":30},{"skills":{"loans":3},"for_s":30},{}]},
    {"attributes":{"product":"loans"},"targets":[{"skills":{"loans":1}}]}]}"#;
const GOLD_LOANS: &[(&str, &str)] = &[("product", "loans"), ("tier", "gold")];

const ROWS: [Row; 14] = [
    Row {
        source: "Genesys best skill: the highest average proficiency among the qualified",
        needs: &["english", "cards"],
        agents: &[
            (90, 1, &[("english", 10), ("cards", 1)]),
            (10, 1, &[("english", 6), ("cards", 6)]),
        ],
        gets: Some(1),
        ..PLAIN
    },
    Row {
        source: "Genesys best skill: ties by idle time",
        needs: &["english", "cards"],
        agents: &[
            (90, 1, &[("english", 8), ("cards", 4)]),
            (10, 1, &[("english", 4), ("cards", 8)]),
        ],
        gets: Some(0),
        ..PLAIN
    },
    Row {
        source: "Genesys best skill: only the needed skills count",
        needs: &["english"],
        agents: &[
            (90, 1, &[("english", 5), ("cards", 10)]),
            (10, 1, &[("english", 6)]),
        ],
        gets: Some(1),
        ..PLAIN
    },
    Row {
        source: "Genesys bullseye: an agent of ring 1 has precedence over a better one of ring 2",
        needs: &["english"],
        agents: &[(1, 1, &[("english", 2)]), (90, 2, &[("english", 10)])],
        gets: Some(0),
        ..PLAIN
    },
    Row {
        source: "Genesys bullseye: ring 2 serves when nobody of ring 1 is free",
        needs: &["english"],
        agents: &[(90, 2, &[]), (10, 3, &[("english", 10)])],
        gets: Some(0),
        ..PLAIN
    },
    Row {
        source: "Twilio: ordered by finance then support, (10, 8) over (10, 5)",
        config: IN_TURN,
        agents: &[
            (90, 1, &[("finance", 10), ("support", 5)]),
            (10, 1, &[("finance", 10), ("support", 8)]),
        ],
        gets: Some(1),
        ..PLAIN
    },
    Row {
        source: "Twilio: the first of the order outweighs all that follow",
        config: IN_TURN,
        agents: &[
            (90, 1, &[("finance", 8), ("support", 10)]),
            (10, 1, &[("finance", 9)]),
        ],
        gets: Some(1),
        ..PLAIN
    },
    Row {
        source: "Twilio: the first matching filter wins, though a later one matches too",
        config: FILTERED,
        attributes: GOLD_LOANS,
        agents: &[(90, 1, &[("loans", 2)]), (10, 1, &[("loans", 8)])],
        gets: Some(1),
        ..PLAIN
    },
    Row {
        source: "Twilio: a later filter serves whom the first does not match",
        config: FILTERED,
        attributes: &[("product", "loans")],
        agents: &[(90, 1, &[("loans", 2)]), (10, 1, &[])],
        gets: Some(0),
        ..PLAIN
    },
    Row {
        source: "Twilio: the first target alone counts within its time-out",
        config: FILTERED,
        attributes: GOLD_LOANS,
        waited_s: 29,
        agents: &[(90, 1, &[("loans", 7)])],
        gets: None,
        ..PLAIN
    },
    Row {
        source: "Twilio: targets follow one another at their time-outs",
        config: FILTERED,
        attributes: GOLD_LOANS,
        waited_s: 30,
        agents: &[(90, 1, &[("loans", 2)]), (10, 1, &[("loans", 7)])],
        gets: Some(1),
        ..PLAIN
    },
    Row {
        source: "Twilio: after the last time-out anyone who qualifies",
        config: FILTERED,
        attributes: GOLD_LOANS,
        waited_s: 60,
        agents: &[(90, 1, &[])],
        gets: Some(0),
        ..PLAIN
    },
    Row {
        source: "Twilio: whom no filter matches waits and is not lost: the queue's own rules hold",
        config: FILTERED,
        attributes: &[("product", "cards")],
        agents: &[(90, 1, &[])],
        gets: Some(0),
        ..PLAIN
    },
    Row {
        source: "Amazon Connect: after the last criteria step any agent of the queue, idle longest",
        needs: &["english"],
        agents: &[(90, 3, &[]), (10, 3, &[])],
        gets: Some(0),
        ..PLAIN
    },
];

impl Row {
    fn question(&self) -> Question {
        let agents = (1u128..).zip(self.agents).map(|(number, agent)| AgentView {
            id: AgentId::from_bits(number),
            idle_ms: Millis::from_secs(agent.0),
            occupancy: 0.5,
            skills: agent
                .2
                .iter()
                .map(|(name, level)| Skill {
                    name: (*name).to_owned(),
                    level: *level,
                })
                .collect(),
            experience: Vec::new(),
        });
        let mut interaction = interaction(contact(1));
        let attributes = self.attributes.iter();
        interaction.attributes = attributes
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let candidates = (0u32..).zip(self.agents);
        let view = ContactView {
            contact: contact(1),
            interaction,
            queue: QueueId::from_bits(1),
            waited_ms: Millis::from_secs(self.waited_s),
            attempt: 0,
            ring: self.agents.iter().map(|agent| agent.1).max().unwrap_or(1),
            needs: self
                .needs
                .iter()
                .map(|skill| SkillNeed {
                    skill: (*skill).to_owned(),
                    at_least: 1,
                })
                .collect(),
            candidates: candidates
                .map(|(place, agent)| Candidate {
                    agent: place,
                    ring: agent.1,
                })
                .collect(),
            candidates_total: self.agents.len() as u32,
            preferred: None,
            facts: Vec::new(),
        };
        Question::Decide {
            policy: None,
            batch: Batch {
                at: Timestamp(1_790_000_000_000),
                queues: vec![crate::stand::queue()],
                agents: agents.collect(),
                contacts: vec![view],
            },
        }
    }
}

fn decided(policy: &Policy, question: &Question) -> Outcome {
    match policy.answer(question).outcome {
        Ok(Answer::Decide(mut outcomes)) => outcomes.remove(0),
        other => panic!("expected a decision, got {other:?}"),
    }
}

#[test]
fn agents_are_chosen_as_others_document_it() {
    for row in ROWS {
        let policy = policy(1, "best_skill", row.config);
        let outcome = decided(&policy, &row.question());
        let expected = row.gets.map(|place| AgentId::from_bits(place as u128 + 1));
        match (&outcome.decision, expected) {
            (Decision::Assign(agent), Some(expected)) => {
                assert_eq!(*agent, expected, "{}", row.source);
            }
            (Decision::KeepWaiting, None) => {
                // Without it the engine would not let a contact wait beside free agents.
                let again = outcome.recheck_after_ms;
                assert_eq!(
                    again,
                    Some(Millis::from_secs(30 - row.waited_s)),
                    "{}",
                    row.source
                );
            }
            (decision, _) => panic!("{}: {decision:?}", row.source),
        }
        assert!(!outcome.reasons.is_empty(), "{}", row.source);
    }
}

/// Priority, attributes and seconds of waiting of two contacts; the first is served first.
type Pair = [(i32, &'static [(&'static str, &'static str)], u64); 2];

const FREESWITCH: &str =
    r#"{"points_per_minute":60,"score_attributes":["base_score","skill_score"]}"#;

const ORDERS: [(&str, &str, Pair); 7] = [
    (
        "Genesys: one point of priority equals 60 s of age, just not yet",
        "{}",
        [(1, &[], 0), (0, &[], 59)],
    ),
    (
        "Genesys: one point of priority equals 60 s of age, just so",
        "{}",
        [(0, &[], 61), (1, &[], 0)],
    ),
    (
        "FreeSWITCH: among equals who joined first",
        FREESWITCH,
        [(0, &[], 12), (0, &[], 11)],
    ),
    (
        "FreeSWITCH: a base score counts as seconds",
        FREESWITCH,
        [(0, &[("base_score", "100")], 0), (0, &[], 99)],
    ),
    (
        "FreeSWITCH: age overtakes a base score",
        FREESWITCH,
        [(0, &[], 101), (0, &[("base_score", "100")], 0)],
    ),
    (
        "FreeSWITCH: base score and skill score add up",
        FREESWITCH,
        [
            (0, &[("base_score", "30"), ("skill_score", "40")], 0),
            (0, &[("base_score", "60")], 9),
        ],
    ),
    (
        "FreeSWITCH: a score that is no number counts nothing",
        FREESWITCH,
        [(0, &[], 1), (0, &[("base_score", "high")], 0)],
    ),
];

#[test]
fn contacts_are_ordered_as_others_document_it() {
    for (source, config, pair) in ORDERS {
        let policy = policy(1, "best_skill", config);
        let places = pair.map(|(priority, attributes, waited_s)| {
            let mut visit = visit(contact(1));
            visit.interaction.priority = priority;
            visit.interaction.attributes = attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            let question = Question::Rank {
                policy: None,
                contact: contact(1),
                visit,
            };
            match policy.answer(&question).outcome {
                Ok(Answer::Rank(Order { base, slope, .. })) => {
                    base + slope * (waited_s * 1_000) as f64
                }
                other => panic!("{source}: {other:?}"),
            }
        });
        assert!(places[0] > places[1], "{source}: {places:?}");
    }
}
