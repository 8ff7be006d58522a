//! Panics, ranking and deciding.

use hotline_sdk::routing::{Batch, Fault, Order, Outcome, Policy, Visit};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_contact: Visit) -> Result<Order, Fault> {
        panic!("this policy always panics")
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        // Well-behaved in the trial run, which has nobody to decide about.
        if batch.contacts.is_empty() {
            return Ok(Vec::new());
        }
        panic!("this policy always panics")
    }
}

hotline_sdk::export_policy!(Hostile);
