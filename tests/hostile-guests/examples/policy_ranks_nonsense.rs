//! Ranks with numbers that are none, and decides with reasons and scores beyond measure.

use hotline_sdk::routing::Score;
use hotline_sdk::routing::{
    Batch, Decision, Fault, Interaction, Order, Outcome, Policy, QueueView,
};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_interaction: Interaction, _queue: QueueView) -> Result<Order, Fault> {
        Ok(Order {
            base: f64::NAN,
            slope: f64::NEG_INFINITY,
            reasons: vec!["because ".repeat(100_000); 20],
            ext: Vec::new(),
        })
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        let contacts = batch.contacts.into_iter();
        Ok(contacts
            .map(|contact| Outcome {
                contact: contact.interaction.id,
                decision: Decision::Overflow("no such queue \u{0}".to_owned()),
                reasons: vec!["because ".repeat(1_000); 100],
                scores: vec![
                    Score {
                        agent: "nobody".to_owned(),
                        total: f64::NAN,
                        parts: vec![("part".to_owned(), f64::INFINITY)],
                    };
                    1_000
                ],
                recheck_after_ms: Some(0),
                ext: Vec::new(),
            })
            .collect())
    }
}

hotline_sdk::export_policy!(Hostile);
