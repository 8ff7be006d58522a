//! Connectors: `wit/deps/connector`. They describe requests; nothing is sent here.

mod answer;
mod question;

use super::declared_owned;
use crate::bindings::owned::exports::hotline::connector::connector as exports;
use crate::call::{Called, call};
use crate::engine::Ticker;
use crate::host::{Host, Universe};
use hotline_vocabulary::connector::{Progress, Question};
use wasmtime::component::InstancePre;

pub(crate) const EXPORT: &str = "hotline:connector/connector@1.0.0";
pub(crate) const TYPES_IMPORT: &str = "hotline:connector/types@1.0.0";
pub(crate) const WORLD: &str = "hotline:connector/crm-connector@1.0.0";

/// A compiled connector, ready to be instantiated.
pub(crate) struct Connector {
    guest: InstancePre<Host>,
    exports: exports::GuestIndices,
}

impl Connector {
    pub(crate) fn new(guest: InstancePre<Host>) -> wasmtime::Result<Self> {
        Ok(Connector {
            exports: exports::GuestIndices::new(&guest)?,
            guest,
        })
    }

    pub(crate) fn answer(
        &self,
        ticker: &Ticker,
        universe: Universe,
        ask: &Question,
    ) -> Called<Progress> {
        let (limits, wording) = (universe.plan.connector, universe.wording);
        let manifest = universe.manifest.clone();
        call(&self.guest, ticker, &limits, universe, |store, instance| {
            let guest = self.exports.load(&mut *store, instance)?;
            let said = match ask {
                Question::Begin(task) => guest.call_begin(store, &question::task(task, wording))?,
                Question::Resume(continuation) => {
                    guest.call_resume(store, &question::continuation(continuation, wording))?
                }
            };
            Ok(match said {
                Ok(progress) => answer::progress(progress, manifest.as_deref(), &limits),
                Err(said) => Err(declared_owned(said)),
            })
        })
    }
}

/// A stream of randomness for each round of each operation.
pub(crate) fn seed(operation: u64, ask: &Question) -> u64 {
    let round = match ask {
        Question::Begin(_) => 0,
        Question::Resume(continuation) => u64::from(continuation.round),
    };
    operation ^ (round + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connector")
    }
}
