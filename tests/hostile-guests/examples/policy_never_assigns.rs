//! Lets every contact wait, although agents are free, and wants to be asked again every millisecond.

use hotline_sdk::routing::{
    Batch, Decision, Fault, Interaction, Order, Outcome, Policy, QueueView,
};

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
        let contacts = batch.contacts.into_iter();
        Ok(contacts
            .map(|contact| Outcome {
                contact: contact.interaction.id,
                decision: Decision::KeepWaiting,
                reasons: Vec::new(),
                scores: Vec::new(),
                recheck_after_ms: Some(1),
                ext: Vec::new(),
            })
            .collect())
    }
}

hotline_sdk::export_policy!(Hostile);
