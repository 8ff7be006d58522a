//! The words between a QA rule and the host; the same nouns as `wit/deps/qa` and the transcript of
//! `wit/deps/host`, where their meaning is written down at length.

use crate::flow::Interaction;
use crate::personal::Personal;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What a rule is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Of a contact that has ended.
    Evaluate {
        subject: Subject,
        transcript: Transcript,
    },
    /// Of a contact that goes on.
    Observe(Utterance),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// At most 64.
    Findings(Vec<Finding>),
    Observed(Observed),
}

/// What was said in one contact, in the order of the turns' beginnings.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Transcript {
    pub turns: Vec<Turn>,
}

/// What one speaker said without a pause in between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Turn {
    pub speaker: Speaker,
    /// Since the contact began.
    pub start_ms: Millis,
    pub end_ms: Millis,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub text: Personal<String>,
    /// BCP 47 tag, when known.
    #[serde(default)]
    pub language: Option<String>,
    /// How sure the recogniser was, 0 to 1; none for what was typed.
    #[serde(default)]
    pub confidence: Option<f32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Customer,
    /// By name.
    Agent(String),
    /// A prompt of a flow, or an announcement of the host.
    System,
}

/// The contact that is judged, besides its transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Subject {
    pub interaction: Interaction,
    /// The queue's name, when the contact was in one.
    #[serde(default)]
    pub queue: Option<String>,
    /// The agents' names, in the order in which they joined.
    #[serde(default)]
    pub agents: Vec<String>,
    /// From the contact's beginning to its end.
    pub duration_ms: Millis,
}

/// What one rule makes of one contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Finding {
    /// The rule's own stable id.
    pub rule: String,
    pub title: String,
    pub verdict: Verdict,
    pub severity: Severity,
    /// 0 to 1; none where the rule only passes or fails.
    pub score: Option<f32>,
    /// The place in the transcript, from 0, of what the finding rests on.
    pub at_turn: Option<u32>,
    /// Quoted; empty when the finding rests on the words' absence.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub evidence: Personal<String>,
    /// One sentence for people.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub reason: Personal<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = QaVerdict))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Passed,
    Failed,
    NotApplicable,
    /// A person should listen.
    Unsure,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = QaSeverity))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Warning,
    /// A breach: a rule of law, or a promise that binds.
    Critical,
}

/// One utterance of a contact that goes on, and what the rule remembers of those before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Utterance {
    pub interaction: Interaction,
    /// What the rule returned at the last one; empty at the first. At most 16 KiB.
    #[serde(default)]
    pub state: Vec<u8>,
    /// The utterance's place in the transcript, from 0.
    pub place: u32,
    pub said: Turn,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    pub state: Vec<u8>,
    pub hints: Vec<Hint>,
}

/// Something to show at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Hint {
    pub rule: String,
    pub audience: Audience,
    pub severity: Severity,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub text: Personal<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The agent who is talking.
    Agent,
    Supervisor,
    Everyone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_does_not_reach_a_log() {
        let turn = Turn {
            speaker: Speaker::Customer,
            start_ms: Millis(0),
            end_ms: Millis(900),
            text: "my card is 4111".into(),
            language: None,
            confidence: None,
        };
        assert!(!format!("{turn:?}").contains("4111"));
    }
}
