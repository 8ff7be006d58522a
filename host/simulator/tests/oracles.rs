//! What queueing theory says, against what comes out of the simulated house.

mod erlang;

use erlang::{Model, Theory};
use hotline_simulator::{Arm, Estimate, Figure, Group, Report, Running, scenario, simulate};

/// The rows of Erlang's formulas that are checked, over 12 runs of 50,000 contacts, the first 2,000
/// of each left out.
const REPLICATIONS: u32 = 12;
const CONTACTS: u32 = 50_000;
const WARM_UP: u32 = 2_000;
const STANDARD_ERRORS: f64 = 3.0;

fn simulated(model: &Model) -> Report {
    let patience = model.patience_s.map_or_else(String::new, |mean| {
        format!("patience = {{ exponential = {{ mean_s = {mean} }} }}")
    });
    let text = format!(
        r#"
        title = "{model:?}"
        [run]
        replications = {REPLICATIONS}
        contacts = {CONTACTS}
        warm_up_contacts = {WARM_UP}
        [[queue]]
        name = "calls"
        service_level_s = {service_level}
        [[agents]]
        count = {agents}
        queues = ["calls"]
        [[contacts]]
        queue = "calls"
        arrivals = {{ poisson = {{ per_hour = {per_hour} }} }}
        handle = {{ exponential = {{ mean_s = {handle} }} }}
        {patience}
        "#,
        service_level = model.service_level_s,
        agents = model.agents,
        per_hour = model.offered_erlang * 3600.0 / model.handle_s,
        handle = model.handle_s,
    );
    let loaded = scenario::parse("oracle.toml", &text).expect("a valid scenario");
    simulate(
        &loaded.plan,
        &[Arm::built_in()],
        &Running::default(),
        &|| {},
    )
    .expect("nobody stops it")
}

fn assert_agrees(model: &Model) {
    let report = simulated(model);
    let policy = &report.policies[0];
    let Theory {
        probability_of_wait,
        mean_wait_s,
        service_level,
        abandoned_share,
    } = model.theory();
    let rows = [
        (Figure::ProbabilityOfWait, Some(probability_of_wait)),
        (Figure::MeanWaitS, Some(mean_wait_s)),
        (Figure::ServiceLevel, service_level),
        (Figure::AbandonedShare, Some(abandoned_share)),
    ];
    for (figure, expected) in rows {
        let Some(expected) = expected else { continue };
        let Estimate {
            mean,
            standard_error,
        } = policy
            .estimate(&Group::All, figure)
            .expect("contacts were played");
        let error = standard_error.expect("several replications");
        assert!(
            (mean - expected).abs() <= STANDARD_ERRORS * error,
            "{model:?}: {figure:?} is {mean} ± {error}; theory says {expected}"
        );
    }
}

#[test]
fn waits_without_abandonment_are_erlangs_c() {
    assert_agrees(&erlang::C_48);
}

#[test]
fn waits_with_abandonment_are_erlangs_a() {
    assert_agrees(&erlang::A_10);
}

#[test]
fn the_formulas_give_the_published_rows() {
    for (model, published) in erlang::ROWS {
        let theory = model.theory();
        let close = |found: f64, expected: f64, places: i32| {
            assert!(
                (found - expected).abs() <= 0.5001 * 10f64.powi(-places),
                "{model:?}: {found}, published {expected}"
            );
        };
        close(theory.probability_of_wait, published.probability_of_wait, 4);
        close(theory.mean_wait_s, published.mean_wait_s, 3);
        close(theory.abandoned_share, published.abandoned_share, 4);
        if let Some((found, expected)) = theory.service_level.zip(published.service_level) {
            close(found, expected, 4);
        }
    }
}
