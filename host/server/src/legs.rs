//! Whose leg is it: media, SIP and the switchboards share nothing but leg ids, and this table says
//! which tenant a leg belongs to and what carries it.

use hotline_vocabulary::ids::{AgentId, LegId, TenantId};
use parking_lot::RwLock;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leg {
    pub tenant: TenantId,
    pub side: Side,
}

/// What carries a leg's signalling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// A customer's phone; `local` is the address that our SDP names.
    Phone { local: SocketAddr },
    /// A customer's browser.
    WebPage,
    /// An agent's standing browser leg.
    Console { agent: AgentId },
    /// An agent's registered phone, rung for one contact.
    DeskPhone { agent: AgentId },
}

/// Bounded by the media plane's own limit on legs: each entry is one of its legs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Legs {
    table: Arc<RwLock<HashMap<LegId, Leg>>>,
}

impl Legs {
    pub(crate) fn insert(&self, leg: LegId, owner: Leg) {
        self.table.write().insert(leg, owner);
    }

    pub(crate) fn get(&self, leg: LegId) -> Option<Leg> {
        self.table.read().get(&leg).copied()
    }

    pub(crate) fn remove(&self, leg: LegId) -> Option<Leg> {
        self.table.write().remove(&leg)
    }

    /// The legs of one tenant, for when its switchboard has to begin anew.
    pub(crate) fn of_tenant(&self, tenant: TenantId) -> Vec<(LegId, Leg)> {
        let table = self.table.read();
        table
            .iter()
            .filter(|(_, leg)| leg.tenant == tenant)
            .map(|(id, leg)| (*id, *leg))
            .collect()
    }
}
