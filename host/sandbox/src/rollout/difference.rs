//! Where a candidate would have decided otherwise than the active version did.

use super::about::about;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::plugin::PluginFault;
use hotline_vocabulary::question::{Answer, Migrated, Question};
use hotline_vocabulary::routing::{Decision, Outcome};
use serde::Serialize;
use std::collections::HashMap;

/// A decision is shown up to this length.
const SHOWN_BYTES: usize = 400;

/// One decision about one contact that would have been another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PluginDifference))]
pub struct Difference {
    /// None where nobody waited.
    pub contact: Option<ContactId>,
    /// The time that the question was of.
    pub at: Timestamp,
    /// `step 3`, `rank`, `decide`, ...
    pub question: String,
    /// As JSON, cut where it is long.
    pub active: String,
    /// As JSON; or why the candidate failed.
    pub candidate: String,
    pub failed: bool,
}

/// Empty when both decided alike. What a flow remembers, and how either explains itself, is no
/// decision.
pub(crate) fn differences(
    question: &Question,
    active: &Answer,
    candidate: &Result<Answer, PluginFault>,
) -> Vec<Difference> {
    let subject = about(question);
    let one = |contact, active: String, candidate: String, failed| Difference {
        contact,
        at: at(question),
        question: match question {
            Question::FlowStep(step) => format!("step {}", step.step),
            _ => subject.function.to_owned(),
        },
        active,
        candidate,
        failed,
    };
    let candidate = match candidate {
        Ok(answer) => answer,
        Err(fault) => {
            let mut why = fault.message.clone();
            crate::text::cut(&mut why, SHOWN_BYTES);
            return vec![one(subject.contact, shown_answer(active), why, true)];
        }
    };
    if let (Answer::Decide(active), Answer::Decide(candidate)) = (active, candidate) {
        return decisions(active, candidate)
            .into_iter()
            .map(|(contact, active, candidate)| {
                one(Some(contact), shown(&active), shown(&candidate), false)
            })
            .collect();
    }
    match is_alike(active, candidate) {
        true => Vec::new(),
        false => vec![one(
            subject.contact,
            shown_answer(active),
            shown_answer(candidate),
            false,
        )],
    }
}

fn is_alike(active: &Answer, candidate: &Answer) -> bool {
    match (active, candidate) {
        (Answer::FlowStep(one), Answer::FlowStep(other)) => one.actions == other.actions,
        (Answer::Rank(one), Answer::Rank(other)) => {
            (one.base, one.slope) == (other.base, other.slope)
        }
        (Answer::Migrate(one), Answer::Migrate(other)) => {
            std::mem::discriminant(one) == std::mem::discriminant(other)
        }
        (one, other) => one == other,
    }
}

/// The contacts of whom the two outcomes differ.
fn decisions(
    active: &[Outcome],
    candidate: &[Outcome],
) -> Vec<(ContactId, Option<Decision>, Option<Decision>)> {
    let by_contact = |outcomes: &[Outcome]| -> HashMap<ContactId, Decision> {
        let pairs = outcomes
            .iter()
            .map(|one| (one.contact, one.decision.clone()));
        pairs.collect()
    };
    let (active_by, candidate_by) = (by_contact(active), by_contact(candidate));
    let only_candidate = candidate
        .iter()
        .filter(|one| !active_by.contains_key(&one.contact));
    active
        .iter()
        .chain(only_candidate)
        .map(|one| one.contact)
        .filter_map(|contact| {
            let (one, other) = (active_by.get(&contact), candidate_by.get(&contact));
            (one != other).then(|| (contact, one.cloned(), other.cloned()))
        })
        .collect()
}

fn shown_answer(answer: &Answer) -> String {
    match answer {
        Answer::FlowStep(stepped) => shown(&stepped.actions),
        Answer::Migrate(migrated) => match migrated {
            Migrated::Stay => "stay".to_owned(),
            Migrated::State(_) => "go on".to_owned(),
            Migrated::Restart(_) => "begin anew".to_owned(),
        },
        Answer::Rank(order) => format!("{} + {} per ms", order.base, order.slope),
        Answer::Decide(outcomes) => shown(
            &outcomes
                .iter()
                .map(|one| (one.contact, &one.decision))
                .collect::<Vec<_>>(),
        ),
        // Their keys are about people: the words for logs leave them out.
        Answer::Plan(lookups) => format!("{lookups:?}"),
        Answer::Qa(answer) => format!("{answer:?}"),
        Answer::Connector(progress) => format!("{progress:?}"),
    }
}

fn shown(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    crate::text::cut(&mut text, SHOWN_BYTES);
    text
}

fn at(question: &Question) -> Timestamp {
    match question {
        Question::FlowStep(step) => step.at,
        Question::Migrate(asked) => asked.at,
        Question::Plan { visit, .. } | Question::Rank { visit, .. } => {
            visit.interaction.started_at + visit.waited_ms
        }
        Question::Decide { batch, .. } => batch.at,
        Question::Qa { at, .. } | Question::Connector { at, .. } => *at,
    }
}
