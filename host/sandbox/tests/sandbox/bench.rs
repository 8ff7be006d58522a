//! How long a question takes. Printed, not judged: `cargo test --release -p hotline-sandbox -- --ignored --nocapture`.

#![allow(clippy::print_stdout)]

use crate::stand::{MENU, Stand, batch, contact, demo};
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
