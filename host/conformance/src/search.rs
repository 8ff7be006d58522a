//! Looks for an input that breaks a law, and makes it small.

use crate::Effort;
use crate::case::Case;
use crate::check::check;
use crate::fixture::Fixture;
use crate::generate::{Size, case, corners};
use crate::law::Law;
use crate::report::Failure;
use crate::subject::{Kind, Subject};
use proptest::test_runner::{
    Config, RngAlgorithm, RngSeed, TestCaseError, TestError, TestRng, TestRunner,
};

/// Tries at making an input smaller; a large one stays large, so few are worth while.
const SHRINKS: u32 = 400;
const SHRINKS_OF_LARGE: u32 = 50;

/// Tries a law on inputs that no seed may miss, then on generated ones.
///
/// # Errors
/// The law does not hold; the smallest input found.
pub fn search(subject: &dyn Subject, kind: Kind, law: Law, effort: Effort) -> Result<(), Failure> {
    let size = match law {
        Law::HoldsAtTenTimes => Size::TenTimes,
        _ => Size::Usual,
    };
    if size == Size::Usual {
        for case in corners(kind) {
            check(subject, law, &case).map_err(|problem| broken(law, effort, &problem, case))?;
        }
    }
    let (cases, max_shrink_iters) = match size {
        Size::Usual => (effort.cases, SHRINKS),
        // Each is as dear as ten.
        Size::TenTimes => (effort.cases.div_ceil(4), SHRINKS_OF_LARGE),
    };
    let config = Config {
        cases,
        max_shrink_iters,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(effort.seed),
        ..Config::default()
    };
    let mut bytes = [0u8; 32];
    bytes[..8].copy_from_slice(&effort.seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, random);
    let tried = runner.run(&case(kind, size), |case| {
        check(subject, law, &case).map_err(TestCaseError::fail)
    });
    let told = |problem: &str, case: &Case| match size {
        Size::Usual => problem.to_owned(),
        Size::TenTimes => format!(
            "{problem}\nThe input was {}. {}",
            case.magnitude(),
            overwhelmed(kind)
        ),
    };
    match tried {
        Ok(()) => Ok(()),
        Err(TestError::Fail(reason, case)) => {
            let problem = told(reason.message(), &case);
            Err(broken(law, effort, &problem, case))
        }
        Err(TestError::Abort(reason)) => Err(Failure {
            problem: format!("inputs could not be made: {reason}"),
            smallest: None,
        }),
    }
}

/// What it means in service, and what to do.
const fn overwhelmed(kind: Kind) -> &'static str {
    match kind {
        Kind::Policy => {
            "Of so many the server itself decides, by the built-in order, and counts a fault; for \
             fewer the policy decides. Look at fewer candidates for each contact, and work out once \
             what several contacts share."
        }
        Kind::Connector => {
            "With so much the operation ends in a fault. Ask the other system for smaller pages and \
             for the fields that you use."
        }
        Kind::Flow => "Do less in one step, or keep less in the state.",
        Kind::QaRule | Kind::QaLive | Kind::QaRuleAndLive => {
            "Of so much the rule finds nothing, and a fault is counted. Look at each utterance once."
        }
    }
}

fn broken(law: Law, effort: Effort, problem: &str, case: Case) -> Failure {
    Failure {
        problem: problem.to_owned(),
        smallest: Some(Fixture {
            note: format!("Broke `{}` (seed {}): {problem}", law.as_str(), effort.seed),
            law: Some(law),
            case,
            expect: None,
        }),
    }
}
