//! What callers typed under protection: PINs, card numbers. Kept in memory alone, each until a
//! connector's request of the same contact spends it, or the contact is over. Never written down,
//! never listed; after a restart it is gone.

use hotline_outbound::Secret;
use hotline_vocabulary::flow::ProtectedKeys;
use hotline_vocabulary::ids::{ContactId, TenantId};
use parking_lot::Mutex;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Of one contact; the oldest makes room. A caller who is asked three times for each of two numbers
/// fits.
const TOKENS: usize = 8;

/// Cheap to clone. Bounded by the calls that the host takes, times [`TOKENS`].
#[derive(Debug, Clone, Default)]
pub(crate) struct ProtectedInput(Arc<Mutex<Contacts>>);

type Contacts = HashMap<(TenantId, ContactId), VecDeque<(String, Secret)>>;

impl ProtectedInput {
    pub(crate) fn keep(
        &self,
        (tenant, contact): (TenantId, ContactId),
        token: String,
        keys: ProtectedKeys,
    ) {
        let mut contacts = self.0.lock();
        let kept = contacts.entry((tenant, contact)).or_default();
        if kept.len() >= TOKENS {
            kept.pop_front();
        }
        kept.push_back((token, Secret::new(keys.into_inner())));
    }

    /// Gives it out, once.
    pub(crate) fn spend(
        &self,
        (tenant, contact): (TenantId, ContactId),
        token: &str,
    ) -> Option<Secret> {
        let mut contacts = self.0.lock();
        let kept = contacts.get_mut(&(tenant, contact))?;
        let place = kept.iter().position(|(known, _)| known == token)?;
        kept.remove(place).map(|(_, keys)| keys)
    }

    /// The contact is over.
    pub(crate) fn forget(&self, tenant: TenantId, contact: ContactId) {
        self.0.lock().remove(&(tenant, contact));
    }

    /// All of the tenant's contacts are over: its exchange starts anew.
    pub(crate) fn forget_all(&self, tenant: TenantId) {
        self.0.lock().retain(|(of, _), _| *of != tenant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    fn keys(text: &str) -> ProtectedKeys {
        ProtectedKeys::new(text.to_owned())
    }

    #[test]
    fn keys_are_given_out_once_and_to_their_own_contact_alone() {
        let kept = ProtectedInput::default();
        let (tenant, contact) = (TenantId::from_bits(1), ContactId::from_bits(2));
        let own = (tenant, contact);
        kept.keep(own, "a".to_owned(), keys("4711"));
        assert_eq!(kept.spend((TenantId::from_bits(9), contact), "a"), None);
        assert_eq!(kept.spend((tenant, ContactId::from_bits(9)), "a"), None);
        assert_eq!(kept.spend(own, "a"), Some(Secret::new("4711")));
        assert_eq!(kept.spend(own, "a"), None, "spent");

        kept.keep(own, "b".to_owned(), keys("4711"));
        assert!(!format!("{kept:?} {:?}", keys("4711")).contains("4711"));
        kept.forget(tenant, contact);
        assert_eq!(kept.spend(own, "b"), None, "its contact is over");
    }

    #[test]
    fn a_contact_keeps_its_latest_and_a_lost_exchange_nothing() {
        let kept = ProtectedInput::default();
        let (tenant, other) = (TenantId::from_bits(1), TenantId::from_bits(2));
        let contact = ContactId::from_bits(3);
        for n in 0..=TOKENS {
            kept.keep((tenant, contact), n.to_string(), keys("1"));
        }
        kept.keep((other, contact), "0".to_owned(), keys("1"));
        assert_eq!(kept.spend((tenant, contact), "0"), None, "the oldest");
        assert!(kept.spend((tenant, contact), "1").is_some());
        kept.forget_all(tenant);
        assert_eq!(kept.spend((tenant, contact), "2"), None);
        assert!(kept.spend((other, contact), "0").is_some());
    }
}
