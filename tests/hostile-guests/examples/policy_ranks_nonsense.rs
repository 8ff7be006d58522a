//! Ranks with numbers that are none, and decides with reasons and scores beyond measure.

use hotline_sdk::routing::{Batch, Decision, Fault, Order, Outcome, Policy, Score, Visit};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_contact: Visit) -> Result<Order, Fault> {
        Ok(Order {
            reasons: vec!["because ".repeat(100_000); 20],
            ..Order::new(f64::NAN, f64::NEG_INFINITY)
        })
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        let contacts = 0..batch.contacts.len();
        Ok(contacts
            .map(|contact| Outcome {
                reasons: vec!["because ".repeat(1_000); 100],
                scores: vec![
                    Score {
                        agent: u32::MAX,
                        total: f64::NAN,
                        parts: vec![("part".to_owned(), f64::INFINITY)],
                    };
                    1_000
                ],
                recheck_after_ms: Some(0),
                ..Outcome::of(
                    contact,
                    Decision::Overflow("no such queue \u{0}".to_owned()),
                )
            })
            .collect())
    }
}

hotline_sdk::export_policy!(Hostile);
