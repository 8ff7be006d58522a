//! What plugins used, as it is charged: a charge a question, written once.

use crate::ids::{ContactId, TenantId};
use crate::plugin::{FaultKind, PluginVersion, Usage};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One question to a plugin: what it used, and for whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    /// When it was answered, or refused.
    pub at: Timestamp,
    pub tenant: TenantId,
    /// What the plugin decides: `flow`, `policy`, ...
    pub kind: Cow<'static, str>,
    pub version: PluginVersion,
    /// Whom it was asked about. Several share what it used: see [`Charge::share`].
    pub contacts: Vec<ContactId>,
    /// Nothing at all when the plugin was not given the question.
    pub usage: Usage,
    /// Why it came to nothing.
    pub fault: Option<FaultKind>,
}

impl Charge {
    /// Whether the plugin was given the question, well answered or not.
    pub fn was_run(&self) -> bool {
        self.usage != Usage::default()
    }

    /// What the contact at `place` of [`Charge::contacts`] has of `total`: the same as the others,
    /// and the first what can not be divided. So the contacts' shares add up to the total.
    pub fn share(&self, total: u64, place: usize) -> u64 {
        let contacts = self.contacts.len().max(1) as u64;
        let undivided = if place == 0 { total % contacts } else { 0 };
        total / contacts + undivided
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::plugin::Digest;

    #[test]
    fn the_shares_of_a_decisions_contacts_add_up_to_what_it_used() {
        let charge = |contacts: u128| Charge {
            at: Timestamp(0),
            tenant: TenantId::from_bits(1),
            kind: "policy".into(),
            version: PluginVersion {
                name: "longest-idle".to_owned(),
                component: Digest([0; 32]),
                artifact: None,
            },
            contacts: (0..contacts).map(ContactId::from_bits).collect(),
            usage: Usage::default(),
            fault: None,
        };
        for (contacts, total) in [(1, 7), (3, 1_000), (3, 2), (7, 123_456_789)] {
            let charge = charge(contacts);
            let shares = (0..charge.contacts.len()).map(|place| charge.share(total, place));
            assert_eq!(shares.sum::<u64>(), total, "{total} over {contacts}");
        }
    }
}
