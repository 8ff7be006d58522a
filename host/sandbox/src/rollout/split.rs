//! Which contacts a canary gets: a function of the contact alone, so that nobody flips in mid-call.

use hotline_vocabulary::ids::{ContactId, Id};
use hotline_vocabulary::plugin::Digest;
use serde::{Deserialize, Serialize};

/// Whom a canary answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Split {
    /// 1 to 99 of a hundred contacts. Who was among 5 is among 20.
    Percent(u8),
    /// Contacts of these callers, as the network writes them (`+4930123456`).
    Callers(Vec<String>),
}

const MOST_CALLERS: usize = 1000;
const CALLER_BYTES: usize = 64;

impl Split {
    /// # Errors
    /// What is wrong with it, for a person.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Split::Percent(1..=99) => Ok(()),
            Split::Percent(_) => Err("from 1 to 99; for all contacts make it active".to_owned()),
            Split::Callers(callers) if callers.is_empty() || callers.len() > MOST_CALLERS => {
                Err(format!("from 1 to {MOST_CALLERS} callers"))
            }
            Split::Callers(callers) => match callers
                .iter()
                .find(|caller| caller.is_empty() || caller.len() > CALLER_BYTES)
            {
                Some(_) => Err(format!("a caller has from 1 to {CALLER_BYTES} bytes")),
                None => Ok(()),
            },
        }
    }

    /// Whether the candidate answers for this contact.
    pub(crate) fn takes(&self, candidate: Digest, contact: ContactId, caller: &str) -> bool {
        match self {
            Split::Percent(percent) => place(candidate, contact) < u64::from(*percent) * 100,
            Split::Callers(callers) => callers.iter().any(|one| one == caller),
        }
    }
}

/// The contact's place among ten thousand, another one for each candidate: the same customers are
/// not the first of every canary.
fn place(candidate: Digest, contact: ContactId) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&candidate.0);
    hasher.update(&contact.bits().to_le_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(first) % 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(percent: u8, candidate: u8) -> Vec<u128> {
        let split = Split::Percent(percent);
        (0..20_000)
            .filter(|number| {
                let contact = ContactId::from_bits(*number);
                split.takes(Digest([candidate; 32]), contact, "")
            })
            .collect()
    }

    #[test]
    fn a_canary_gets_its_share_and_keeps_its_contacts_when_the_share_grows() {
        let (five, twenty) = (taken(5, 1), taken(20, 1));
        assert!((900..1100).contains(&five.len()), "{}", five.len());
        assert!((3800..4200).contains(&twenty.len()), "{}", twenty.len());
        assert!(five.iter().all(|contact| twenty.contains(contact)));
    }

    #[test]
    fn another_candidate_gets_other_contacts() {
        let (one, other) = (taken(5, 1), taken(5, 2));
        let both = one.iter().filter(|contact| other.contains(contact)).count();
        assert!(both < 120, "5 of a hundred are in both by chance: {both}");
    }

    #[test]
    fn a_list_takes_its_callers_alone() {
        let split = Split::Callers(vec!["+49301".to_owned()]);
        let takes = |caller| split.takes(Digest([1; 32]), ContactId::from_bits(7), caller);
        assert!(takes("+49301"));
        assert!(!takes("+493012"));
        assert!(Split::Callers(Vec::new()).check().is_err());
        assert!(Split::Percent(100).check().is_err());
    }
}
