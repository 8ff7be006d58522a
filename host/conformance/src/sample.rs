//! An input of each kind as an ordinary day has it: the default of `hotline plugin run`.

use crate::call::{Call, Move};
use crate::case::Case;
use crate::conversation::{Conversation, Heard};
use crate::errand::Errand;
use crate::ordinary::{MONDAY_TEN_O_CLOCK, history, interaction, queue, subject, turn};
use crate::reply::Reply;
use crate::subject::Kind;
use hotline_vocabulary::connector::{Activity, Contact, ContactQuery, NewCase, Operation};
use hotline_vocabulary::ids::{AgentId, ContactId, Id, QueueId};
use hotline_vocabulary::qa::{self, Speaker, Transcript};
use hotline_vocabulary::question::Question;
use hotline_vocabulary::routing::{AgentView, Batch, Candidate, ContactView, VisitView};
use hotline_vocabulary::skills::{Skill, SkillNeed};
use hotline_vocabulary::time::Millis;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it has no function `{asked}`; it has {}", has.join(", "))]
pub struct UnknownFunction {
    asked: String,
    has: &'static [&'static str],
}

impl Kind {
    /// What can be asked by itself, the most telling first: functions, or operations of a connector.
    pub const fn functions(self) -> &'static [&'static str] {
        match self {
            Kind::Flow => &["step"],
            Kind::Policy => &["decide", "rank", "plan"],
            Kind::QaRule => &["evaluate"],
            Kind::QaLive => &["observe"],
            Kind::QaRuleAndLive => &["evaluate", "observe"],
            Kind::Connector => &[
                "find-contact",
                "upsert-contact",
                "log-activity",
                "open-case",
                "picklist",
                "check-connection",
            ],
        }
    }
}

/// An ordinary input of a function; of the most telling one when none is named.
///
/// # Errors
/// This kind has no such function.
pub fn sample(kind: Kind, function: Option<&str>) -> Result<Case, UnknownFunction> {
    let name = named(kind, function)?;
    let (policy, contact) = (None, ContactId::from_bits(1));
    let question = match name {
        "step" => return Ok(Case::Call(Box::new(call()))),
        "observe" => return Ok(Case::Conversation(Box::new(conversation()))),
        "evaluate" => evaluated(said(&WORDS)),
        "plan" => Question::Plan {
            policy,
            contact,
            visit: VisitView {
                facts: Vec::new(),
                ..visit()
            },
        },
        "rank" => Question::Rank {
            policy,
            contact,
            visit: visit(),
        },
        "decide" => Question::Decide {
            policy,
            batch: batch(),
        },
        operation => {
            let errand = errand(operation).ok_or_else(|| UnknownFunction {
                asked: operation.to_owned(),
                has: kind.functions(),
            })?;
            return Ok(Case::Errand(Box::new(errand)));
        }
    };
    Ok(Case::Ask(Box::new(question)))
}

/// The function of this name, or the most telling one.
fn named(kind: Kind, function: Option<&str>) -> Result<&'static str, UnknownFunction> {
    let has = kind.functions();
    let found = match function {
        None => has.first(),
        Some(name) => has.iter().find(|one| **one == name),
    };
    found.copied().ok_or_else(|| UnknownFunction {
        asked: function.unwrap_or_default().to_owned(),
        has,
    })
}

impl Case {
    /// What a QA rule of this kind is asked about these lines, e.g. `agent: Good morning`; whoever is
    /// neither `agent` nor `customer` is the system. A rule that judges and hears is asked to judge,
    /// unless the function is named.
    ///
    /// # Errors
    /// This kind has no such function.
    pub fn of_lines(
        kind: Kind,
        function: Option<&str>,
        lines: &[String],
    ) -> Result<Case, UnknownFunction> {
        let name = named(kind, function)?;
        let lines: Vec<(&str, &str)> = lines
            .iter()
            .map(|line| line.split_once(':').unwrap_or(("system", line)))
            .collect();
        let turns = said(&lines);
        Ok(match name {
            "observe" => Case::Conversation(Box::new(heard(turns))),
            _ => Case::Ask(Box::new(evaluated(turns))),
        })
    }
}

/// A caller who presses 1, hears where they stand, and is connected.
fn call() -> Call {
    Call {
        moves: vec![
            Move::Press("1".to_owned()),
            Move::Position(2),
            Move::Agent("connected".to_owned()),
        ],
        ..Call::default()
    }
}

const WORDS: [(&str, &str); 5] = [
    ("system", "Welcome. This call may be recorded."),
    ("agent", "Good morning, Li speaking."),
    ("customer", "Hello, my card does not work."),
    (
        "agent",
        "I promise that a new one is with you tomorrow. Goodbye!",
    ),
    ("customer", "Thank you, goodbye."),
];

fn said(lines: &[(&str, &str)]) -> Vec<qa::Turn> {
    let turns = lines.iter().enumerate().map(|(place, (who, words))| {
        let speaker = match who.trim() {
            "agent" => Speaker::Agent("Li".to_owned()),
            "customer" => Speaker::Customer,
            _ => Speaker::System,
        };
        turn(place, speaker, words.trim().to_owned())
    });
    turns.collect()
}

fn evaluated(turns: Vec<qa::Turn>) -> Question {
    let subject = subject(turns.len());
    Question::Qa {
        rule: "rule".to_owned(),
        contact: ContactId::from_bits(1),
        at: MONDAY_TEN_O_CLOCK + subject.duration_ms,
        ask: qa::Question::Evaluate {
            subject,
            transcript: Transcript { turns },
        },
    }
}

fn conversation() -> Conversation {
    heard(said(&WORDS))
}

fn heard(turns: Vec<qa::Turn>) -> Conversation {
    let heard = (0..).zip(turns).map(|(place, said)| Heard { place, said });
    Conversation {
        heard: heard.collect(),
        interaction: None,
    }
}

/// Each with a reply that a plain REST service could give.
pub(crate) fn errand(operation: &str) -> Option<Errand> {
    let (operation, reply) = match operation {
        "find-contact" => (
            Operation::FindContact(ContactQuery {
                phone: Some("+8613800138000".into()),
                limit: 5,
                ..ContactQuery::default()
            }),
            r#"[{"id": 7, "name": "Li", "phone": "+8613800138000"}]"#,
        ),
        "upsert-contact" => (
            Operation::UpsertContact(Contact {
                name: "Li".into(),
                phones: vec!["+8613800138000".into()],
                ..Contact::default()
            }),
            r#"{"id": 7}"#,
        ),
        "log-activity" => (
            Operation::LogActivity(Activity {
                contact: Some("7".to_owned()),
                interaction_id: interaction(1).id,
                subject: "Call".into(),
                body: "A card did not work.".into(),
                direction: "inbound".to_owned(),
                channel: "phone".to_owned(),
                started_at: MONDAY_TEN_O_CLOCK,
                duration_ms: Millis(61_000),
                agent: Some("Li".to_owned()),
                disposition: None,
                fields: Vec::new(),
            }),
            r#"{"id": 81}"#,
        ),
        "open-case" => (
            Operation::OpenCase(NewCase {
                contact: Some("7".to_owned()),
                subject: "Card".into(),
                description: "A card did not work.".into(),
                priority: None,
                category: None,
                fields: Vec::new(),
            }),
            r#"{"id": 31}"#,
        ),
        "picklist" => (
            Operation::Picklist("priority".to_owned()),
            r#"[{"value": "high", "label": "High"}]"#,
        ),
        "check-connection" => (Operation::CheckConnection, "[]"),
        _ => return None,
    };
    Some(Errand {
        operation,
        replies: vec![Reply::status(200, reply)],
    })
}

/// Someone who called three times lately and has just come to `support`.
fn visit() -> VisitView {
    VisitView {
        interaction: interaction(1),
        queue: queue(),
        waited_ms: Millis(0),
        facts: vec![history(3, AgentId::from_bits(1))],
    }
}

/// Two who wait for German, and two free agents of whom the second speaks it better.
fn batch() -> Batch {
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
