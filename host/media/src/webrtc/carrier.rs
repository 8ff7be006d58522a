//! Carries packets between a port leg and its peer connection until the leg is closed.

use super::connection::{Connection, Signal};
use super::description::Formats;
use crate::Event;
use crate::port::{PacketKind, Port, PortFrame, PortPacket};
use ::webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use ::webrtc::peer_connection::RTCPeerConnectionState;
use bytes::Bytes;
use hotline_vocabulary::ids::LegId;
use rtc::peer_connection::transport::RTCDtlsTransportState;
use rtc::rtp;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// How long a packet may wait for the connection's task before that counts as stuck.
const SEND_LIMIT: Duration = Duration::from_secs(1);
/// How often the transport is looked at. By the W3C's rules a connection whose far end said
/// goodbye (DTLS close_notify) stays `Connected` until ICE misses it seconds later; the transport
/// knows at once, and tells nobody.
const TRANSPORT_CHECK_EVERY: Duration = Duration::from_millis(500);
/// Remote tracks listened to; an offer has one audio section, so more is mischief.
const MAX_TRACKS: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// ICE and DTLS are under way; what the leg says meanwhile has no way out and is dropped.
    Connecting,
    Up,
    /// Told; the leg stays until its owner closes it.
    Lost,
}

/// Runs until `port` says that its leg is closed, then closes the connection. Tells `Connected`
/// and `Lost`, each at most once.
pub(super) async fn carry(
    leg: LegId,
    mut connection: Connection,
    port: Port,
    connect_limit: Duration,
    emit: impl Fn(Event) + Send,
) {
    let port = Arc::new(port);
    let mut listeners = JoinSet::new();
    let mut phase = Phase::Connecting;
    let too_late = tokio::time::sleep(connect_limit);
    tokio::pin!(too_late);
    let mut checks = tokio::time::interval(TRANSPORT_CHECK_EVERY);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let next = tokio::select! {
            frame = port.next() => match frame {
                None => break,
                Some(_) if phase != Phase::Up => phase,
                Some(frame) => match send(&connection, frame).await {
                    Ok(()) => Phase::Up,
                    Err(reason) => {
                        tracing::info!(%leg, %reason, "a browser's connection takes no audio");
                        Phase::Lost
                    }
                },
            },
            Some(signal) = connection.signals.recv() => match signal {
                Signal::Track(track) => {
                    if listeners.len() < MAX_TRACKS {
                        let listener = listen(track, connection.formats.clone(), Arc::clone(&port));
                        listeners.spawn(listener);
                    }
                    phase
                }
                Signal::State(state) => {
                    tracing::debug!(%leg, %state, "browser connection");
                    match state {
                        RTCPeerConnectionState::Connected if phase == Phase::Connecting => Phase::Up,
                        RTCPeerConnectionState::Failed | RTCPeerConnectionState::Closed => Phase::Lost,
                        _ => phase,
                    }
                }
            },
            _ = checks.tick(), if phase == Phase::Up => match connection.transport.state().await {
                Ok(RTCDtlsTransportState::Closed | RTCDtlsTransportState::Failed) | Err(_) => {
                    Phase::Lost
                }
                Ok(_) => phase,
            },
            () = &mut too_late, if phase == Phase::Connecting => {
                tracing::info!(%leg, "a browser did not connect in time");
                Phase::Lost
            }
        };
        match (phase, next) {
            (Phase::Connecting, Phase::Up) => emit(Event::Connected { leg }),
            (Phase::Connecting | Phase::Up, Phase::Lost) => emit(Event::Lost { leg }),
            _ => {}
        }
        phase = next;
    }
    if let Err(error) = connection.peer.close().await {
        tracing::debug!(%leg, %error, "closing a browser connection");
    }
}

async fn send(connection: &Connection, frame: PortFrame) -> Result<(), String> {
    let formats = &connection.formats;
    // The worker encodes for the codec that the port was opened with; a wrong payload type would
    // only be logged by the stack, and nobody would hear anything.
    let (payload_type, codec) = formats.favourite();
    if codec != frame.codec {
        return Err(format!("a frame of {:?} for {codec:?}", frame.codec));
    }
    let packet = rtp::Packet {
        header: rtp::Header {
            version: 2,
            marker: frame.marker,
            payload_type,
            sequence_number: frame.sequence,
            timestamp: frame.timestamp,
            ssrc: connection.ssrc,
            ..Default::default()
        },
        payload: Bytes::copy_from_slice(&frame.payload),
    };
    match tokio::time::timeout(SEND_LIMIT, connection.track.write_rtp(packet)).await {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("it is stuck".to_owned()),
    }
}

/// Hands what arrives on `track` to the worker. Packets of payload types that were not agreed on
/// are ignored.
async fn listen(track: Arc<dyn TrackRemote>, formats: Formats, port: Arc<Port>) {
    while let Some(event) = track.poll().await {
        let TrackRemoteEvent::OnRtpPacket(packet) = event else {
            continue;
        };
        let header = &packet.header;
        let kind = match formats.voice_of(header.payload_type) {
            Some(codec) => PacketKind::Voice(codec),
            None if formats.telephone_event == Some(header.payload_type) => {
                PacketKind::TelephoneEvent
            }
            None => continue,
        };
        port.push(&PortPacket {
            kind,
            marker: header.marker,
            sequence: header.sequence_number,
            timestamp: header.timestamp,
            ssrc: header.ssrc,
            payload: &packet.payload,
        });
    }
}
