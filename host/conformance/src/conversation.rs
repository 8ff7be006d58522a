//! One contact, heard by a live QA rule utterance by utterance.

use crate::delivery::{Delivery, kind};
use crate::ordinary::{MONDAY_TEN_O_CLOCK, interaction};
use crate::subject::Subject;
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::ids::{ContactId, Id};
use hotline_vocabulary::plugin::Usage;
use hotline_vocabulary::qa::{self, Hint, Observed, Speaker, Turn, Utterance};
use hotline_vocabulary::question::{Answer, Question};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    pub heard: Vec<Heard>,
    /// None is an ordinary caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction: Option<Interaction>,
}

/// An utterance and its place in the transcript. Places grow; the host may miss some.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    pub place: u32,
    pub said: Turn,
}

/// A conversation that was listened to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listened {
    /// What was said unindented; the rule's hints indented.
    pub(crate) transcript: Vec<String>,
    /// Every question that was answered, with its answer.
    pub(crate) answers: Vec<(Question, Observed)>,
    pub(crate) usage: Vec<Usage>,
    pub(crate) problem: Option<String>,
}

/// Lets the rule hear the whole conversation, or as much as it bears.
pub(crate) fn listen(
    subject: &dyn Subject,
    conversation: &Conversation,
    delivery: Delivery,
) -> Listened {
    let mut listened = Listened {
        transcript: Vec::new(),
        answers: Vec::new(),
        usage: Vec::new(),
        problem: None,
    };
    let ordinary = || interaction(1);
    let contact = conversation.interaction.clone().unwrap_or_else(ordinary);
    let mut state = Vec::new();
    for heard in &conversation.heard {
        listened.transcript.push(said(&heard.said));
        let asked = ask(subject, delivery, observe(&contact, state, heard));
        let (question, observed, usage) = match asked {
            Ok(asked) => asked,
            Err(problem) => {
                listened.problem = Some(problem);
                break;
            }
        };
        listened.usage.push(usage);
        state = observed.state.clone();
        listened
            .transcript
            .extend(observed.hints.iter().map(hinted));
        listened.answers.push((question, observed));
        if delivery == Delivery::Twice {
            state = match ask(subject, delivery, observe(&contact, state, heard)) {
                Ok((_, again, _)) if again.hints.is_empty() => again.state,
                Ok((_, again, _)) => {
                    let hint = again.hints.first().map(hinted).unwrap_or_default();
                    listened.problem = Some(format!(
                        "answered an utterance that was told twice with `{}`, after {}",
                        hint.trim(),
                        said(&heard.said),
                    ));
                    break;
                }
                Err(problem) => {
                    listened.problem = Some(problem);
                    break;
                }
            };
        }
    }
    listened
}

/// # Errors
/// Why there is no observation.
fn ask(
    subject: &dyn Subject,
    delivery: Delivery,
    question: Question,
) -> Result<(Question, Observed, Usage), String> {
    let verdict = delivery.ask(subject, &question)?;
    match verdict.outcome {
        Ok(Answer::Qa(qa::Answer::Observed(observed))) => Ok((question, observed, verdict.usage)),
        Ok(_) => Err("gave an answer that is no observation".to_owned()),
        Err(fault) => Err(format!("{}: {}", kind(fault.kind), fault.message)),
    }
}

fn observe(contact: &Interaction, state: Vec<u8>, heard: &Heard) -> Question {
    Question::Qa {
        rule: "rule".to_owned(),
        contact: ContactId::from_bits(1),
        at: MONDAY_TEN_O_CLOCK + heard.said.end_ms,
        ask: qa::Question::Observe(Utterance {
            interaction: contact.clone(),
            state,
            place: heard.place,
            said: heard.said.clone(),
        }),
    }
}

fn said(turn: &Turn) -> String {
    let who = match &turn.speaker {
        Speaker::Customer => "customer",
        Speaker::Agent(_) => "agent",
        Speaker::System => "system",
    };
    format!("{who}: {}", turn.text.reveal())
}

fn hinted(hint: &Hint) -> String {
    format!(
        "  {:?} to {:?}, {}: {}",
        hint.severity,
        hint.audience,
        hint.rule,
        hint.text.reveal()
    )
}
