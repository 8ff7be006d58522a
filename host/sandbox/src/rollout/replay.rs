//! A candidate on the recorded calls of the version that is active: which contacts it would have
//! decided about otherwise.

use super::about::about;
use super::difference::{Difference, differences};
use super::follow::Following;
use super::settings::ReplayGate;
use crate::engine::Ticker;
use crate::invocation::Invocation;
use crate::version::Version;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::plugin::Digest;
use hotline_vocabulary::question::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

/// Differences that are listed; all are counted.
const LISTED: usize = 500;

/// What a replay came to. Kept with the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Replayed {
    pub at: Timestamp,
    /// The version that was active then.
    pub active: Digest,
    /// Recorded calls that were put to the candidate.
    pub calls: u32,
    /// Recorded calls that could not be: of contacts that were not recorded from their beginning,
    /// or that had gone another way before; or the active version had failed.
    pub not_comparable: u32,
    pub contacts: u32,
    /// Of those: decided about otherwise.
    pub contacts_changed: u32,
    /// Calls that the candidate failed.
    pub faults: u32,
    /// Whether there was time for all of them.
    pub complete: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReplayReport {
    pub summary: Replayed,
    /// The first of them.
    pub differences: Vec<Difference>,
    /// Over all calls, in units: of the active version as recorded, and of the candidate.
    pub fuel_active: u64,
    pub fuel_candidate: u64,
    /// Of the candidate's costliest call.
    pub highest_fuel: u64,
    /// What one call may use.
    pub fuel_limit: u64,
}

/// Runs the candidate on this thread, until `deadline` at most, and tells `answered` of each verdict.
/// With it goes when that is, and which version is active.
pub(crate) fn replay(
    candidate: &Version,
    ticker: &Ticker,
    recorded: Vec<Invocation>,
    (at, active): (Timestamp, Digest),
    deadline: Instant,
    answered: impl Fn(&Verdict),
) -> ReplayReport {
    let mut report = ReplayReport {
        summary: Replayed {
            at,
            active,
            calls: 0,
            not_comparable: 0,
            contacts: 0,
            contacts_changed: 0,
            faults: 0,
            complete: true,
        },
        differences: Vec::new(),
        fuel_active: 0,
        fuel_candidate: 0,
        highest_fuel: 0,
        fuel_limit: candidate.fuel_limit(),
    };
    let (mut contacts, mut changed) = (HashSet::new(), HashSet::new());
    let mut following = Following::default();
    for call in recorded {
        if Instant::now() > deadline {
            report.summary.complete = false;
            break;
        }
        let Invocation {
            question,
            outcome: Ok(active),
            usage,
            ..
        } = call
        else {
            report.summary.not_comparable += 1;
            continue;
        };
        let mut question = Arc::unwrap_or_clone(question);
        if !following.enter(&mut question) {
            report.summary.not_comparable += 1;
            continue;
        }
        let verdict = candidate.answer(ticker, &question);
        answered(&verdict);
        let found = differences(&question, &active, &verdict.outcome);
        report.summary.calls += 1;
        report.summary.faults += u32::from(verdict.outcome.is_err());
        report.fuel_active = report.fuel_active.saturating_add(usage.fuel);
        report.fuel_candidate = report.fuel_candidate.saturating_add(verdict.usage.fuel);
        report.highest_fuel = report.highest_fuel.max(verdict.usage.fuel);
        contacts.extend(about(&question).contact);
        if let (true, Ok(answer)) = (found.is_empty(), verdict.outcome) {
            following.went_along(&question, answer);
        }
        for difference in found {
            contacts.extend(difference.contact);
            changed.extend(difference.contact);
            if report.differences.len() < LISTED {
                report.differences.push(difference);
            }
        }
    }
    let count = |set: &HashSet<ContactId>| u32::try_from(set.len()).unwrap_or(u32::MAX);
    report.summary.contacts = count(&contacts);
    report.summary.contacts_changed = count(&changed);
    report
}

impl ReplayGate {
    /// Whether a version may be published; if not, why, and what to do.
    pub(crate) fn passes(
        &self,
        replayed: Option<&Replayed>,
        active: Option<Digest>,
    ) -> Result<(), String> {
        let Some(replayed) = replayed.filter(|replayed| Some(replayed.active) == active) else {
            // Without an active version there is nothing that was recorded.
            return match active {
                None => Ok(()),
                Some(_) => Err(
                    "a replay of recorded calls is a condition of publishing this plugin: replay \
                     the version first"
                        .to_owned(),
                ),
            };
        };
        if !replayed.complete {
            return Err(
                "its replay ran out of time: record fewer calls, and replay it again".to_owned(),
            );
        }
        if replayed.faults > 0 {
            return Err(format!(
                "it failed {} of the recorded calls",
                replayed.faults
            ));
        }
        if replayed.contacts < self.min_contacts {
            return Err(format!(
                "it was replayed on {} contacts; {} are a condition of publishing",
                replayed.contacts, self.min_contacts
            ));
        }
        let changed = match replayed.contacts {
            0 => 0.0,
            contacts => f64::from(replayed.contacts_changed) * 100.0 / f64::from(contacts),
        };
        if changed > self.max_changed_percent {
            return Err(format!(
                "it decides otherwise for {} of {} recorded contacts ({changed:.1} %); {:.1} % is \
                 the most that may be published",
                replayed.contacts_changed, replayed.contacts, self.max_changed_percent
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replayed(contacts: u32, contacts_changed: u32) -> Replayed {
        Replayed {
            at: Timestamp(0),
            active: Digest([1; 32]),
            calls: contacts,
            not_comparable: 0,
            contacts,
            contacts_changed,
            faults: 0,
            complete: true,
        }
    }

    #[test]
    fn a_gate_opens_for_a_whole_replay_against_what_is_active_now() {
        let gate = ReplayGate {
            max_changed_percent: 5.0,
            min_contacts: 10,
        };
        let active = Some(Digest([1; 32]));
        let passes = |replayed: &Replayed| gate.passes(Some(replayed), active).is_ok();
        assert!(passes(&replayed(100, 5)));
        assert!(!passes(&replayed(100, 6)));
        assert!(!passes(&replayed(9, 0)), "too few contacts");
        assert!(!passes(&Replayed {
            faults: 1,
            ..replayed(100, 0)
        }));
        assert!(!passes(&Replayed {
            complete: false,
            ..replayed(100, 0)
        }));
        assert!(gate.passes(None, active).is_err(), "never replayed");
        let other = Some(Digest([2; 32]));
        assert!(
            gate.passes(Some(&replayed(100, 0)), other).is_err(),
            "replayed against what is active no longer"
        );
        assert!(gate.passes(None, None).is_ok(), "nothing was ever active");
    }
}
