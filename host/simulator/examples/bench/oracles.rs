//! Every row of Erlang's formulas: 12 runs of 50,000 contacts, within three standard errors.

use crate::erlang::{self, STANDARD_ERRORS};

pub(crate) fn check() {
    println!("\nErlang's formulas, 12 x 50,000 contacts        figure    theory    simulated");
    for (model, _) in erlang::ROWS {
        let report = model.simulated();
        for (figure, expected) in model.expected() {
            let (mean, error) = erlang::found(&report, figure);
            // A figure that never varies has no standard error.
            let off = match mean == expected {
                true => 0.0,
                false => (mean - expected).abs() / error,
            };
            println!(
                "  {:<30} {:>22}  {expected:>8.4}  {mean:>8.4} ± {error:.4}  {off:.1} standard errors {}",
                model.to_string(),
                figure.label(),
                if off <= STANDARD_ERRORS {
                    "agrees"
                } else {
                    "DISAGREES"
                },
            );
        }
    }
}
