//! Gives the first contact to an agent who does not exist, and the others as it should.

use hotline_sdk::routing::{Batch, Decision, Fault, Order, Outcome, Policy, Visit};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_contact: Visit) -> Result<Order, Fault> {
        Ok(Order::new(0.0, 1.0))
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        let contacts = (0u32..).zip(&batch.contacts);
        Ok(contacts
            .map(|(place, _)| {
                let agent = place.checked_sub(1).unwrap_or(9_999);
                Outcome::of(place as usize, Decision::Assign(agent))
            })
            .collect())
    }
}

hotline_sdk::export_policy!(Hostile);
