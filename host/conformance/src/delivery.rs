//! How questions reach a plugin.

use crate::subject::Subject;
use hotline_sandbox::offline::Wording;
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::question::{Question, Verdict};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Once,
    /// Of a call each `started`, `done` and `input` comes a second time, of a conversation each
    /// utterance.
    Twice,
    /// The host restarts after each answer, with what it had written down of it.
    AcrossRestarts,
    /// Before each event another build of the same flow takes the call over, if it does that.
    Moved,
    /// By a later host: every record carries an `ext` that the plugin does not know.
    WithUnknownFields,
}

impl Delivery {
    /// Asks once.
    ///
    /// # Errors
    /// The question can not be written down.
    pub(crate) fn ask(self, subject: &dyn Subject, question: &Question) -> Result<Verdict, String> {
        match self {
            Delivery::Once | Delivery::Twice | Delivery::Moved => Ok(subject.ask(question)),
            Delivery::WithUnknownFields => Ok(subject.ask_in(Wording::UnknownFields, question)),
            Delivery::AcrossRestarts => {
                let written: Question = serde_json::to_vec(question)
                    .and_then(|bytes| serde_json::from_slice(&bytes))
                    .map_err(|error| format!("can not be written down: {error}"))?;
                Ok(subject.restarted().ask(&written))
            }
        }
    }
}

/// A fault's kind as a word.
pub(crate) fn kind(kind: FaultKind) -> String {
    kind.as_str().replace('_', " ")
}
