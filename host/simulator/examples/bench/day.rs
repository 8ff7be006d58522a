//! The demo day, once, with the compiled policy.

use hotline_sandbox::offline::Bench;
use hotline_simulator::compiled::Workshop;
use hotline_simulator::scenario::Which;
use hotline_simulator::{Figure, Group, Running, scenario, simulate};
use std::path::Path;
use std::time::Instant;

const GOAL_S: f64 = 5.0;

pub(crate) fn measure(bench: &Bench) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/sim");
    let loaded = scenario::load(&folder.join("demo-day.toml")).expect("the shipped scenario");
    let mut policies = loaded.policies;
    policies.retain(|policy| policy.which == Which::Shipped);
    let shipped = crate::component();
    let workshop = Workshop {
        bench,
        shipped: &shipped,
        folder: &folder,
    };
    let arms = workshop.arms(&policies).expect("the shipped policy");
    let plan = loaded.plan.with_replications(1);
    let begin = Instant::now();
    let report = simulate(&plan, &arms, &Running::default(), &|| {}).expect("nobody stops it");
    let took = begin.elapsed();
    let offered = report.policies[0].estimate(&Group::All, Figure::Offered);
    println!(
        "\na simulated day, {} calls, 100 agents, compiled policy: {took:.2?}, goal < {GOAL_S} s {}",
        offered.expect("contacts were played").mean,
        if took.as_secs_f64() < GOAL_S {
            "met"
        } else {
            "NOT MET"
        }
    );
}
