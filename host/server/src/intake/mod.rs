//! What comes in from the sides (SIP, media, plugins) and which tenant's exchange it goes to.

mod media;
mod sip;

pub(crate) use media::{Media, RecordingOwners, follow as follow_media};
pub(crate) use sip::{Sip, follow as follow_sip};
