//! Requests of connectors, told to the traces of their contacts.

use hotline_outbound::{Caller, Exchange, Witness};
use hotline_traces::{Request, Tap};

#[derive(Debug)]
pub(crate) struct Traced(pub Tap);

impl Witness for Traced {
    fn exchanged(&self, caller: &Caller, exchange: &Exchange) {
        let Some(contact) = caller.contact else {
            return;
        };
        let plugin = &caller.owner.plugin;
        self.0.requested(Request {
            tenant: caller.owner.tenant,
            contact,
            connector: plugin.rsplit('/').next().unwrap_or(plugin).to_owned(),
            endpoint: exchange.endpoint.clone(),
            method: exchange.method.clone(),
            status: exchange.status,
            failure: exchange.failure.map(|word| word.as_str().to_owned()),
            tries: exchange.tries,
            began_us: exchange.at.0.max(0).cast_unsigned() * 1_000,
            took_us: exchange.took_ms.0.saturating_mul(1_000),
        });
    }
}
