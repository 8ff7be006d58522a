//! One input of a plugin, and what comes of it.

use crate::call::{Call, walk};
use crate::conversation::{Conversation, listen};
use crate::delivery::{Delivery, kind};
use crate::errand::{End, Errand, run};
use crate::subject::Subject;
use hotline_vocabulary::question::Question;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// Through a flow.
    Call(Box<Call>),
    /// One question to a policy, or of a whole contact to a QA rule.
    Ask(Box<Question>),
    /// Heard by a live QA rule as it goes on.
    Conversation(Box<Conversation>),
    /// An operation of a connector.
    Errand(Box<Errand>),
}

/// What came of a case: a transcript, as a list of lines, or the answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    pub output: Value,
}

impl Case {
    /// How much there is of it, in words, e.g. `64 contacts and 250 agents`.
    pub fn magnitude(&self) -> String {
        match self {
            Case::Call(call) => format!("a call of {} moves", call.moves.len()),
            Case::Conversation(_) => "a long conversation".to_owned(),
            Case::Errand(errand) => {
                let bytes: usize = errand.replies.iter().map(|it| it.to_string().len()).sum();
                format!("responses of {} KB in all", bytes.div_ceil(1000))
            }
            Case::Ask(question) => match &**question {
                Question::Decide { batch, .. } => format!(
                    "{} contacts and {} agents",
                    batch.contacts.len(),
                    batch.agents.len()
                ),
                Question::Qa { .. } => "a long contact".to_owned(),
                _ => "one contact".to_owned(),
            },
        }
    }

    /// Runs it once. A connector that gives up with a fault of its own has not failed.
    ///
    /// # Errors
    /// The plugin failed; why.
    pub fn play(&self, subject: &dyn Subject) -> Result<Played, String> {
        let failed = |problem: &str, transcript: &[String]| {
            Err(format!("{problem}\n{}", transcript.join("\n")))
        };
        let output = match self {
            Case::Call(call) => {
                let walk = walk(subject, call, Delivery::Once);
                if let Some(problem) = walk.problem {
                    return failed(&problem.0, &walk.transcript);
                }
                Value::from(walk.transcript)
            }
            Case::Conversation(conversation) => {
                let heard = listen(subject, conversation, Delivery::Once);
                if let Some(problem) = heard.problem {
                    return failed(&problem, &heard.transcript);
                }
                Value::from(heard.transcript)
            }
            Case::Errand(errand) => {
                let ran = run(subject, errand, Delivery::Once);
                match ran.end {
                    End::Answered(_) | End::GaveUp(_) => Value::from(ran.transcript),
                    End::Broke(problem) => return failed(&problem, &ran.transcript),
                    End::Endless => return failed(Errand::ENDLESS, &ran.transcript),
                }
            }
            Case::Ask(question) => match subject.ask(question).outcome {
                Ok(answer) => serde_json::to_value(answer).map_err(|error| error.to_string())?,
                Err(fault) => return Err(format!("{}: {}", kind(fault.kind), fault.message)),
            },
        };
        Ok(Played { output })
    }
}
