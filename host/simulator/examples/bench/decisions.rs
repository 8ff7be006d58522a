//! From the event (an agent becomes free) to the decision acted on (an offer), the compiled policy
//! included, with 2,000 contacts waiting; and when a contact arrives where all agents are free.

use hotline_sandbox::offline::Policy;
use hotline_simulation::crowd::{Crowd, percentile};

const WAITING: u32 = 2_000;
const DECISIONS: usize = 2_000;
const GOAL_MS: f64 = 5.0;

pub(crate) fn measure(policy: &Policy) {
    println!("\nevent to decision, compiled policy included      p50          p99          goal");
    for agents in [100, 1_000, 10_000] {
        let mut crowd = Crowd::new(agents, WAITING);
        let mut times: Vec<_> = (0..DECISIONS)
            .map(|_| crowd.one_decision(&|question| policy.answer(question)))
            .collect();
        report(&format!("{agents} agents, {WAITING} waiting"), &mut times);
    }
    for agents in [100, 1_000, 10_000] {
        let mut crowd = Crowd::new(agents, 0);
        let mut times: Vec<_> = (0..DECISIONS)
            .map(|_| crowd.one_arrival(&|question| policy.answer(question)))
            .collect();
        report(&format!("{agents} agents free, one arrives"), &mut times);
    }
}

fn report(what: &str, times: &mut [std::time::Duration]) {
    let (p50, p99) = (percentile(times, 50), percentile(times, 99));
    let met = p99.as_secs_f64() * 1_000.0 < GOAL_MS;
    println!(
        "  {what:<44} {p50:>10.1?}  {p99:>10.1?}   < {GOAL_MS} ms {}",
        if met { "met" } else { "NOT MET" }
    );
}
