//! Storms that must hold. `HOTLINE_SEED=7` runs one seed; `HOTLINE_SEEDS=2000` runs that many.

use crate::auditor::Counts;
use crate::storm::{Parameters, outcome, run, sabotaged};
use hotline_vocabulary::Millis;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::routing::Invariant;

const SEEDS: u64 = 24;

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
        sent_on,
        held,
        outer_rings,
        refused_full,
        refused_closed,
        refused_empty,
        timed_out,
        turned_away,
        places_kept,
        callbacks,
        reached,
        tried_again,
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
        sent_on,
        held,
        outer_rings,
        refused_full,
        refused_closed,
        refused_empty,
        timed_out,
        turned_away,
        places_kept,
        callbacks,
        reached,
        tried_again,
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

#[test]
fn each_monitor_finds_the_fault_that_is_planted_for_it_and_says_who_and_what_led_to_it() {
    for invariant in Invariant::ALL {
        let mut planted = 0;
        let found = (0..2 * SEEDS).find_map(|seed| {
            // Few agents and many calls: people wait, and are passed over if they may be.
            let busy = Parameters {
                calls: 140,
                every: Millis(1_200),
                agents: 2,
                bad_advice: 0,
                bad_agents: 0,
                rebuilds: 0,
                tasks: 0,
                ..Parameters::of(seed)
            };
            let busy = match invariant {
                // Callers leave before they have waited so long; work waits.
                Invariant::Starvation => Parameters {
                    calls: 30,
                    every: Millis(3_000),
                    tasks: 60,
                    aged_after: Millis(4_000),
                    ..busy
                },
                _ => busy,
            };
            let found = sabotaged(busy, invariant)?;
            planted += 1;
            found.into_iter().next()
        });
        let Some(What::InvariantViolated {
            contacts,
            agents,
            trail,
            ..
        }) = found
        else {
            panic!("{invariant:?} was broken in {planted} storms, and nothing was found");
        };
        assert!(!contacts.is_empty(), "{invariant:?} of nobody");
        let needs_agent = !matches!(invariant, Invariant::Conservation);
        assert!(
            !needs_agent || !agents.is_empty(),
            "{invariant:?} without an agent"
        );
        assert!(trail.len() > 3, "{invariant:?} after {trail:?}");
    }
}
