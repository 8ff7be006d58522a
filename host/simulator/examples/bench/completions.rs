//! A thousand talks that end in the same instant leave exact counters.

use hotline_simulator::{Arm, Figure, Group, Running, scenario, simulate};
use std::time::Instant;

const SCENARIO: &str = r#"
    title = "A thousand ends at once"
    run = { replications = 1, contacts = 1_000 }
    queue = [{ name = "calls" }]
    agents = [{ count = 1_000, queues = ["calls"] }]
    [[contacts]]
    queue = "calls"
    arrivals = { scheduled = { at_s = [AT] } }
    handle = { constant = { seconds = 60 } }
"#;

pub(crate) fn check() {
    let text = SCENARIO.replace("AT", &vec!["1"; 1_000].join(", "));
    let loaded = scenario::parse("completions", &text).expect("a valid scenario");
    let begin = Instant::now();
    let report = simulate(
        &loaded.plan,
        &[Arm::built_in()],
        &Running::default(),
        &|| {},
    )
    .expect("nobody stops it");
    let count = |figure| {
        let estimate = report.policies[0].estimate(&Group::All, figure);
        estimate.expect("contacts were played").mean
    };
    let (offered, answered) = (count(Figure::Offered), count(Figure::Answered));
    let handle = count(Figure::AhtS);
    let exact = offered == 1_000.0 && answered == 1_000.0 && handle == 60.0;
    println!(
        "\n1,000 concurrent completions: {offered} offered, {answered} answered, AHT {handle} s, \
         {} violations: {} ({:.1?})",
        report.policies[0].violations,
        if exact && report.policies[0].violations == 0 {
            "exact"
        } else {
            "NOT EXACT"
        },
        begin.elapsed(),
    );
}
