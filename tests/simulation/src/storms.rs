//! Storms that must hold. `HOTLINE_SEED=7` runs one seed; `HOTLINE_SEEDS=2000` runs that many.

use crate::auditor::Counts;
use crate::storm::{Parameters, outcome, run};

const SEEDS: u64 = 16;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn everything_ends_once_nobody_is_booked_twice_and_nobody_idles_beside_a_caller() {
    let seeds = match number("HOTLINE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("HOTLINE_SEEDS").unwrap_or(SEEDS),
    };
    let one = seeds.end - seeds.start == 1;
    let mut all = Counts::default();
    for seed in seeds {
        match run(Parameters::of(seed)) {
            Ok(counts) => all.add(&counts),
            Err(failure) => panic!("{failure}"),
        }
    }
    // A storm in which nothing happened proves nothing.
    let Counts {
        contacts,
        visits,
        offers,
        talks,
        lost_in_talk,
        safe_flows,
        overruled,
        overflows,
        refused,
        tasks_done,
        beside,
        interruptions,
    } = all;
    let each = [
        contacts,
        visits,
        offers,
        talks,
        lost_in_talk,
        safe_flows,
        overruled,
        overflows,
        refused,
        tasks_done,
        beside,
        interruptions,
    ];
    assert!(one || each.iter().all(|count| *count > 10), "{all:?}");
}

#[test]
fn the_same_seed_and_inputs_give_the_same_facts_and_effects() {
    for seed in [3, 4] {
        let parameters = Parameters::of(seed);
        assert!(
            outcome(parameters.clone()) == outcome(parameters),
            "seed {seed}"
        );
    }
}
