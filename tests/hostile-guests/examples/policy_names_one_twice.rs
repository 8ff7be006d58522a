//! Gives its first agent to every contact, whoever their candidates are, and every contact twice.

use hotline_sdk::routing::{Batch, Decision, Fault, Order, Outcome, Policy, Visit};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_contact: Visit) -> Result<Order, Fault> {
        Ok(Order::new(0.0, 1.0))
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        if batch.agents.is_empty() {
            return Ok(Vec::new());
        }
        let contacts = (0..batch.contacts.len()).chain(0..batch.contacts.len());
        Ok(contacts
            .map(|contact| Outcome::of(contact, Decision::Assign(0)))
            .collect())
    }
}

hotline_sdk::export_policy!(Hostile);
