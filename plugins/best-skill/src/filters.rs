//! Which agents count for a contact: filters over its attributes, the first that matches wins, each
//! with targets that follow one another.

use hotline_sdk::routing::{Agent, ContactView};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Applies to contacts that have all these attributes; without any, to every contact.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// One after the other; the last has no end.
    pub targets: Vec<Target>,
}

/// Whom a contact may be given meanwhile.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Least levels, from 1 to 10; without any, every candidate will do.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// How long before the next target's turn, in seconds; of the last target without meaning.
    #[serde(default)]
    pub for_s: u32,
}

/// The target whose turn it is.
pub(crate) struct Current<'a> {
    target: &'a Target,
    /// Until the next one's turn.
    pub(crate) ends_in_ms: Option<u64>,
}

/// None when no filter matches: then every candidate will do.
pub(crate) fn current<'a>(filters: &'a [Filter], contact: &ContactView) -> Option<Current<'a>> {
    let filter = filters.iter().find(|filter| filter.matches(contact))?;
    let mut ends = 0;
    for target in &filter.targets {
        ends += u64::from(target.for_s) * 1_000;
        if contact.waited_ms < ends {
            return Some(Current {
                target,
                ends_in_ms: Some(ends - contact.waited_ms),
            });
        }
    }
    let target = filter.targets.last()?;
    Some(Current {
        target,
        ends_in_ms: None,
    })
}

impl Filter {
    fn matches(&self, contact: &ContactView) -> bool {
        let has = &contact.interaction.attributes;
        self.attributes
            .iter()
            .all(|(name, value)| has.iter().any(|(other, its)| other == name && its == value))
    }
}

impl Current<'_> {
    pub(crate) fn admits(&self, agent: Agent<'_>) -> bool {
        let mut wanted = self.target.skills.iter();
        wanted.all(|(name, least)| agent.level(name) >= *least)
    }
}
