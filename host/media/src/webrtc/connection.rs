//! One peer connection of the `webrtc` crate: from an offer to an answer with all candidates.

use super::description::{self, Formats};
use super::{WebRtcError, WebRtcOptions};
use ::webrtc::media_stream::MediaStreamTrack;
use ::webrtc::media_stream::track_local::TrackLocal;
use ::webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use ::webrtc::media_stream::track_remote::TrackRemote;
use ::webrtc::peer_connection::transport::DtlsTransport;
use ::webrtc::peer_connection::{
    MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler,
    RTCConfigurationBuilder, RTCIceGatheringState, RTCIceServer, RTCPeerConnectionState,
    RTCSessionDescription, Registry, SettingEngineBuilder, configure_rtcp_reports,
};
use hotline_vocabulary::media::Codec;
use rtc::ice::mdns::MulticastDnsMode;
use rtc::peer_connection::configuration::media_engine::{
    MIME_TYPE_PCMA, MIME_TYPE_PCMU, MIME_TYPE_TELEPHONE_EVENT,
};
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters,
    RtpCodecKind,
};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

/// Silence on all paths after which ICE calls a connection disconnected, and how long after that
/// it counts as failed. A page that is gone for good is noticed earlier by its WebSocket.
const ICE_DISCONNECTED_AFTER: Duration = Duration::from_secs(5);
const ICE_FAILED_AFTER: Duration = Duration::from_secs(10);
const ICE_KEEPALIVE: Duration = Duration::from_secs(2);
/// A STUN or TURN server that does not answer costs an answer this long; then it goes out with
/// the candidates there are.
const GATHERING_LIMIT: Duration = Duration::from_secs(3);
/// States and tracks that wait for the carrier. A connection has a handful in its life; when the
/// carrier is further behind, the oldest are what it needs to see and newer ones are dropped.
const SIGNALS: usize = 32;

/// What the connection tells its carrier.
pub(super) enum Signal {
    State(RTCPeerConnectionState),
    Track(Arc<dyn TrackRemote>),
}

/// An answered connection; ICE and DTLS are under way.
pub(super) struct Connection {
    pub(super) peer: Arc<dyn PeerConnection>,
    pub(super) track: Arc<dyn TrackLocal>,
    pub(super) transport: Arc<dyn DtlsTransport>,
    pub(super) ssrc: u32,
    pub(super) formats: Formats,
    pub(super) signals: mpsc::Receiver<Signal>,
}

struct Observer {
    signals: mpsc::Sender<Signal>,
    gathered: Arc<Notify>,
}

impl Observer {
    /// Called on the connection's own task, which must not wait.
    fn tell(&self, signal: Signal) {
        if self.signals.try_send(signal).is_err() {
            tracing::debug!("a browser connection changed faster than its carrier follows");
        }
    }
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Observer {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.gathered.notify_one();
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.tell(Signal::State(state));
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        self.tell(Signal::Track(track));
    }
}

/// `codec` in the stack's words, with telephone events beside it when `None`.
pub(super) fn codec_parameters(codec: Option<Codec>) -> RTCRtpCodecParameters {
    let (mime_type, payload_type, fmtp) = match codec {
        Some(Codec::Pcmu) => (MIME_TYPE_PCMU, 0, ""),
        Some(Codec::Pcma) => (MIME_TYPE_PCMA, 8, ""),
        None => (MIME_TYPE_TELEPHONE_EVENT, 101, "0-15"),
    };
    RTCRtpCodecParameters {
        rtp_codec: RTCRtpCodec {
            mime_type: mime_type.to_owned(),
            clock_rate: crate::SAMPLE_RATE_HZ,
            channels: 0,
            sdp_fmtp_line: fmtp.to_owned(),
            rtcp_feedback: vec![],
        },
        payload_type,
    }
}

/// PCMU, PCMA and telephone events; nothing else is ever offered or answered.
pub(super) fn media_engine() -> Result<MediaEngine, WebRtcError> {
    let mut engine = MediaEngine::default();
    for codec in [Some(Codec::Pcmu), Some(Codec::Pcma), None] {
        engine
            .register_codec(codec_parameters(codec), RtpCodecKind::Audio)
            .map_err(broken("register codecs"))?;
    }
    Ok(engine)
}

/// A track that sends `codec` under `ssrc`.
pub(super) fn outgoing_track(codec: Codec, ssrc: u32) -> Arc<dyn TrackLocal> {
    Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new(
        "hotline".to_owned(),
        "voice".to_owned(),
        "voice".to_owned(),
        RtpCodecKind::Audio,
        vec![RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters {
                ssrc: Some(ssrc),
                ..Default::default()
            },
            active: true,
            codec: codec_parameters(Some(codec)).rtp_codec,
            ..Default::default()
        }],
    )))
}

fn broken<E: std::fmt::Display>(doing: &'static str) -> impl Fn(E) -> WebRtcError {
    move |error| WebRtcError::Stack {
        doing,
        reason: error.to_string(),
    }
}

/// Where one connection listens: a socket per address, all on one port of its own.
fn local_addresses(options: &WebRtcOptions) -> Result<Vec<SocketAddr>, WebRtcError> {
    let port = match &options.udp_ports {
        Some(range) => free_port(options.bind, range)?,
        None => 0,
    };
    let mut addresses = vec![SocketAddr::new(options.bind, port)];
    // The stack binds a wildcard as every interface but loopback; a browser on this very machine
    // may have nothing else. Whoever advertises an outside address does not want this.
    if options.bind.is_unspecified() && options.advertised.is_none() {
        addresses.push(SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port));
    }
    Ok(addresses)
}

/// A port of `range` that nobody uses now, looked for from a random place on. Another socket may
/// take it before the connection does; then that one offer fails.
fn free_port(bind: IpAddr, range: &RangeInclusive<u16>) -> Result<u16, WebRtcError> {
    let (first, last) = (*range.start(), *range.end());
    let exhausted = WebRtcError::PortsExhausted { first, last };
    if range.is_empty() {
        return Err(exhausted);
    }
    let middle = fastrand::u16(first..=last);
    let is_free = |port: &u16| UdpSocket::bind((bind, *port)).is_ok();
    (middle..=last)
        .chain(first..middle)
        .find(is_free)
        .ok_or(exhausted)
}

impl Connection {
    /// Answers `offer`; gives the connection and the answer's SDP.
    pub(super) async fn answer(
        options: &WebRtcOptions,
        offer: &str,
    ) -> Result<(Connection, String), WebRtcError> {
        let offer = description::admit_offer(offer)?;
        let unusable = |error: ::webrtc::error::Error| WebRtcError::Offer(error.to_string());

        let (signals_in, signals) = mpsc::channel(SIGNALS);
        let gathered = Arc::new(Notify::new());
        let observer = Observer {
            signals: signals_in,
            gathered: Arc::clone(&gathered),
        };
        let settings = SettingEngineBuilder::new()
            .with_multicast_dns_mode(MulticastDnsMode::Disabled)
            .with_ice_timeouts(
                Some(ICE_DISCONNECTED_AFTER),
                Some(ICE_FAILED_AFTER),
                Some(ICE_KEEPALIVE),
            )
            .build();
        let servers = options.ice_servers.iter().map(|server| RTCIceServer {
            urls: server.urls.clone(),
            username: server.user_name.clone(),
            credential: server.credential.clone(),
        });
        let configuration = RTCConfigurationBuilder::new()
            .with_ice_servers(servers.collect())
            .build();
        let peer = PeerConnectionBuilder::new()
            .with_configuration(configuration)
            .with_media_engine(media_engine()?)
            .with_setting_engine(settings)
            // Reports only: no retransmission or bandwidth estimation for 64 kbit/s of voice.
            .with_interceptor_registry(configure_rtcp_reports(Registry::new()))
            .with_handler(Arc::new(observer))
            .with_udp_addrs(local_addresses(options)?)
            .build()
            .await
            .map_err(broken("open a connection"))?;
        let peer: Arc<dyn PeerConnection> = Arc::new(peer);

        let (_, codec) = offer.formats.favourite();
        let ssrc = fastrand::u32(1..);
        let track = outgoing_track(codec, ssrc);

        let description = RTCSessionDescription::offer(offer.sdp).map_err(unusable)?;
        peer.set_remote_description(description)
            .await
            .map_err(unusable)?;
        let sender = peer
            .add_track(Arc::clone(&track))
            .await
            .map_err(broken("add our voice"))?;
        let answer = peer.create_answer(None).await.map_err(unusable)?;
        peer.set_local_description(answer).await.map_err(unusable)?;
        if tokio::time::timeout(GATHERING_LIMIT, gathered.notified())
            .await
            .is_err()
        {
            tracing::warn!(
                waited_ms = GATHERING_LIMIT.as_millis(),
                "a STUN or TURN server did not answer; browsers behind NAT may not reach us"
            );
        }
        let local = peer.local_description().await;
        let mut sdp = local
            .ok_or_else(|| broken("describe our side")("there is no description"))?
            .sdp;
        if let Some(advertised) = options.advertised {
            sdp = description::advertise(&sdp, advertised);
        }
        let transport = sender
            .transport()
            .await
            .map_err(broken("find the transport"))?;
        let transport = transport.ok_or_else(|| broken("find the transport")("there is none"))?;
        let connection = Connection {
            peer,
            track,
            transport,
            ssrc,
            formats: offer.formats,
            signals,
        };
        Ok((connection, sdp))
    }
}
