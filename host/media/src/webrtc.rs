//! Browser legs: carries the packets of port legs over WebRTC connections.
//!
//! Serves an agent's standing leg, kept for a shift, and a caller's on a click-to-call page alike.
//! A page that was reloaded has lost its connection: its owner closes the old leg and opens
//! another.
//!
//! A peer's description is foreign input to a large stack: it is checked before, and applied in a
//! task of its own, so that a panic in the stack becomes an error of that one offer.

mod carrier;
mod connection;
mod description;
#[cfg(test)]
mod tests;

use crate::{Error, Handle};
use connection::Connection;
use hotline_vocabulary::ids::LegId;
use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How browsers reach us.
#[derive(Debug, Clone)]
pub struct WebRtcOptions {
    /// The local address that connections are bound to, each on a port of its own. A wildcard
    /// means every interface, at a socket each: name one where you can.
    pub bind: IpAddr,
    /// Ports to choose from, for a firewall that wants to know. Without: any free one.
    pub udp_ports: Option<RangeInclusive<u16>>,
    /// An address under which `bind` is known outside (`--external-ip`), told beside it.
    pub advertised: Option<IpAddr>,
    /// STUN and TURN servers that we ask for further addresses of our own. Needed only when we are
    /// behind a NAT whose outside address nobody knows; browsers need theirs in the page.
    pub ice_servers: Vec<IceServer>,
    /// Most connections at once; beyond, [`WebRtcError::TooManyConnections`].
    pub max_connections: usize,
    /// How long a browser may take from our answer to agreed keys before its leg is lost.
    pub connect_limit: Duration,
}

impl Default for WebRtcOptions {
    fn default() -> Self {
        WebRtcOptions {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            udp_ports: None,
            advertised: None,
            ice_servers: Vec::new(),
            max_connections: 1_000,
            connect_limit: Duration::from_secs(20),
        }
    }
}

/// A STUN or TURN server.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IceServer {
    /// `stun:host:port` or `turn:host:port?transport=udp`.
    pub urls: Vec<String>,
    pub user_name: String,
    pub credential: String,
}

impl IceServer {
    /// Whether the addresses can be understood; for the moment when a configuration is read. The
    /// servers need not be there.
    pub fn check(&self) -> Result<(), WebRtcError> {
        for url in &self.urls {
            rtc::ice::url::Url::parse_url(url).map_err(|error| WebRtcError::IceServer {
                url: url.clone(),
                reason: error.to_string(),
            })?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for IceServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceServer")
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}

/// Why a browser's offer was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebRtcError {
    #[error("the offer is not usable: {0}")]
    Offer(String),
    #[error("the offer has {bytes} bytes, at most {limit} are read")]
    OfferTooLarge { bytes: usize, limit: usize },
    #[error("the offer has no audio")]
    NoAudio,
    #[error("the offer has neither PCMU nor PCMA among its codecs")]
    NoCommonCodec,
    #[error(
        "`{url}` is no STUN or TURN server ({reason}); write `stun:host:port` or `turn:host:port?transport=udp`"
    )]
    IceServer { url: String, reason: String },
    #[error("no free UDP port is left in {first}-{last}")]
    PortsExhausted { first: u16, last: u16 },
    #[error("{limit} browser connections are open already; more are not taken")]
    TooManyConnections { limit: usize },
    /// Ours to mend: a socket, a setting, or a fault of the stack.
    #[error("could not {doing}: {reason}")]
    Stack { doing: &'static str, reason: String },
}

/// All browser connections; one lives inside the shared part of [`Handle`].
#[derive(Debug)]
pub(crate) struct WebRtc {
    options: Arc<WebRtcOptions>,
    places: Arc<Semaphore>,
    /// Legs whose offer is being answered: a close in the meantime takes them out.
    opening: Mutex<HashSet<LegId>>,
}

impl WebRtc {
    pub(crate) fn new(options: WebRtcOptions) -> WebRtc {
        WebRtc {
            places: Arc::new(Semaphore::new(options.max_connections)),
            options: Arc::new(options),
            opening: Mutex::new(HashSet::new()),
        }
    }

    fn opening(&self) -> MutexGuard<'_, HashSet<LegId>> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers `offer` (SDP) with ICE candidates complete. Opens the leg by
    /// [`Handle::open_port`] with the codec agreed, carries packets between it and the browser in
    /// its own tasks until the leg is closed ([`crate::port::Port::next`] gives `None`), and tells
    /// `Connected` and `Lost` by [`Handle::emit`].
    pub(crate) async fn open(
        &self,
        handle: &Handle,
        leg: LegId,
        offer: String,
    ) -> Result<String, Error> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| WebRtcError::TooManyConnections {
            limit: self.options.max_connections,
        })?;
        if !self.opening().insert(leg) {
            return Err(Error::LegExists(leg));
        }
        // However this ends, also by the caller losing interest, the leg is no longer opening.
        let opening = Opening { all: self, leg };

        let options = Arc::clone(&self.options);
        let answering = tokio::spawn(async move { Connection::answer(&options, &offer).await });
        let (connection, answer) = answering.await.map_err(|error| {
            tracing::error!(%leg, %error, "answering a browser's offer broke off");
            WebRtcError::Offer("it broke the WebRTC stack".to_owned())
        })??;

        let (_, codec) = connection.formats.favourite();
        let port = handle.open_port(leg, codec)?;
        if !opening.finish() {
            // Closed meanwhile, maybe before there was a port to close.
            handle.close(leg);
            return Err(Error::UnknownLeg(leg));
        }
        let emitter = handle.clone();
        let connect_limit = self.options.connect_limit;
        tokio::spawn(async move {
            let emit = |event| emitter.emit(event);
            carrier::carry(leg, connection, port, connect_limit, emit).await;
            drop(place);
        });
        Ok(answer)
    }

    /// The leg is closed: let its connection go. Does nothing for a leg that is not a browser's.
    /// An open connection sees the end of its port by itself.
    pub(crate) fn close(&self, leg: LegId) {
        self.opening().remove(&leg);
    }
}

/// A leg in [`WebRtc::opening`] for as long as this lives.
struct Opening<'a> {
    all: &'a WebRtc,
    leg: LegId,
}

impl Opening<'_> {
    /// Whether nobody closed the leg meanwhile.
    fn finish(self) -> bool {
        self.all.opening().remove(&self.leg)
    }
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.all.opening().remove(&self.leg);
    }
}
