//! How fast the switchboard decides: `cargo run --release -p hotline-simulation --example pace`.
//!
//! Prints CPU time per call from arrival to end, with the advisers answering at once, and the time
//! from *agent free* to *policy asked* with many agents and many waiting.

#![allow(clippy::print_stdout)]

use hotline_simulation::crowd::{Crowd, percentile};
use std::time::Instant;

const CALLS: u32 = 20_000;
const DECISIONS: usize = 2_000;

fn main() {
    let mut crowd = Crowd::new(100, 0);
    let begin = Instant::now();
    for _ in 0..CALLS {
        crowd.one_call();
    }
    let each = begin.elapsed() / CALLS;
    println!(
        "a whole call, 100 agents: {each:?}, {} facts",
        crowd.facts / u64::from(CALLS)
    );

    for agents in [100, 1_000, 10_000] {
        let mut crowd = Crowd::new(agents, 2_000);
        let mut times: Vec<_> = (0..DECISIONS)
            .map(|_| crowd.one_agent_becomes_free())
            .collect();
        println!(
            "agent free to policy asked, {agents} agents, 2000 waiting: p50 {:?}, p99 {:?}",
            percentile(&mut times, 50),
            percentile(&mut times, 99),
        );
    }
}
