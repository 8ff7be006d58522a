//! What a plugin is asked before it goes live: the least that any of its kind can answer.

use crate::kinds::qa::Rule;
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::routing::Batch;
use hotline_vocabulary::time::Millis;
use hotline_vocabulary::{Address, Timestamp, connector, qa};

/// A decision that any policy can make.
pub(crate) fn nobody() -> Batch {
    Batch {
        at: Timestamp(0),
        queues: Vec::new(),
        agents: Vec::new(),
        contacts: Vec::new(),
    }
}

/// A contact in which nothing was said, and a word of nobody's, as far as the rule is asked that.
pub(crate) fn judgements(rule: &Rule) -> Vec<qa::Question> {
    let mut asked = Vec::new();
    if rule.judges() {
        asked.push(qa::Question::Evaluate {
            subject: qa::Subject {
                interaction: trial_contact(),
                queue: None,
                agents: Vec::new(),
                duration_ms: Millis(0),
            },
            transcript: qa::Transcript::default(),
        });
    }
    if rule.listens() {
        asked.push(qa::Question::Observe(qa::Utterance {
            interaction: trial_contact(),
            state: Vec::new(),
            place: 0,
            said: qa::Turn {
                speaker: qa::Speaker::System,
                start_ms: Millis(0),
                end_ms: Millis(0),
                text: String::new().into(),
                language: None,
                confidence: None,
            },
        }));
    }
    asked
}

/// Nothing is sent: only the description of the first request is asked for.
pub(crate) fn connection() -> connector::Question {
    connector::Question::Begin(Box::new(connector::Task {
        operation: connector::Operation::CheckConnection,
        interaction: None,
        at: Timestamp(0),
    }))
}

fn trial_contact() -> Interaction {
    Interaction {
        id: "trial".to_owned(),
        channel: "phone".to_owned(),
        direction: "inbound".to_owned(),
        caller: Address::new(String::new()),
        dialled: String::new(),
        language: None,
        started_at: Timestamp(0),
        priority: 0,
        attributes: Vec::new(),
    }
}
