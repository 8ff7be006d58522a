//! A port leg: a leg whose packets somebody else carries (a WebRTC connection). The carrier holds
//! the [`Port`]; the worker has the other end and treats it like any RTP socket.
//!
//! Between them is a pair of local sequenced-packet sockets rather than a ring: the worker then has
//! one kind of leg, waking the carrier needs no lock that a worker could wait for, and closing
//! either end is seen by the other. It costs about as much as a ring and an eventfd.

use crate::rtp::{self, HEADER_BYTES, PAYLOAD_TYPE_PCMA, PAYLOAD_TYPE_PCMU, RtpHeader, RtpPacket};
use crate::socket::{monotonic_now, watch};
use crate::{Error, FRAME_BYTES};
use hotline_vocabulary::media::Codec;
use socket2::{Domain, Socket, Type};
use std::io::{self, Read};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// The payload type of telephone events on a port, whatever the carrier negotiated.
pub(crate) const PORT_TELEPHONE_EVENT: u8 = 101;
/// The largest payload a carrier may push: 60 ms of G.711.
pub(crate) const PORT_PAYLOAD_BYTES: usize = 480;
/// The arrival time before each packet of a carrier: nanoseconds, monotonic, little endian.
pub(crate) const ARRIVAL_BYTES: usize = 8;

/// Room for about ten packets each way; what comes when it is full is dropped and counted, so that
/// a stalled carrier or worker never plays stale audio.
const PORT_BUFFER_BYTES: usize = 4096;

/// What a packet carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PacketKind {
    Voice(Codec),
    /// A key (RFC 4733): four bytes of payload.
    TelephoneEvent,
}

/// A packet that came from the far end, as the carrier received it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PortPacket<'a> {
    pub(crate) kind: PacketKind,
    pub(crate) marker: bool,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) ssrc: u32,
    /// At most [`PORT_PAYLOAD_BYTES`].
    pub(crate) payload: &'a [u8],
}

/// 20 ms to send to the far end. `sequence` and `timestamp` are one continuous line from the leg's
/// first frame to its last; `codec` is the one the port was opened with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PortFrame {
    pub(crate) codec: Codec,
    pub(crate) marker: bool,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) payload: [u8; FRAME_BYTES],
}

/// The carrier's end of a port leg, from [`crate::Handle::open_port`]. Both methods take `&self`:
/// one task may receive while another sends.
#[derive(Debug)]
pub(crate) struct Port {
    socket: AsyncFd<Socket>,
}

impl Port {
    /// A pair: the carrier's end and the worker's. Must be called inside a tokio runtime.
    pub(crate) fn pair() -> Result<(Port, Socket), Error> {
        let (near, far) =
            Socket::pair(Domain::UNIX, Type::SEQPACKET, None).map_err(Error::Socket)?;
        for socket in [&near, &far] {
            socket.set_nonblocking(true).map_err(Error::Socket)?;
            socket
                .set_send_buffer_size(PORT_BUFFER_BYTES)
                .map_err(Error::Socket)?;
        }
        let socket = watch(near).map_err(Error::Socket)?;
        Ok((Port { socket }, far))
    }

    /// Hands a received packet to the worker; never waits. `false` when it was dropped: the payload
    /// is too large, the worker is ten packets behind, or the leg is closed.
    pub(crate) fn push(&self, packet: &PortPacket<'_>) -> bool {
        const HEAD: usize = ARRIVAL_BYTES + HEADER_BYTES;
        let mut bytes = [0u8; HEAD + PORT_PAYLOAD_BYTES];
        let Some(room) = bytes.get_mut(HEAD..HEAD + packet.payload.len()) else {
            return false;
        };
        room.copy_from_slice(packet.payload);
        bytes[..ARRIVAL_BYTES].copy_from_slice(&monotonic_now().0.to_le_bytes());
        let payload_type = match packet.kind {
            PacketKind::Voice(codec) => rtp::payload_type(codec),
            PacketKind::TelephoneEvent => PORT_TELEPHONE_EVENT,
        };
        bytes[ARRIVAL_BYTES..HEAD].copy_from_slice(
            &RtpHeader {
                payload_type,
                marker: packet.marker,
                sequence: packet.sequence,
                timestamp: packet.timestamp,
                ssrc: packet.ssrc,
            }
            .to_bytes(),
        );
        self.socket
            .get_ref()
            .send(&bytes[..HEAD + packet.payload.len()])
            .is_ok()
    }

    /// The next frame for the far end, one every 20 ms; `None` once the leg is closed. Cancel-safe.
    pub(crate) async fn next(&self) -> Option<PortFrame> {
        loop {
            let mut bytes = [0u8; HEADER_BYTES + FRAME_BYTES];
            let length = match self
                .socket
                .async_io(Interest::READABLE, |mut socket| socket.read(&mut bytes))
                .await
            {
                Ok(0) => return None,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return None,
            };
            if let Some(frame) = RtpPacket::parse(&bytes[..length]).and_then(PortFrame::from_rtp) {
                return Some(frame);
            }
        }
    }
}

impl PortFrame {
    fn from_rtp(packet: RtpPacket<'_>) -> Option<PortFrame> {
        Some(PortFrame {
            codec: match packet.header.payload_type {
                PAYLOAD_TYPE_PCMU => Codec::Pcmu,
                PAYLOAD_TYPE_PCMA => Codec::Pcma,
                _ => return None,
            },
            marker: packet.header.marker,
            sequence: packet.header.sequence,
            timestamp: packet.header.timestamp,
            payload: packet.payload.try_into().ok()?,
        })
    }
}
