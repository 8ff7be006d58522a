//! Who gets whom: who has waited longest gets the most proficient agent who is free.
//!
//! The host asks [`Policy::rank`] when a contact arrives, and [`Policy::decide`] when there are
//! waiting contacts and free agents. The policy proposes; the host checks every answer.

use hotline_sdk::routing::{Batch, ContactView, Decision, Fault, Order, Outcome, Policy, Visit};
use std::cmp::Reverse;

/// A minute of waiting is worth one point of priority.
const POINTS_PER_MS: f64 = 1.0 / 60_000.0;

/// The plugin. It holds nothing.
#[derive(Debug)]
pub struct Plugin;

impl Policy for Plugin {
    /// The place in the queue: base + slope * waited milliseconds, highest first.
    fn rank(contact: Visit) -> Result<Order, Fault> {
        Ok(Order::new(
            f64::from(contact.interaction.priority),
            POINTS_PER_MS,
        ))
    }

    /// Contacts come in rank order. An agent is named by their place in `batch.agents`, and only a
    /// contact's candidates may be given to it.
    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        let mut taken = vec![false; batch.agents.len()];
        let mut outcomes = Vec::with_capacity(batch.contacts.len());
        for (place, contact) in batch.contacts.iter().enumerate() {
            let free = contact
                .candidates()
                .map(|candidate| candidate.agent)
                .filter(|agent| taken.get(*agent as usize) == Some(&false));
            // Candidates come longest idle first: of equals the first wins.
            let best = free.min_by_key(|agent| Reverse(proficiency(&batch, contact, *agent)));
            outcomes.push(match best {
                Some(agent) => {
                    taken[agent as usize] = true;
                    Outcome::of(place, Decision::Assign(agent))
                        .because("The most proficient of those who are free.")
                }
                None => Outcome::of(place, Decision::KeepWaiting)
                    .because("Nobody is free whom no contact further ahead gets."),
            });
        }
        Ok(outcomes)
    }
}

/// The sum of the agent's levels over what the contact needs.
fn proficiency(batch: &Batch, contact: &ContactView, agent: u32) -> u32 {
    let Some(agent) = batch.agent(agent) else {
        return 0;
    };
    contact
        .needs
        .iter()
        .map(|need| u32::from(agent.level_at(need.skill)))
        .sum()
}

hotline_sdk::fast_allocator!();
hotline_sdk::export_policy!(Plugin);

/// Tested natively: the bench makes batches.
#[cfg(test)]
mod tests {
    use super::Plugin;
    use hotline_sdk::bench::routing::{agent, batch, waiting, who_gets_whom};
    use hotline_sdk::routing::Policy;

    #[test]
    fn the_first_in_line_gets_the_most_proficient() {
        let agents = vec![
            agent("ana", 90, &[("german", 3)]),
            agent("ben", 10, &[("german", 9)]),
        ];
        let contacts = vec![
            waiting("1", &["german"], &[0, 1]),
            waiting("2", &["german"], &[0, 1]),
            waiting("3", &["german"], &[0, 1]),
        ];
        let told = who_gets_whom(Plugin::decide, &batch(agents, contacts));
        assert_eq!(told, "1>ben 2>ana 3>-");
    }
}
