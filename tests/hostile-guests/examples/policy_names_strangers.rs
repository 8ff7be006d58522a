//! Gives contacts to agents, and agents to contacts, that do not exist.

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
        let mut outcomes: Vec<Outcome> = batch
            .contacts
            .iter()
            .map(|contact| assign(&contact.interaction.id, "nobody-by-this-name"))
            .collect();
        let agents = batch.agents.iter();
        outcomes.extend(agents.map(|agent| assign("no-such-contact", &agent.id)));
        Ok(outcomes)
    }
}

hotline_sdk::export_policy!(Hostile);
