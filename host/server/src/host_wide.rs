//! What the operator has set for all tenants, laid over what each has set up.

use hotline_sip::Trunk;
use hotline_vocabulary::configuration::{Configuration, RecordingRule};

#[derive(Debug, Clone)]
pub(crate) struct HostWide {
    pub recording: RecordingRule,
    /// Where calls to customers go out; none, and no customer is called back.
    pub trunk: Option<Trunk>,
}

impl HostWide {
    pub(crate) fn over(&self, tenants_own: Configuration) -> Configuration {
        Configuration {
            recording: self.recording,
            dials_out: self.trunk.is_some(),
            ..tenants_own
        }
    }
}
