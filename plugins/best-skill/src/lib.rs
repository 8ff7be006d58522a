//! The shipped routing policy: the best skilled free agent, ties by longest idle; priority that
//! ages, one point a minute, so that nobody starves.
//!
//! | file | decides |
//! |---|---|
//! | [`rank`] | where a contact stands in its queue |
//! | [`decide`] | which agent a contact gets |
//! | [`settings`] | what `NAME.config.json` may change |

mod decide;
mod places;
mod rank;
mod settings;

pub use decide::decide;
pub use rank::rank;
pub use settings::{AttributeWeight, Settings};

use hotline_sdk::routing::{Batch, Fault, Interaction, Order, Outcome, Policy, QueueView};

/// The plugin.
#[derive(Debug)]
pub struct BestSkill;

impl Policy for BestSkill {
    fn rank(interaction: Interaction, _queue: QueueView) -> Result<Order, Fault> {
        Ok(rank(&Settings::load()?, &interaction))
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        Ok(decide(&Settings::load()?, &batch))
    }
}

hotline_sdk::fast_allocator!();
hotline_sdk::export_policy!(BestSkill);
