//! Gives its first agent to every contact, whoever their candidates are, and every contact twice.

use hotline_sdk::routing::{
    Batch, Decision, Fault, Interaction, Order, Outcome, Policy, QueueView,
};

fn assign(contact: &str, agent: &str) -> Outcome {
    Outcome {
        contact: contact.to_owned(),
        decision: Decision::Assign(agent.to_owned()),
        reasons: Vec::new(),
        scores: Vec::new(),
        recheck_after_ms: None,
        ext: Vec::new(),
    }
}

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
        let Some(agent) = batch.agents.first() else {
            return Ok(Vec::new());
        };
        let contacts = batch.contacts.iter().chain(&batch.contacts);
        Ok(contacts
            .map(|contact| assign(&contact.interaction.id, &agent.id))
            .collect())
    }
}

hotline_sdk::export_policy!(Hostile);
