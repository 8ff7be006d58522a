//! Gives contacts to agents who do not exist, and decides about contacts that do not.

use hotline_sdk::routing::{Batch, Decision, Fault, Order, Outcome, Policy, Visit};

#[derive(Debug)]
pub struct Hostile;

impl Policy for Hostile {
    fn rank(_contact: Visit) -> Result<Order, Fault> {
        Ok(Order::new(0.0, 1.0))
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        let contacts = 0..batch.contacts.len();
        let mut outcomes: Vec<Outcome> = contacts
            .map(|contact| Outcome::of(contact, Decision::Assign(u32::MAX)))
            .collect();
        let agents = batch.agents().map(|agent| agent.place());
        outcomes.extend(agents.map(|agent| Outcome::of(70_000, Decision::Assign(agent))));
        Ok(outcomes)
    }
}

hotline_sdk::export_policy!(Hostile);
