//! One datagram socket and its receive loop.

use super::{Flow, Raw, local_for, supervise};
use crate::router::Router;
use crate::shim::Transport;
use crate::shim::reply::strip_null_tag;
use rsipstack::sip;
use rsipstack::transport::udp::{UdpConnection, UdpInner};
use rsipstack::transport::{SipAddr, SipConnection};
use socket2::{Domain, Protocol, Type};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Room for a burst while the loop is busy: about 5,000 INVITEs.
const RECEIVE_BUFFER_BYTES: usize = 4 << 20;

/// A datagram is at most this long.
const DATAGRAM_BYTES: usize = 65_535;

/// Peers whose own view of our address is remembered at once.
const KNOWN_PEERS: usize = 1024;

#[derive(Debug)]
pub(crate) struct Socket(tokio::net::UdpSocket);

impl Socket {
    pub(super) fn try_send(&self, octets: &[u8], peer: SocketAddr) {
        if let Err(error) = self.0.try_send_to(octets, peer) {
            tracing::debug!(%error, "a datagram was not sent");
        }
    }
}

/// The stack sends by this; it never receives by it, the shim does.
#[async_trait::async_trait]
impl rsipstack::platform::net::UdpSocket for Socket {
    async fn recv_from(&self, _: &mut [u8]) -> rsipstack::Result<(usize, SocketAddr)> {
        std::future::pending().await
    }

    async fn send_to(&self, octets: &[u8], peer: SocketAddr) -> rsipstack::Result<usize> {
        // Never waits: retransmission is the stack's answer to a full socket.
        let stripped = strip_null_tag(octets);
        Ok(self.0.try_send_to(&stripped, peer)?)
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }
}

/// A bound socket that is not yet read.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    socket: Arc<Socket>,
    pub(crate) address: SocketAddr,
}

impl Bound {
    /// Needs a tokio runtime around it.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Bound> {
        let socket = socket2::Socket::new(
            Domain::for_address(address),
            Type::DGRAM,
            Some(Protocol::UDP),
        )?;
        socket.set_nonblocking(true)?;
        // More than the kernel allows is cut, not refused.
        socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
        socket.set_send_buffer_size(RECEIVE_BUFFER_BYTES)?;
        socket.bind(&address.into())?;
        let socket = Arc::new(Socket(tokio::net::UdpSocket::from_std(socket.into())?));
        let address = socket.0.local_addr()?;
        Ok(Bound { socket, address })
    }

    async fn connection(&self) -> SipConnection {
        let inner = UdpInner {
            conn: self.socket.clone(),
            addr: SipAddr {
                r#type: Some(sip::Transport::Udp),
                addr: self.address.into(),
            },
        };
        SipConnection::Udp(UdpConnection::attach(inner, None, None).await)
    }

    /// The way to a far end that we call first.
    pub(crate) async fn flow_to(&self, peer: SocketAddr, advertised: Option<IpAddr>) -> Flow {
        Flow {
            transport: Transport::Udp,
            peer,
            local: local_for(self.address, advertised, peer),
            connection: self.connection().await,
            raw: Raw::Udp(self.socket.clone()),
        }
    }

    /// Receives until the router stops.
    pub(crate) async fn serve(self, router: Arc<Router>) {
        let stop = router.stopping();
        supervise("udp", stop, move || receive(self.clone(), router.clone())).await;
    }
}

async fn receive(bound: Bound, router: Arc<Router>) {
    let stop = router.stopping();
    let connection = bound.connection().await;
    let mut buffer = vec![0; DATAGRAM_BYTES];
    let mut locals = HashMap::new();
    loop {
        let received = tokio::select! {
            () = stop.cancelled() => return,
            received = bound.socket.0.recv_from(&mut buffer) => received,
        };
        let (length, peer) = match received {
            Ok(received) => received,
            Err(error) => {
                // An ICMP error of an earlier send; the socket itself is well.
                tracing::debug!(%error, "receiving a datagram failed");
                continue;
            }
        };
        // The same peers come again and again: the kernel is asked once for each.
        if locals.len() >= KNOWN_PEERS {
            locals.clear();
        }
        let local = *locals
            .entry(peer.ip())
            .or_insert_with(|| local_for(bound.address, router.advertised(), peer));
        let flow = Flow {
            transport: Transport::Udp,
            peer,
            local,
            connection: connection.clone(),
            raw: Raw::Udp(bound.socket.clone()),
        };
        router.receive(&buffer[..length], &flow).await;
    }
}
