//! Stream listeners and connections: framing, bounds, idle time-outs.

use super::{Flow, Raw, local_for, supervise};
use crate::router::Router;
use crate::shim::Transport;
use crate::shim::framing::{Frame, frame};
use crate::shim::reply::strip_null_tag;
use bytes::{Buf, BytesMut};
use parking_lot::Mutex;
use rsipstack::sip;
use rsipstack::transport::channel::ChannelConnection;
use rsipstack::transport::{SipAddr, SipConnection, TransportEvent};
use socket2::{Domain, Protocol, Type};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Messages that may wait for a slow reader. When full, stateless answers are lost and the stack
/// waits; a reader that takes nothing for [`WRITE_TIMEOUT`] loses its connection.
const WAITING_MESSAGES: usize = 64;

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// What writes to one connection.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Vec<u8>>,
    closed: CancellationToken,
}

impl Writer {
    pub(super) fn try_send(&self, octets: Vec<u8>) {
        if self.queue.try_send(octets).is_err() {
            tracing::debug!("an answer was lost: its reader is too slow or gone");
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.closed.is_cancelled()
    }
}

/// How many connections there are, and from where.
#[derive(Debug, Default)]
struct Census(Mutex<HashMap<IpAddr, usize>>);

/// Counts one connection until dropped.
#[derive(Debug)]
struct Place {
    census: Arc<Census>,
    source: IpAddr,
}

impl Census {
    fn enter(
        self: &Arc<Self>,
        source: IpAddr,
        most: usize,
        most_of_source: usize,
    ) -> Option<Place> {
        let mut sources = self.0.lock();
        let all: usize = sources.values().sum();
        let own = sources.get(&source).copied().unwrap_or(0);
        if all >= most || own >= most_of_source {
            return None;
        }
        sources.insert(source, own + 1);
        Some(Place {
            census: self.clone(),
            source,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut sources = self.census.0.lock();
        if let Some(count) = sources.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                sources.remove(&self.source);
            }
        }
    }
}

/// A bound listener that does not yet accept.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    listener: Arc<TcpListener>,
    census: Arc<Census>,
    pub(crate) address: SocketAddr,
}

impl Bound {
    /// Needs a tokio runtime around it.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Bound> {
        let socket = socket2::Socket::new(
            Domain::for_address(address),
            Type::STREAM,
            Some(Protocol::TCP),
        )?;
        socket.set_nonblocking(true)?;
        // A restart may find connections of its predecessor in TIME_WAIT.
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        let listener = TcpListener::from_std(socket.into())?;
        let address = listener.local_addr()?;
        Ok(Bound {
            listener: Arc::new(listener),
            census: Arc::default(),
            address,
        })
    }

    /// Accepts until the router stops.
    pub(crate) async fn serve(self, router: Arc<Router>) {
        let stop = router.stopping();
        supervise("tcp", stop, move || accept(self.clone(), router.clone())).await;
    }
}

async fn accept(bound: Bound, router: Arc<Router>) {
    let stop = router.stopping();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = bound.listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let limits = router.limits();
                let place = bound.census.enter(
                    peer.ip(),
                    limits.connections,
                    limits.connections_per_source,
                );
                if let Some(place) = place {
                    let router = router.clone();
                    tokio::spawn(async move {
                        if let Err(error) = connection(stream, peer, router).await {
                            tracing::debug!(%error, "a connection ended");
                        }
                        drop(place);
                    });
                }
            }
            Err(error) => {
                // Out of file descriptors: wait for some to come back instead of spinning.
                tracing::warn!(%error, "accepting a connection failed");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Arc<Router>) -> io::Result<()> {
    let (reader, flow, _close_with_reader) = open(stream, peer, &router).await?;
    read(reader, flow, router).await
}

/// Opens the way to a far end that we call first; it closes when idle, as one that came to us does.
pub(crate) async fn connect(peer: SocketAddr, router: &Arc<Router>) -> io::Result<Flow> {
    let stream = TcpStream::connect(peer).await?;
    let (reader, flow, close_with_reader) = open(stream, peer, router).await?;
    let (own, router) = (flow.clone(), router.clone());
    tokio::spawn(async move {
        let _close_with_reader = close_with_reader;
        if let Err(error) = read(reader, own, router).await {
            tracing::debug!(%error, "a connection to a trunk ended");
        }
    });
    Ok(flow)
}

async fn open(
    stream: TcpStream,
    peer: SocketAddr,
    router: &Arc<Router>,
) -> io::Result<(OwnedReadHalf, Flow, DropGuard)> {
    stream.set_nodelay(true)?;
    let local = local_for(stream.local_addr()?, router.advertised(), peer);
    let closed = router.stopping().child_token();
    let close_with_reader = closed.clone().drop_guard();
    let (queue, raw) = mpsc::channel(WAITING_MESSAGES);
    let (outgoing, from_stack) = mpsc::channel(WAITING_MESSAGES);
    let (_, nothing) = rsipstack::platform::mpsc::unbounded_channel();
    let address = SipAddr {
        r#type: Some(sip::Transport::Tcp),
        addr: peer.into(),
    };
    let channel = ChannelConnection::create_connection_bounded(nothing, outgoing, address, None)
        .await
        .map_err(io::Error::other)?;
    let (reader, writer) = stream.into_split();
    tokio::spawn(write(writer, raw, from_stack, closed.clone()));
    let flow = Flow {
        transport: Transport::Tcp,
        peer,
        local,
        connection: SipConnection::Channel(channel),
        raw: Raw::Tcp(Writer { queue, closed }),
    };
    Ok((reader, flow, close_with_reader))
}

async fn read(mut reader: OwnedReadHalf, flow: Flow, router: Arc<Router>) -> io::Result<()> {
    let Raw::Tcp(Writer { closed, .. }) = &flow.raw else {
        return Ok(());
    };
    let mut buffer = BytesMut::with_capacity(4096);
    let mut begun = None;
    loop {
        loop {
            match frame(&buffer, router.limits()) {
                Frame::Partial => break,
                Frame::KeepAlive { length, pong } => {
                    buffer.advance(length);
                    if pong {
                        flow.send(b"\r\n".to_vec());
                    }
                }
                Frame::Whole { length } => {
                    begun = None;
                    let message = buffer.split_to(length);
                    router.receive(&message, &flow).await;
                }
                Frame::Broken => {
                    router.receive(&buffer, &flow).await;
                    // The writer sends what is queued before it closes.
                    return Ok(());
                }
            }
        }
        // A message may not be drawn out by sending it octet by octet.
        let now = Instant::now();
        let until = if buffer.is_empty() {
            begun = None;
            now + router.timers().stream_idle
        } else {
            *begun.get_or_insert(now) + router.timers().stream_message
        };
        let read = tokio::select! {
            () = closed.cancelled() => return Ok(()),
            read = tokio::time::timeout_at(until, reader.read_buf(&mut buffer)) => read,
        };
        match read {
            Ok(Ok(0)) | Err(_) => return Ok(()),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(error),
        }
    }
}

async fn write(
    mut writer: OwnedWriteHalf,
    mut raw: mpsc::Receiver<Vec<u8>>,
    mut from_stack: mpsc::Receiver<TransportEvent>,
    closed: CancellationToken,
) {
    let _close_reader = closed.clone().drop_guard();
    loop {
        let octets = tokio::select! {
            biased;
            Some(octets) = raw.recv() => octets,
            Some(event) = from_stack.recv() => match event {
                TransportEvent::Incoming(message, ..) => strip_null_tag(&message.to_bytes()).into_owned(),
                _ => continue,
            },
            () = closed.cancelled() => break,
        };
        match tokio::time::timeout(WRITE_TIMEOUT, writer.write_all(&octets)).await {
            Ok(Ok(())) => {}
            _ => return,
        }
    }
    let _ = tokio::time::timeout(WRITE_TIMEOUT, writer.shutdown()).await;
}
