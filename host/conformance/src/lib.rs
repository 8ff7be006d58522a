//! The conformance kit: what every plugin must hold, tried on generated inputs and on an author's own
//! fixtures, by the production engine and without a server.
//!
//! A [`Law`] is a sentence about a plugin. [`run`] searches for an input that breaks it, makes that
//! input as small as it can, and gives it as a [`Fixture`] that breaks the law again when it is played.
//! The same seed finds the same inputs, everywhere.

mod budget;
mod call;
mod case;
mod check;
mod compare;
mod conversation;
mod delivery;
mod errand;
mod fixture;
mod generate;
mod junit;
mod law;
mod ordinary;
mod reply;
mod report;
mod sample;
mod search;
mod subject;

pub use budget::{Budget, BudgetLine, Spread};
pub use call::{Call, CallProblem, Move, MoveError, Walk, walk};
pub use case::{Case, Played};
pub use check::check;
pub use compare::differences;
pub use conversation::{Conversation, Heard};
pub use delivery::Delivery;
pub use errand::Errand;
pub use fixture::{Fixture, FixtureError};
pub use junit::junit;
pub use law::Law;
pub use reply::{Reply, ReplyError};
pub use report::{Check, Failure, Report, Suite};
pub use sample::{UnknownFunction, sample};
pub use search::search;
pub use subject::{Kind, Metered, Subject};

use std::time::Instant;

/// How hard to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    pub seed: u64,
    /// Generated inputs for each law.
    pub cases: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Effort { seed: 1, cases: 48 }
    }
}

/// Plays the fixtures, then tries each law of the plugin's kind. `progress` is told each check's name
/// before it begins.
pub fn run(
    subject: &dyn Subject,
    kind: Kind,
    fixtures: &[(String, Fixture)],
    effort: Effort,
    progress: &dyn Fn(&str),
) -> Report {
    let metered = Metered::new(subject);
    let mut checks = Vec::new();
    for (name, fixture) in fixtures {
        progress(name);
        let began = Instant::now();
        let failure = fixture.play(&metered).err().map(|problem| Failure {
            problem,
            smallest: None,
        });
        checks.push(Check {
            suite: Suite::Fixtures,
            name: name.clone(),
            says: fixture.note.clone(),
            cases: 1,
            took: began.elapsed(),
            failure,
        });
    }
    for &law in Law::of(kind) {
        progress(law.as_str());
        let began = Instant::now();
        let found = search::search(&metered, kind, law, effort);
        checks.push(Check {
            suite: Suite::Laws,
            name: law.as_str().to_owned(),
            says: law.sentence().to_owned(),
            cases: effort.cases,
            took: began.elapsed(),
            failure: found.err(),
        });
    }
    Report {
        seed: effort.seed,
        checks,
        budget: metered.into_budget().lines(),
    }
}
