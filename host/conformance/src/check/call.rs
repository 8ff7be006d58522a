//! Laws on a call through a flow.

use super::{same_fuel_each, same_transcript};
use crate::call::{Call, Walk, walk};
use crate::delivery::{Delivery, kind};
use crate::law::Law;
use crate::subject::Subject;
use hotline_sandbox::offline::Wording;
use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::question::{Answer, FlowStep, Question};

pub(super) fn check(subject: &dyn Subject, law: Law, call: &Call) -> Result<(), String> {
    let usual = walk(subject, call, Delivery::Once);
    match law {
        Law::Sound | Law::HoldsAtTenTimes => match usual.problem {
            Some(problem) => Err(problem.0),
            None => Ok(()),
        },
        Law::Deterministic => {
            let again = walk(subject, call, Delivery::Once);
            same_transcript(&usual.transcript, &again.transcript, "played again")?;
            for (place, (one, other)) in usual.steps.iter().zip(&again.steps).enumerate() {
                if one != other {
                    return Err(format!(
                        "step {place} gave another answer when played again"
                    ));
                }
            }
            same_fuel_each("step", &usual.usage, &again.usage)
        }
        Law::SurvivesRestart => {
            let restarted = walk(subject, call, Delivery::AcrossRestarts);
            same_transcript(
                &usual.transcript,
                &restarted.transcript,
                "played with a restart after every step",
            )
        }
        Law::MovesUnnoticed => {
            let moved = walk(subject, call, Delivery::Moved);
            if let (None, Some(problem)) = (&usual.problem, moved.problem) {
                return Err(problem.0);
            }
            same_transcript(
                &usual.transcript,
                &moved.transcript,
                "taken over by another build before every event",
            )
        }
        Law::HangUpEndsCleanly => hang_up_everywhere(subject, usual),
        Law::DuplicatesHarmless => {
            let doubled = walk(subject, call, Delivery::Twice);
            if let (None, Some(problem)) = (&usual.problem, doubled.problem) {
                return Err(problem.0);
            }
            same_transcript(
                &usual.transcript,
                &doubled.transcript,
                "played with doubled events",
            )
        }
        Law::ToleratesTheUnknown => {
            let later = walk(subject, call, Delivery::WithUnknownFields);
            same_transcript(
                &usual.transcript,
                &later.transcript,
                "told with `ext` fields that it does not know",
            )?;
            unknown_event_everywhere(subject, usual)
        }
        _ => Ok(()),
    }
}

fn hang_up_everywhere(subject: &dyn Subject, walk: Walk) -> Result<(), String> {
    for (step, stepped) in walk.steps {
        if let FlowEvent::HangUp { .. } = step.event {
            continue;
        }
        let question = Question::FlowStep(FlowStep {
            step: step.step + 1,
            state: stepped.state,
            event: FlowEvent::HangUp {
                reason: "caller".to_owned(),
            },
            ..step
        });
        if let Err(fault) = subject.ask(&question).outcome {
            return Err(format!(
                "a hang-up after step {} was answered with {}: {}",
                step.step,
                kind(fault.kind),
                fault.message
            ));
        }
    }
    Ok(())
}

fn unknown_event_everywhere(subject: &dyn Subject, walk: Walk) -> Result<(), String> {
    for (step, stepped) in walk.steps {
        let number = step.step;
        let question = Question::FlowStep(FlowStep {
            step: number + 1,
            state: stepped.state,
            ..step
        });
        let after = format!("an event that it does not know, after step {number}, was answered");
        match subject.ask_in(Wording::UnknownCases, &question).outcome {
            Err(fault) => {
                return Err(format!(
                    "{after} with {}: {}",
                    kind(fault.kind),
                    fault.message
                ));
            }
            Ok(Answer::FlowStep(stepped)) if !stepped.actions.is_empty() => {
                return Err(format!(
                    "{after} with {} actions, which replace what was going on",
                    stepped.actions.len()
                ));
            }
            Ok(_) => {}
        }
    }
    Ok(())
}
