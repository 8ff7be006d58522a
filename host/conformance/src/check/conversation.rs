//! Laws on a conversation that a live QA rule hears.

use super::{same_fuel_each, same_transcript};
use crate::conversation::{Conversation, listen};
use crate::delivery::{Delivery, kind};
use crate::law::Law;
use crate::subject::Subject;
use hotline_sandbox::offline::Wording;

pub(super) fn check(
    subject: &dyn Subject,
    law: Law,
    conversation: &Conversation,
) -> Result<(), String> {
    let usual = listen(subject, conversation, Delivery::Once);
    let same = |delivery, how| {
        let other = listen(subject, conversation, delivery);
        same_transcript(&usual.transcript, &other.transcript, how)
    };
    match law {
        Law::Sound | Law::HoldsAtTenTimes => match usual.problem {
            Some(problem) => Err(problem),
            None => Ok(()),
        },
        Law::Deterministic => {
            let again = listen(subject, conversation, Delivery::Once);
            same_transcript(&usual.transcript, &again.transcript, "heard again")?;
            if usual.answers != again.answers {
                return Err("kept another state when it heard the same again".to_owned());
            }
            same_fuel_each("utterance", &usual.usage, &again.usage)
        }
        Law::SurvivesRestart => same(
            Delivery::AcrossRestarts,
            "heard with a restart after every utterance",
        ),
        Law::DuplicatesHarmless => {
            let doubled = listen(subject, conversation, Delivery::Twice);
            if let (None, Some(problem)) = (&usual.problem, doubled.problem) {
                return Err(problem);
            }
            same_transcript(
                &usual.transcript,
                &doubled.transcript,
                "heard with doubled utterances",
            )
        }
        Law::ToleratesTheUnknown => {
            same(
                Delivery::WithUnknownFields,
                "told with `ext` fields that it does not know",
            )?;
            for (question, _) in &usual.answers {
                let later = subject.ask_in(Wording::UnknownCases, question).outcome;
                if let Err(fault) = later {
                    return Err(format!(
                        "told of a speaker that it does not know, it failed: {}: {}",
                        kind(fault.kind),
                        fault.message
                    ));
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
