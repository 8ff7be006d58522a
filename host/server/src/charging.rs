//! What plugins used, from the sandbox into the ledger of the records.

use hotline_records::usage::Ledger;
use hotline_vocabulary::metering::Charge;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Charging(pub Arc<Ledger>);

impl hotline_sandbox::metering::Ledger for Charging {
    fn charge(&self, charge: &Charge) {
        self.0.write(charge);
    }
}
