//! Sockets, which the shim owns: datagrams and streams in, octets out.

pub(crate) mod tcp;
pub(crate) mod udp;

use crate::shim::Transport;
use rsipstack::sip;
use rsipstack::transport::{SipAddr, SipConnection};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The way between us and one far end; everything for it goes by the way that it came.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub(crate) transport: Transport,
    pub(crate) peer: SocketAddr,
    /// Where the far end reaches us; goes into Via and Contact.
    pub(crate) local: SocketAddr,
    /// What the stack sends by.
    pub(crate) connection: SipConnection,
    raw: Raw,
}

/// The way for octets that the stack knows nothing of.
#[derive(Debug, Clone)]
enum Raw {
    Udp(Arc<udp::Socket>),
    Tcp(tcp::Writer),
}

impl Flow {
    /// Where the stack is told to send; on a stream that is the stream itself.
    pub(crate) fn destination(&self) -> SipAddr {
        SipAddr {
            r#type: Some(match self.transport {
                Transport::Udp => sip::Transport::Udp,
                Transport::Tcp => sip::Transport::Tcp,
            }),
            addr: self.peer.into(),
        }
    }

    /// Sends octets; a full socket or a slow reader loses them, as the network might.
    pub(crate) fn send(&self, octets: Vec<u8>) {
        match &self.raw {
            Raw::Udp(socket) => socket.try_send(&octets, self.peer),
            Raw::Tcp(writer) => writer.try_send(octets),
        }
    }

    /// False when the stream is closed; a datagram socket never is.
    pub(crate) fn is_open(&self) -> bool {
        match &self.raw {
            Raw::Udp(_) => true,
            Raw::Tcp(writer) => writer.is_open(),
        }
    }

    pub(crate) const fn via_transport(&self) -> &'static str {
        match self.transport {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
        }
    }

    /// The URI that reaches us by this way.
    pub(crate) fn own_uri(&self) -> String {
        match self.transport {
            Transport::Udp => format!("sip:hotline@{}", self.local),
            Transport::Tcp => format!("sip:hotline@{};transport=tcp", self.local),
        }
    }
}

/// The address that `peer` reaches us under: the advertised one, the bound one, or for a wildcard
/// the one that the kernel would send from.
pub(crate) fn local_for(
    bound: SocketAddr,
    advertised: Option<IpAddr>,
    peer: SocketAddr,
) -> SocketAddr {
    if let Some(advertised) = advertised {
        return SocketAddr::new(advertised, bound.port());
    }
    if !bound.ip().is_unspecified() {
        return bound;
    }
    let any = match peer {
        SocketAddr::V4(_) => SocketAddr::from(([0, 0, 0, 0], 0)),
        SocketAddr::V6(_) => SocketAddr::from(([0u16; 8], 0)),
    };
    let chosen = std::net::UdpSocket::bind(any)
        .and_then(|probe| probe.connect(peer).and_then(|()| probe.local_addr()));
    SocketAddr::new(
        chosen.map_or(bound.ip(), |chosen| chosen.ip()),
        bound.port(),
    )
}

/// Runs `work` again each time it panics, until `stop`: hostile input may cost its own message and
/// nothing else.
pub(crate) async fn supervise<F>(what: &'static str, stop: CancellationToken, work: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    while !stop.is_cancelled() {
        match tokio::spawn(work()).await {
            Ok(()) => return,
            Err(error) if error.is_panic() => {
                tracing::error!(what, "a receive loop panicked and is started again");
            }
            Err(_) => return,
        }
    }
}
