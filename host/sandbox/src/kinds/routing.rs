//! Routing policies: `wit/deps/routing`.

mod answer;
mod columns;
mod question;

use super::declared;
use crate::bindings::exports::hotline::routing::{lookups, policy};
use crate::call::{Called, call};
use crate::engine::Ticker;
use crate::host::{Host, Universe, millis};
use hotline_vocabulary::ids::{ContactId, Id};
use hotline_vocabulary::routing::{Batch, Lookup, Order, Outcome, VisitView};
use wasmtime::component::InstancePre;

pub(crate) const EXPORT: &str = "hotline:routing/policy@1.0.0";
pub(crate) const LOOKUPS_EXPORT: &str = "hotline:routing/lookups@1.0.0";
pub(crate) const TYPES_IMPORT: &str = "hotline:routing/types@1.0.0";
pub(crate) const WORLD: &str = "hotline:routing/routing-policy@1.0.0";

/// A compiled policy, ready to be instantiated.
pub(crate) struct Policy {
    guest: InstancePre<Host>,
    exports: policy::GuestIndices,
    /// Of a policy that looks things up.
    lookups: Option<lookups::GuestIndices>,
}

impl Policy {
    pub(crate) fn new(guest: InstancePre<Host>) -> wasmtime::Result<Self> {
        let looks_up = guest
            .component()
            .get_export_index(None, LOOKUPS_EXPORT)
            .is_some();
        Ok(Policy {
            exports: policy::GuestIndices::new(&guest)?,
            lookups: match looks_up {
                true => Some(lookups::GuestIndices::new(&guest)?),
                false => None,
            },
            guest,
        })
    }

    /// None when this policy looks nothing up.
    pub(crate) fn plan(
        &self,
        ticker: &Ticker,
        universe: Universe,
        visit: &VisitView,
    ) -> Option<Called<Vec<Lookup>>> {
        let exports = self.lookups.as_ref()?;
        let (limits, wording) = (universe.plan.routing, universe.wording);
        let run = |store: &mut wasmtime::Store<Host>, instance: &_| {
            let guest = exports.load(&mut *store, instance)?;
            let answer = question::visit(visit, wording, |asked| guest.call_plan(store, asked))?;
            Ok(match answer {
                Ok(lookups) => answer::planned(lookups),
                Err(said) => Err(declared(said)),
            })
        };
        Some(call(&self.guest, ticker, &limits, universe, run))
    }

    pub(crate) fn rank(
        &self,
        ticker: &Ticker,
        universe: Universe,
        visit: &VisitView,
    ) -> Called<Order> {
        let (limits, wording) = (universe.plan.routing, universe.wording);
        call(&self.guest, ticker, &limits, universe, |store, instance| {
            let guest = self.exports.load(&mut *store, instance)?;
            let answer = question::visit(visit, wording, |asked| guest.call_rank(store, asked))?;
            Ok(match answer {
                Ok(order) => answer::ranked(order),
                Err(said) => Err(declared(said)),
            })
        })
    }

    pub(crate) fn decide(
        &self,
        ticker: &Ticker,
        universe: Universe,
        batch: &Batch,
    ) -> Called<Vec<Outcome>> {
        let (limits, wording) = (universe.plan.routing, universe.wording);
        call(&self.guest, ticker, &limits, universe, |store, instance| {
            let guest = self.exports.load(&mut *store, instance)?;
            let answer = question::batch(batch, wording, |input| guest.call_decide(store, input))?;
            Ok(match answer {
                Ok(outcomes) => answer::decided(outcomes, batch),
                Err(said) => Err(declared(said)),
            })
        })
    }
}

/// A stream of randomness for each contact that is ranked.
pub(crate) fn rank_seed(contact: ContactId) -> u64 {
    let bits = contact.bits();
    ((bits >> 64) as u64) ^ (bits as u64)
}

/// A stream of randomness for each moment and set of contacts.
pub(crate) fn decide_seed(batch: &Batch) -> u64 {
    batch.contacts.iter().fold(
        millis(batch.at).wrapping_mul(0x9E37_79B9_7F4A_7C15),
        |seed, contact| seed.rotate_left(5) ^ rank_seed(contact.contact),
    )
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy")
            .field("looks_up", &self.lookups.is_some())
            .finish_non_exhaustive()
    }
}
