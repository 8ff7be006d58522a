//! What can go wrong before media flows. Once it flows, trouble is an event or a figure.

use crate::webrtc::WebRtcError;
use hotline_vocabulary::ids::LegId;
use std::io;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no free pair of RTP ports is left in {first}-{last}")]
    PortsExhausted { first: u16, last: u16 },
    #[error("the range of RTP ports {first}-{last} holds no even port with an odd one after it")]
    PortRange { first: u16, last: u16 },
    #[error("a media worker is full: {limit} legs")]
    TooManyLegs { limit: usize },
    #[error("{0} is not open")]
    UnknownLeg(LegId),
    #[error("{0} is open already")]
    LegExists(LegId),
    /// A worker has not read its commands for a long time; nothing was done.
    #[error("a media worker does not take commands")]
    Busy,
    #[error("the media plane has stopped")]
    Stopped,
    #[error("a media thread could not be started")]
    Thread(#[source] io::Error),
    #[error("a media socket failed")]
    Socket(#[source] io::Error),
    #[error(transparent)]
    WebRtc(#[from] WebRtcError),
}
