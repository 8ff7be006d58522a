//! How long a question takes. Printed, not judged: `cargo test --release -p hotline-sandbox -- --ignored --nocapture`.

#![allow(clippy::print_stdout)]

use crate::stand::{MENU, Stand, batch, built, contact, demo};
use hotline_sandbox::Compiling;
use hotline_sandbox::offline::Bench;
use hotline_vocabulary::question::Question;
use std::time::Instant;

fn median(mut times: Vec<u64>) -> (u64, u64) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

#[tokio::test]
#[ignore = "a measurement"]
async fn time_of_a_flow_step_and_of_a_routing_decision() {
    let stand = Stand::with(&[("demo/main.flow.yaml", MENU)]).await;
    let (mut inside, mut whole, mut fuel) = (Vec::new(), Vec::new(), 0);
    for number in 0..2000 {
        let began = Instant::now();
        let verdict = stand.begin(contact(number), "main").await;
        whole.push(began.elapsed().as_micros() as u64);
        inside.push(verdict.usage.took_us);
        fuel = verdict.usage.fuel;
    }
    println!(
        "flow step: {:?} us inside, {:?} us asked, fuel {fuel} (median, p99)",
        median(inside),
        median(whole)
    );
    for (contacts, agents) in [(1, 1), (1, 50), (64, 1), (8, 8), (64, 50), (64, 256)] {
        let (mut inside, mut fuel) = (Vec::new(), 0);
        let question = Question::Decide {
            policy: None,
            batch: batch(contacts, agents),
        };
        for _ in 0..500 {
            let verdict = stand.handle.ask(demo(), question.clone()).await;
            if let Err(fault) = verdict.outcome {
                println!("{contacts} contacts, {agents} agents: {fault:?}");
                break;
            }
            inside.push(verdict.usage.took_us);
            fuel = verdict.usage.fuel;
        }
        if inside.is_empty() {
            continue;
        }
        println!(
            "decision over {contacts} contacts and {agents} agents: {:?} us inside, fuel {fuel}",
            median(inside)
        );
    }
}

#[test]
#[ignore = "a measurement"]
fn time_of_a_decision_in_typescript_and_of_compiling_it() {
    let cache = tempfile::TempDir::new().unwrap();
    let bench = Bench::open(Compiling::Here, cache.path(), 1).expect("a bench opens");
    let component = built("ts_longest_idle");
    let began = Instant::now();
    let policy = bench.policy("idle", "idle.policy.wasm", &component, "{}");
    let policy = policy.expect("the policy is good");
    println!("admitted, compiled and tried in {:?}", began.elapsed());
    for agents in [1, 10, 50] {
        let question = Question::Decide {
            policy: None,
            batch: batch(1, agents),
        };
        let answers = (0..500).map(|_| policy.answer(&question));
        let usage: Vec<_> = answers.map(|verdict| verdict.usage).collect();
        println!(
            "decision over 1 contact and {agents} agents: {:?} us (median, p99), fuel {}",
            median(usage.iter().map(|usage| usage.took_us).collect()),
            usage[0].fuel
        );
    }
}
