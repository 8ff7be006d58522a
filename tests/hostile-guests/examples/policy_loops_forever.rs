//! Never returns from a decision.

use hotline_sdk::routing::{Batch, Fault, Interaction, Order, Outcome, Policy, QueueView};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_interaction: Interaction, _queue: QueueView) -> Result<Order, Fault> {
        Ok(Order {
            base: 0.0,
            slope: 1.0,
            reasons: Vec::new(),
            ext: Vec::new(),
        })
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        // Well-behaved in the trial run, which has nobody to decide about.
        if batch.contacts.is_empty() {
            return Ok(Vec::new());
        }
        let mut turns = 0u64;
        loop {
            turns = std::hint::black_box(turns.wrapping_add(1));
        }
    }
}

hotline_sdk::export_policy!(Hostile);
