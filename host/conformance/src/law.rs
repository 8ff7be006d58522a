//! The laws, and how each is tried on one input.

use crate::call::{Call, Delivery, kind, walk};
use crate::fixture::{Case, compare};
use crate::subject::{Kind, Subject};
use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::question::{Answer, FlowStep, Question};
use hotline_vocabulary::routing::{Batch, Decision, Outcome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What every plugin must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Law {
    Sound,
    Deterministic,
    SurvivesRestart,
    HangUpEndsCleanly,
    DuplicatesHarmless,
    HoldsAtTenTimes,
}

impl Law {
    /// Those of a kind of plugin, the plainest first.
    pub fn of(kind: Kind) -> Vec<Law> {
        match kind {
            Kind::Flow => vec![
                Law::Sound,
                Law::Deterministic,
                Law::SurvivesRestart,
                Law::HangUpEndsCleanly,
                Law::DuplicatesHarmless,
                Law::HoldsAtTenTimes,
            ],
            Kind::Policy => vec![Law::Sound, Law::Deterministic, Law::HoldsAtTenTimes],
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Law::Sound => "sound",
            Law::Deterministic => "deterministic",
            Law::SurvivesRestart => "survives-restart",
            Law::HangUpEndsCleanly => "hang-up-ends-cleanly",
            Law::DuplicatesHarmless => "duplicates-harmless",
            Law::HoldsAtTenTimes => "holds-at-ten-times",
        }
    }

    pub const fn sentence(self) -> &'static str {
        match self {
            Law::Sound => "Every input gets an answer that the host can carry out.",
            Law::Deterministic => "The same input gets the same answer at the same fuel.",
            Law::SurvivesRestart => {
                "A restart of the host after every step leaves the call as it was."
            }
            Law::HangUpEndsCleanly => "A hang-up after any step is answered without a fault.",
            Law::DuplicatesHarmless => "An event that is told twice changes nothing.",
            Law::HoldsAtTenTimes => "Ten times the usual input stays within the limits.",
        }
    }
}

/// Tries a law on one input.
///
/// # Errors
/// What was seen instead.
pub fn check(subject: &dyn Subject, law: Law, case: &Case) -> Result<(), String> {
    match (law, case) {
        (Law::Sound | Law::HoldsAtTenTimes, Case::Call(call)) => {
            let walk = walk(subject, call, Delivery::Once);
            match walk.problem {
                Some(problem) => Err(problem.0),
                None => Ok(()),
            }
        }
        (Law::Sound | Law::HoldsAtTenTimes, Case::Ask(question)) => sound(subject, question),
        (Law::Deterministic, Case::Call(call)) => {
            let first = walk(subject, call, Delivery::Once);
            let second = walk(subject, call, Delivery::Once);
            same_transcript(&first.transcript, &second.transcript, "played again")?;
            for (place, (one, other)) in first.steps.iter().zip(&second.steps).enumerate() {
                if one != other {
                    return Err(format!(
                        "step {place} gave another answer when played again"
                    ));
                }
            }
            for (place, (one, other)) in first.usage.iter().zip(&second.usage).enumerate() {
                same_fuel(&format!("step {place}"), one.fuel, other.fuel)?;
            }
            Ok(())
        }
        (Law::Deterministic, Case::Ask(question)) => {
            let (first, second) = (subject.ask(question), subject.ask(question));
            if first.outcome != second.outcome {
                return Err(format!(
                    "asked twice, it answered differently: {}",
                    difference(&first.outcome, &second.outcome)
                ));
            }
            same_fuel("the call", first.usage.fuel, second.usage.fuel)
        }
        (Law::SurvivesRestart, Case::Call(call)) => {
            let usual = walk(subject, call, Delivery::Once);
            let restarted = walk(subject, call, Delivery::AcrossRestarts);
            same_transcript(
                &usual.transcript,
                &restarted.transcript,
                "played with a restart after every step",
            )
        }
        (Law::HangUpEndsCleanly, Case::Call(call)) => hang_up_everywhere(subject, call),
        (Law::DuplicatesHarmless, Case::Call(call)) => {
            let usual = walk(subject, call, Delivery::Once);
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
        (Law::SurvivesRestart | Law::HangUpEndsCleanly | Law::DuplicatesHarmless, Case::Ask(_)) => {
            Ok(())
        }
    }
}

fn hang_up_everywhere(subject: &dyn Subject, call: &Call) -> Result<(), String> {
    let walk = walk(subject, call, Delivery::Once);
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

fn sound(subject: &dyn Subject, question: &Question) -> Result<(), String> {
    match (question, subject.ask(question).outcome) {
        (_, Err(fault)) => Err(format!("{}: {}", kind(fault.kind), fault.message)),
        (Question::Decide { batch, .. }, Ok(Answer::Decide(outcomes))) => decided(batch, &outcomes),
        (_, Ok(_)) => Ok(()),
    }
}

/// What the switchboard would not overrule.
fn decided(batch: &Batch, outcomes: &[Outcome]) -> Result<(), String> {
    let (mut contacts, mut agents) = (BTreeSet::new(), BTreeSet::new());
    for outcome in outcomes {
        let contact = outcome.contact;
        if !contacts.insert(contact) {
            return Err(format!("decided twice about the contact {contact}"));
        }
        match &outcome.decision {
            Decision::Invalid(why) => return Err(format!("about the contact {contact}: {why}")),
            Decision::Assign(agent) => {
                let view = batch.contacts.iter().find(|view| view.contact == contact);
                if !view.is_some_and(|view| batch.candidates_of(view).any(|one| one == *agent)) {
                    return Err(format!(
                        "gave the contact {contact} to {agent}, who is no candidate of it"
                    ));
                }
                if !agents.insert(*agent) {
                    return Err(format!("gave two contacts to {agent}"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn same_fuel(what: &str, one: u64, other: u64) -> Result<(), String> {
    match one == other {
        true => Ok(()),
        false => Err(format!("{what} used {one} units of fuel, then {other}")),
    }
}

fn same_transcript(one: &[String], other: &[String], how: &str) -> Result<(), String> {
    if one == other {
        return Ok(());
    }
    let place = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let line = |lines: &[String]| match lines.get(place) {
        Some(line) => format!("`{}`", line.trim()),
        None => "its end".to_owned(),
    };
    Err(format!(
        "{how}, the call went otherwise at line {}: {} instead of {}",
        place + 1,
        line(other),
        line(one)
    ))
}

fn difference<T: Serialize>(one: &T, other: &T) -> String {
    let value = |it| serde_json::to_value(it).unwrap_or_default();
    let mut differences = Vec::new();
    compare("", &value(one), &value(other), &mut differences);
    differences.join("; ")
}
