//! Laws on one question: to a policy, or of a whole contact to a QA rule.

use super::same_fuel;
use crate::compare::differences;
use crate::delivery::kind;
use crate::law::Law;
use crate::subject::Subject;
use hotline_sandbox::offline::Wording;
use hotline_vocabulary::plugin::PluginFault;
use hotline_vocabulary::question::{Answer, Question};
use hotline_vocabulary::routing::{Batch, Decision, Outcome};
use serde::Serialize;
use std::collections::BTreeSet;

pub(super) fn check(subject: &dyn Subject, law: Law, question: &Question) -> Result<(), String> {
    match law {
        Law::Sound | Law::HoldsAtTenTimes => sound(subject, question),
        Law::Deterministic => {
            let (first, second) = (subject.ask(question), subject.ask(question));
            if first.outcome != second.outcome {
                return Err(format!(
                    "asked twice, it answered differently: {}",
                    difference(&first.outcome, &second.outcome)
                ));
            }
            same_fuel("the call", first.usage.fuel, second.usage.fuel)
        }
        Law::ToleratesTheUnknown => unknown(subject, question),
        _ => Ok(()),
    }
}

fn broken(fault: &PluginFault) -> String {
    format!("{}: {}", kind(fault.kind), fault.message)
}

fn unknown(subject: &dyn Subject, question: &Question) -> Result<(), String> {
    let usual = subject.ask(question).outcome;
    let later = subject.ask_in(Wording::UnknownFields, question).outcome;
    if usual != later {
        return Err(format!(
            "told with `ext` fields that it does not know, it answered differently: {}",
            difference(&usual, &later)
        ));
    }
    if !matches!(question, Question::Qa { .. }) {
        return Ok(());
    }
    match subject.ask_in(Wording::UnknownCases, question).outcome {
        Err(fault) if usual.is_ok() => Err(format!(
            "told of a speaker that it does not know, it failed: {}",
            broken(&fault)
        )),
        _ => Ok(()),
    }
}

fn sound(subject: &dyn Subject, question: &Question) -> Result<(), String> {
    match (question, subject.ask(question).outcome) {
        (_, Err(fault)) => Err(broken(&fault)),
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

fn difference<T: Serialize>(one: &T, other: &T) -> String {
    let value = |it| serde_json::to_value(it).unwrap_or_default();
    differences(&value(one), &value(other)).join("; ")
}
