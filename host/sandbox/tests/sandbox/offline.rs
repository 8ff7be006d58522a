//! Policies asked on the caller's own threads.

use crate::stand::{batch, built};
use hotline_sandbox::Compiling;
use hotline_sandbox::offline::{Bench, Policy};
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::question::{Answer, Question};
use std::path::{Path, PathBuf};

/// A folder of compiled code that the tests share.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("offline-compiled")
}

pub(crate) fn policy(threads: usize, name: &str, config: &str) -> Policy {
    let bench = Bench::open(Compiling::Here, &cache(), threads).expect("a bench opens");
    bench
        .policy(name, &format!("{name}.policy.wasm"), &built(name), config)
        .expect("the policy is good")
}

#[test]
fn clones_on_many_threads_give_the_same_answer_at_the_same_fuel() {
    const THREADS: usize = 4;
    let policy = policy(THREADS, "best_skill", "{}");
    let question = Question::Decide {
        policy: None,
        batch: batch(8, 8),
    };
    let once = policy.answer(&question);
    assert!(matches!(&once.outcome, Ok(Answer::Decide(decided)) if decided.len() == 8));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let (policy, question, once) = (policy.clone(), &question, &once);
            scope.spawn(move || {
                for _ in 0..20 {
                    let again = policy.answer(question);
                    assert_eq!(again.outcome, once.outcome);
                    assert_eq!(again.usage.fuel, once.usage.fuel);
                }
            });
        }
    });
}

#[test]
fn a_policy_that_loops_is_stopped_by_its_fuel_alone() {
    let policy = policy(1, "policy_loops_forever", "{}");
    let verdict = policy.answer(&Question::Decide {
        policy: None,
        batch: batch(1, 1),
    });
    let fault = verdict.outcome.expect_err("it loops for ever");
    assert_eq!(fault.kind, FaultKind::OutOfFuel, "{}", fault.message);
}

#[test]
fn what_is_no_policy_or_has_a_broken_configuration_is_refused_with_its_place() {
    let bench = Bench::open(Compiling::Here, &cache(), 1).expect("a bench opens");
    let told = |component: &[u8], config: &str| {
        let refused = bench.policy("x", "x.policy.wasm", component, config);
        refused.expect_err("it is refused")[0].to_string()
    };
    let flow = told(&built("loops_forever"), "{}");
    assert!(
        flow.starts_with("x.policy.wasm: error[admission.world]"),
        "{flow}"
    );
    let config = told(&built("best_skill"), "{\n  \"a\": ,\n}");
    assert!(
        config.starts_with("the configuration of x.policy.wasm:2:"),
        "{config}"
    );
}
