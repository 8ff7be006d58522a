//! What plugins used, as it is charged: a charge a question, written once.

use crate::ids::{ContactId, TenantId};
use crate::plugin::{FaultKind, PluginVersion, Usage};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a plugin was run for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = UsagePurpose))]
pub enum Purpose {
    /// Its answer was for contacts: those of a canary too.
    #[default]
    Contacts,
    /// Asked the same as the version in service, and only compared with it.
    Shadow,
    /// Asked what was recorded.
    Replay,
    /// Checked and tried when it was uploaded or saved.
    Admission,
}

impl Purpose {
    /// As it is stored and served.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Contacts => "contacts",
            Purpose::Shadow => "shadow",
            Purpose::Replay => "replay",
            Purpose::Admission => "admission",
        }
    }
}

/// One question to a plugin: what it used, and for whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    /// When it was answered, or refused.
    pub at: Timestamp,
    pub tenant: TenantId,
    /// What the plugin decides: `flow`, `policy`, ...
    pub kind: Cow<'static, str>,
    pub version: PluginVersion,
    /// Ledgers of earlier hosts had contacts' questions only.
    #[serde(default)]
    pub purpose: Purpose,
    /// Whom it was asked about, and who is charged for it: nobody but the tenant for what was no
    /// contact's question. Several share what it used: see [`Charge::share`].
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
            purpose: Purpose::Contacts,
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
