//! Which desk phones are registered, as whom, reachable by which way, until when
//! (RFC 3261, section 10.3). Bounded by the limits; no I/O, time is passed in.

use crate::transport::Flow;
use hotline_vocabulary::ids::{AgentId, TenantId};
use std::collections::HashMap;
use std::time::Instant;

/// One registered device.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    /// The contact's URI, as registered: the Request-URI of a call to it.
    pub(crate) uri: String,
    /// The registered user and domain, for the `To` of a call.
    pub(crate) address_of_record: String,
    /// The way the REGISTER came: calls go back by it (RFC 5626 in spirit; passes NAT and TCP).
    pub(crate) flow: Flow,
    pub(crate) call_id: String,
    pub(crate) cseq: u32,
    pub(crate) expires: Instant,
}

pub(crate) type Key = (TenantId, AgentId);

/// What a REGISTER wants of one contact.
#[derive(Debug)]
pub(crate) enum Wish {
    Bind(Box<Binding>),
    Remove {
        uri: String,
        call_id: String,
        cseq: u32,
    },
}

/// Why a REGISTER is refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// An older REGISTER of the same phone that arrived late (10.3, step 7): 500.
    OutOfOrder,
    /// The agent has its devices: 403.
    TooManyContacts,
    /// The table is full: 503.
    TooManyAgents,
}

/// Whether an agent's first phone came or last one left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Came,
    Left,
}

#[derive(Debug, Default)]
pub(crate) struct Bindings {
    agents: HashMap<Key, Vec<Binding>>,
}

impl Bindings {
    pub(crate) fn of(&self, key: Key) -> &[Binding] {
        self.agents.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The device that registered last and is still valid: the one to ring.
    pub(crate) fn newest(&self, key: Key, now: Instant) -> Option<&Binding> {
        self.of(key)
            .iter()
            .rev()
            .find(|binding| binding.expires > now)
    }

    /// Applies all wishes of one REGISTER, or none.
    pub(crate) fn apply(
        &mut self,
        key: Key,
        wishes: Vec<Wish>,
        most_contacts: usize,
        most_agents: usize,
    ) -> Result<Option<Presence>, Refused> {
        let before = self.of(key);
        let was_there = !before.is_empty();
        if !was_there && self.agents.len() >= most_agents {
            return Err(Refused::TooManyAgents);
        }
        let mut after = before.to_vec();
        for wish in wishes {
            let (uri, call_id, cseq) = match &wish {
                Wish::Bind(binding) => (&binding.uri, &binding.call_id, binding.cseq),
                Wish::Remove { uri, call_id, cseq } => (uri, call_id, *cseq),
            };
            if let Some(at) = after.iter().position(|binding| binding.uri == *uri) {
                if after[at].call_id == *call_id && cseq <= after[at].cseq {
                    return Err(Refused::OutOfOrder);
                }
                after.remove(at);
            }
            if let Wish::Bind(binding) = wish {
                after.push(*binding);
            }
        }
        if after.len() > most_contacts {
            return Err(Refused::TooManyContacts);
        }
        let is_there = !after.is_empty();
        if is_there {
            self.agents.insert(key, after);
        } else {
            self.agents.remove(&key);
        }
        Ok(match (was_there, is_there) {
            (false, true) => Some(Presence::Came),
            (true, false) => Some(Presence::Left),
            _ => None,
        })
    }

    /// Drops what `keep` does not hold; returns the agents whose last device went.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Binding) -> bool) -> Vec<Key> {
        let mut left = Vec::new();
        self.agents.retain(|key, bindings| {
            bindings.retain(&keep);
            if bindings.is_empty() {
                left.push(*key);
            }
            !bindings.is_empty()
        });
        left
    }
}
