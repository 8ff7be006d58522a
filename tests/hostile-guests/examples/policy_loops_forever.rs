//! Never returns from a decision.

use hotline_sdk::routing::{Batch, Fault, Order, Outcome, Policy, Visit};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_contact: Visit) -> Result<Order, Fault> {
        Ok(Order::new(0.0, 1.0))
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
