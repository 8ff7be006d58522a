//! The shipped routing policy: the best skilled free agent, ties by longest idle; priority that
//! ages, one point a minute, so that nobody starves.
//!
//! | file | decides |
//! |---|---|
//! | [`rank`] | where a contact stands in its queue |
//! | [`decide`] | which agent a contact gets |
//! | [`score`] | what makes one agent better than another |
//! | [`filters`] | which agents count for a contact, for how long |
//! | [`settings`] | what `NAME.config.json` may change |

mod decide;
mod filters;
mod rank;
mod score;
mod settings;
mod words;

pub use decide::decide;
pub use filters::{Filter, Target};
pub use rank::rank;
pub use settings::{AgentOrder, AttributeWeight, Settings};

use hotline_sdk::routing::{Batch, Fault, Order, Outcome, Policy, Visit};

/// The plugin.
#[derive(Debug)]
pub struct BestSkill;

impl Policy for BestSkill {
    fn rank(contact: Visit) -> Result<Order, Fault> {
        Ok(rank(&Settings::load()?, &contact.interaction))
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        Ok(decide(&Settings::load()?, &batch))
    }
}

hotline_sdk::fast_allocator!();
hotline_sdk::export_policy!(BestSkill);
