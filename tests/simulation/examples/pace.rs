//! How fast the switchboard decides: `cargo run --release -p hotline-simulation --example pace`.
//!
//! Prints CPU time per call from arrival to end, with the advisers answering at once, and the time
//! from *agent free* to *policy asked* with many agents and many waiting.

#![allow(clippy::print_stdout)]

use hotline_simulation::crowd::{Crowd, percentile};
use std::time::{Duration, Instant};

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

    let mut free = Table::new("an agent becomes free, 2000 waiting, to policy asked");
    let mut call = Table::new("a contact queues, all agents free, to policy asked");
    for agents in [100, 1_000, 10_000] {
        let mut crowd = Crowd::new(agents, 2_000);
        free.row(agents, || crowd.one_agent_becomes_free());
        let mut crowd = Crowd::new(agents, 0);
        call.row(agents, || crowd.one_contact_arrives());
    }
    free.print();
    call.print();
}

/// How one thing grows with the house.
struct Table {
    title: &'static str,
    rows: Vec<(usize, Duration, Duration)>,
}

impl Table {
    fn new(title: &'static str) -> Self {
        Table {
            title,
            rows: Vec::new(),
        }
    }

    fn row(&mut self, agents: usize, mut decide: impl FnMut() -> Duration) {
        let mut times: Vec<_> = (0..DECISIONS).map(|_| decide()).collect();
        let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
        self.rows.push((agents, p50, p99));
    }

    /// Growth is against the row before, with ten times fewer agents.
    fn print(&self) {
        println!("{}:", self.title);
        let mut before = None;
        for (agents, p50, p99) in &self.rows {
            let growth = before.map(|before: Duration| p50.as_secs_f64() / before.as_secs_f64());
            let growth = growth.map_or(String::new(), |growth| format!(", grew {growth:.1} times"));
            println!("  {agents:>6} agents: p50 {p50:?}, p99 {p99:?}{growth}");
            before = Some(*p50);
        }
    }
}
