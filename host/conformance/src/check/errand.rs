//! Laws on an operation of a connector.

use super::{same_fuel_each, same_transcript};
use crate::delivery::{Delivery, kind};
use crate::errand::{End, Errand, Ran, run};
use crate::law::Law;
use crate::subject::Subject;
use hotline_sandbox::offline::Wording;
use hotline_vocabulary::connector::{Answer, Operation, Question as Ask};
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::question::{Question, Verdict};

/// How the text begins that stands for a secret, or for what a caller typed under protection.
const REFERENCES: [&str; 2] = ["{{secret:", "{{token:"];
/// What a connector must say of an operation that it does not know.
const UNKNOWN_OPERATION: &str = "connector.unknown-operation";

pub(super) fn check(subject: &dyn Subject, law: Law, errand: &Errand) -> Result<(), String> {
    let usual = run(subject, errand, Delivery::Once);
    let same = |delivery, how| {
        let other = run(subject, errand, delivery);
        same_transcript(&usual.transcript, &other.transcript, how)
    };
    match law {
        Law::Sound | Law::HoldsAtTenTimes => sound(errand, &usual),
        Law::Deterministic => {
            let again = run(subject, errand, Delivery::Once);
            same_transcript(&usual.transcript, &again.transcript, "run again")?;
            if usual.answers != again.answers {
                return Err("kept another state when it was run again".to_owned());
            }
            same_fuel_each("round", &usual.usage, &again.usage)
        }
        Law::SurvivesRestart => same(
            Delivery::AcrossRestarts,
            "run with a restart after every round",
        ),
        Law::BoundedRequests => match usual.end {
            End::Endless => Err(Errand::ENDLESS.to_owned()),
            _ => Ok(()),
        },
        Law::FailuresAreTold => failures_are_told(&usual),
        Law::SecretsStayOut => secrets_stay_out(&usual),
        Law::ToleratesTheUnknown => {
            same(
                Delivery::WithUnknownFields,
                "told with `ext` fields that it does not know",
            )?;
            unknown_operation(&subject.ask_in(Wording::UnknownCases, &errand.begin()))?;
            unknown_failure(subject, &usual)
        }
        _ => Ok(()),
    }
}

fn sound(errand: &Errand, ran: &Ran) -> Result<(), String> {
    match &ran.end {
        End::Broke(problem) => Err(problem.clone()),
        End::GaveUp(told) => match told.split_once(": ") {
            Some((code, sentence)) if !code.is_empty() && !sentence.is_empty() => Ok(()),
            _ => Err(format!(
                "gave up with {told:?}; a fault has a code and a sentence"
            )),
        },
        End::Answered(answer) => answers(&errand.operation, answer),
        // Another law's.
        End::Endless => Ok(()),
    }
}

/// Whether this is what the contract has for the operation.
fn answers(operation: &Operation, answer: &Answer) -> Result<(), String> {
    let wanted = match (operation, answer) {
        (Operation::FindContact(query), Answer::Contacts(found)) => {
            let most = query.limit as usize;
            return match found.len() > most {
                true => Err(format!(
                    "found {} contacts; at most {most} were wanted",
                    found.len()
                )),
                false => Ok(()),
            };
        }
        (Operation::Picklist(_), Answer::Choices(_))
        | (Operation::CheckConnection, Answer::Connected(_))
        | (Operation::Own(_), Answer::Own(_))
        | (
            Operation::UpsertContact(_) | Operation::LogActivity(_) | Operation::OpenCase(_),
            Answer::Stored(_),
        ) => return Ok(()),
        (Operation::FindContact(_), _) => "contacts",
        (Operation::Picklist(_), _) => "choices",
        (Operation::Own(_), _) => "ext",
        (Operation::CheckConnection, _) => "connected",
        (Operation::UpsertContact(_) | Operation::LogActivity(_) | Operation::OpenCase(_), _) => {
            "stored"
        }
    };
    let given = match answer {
        Answer::Contacts(_) => "contacts",
        Answer::Stored(_) => "stored",
        Answer::Choices(_) => "choices",
        Answer::Connected(_) => "connected",
        Answer::Own(_) => "ext",
    };
    Err(format!("answered with `{given}`, where `{wanted}` belongs"))
}

fn failures_are_told(ran: &Ran) -> Result<(), String> {
    let all_failed = !ran.replies.is_empty() && ran.replies.iter().all(|it| it.is_failure());
    match &ran.end {
        End::Answered(_) if all_failed => {
            let told = ran.transcript.last().map_or("", |line| line.trim());
            Err(format!("every request failed, but it {told}"))
        }
        _ => Ok(()),
    }
}

fn secrets_stay_out(ran: &Ran) -> Result<(), String> {
    let said = match &ran.end {
        End::Answered(answer) => serde_json::to_string(answer).unwrap_or_default(),
        End::GaveUp(told) | End::Broke(told) => told.clone(),
        End::Endless => return Ok(()),
    };
    // What the other system says by chance is not the connector's doing.
    let replies = || ran.replies.iter().map(ToString::to_string);
    for reference in REFERENCES {
        if said.contains(reference) && !replies().any(|reply| reply.contains(reference)) {
            return Err(format!("quotes `{reference}...}}}}` in {said}"));
        }
    }
    Ok(())
}

fn unknown_operation(verdict: &Verdict) -> Result<(), String> {
    let said = match &verdict.outcome {
        Err(fault) if fault.kind == FaultKind::Declared => {
            if fault.message.starts_with(UNKNOWN_OPERATION) {
                return Ok(());
            }
            fault.message.clone()
        }
        Err(fault) => format!("{}: {}", kind(fault.kind), fault.message),
        Ok(_) => "an answer".to_owned(),
    };
    Err(format!(
        "met an operation that it does not know with {said}; `{UNKNOWN_OPERATION}` belongs there"
    ))
}

/// A failure that is new to it: it may give up, but not break.
fn unknown_failure(subject: &dyn Subject, ran: &Ran) -> Result<(), String> {
    for (question, _) in &ran.answers {
        let mut later = question.clone();
        let Question::Connector {
            ask: Ask::Resume(continuation),
            ..
        } = &mut later
        else {
            continue;
        };
        for response in &mut continuation.responses {
            response.status = 0;
            response.body = Default::default();
            response.failure = Some(hotline_vocabulary::connector::Failure::Unreachable);
        }
        if let Err(fault) = subject.ask_in(Wording::UnknownCases, &later).outcome
            && fault.kind != FaultKind::Declared
        {
            return Err(format!(
                "met a failure that it does not know with {}: {}",
                kind(fault.kind),
                fault.message
            ));
        }
    }
    Ok(())
}
