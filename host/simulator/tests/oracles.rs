//! What queueing theory says, against what comes out of the simulated house.

mod erlang;

use erlang::{Model, STANDARD_ERRORS};

fn assert_agrees(model: &Model) {
    let report = model.simulated();
    for (figure, expected) in model.expected() {
        let (mean, error) = erlang::found(&report, figure);
        assert!(
            (mean - expected).abs() <= STANDARD_ERRORS * error,
            "{model}: {figure:?} is {mean} ± {error}; theory says {expected}"
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
                "{model}: {found}, published {expected}"
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
