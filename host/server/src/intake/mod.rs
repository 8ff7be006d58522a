//! What comes in from the sides (SIP, media, plugins) and which tenant's exchange it goes to.

mod media;
mod sip;

pub(crate) use media::{Media, follow as follow_media};
pub(crate) use sip::{Sip, follow as follow_sip};

use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

/// Handles one event; a defect that it meets costs this event, and never those after it.
async fn guarded(event: &'static str, handling: impl Future<Output = ()>) {
    if AssertUnwindSafe(handling).catch_unwind().await.is_err() {
        tracing::error!("handling an event of {event} panicked; it is passed over");
    }
}
