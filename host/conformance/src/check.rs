//! How each law is tried on one input.

mod ask;
mod call;
mod conversation;
mod errand;

use crate::case::Case;
use crate::law::Law;
use crate::subject::Subject;
use hotline_vocabulary::plugin::Usage;

/// Tries a law on one input; a law that says nothing about such an input holds.
///
/// # Errors
/// What was seen instead.
pub fn check(subject: &dyn Subject, law: Law, case: &Case) -> Result<(), String> {
    match case {
        Case::Call(played) => call::check(subject, law, played),
        Case::Ask(question) => ask::check(subject, law, question),
        Case::Conversation(heard) => conversation::check(subject, law, heard),
        Case::Errand(errand) => errand::check(subject, law, errand),
    }
}

/// Fuel is the verdict of a budget: it may not depend on anything but the input.
fn same_fuel(what: &str, one: u64, other: u64) -> Result<(), String> {
    match one == other {
        true => Ok(()),
        false => Err(format!("{what} used {one} units of fuel, then {other}")),
    }
}

/// As [`same_fuel`], of calls that followed each other; `what` names one of them, e.g. `step`.
fn same_fuel_each(what: &str, one: &[Usage], other: &[Usage]) -> Result<(), String> {
    for (place, (one, other)) in one.iter().zip(other).enumerate() {
        same_fuel(&format!("{what} {place}"), one.fuel, other.fuel)?;
    }
    Ok(())
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
        "{how}, it went otherwise at line {}: {} instead of {}",
        place + 1,
        line(other),
        line(one)
    ))
}
