//! An input of each kind as an ordinary day has it: the default of `hotline plugin run`.

use crate::call::{Call, Move};
use crate::subject::Kind;
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::ids::{AgentId, ContactId, Id, QueueId};
use hotline_vocabulary::question::Question;
use hotline_vocabulary::routing::{
    AgentView, Batch, Candidate, ContactView, FoundFact, QueueView, VisitView,
};
use hotline_vocabulary::skills::{Skill, SkillNeed};
use hotline_vocabulary::time::{Millis, Timestamp};

/// 2026-01-05 10:00 UTC, a Monday.
pub(crate) const MONDAY_TEN_O_CLOCK: Timestamp = Timestamp(1_767_607_200_000);

/// A caller who presses 1, hears where they stand, and is connected.
pub fn sample_call() -> Call {
    Call {
        moves: vec![
            Move::Press("1".to_owned()),
            Move::Position(2),
            Move::Agent("connected".to_owned()),
        ],
        ..Call::default()
    }
}

/// What the function of a policy is asked.
pub fn sample_question(function: &str) -> Option<Question> {
    let (policy, contact) = (None, ContactId::from_bits(1));
    match function {
        "plan" => Some(Question::Plan {
            policy,
            contact,
            visit: VisitView {
                facts: Vec::new(),
                ..sample_visit()
            },
        }),
        "rank" => Some(Question::Rank {
            policy,
            contact,
            visit: sample_visit(),
        }),
        "decide" => Some(Question::Decide {
            policy,
            batch: sample_batch(),
        }),
        _ => None,
    }
}

impl Kind {
    /// The functions that can be asked by themselves, the most telling last.
    pub const fn functions(self) -> &'static [&'static str] {
        match self {
            Kind::Flow => &[],
            Kind::Policy => &["plan", "rank", "decide"],
        }
    }
}

pub(crate) fn interaction(number: u128) -> Interaction {
    Interaction {
        id: ContactId::from_bits(number).to_string(),
        channel: "phone".to_owned(),
        direction: "inbound".to_owned(),
        caller: format!("+49301234{number:02}").into(),
        dialled: "100".to_owned(),
        language: Some("en".to_owned()),
        started_at: MONDAY_TEN_O_CLOCK,
        priority: 0,
        attributes: vec![("topic".to_owned(), "support".to_owned())],
    }
}

pub(crate) fn queue() -> QueueView {
    QueueView {
        id: QueueId::from_bits(1),
        name: "support".to_owned(),
        waiting: 2,
        oldest_wait_ms: Millis(40_000),
        ready_agents: 2,
        service_level_ms: Millis(20_000),
        expected_wait_ms: Some(Millis(60_000)),
        open: true,
    }
}

/// Someone who called three times lately and has just come to `support`.
pub fn sample_visit() -> VisitView {
    VisitView {
        interaction: interaction(1),
        queue: queue(),
        waited_ms: Millis(0),
        facts: vec![history(3, AgentId::from_bits(1))],
    }
}

pub(crate) fn history(contacts: u32, last_agent: AgentId) -> FoundFact {
    FoundFact {
        id: "history".to_owned(),
        value: serde_json::json!({"contacts_90_days": contacts, "last_agent": last_agent})
            .to_string(),
    }
}

/// Two who wait for German, and two free agents of whom the second speaks it better.
pub fn sample_batch() -> Batch {
    let agent = |number: u128, level| AgentView {
        id: AgentId::from_bits(number),
        idle_ms: Millis(60_000 / number as u64),
        occupancy: 0.5,
        skills: vec![Skill {
            name: "german".to_owned(),
            level,
        }],
        experience: Vec::new(),
    };
    let contact = |number: u128, waited_ms| ContactView {
        contact: ContactId::from_bits(number),
        interaction: interaction(number),
        queue: QueueId::from_bits(1),
        waited_ms: Millis(waited_ms),
        attempt: 0,
        ring: 1,
        needs: vec![SkillNeed {
            skill: "german".to_owned(),
            at_least: 1,
        }],
        candidates: vec![
            Candidate { agent: 0, ring: 1 },
            Candidate { agent: 1, ring: 1 },
        ],
        candidates_total: 2,
        preferred: None,
        facts: Vec::new(),
    };
    Batch {
        at: MONDAY_TEN_O_CLOCK,
        queues: vec![queue()],
        agents: vec![agent(1, 3), agent(2, 8)],
        contacts: vec![contact(1, 40_000), contact(2, 10_000)],
    }
}
