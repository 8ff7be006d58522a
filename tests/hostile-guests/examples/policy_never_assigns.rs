//! Lets every contact wait, although agents are free, and wants to be asked again every millisecond.

use hotline_sdk::routing::{Batch, Decision, Fault, Order, Outcome, Policy, Visit};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_contact: Visit) -> Result<Order, Fault> {
        Ok(Order::new(0.0, 1.0))
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        let contacts = 0..batch.contacts.len();
        Ok(contacts
            .map(|contact| Outcome {
                recheck_after_ms: Some(1),
                ..Outcome::of(contact, Decision::KeepWaiting)
            })
            .collect())
    }
}

hotline_sdk::export_policy!(Hostile);
