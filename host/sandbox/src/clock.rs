//! The machine's clock.

use hotline_vocabulary::Timestamp;
use std::time::SystemTime;

/// The instant, for what is passed in.
pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}
