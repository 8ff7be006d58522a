#![allow(clippy::unwrap_used)]
//! The far end is a second connection of the same stack, over loopback. Real browsers are tried in
//! the whole-host tests.

use super::carrier::carry;
use super::connection::{Connection, codec_parameters, media_engine, outgoing_track};
use super::*;
use crate::port::{ARRIVAL_BYTES, PORT_TELEPHONE_EVENT, Port};
use crate::rtp::{RtpHeader, RtpPacket};
use crate::{
    Event, FRAME_BYTES, SAMPLE_RATE_HZ, decode_pcma, decode_pcmu, encode_pcma, encode_pcmu,
};
use ::webrtc::media_stream::track_local::TrackLocal;
use ::webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use ::webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
    RTCPeerConnectionState, RTCSessionDescription, SettingEngineBuilder,
};
use hotline_vocabulary::ids::Id;
use hotline_vocabulary::media::Codec;
use rtc::ice::mdns::MulticastDnsMode;
use rtc::peer_connection::transport::RTCDtlsTransportState;
use rtc::rtp;
use socket2::Socket;
use std::f32::consts::TAU;
use std::io::Read;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

const PATIENCE: Duration = Duration::from_secs(10);

/// Stands in for a page: offers, sends a tone, hears.
struct Page {
    peer: Arc<dyn PeerConnection>,
    voice: Arc<dyn TrackLocal>,
    ssrc: u32,
    seen: mpsc::UnboundedReceiver<Seen>,
}

enum Seen {
    Gathered,
    State(RTCPeerConnectionState),
    Track(Arc<dyn TrackRemote>),
}

struct Watcher(mpsc::UnboundedSender<Seen>);

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Watcher {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            let _ = self.0.send(Seen::Gathered);
        }
    }
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        let _ = self.0.send(Seen::State(state));
    }
    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let _ = self.0.send(Seen::Track(track));
    }
}

impl Page {
    async fn offer(codec: Codec) -> (Page, String) {
        let (seen_in, mut seen) = mpsc::unbounded_channel();
        let peer = PeerConnectionBuilder::new()
            .with_media_engine(media_engine().unwrap())
            .with_setting_engine(
                SettingEngineBuilder::new()
                    .with_multicast_dns_mode(MulticastDnsMode::Disabled)
                    .build(),
            )
            .with_handler(Arc::new(Watcher(seen_in)))
            .with_udp_addrs(vec!["127.0.0.1:0".to_owned()])
            .build()
            .await
            .unwrap();
        let ssrc = 4_711;
        let voice = outgoing_track(codec, ssrc);
        peer.add_track(Arc::clone(&voice)).await.unwrap();
        // The stack would offer the track's codec alone; a browser offers all.
        let mut codecs = vec![Some(Codec::Pcmu), Some(Codec::Pcma), None];
        if codec == Codec::Pcma {
            codecs.swap(0, 1);
        }
        let codecs = codecs.into_iter().map(codec_parameters).collect();
        let transceivers = peer.get_transceivers().await;
        transceivers[0].set_codec_preferences(codecs).await.unwrap();
        let offer = peer.create_offer(None).await.unwrap();
        peer.set_local_description(offer).await.unwrap();
        while !matches!(seen.recv().await.unwrap(), Seen::Gathered) {}
        let sdp = peer.local_description().await.unwrap().sdp;
        let page = Page {
            peer: Arc::new(peer),
            voice,
            ssrc,
            seen,
        };
        (page, sdp)
    }

    async fn accept(&self, answer: String) {
        let answer = RTCSessionDescription::answer(answer).unwrap();
        self.peer.set_remote_description(answer).await.unwrap();
    }

    async fn until_state(&mut self, wanted: &[RTCPeerConnectionState]) {
        let reached = async {
            loop {
                match self.seen.recv().await.unwrap() {
                    Seen::State(state) if wanted.contains(&state) => return,
                    _ => {}
                }
            }
        };
        timeout(PATIENCE, reached).await.unwrap();
    }

    async fn send(&self, payload_type: u8, sequence: u16, timestamp: u32, payload: Vec<u8>) {
        let packet = rtp::Packet {
            header: rtp::Header {
                version: 2,
                payload_type,
                sequence_number: sequence,
                timestamp,
                ssrc: self.ssrc,
                ..Default::default()
            },
            payload: payload.into(),
        };
        self.voice.write_rtp(packet).await.unwrap();
    }
}

/// The media worker's end of a port.
struct Worker(Socket);

impl Worker {
    fn send(&self, codec: Codec, number: u16, payload: &[u8]) {
        let header = RtpHeader {
            payload_type: crate::rtp::payload_type(codec),
            marker: number == 0,
            sequence: number,
            timestamp: u32::from(number) * 160,
            ssrc: 1,
        };
        let mut bytes = header.to_bytes().to_vec();
        bytes.extend_from_slice(payload);
        self.0.send(&bytes).unwrap();
    }

    /// What has arrived since: payload type and payload.
    fn received(&mut self) -> Vec<(u8, Vec<u8>)> {
        let mut packets = Vec::new();
        let mut bytes = [0u8; 1_024];
        while let Ok(length) = self.0.read(&mut bytes) {
            if length == 0 {
                break;
            }
            let packet = RtpPacket::parse(&bytes[ARRIVAL_BYTES..length]).unwrap();
            packets.push((packet.header.payload_type, packet.payload.to_vec()));
        }
        packets
    }
}

fn tone(codec: Codec, frequency_hz: f32, number: u16) -> Vec<u8> {
    let start = usize::from(number) * FRAME_BYTES;
    (start..start + FRAME_BYTES)
        .map(|at| {
            let phase = TAU * frequency_hz * at as f32 / SAMPLE_RATE_HZ as f32;
            let sample = (8_000.0 * phase.sin()) as i16;
            match codec {
                Codec::Pcmu => encode_pcmu(sample),
                Codec::Pcma => encode_pcma(sample),
            }
        })
        .collect()
}

/// Which part of the energy is at `frequency_hz` (Goertzel), 0 to 1.
fn share_at(codec: Codec, bytes: &[u8], frequency_hz: f32) -> f32 {
    let coefficient = 2.0 * (TAU * frequency_hz / SAMPLE_RATE_HZ as f32).cos();
    let (mut one, mut two, mut energy) = (0f32, 0f32, 0f32);
    for byte in bytes {
        let sample = f32::from(match codec {
            Codec::Pcmu => decode_pcmu(*byte),
            Codec::Pcma => decode_pcma(*byte),
        }) / 32_768.0;
        energy += sample * sample;
        (one, two) = (sample + coefficient * one - two, one);
    }
    let power = one * one + two * two - coefficient * one * two;
    2.0 * power / (bytes.len() as f32 * energy)
}

fn leg() -> LegId {
    LegId::from_bits(7)
}

struct Call {
    page: Page,
    worker: Worker,
    events: mpsc::UnboundedReceiver<Event>,
    answer: String,
}

/// A page connected to a leg whose worker is the test.
async fn call(codec: Codec) -> Call {
    let (page, offer) = Page::offer(codec).await;
    let options = WebRtcOptions::default();
    let (connection, answer) = Connection::answer(&options, &offer).await.unwrap();
    assert_eq!(connection.formats.favourite().1, codec);
    let (port, worker) = Port::pair().unwrap();
    let (events_in, events) = mpsc::unbounded_channel();
    tokio::spawn(carry(leg(), connection, port, PATIENCE, move |event| {
        let _ = events_in.send(event);
    }));
    page.accept(answer.clone()).await;
    let mut call = Call {
        page,
        worker: Worker(worker),
        events,
        answer,
    };
    assert_eq!(call.event().await, Event::Connected { leg: leg() });
    call
}

impl Call {
    async fn event(&mut self) -> Event {
        timeout(PATIENCE, self.events.recv())
            .await
            .unwrap()
            .unwrap()
    }
}

#[tokio::test]
async fn both_sides_hear_each_others_tone_and_keys_arrive() {
    for codec in [Codec::Pcmu, Codec::Pcma] {
        let mut call = call(codec).await;
        call.page
            .until_state(&[RTCPeerConnectionState::Connected])
            .await;
        let number = crate::rtp::payload_type(codec);
        let (mut to_page, mut to_leg, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        let mut heard = None;
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        for at in 0..75u16 {
            ticks.tick().await;
            let timestamp = u32::from(at) * 160;
            call.worker.send(codec, at, &tone(codec, 440.0, at));
            call.page
                .send(number, at * 2, timestamp, tone(codec, 1_000.0, at))
                .await;
            if at == 40 {
                // Key 5, end of event, 800 samples (RFC 4733, section 2.3).
                let event = vec![5, 0x8A, 0x03, 0x20];
                call.page.send(101, at * 2 + 1, timestamp, event).await;
            }
            while let Ok(seen) = call.page.seen.try_recv() {
                if let Seen::Track(track) = seen {
                    heard = Some(track);
                }
            }
            if let Some(track) = &heard {
                while let Ok(Some(event)) = timeout(Duration::from_millis(1), track.poll()).await {
                    if let TrackRemoteEvent::OnRtpPacket(packet) = event {
                        assert_eq!(packet.header.payload_type, number);
                        to_page.extend_from_slice(&packet.payload);
                    }
                }
            }
            for (payload_type, payload) in call.worker.received() {
                match payload_type {
                    PORT_TELEPHONE_EVENT => keys.push(payload),
                    other => {
                        assert_eq!(other, number);
                        to_leg.extend_from_slice(&payload);
                    }
                }
            }
        }
        // At most a few packets are still under way.
        assert!(to_leg.len() >= 65 * FRAME_BYTES, "{}", to_leg.len());
        assert!(to_page.len() >= 60 * FRAME_BYTES, "{}", to_page.len());
        assert!(share_at(codec, &to_leg[..50 * FRAME_BYTES], 1_000.0) > 0.95);
        assert!(share_at(codec, &to_page[..50 * FRAME_BYTES], 440.0) > 0.95);
        assert_eq!(keys, [[5, 0x8A, 0x03, 0x20]]);
    }
}

#[tokio::test]
async fn a_page_that_closes_is_noticed_at_once() {
    let mut call = call(Codec::Pcmu).await;
    let before = Instant::now();
    call.page.peer.close().await.unwrap();
    assert_eq!(call.event().await, Event::Lost { leg: leg() });
    assert!(
        before.elapsed() < Duration::from_secs(2),
        "{:?}",
        before.elapsed()
    );
    // Told once, and the leg stays: its worker may go on.
    call.worker.send(Codec::Pcmu, 0, &[0xFF; FRAME_BYTES]);
    drop(call.worker);
    assert_eq!(timeout(PATIENCE, call.events.recv()).await.unwrap(), None);
}

#[tokio::test]
async fn a_page_notices_that_its_leg_was_closed() {
    let mut call = call(Codec::Pcmu).await;
    call.page
        .until_state(&[RTCPeerConnectionState::Connected])
        .await;
    let sender = call.page.peer.get_senders().await.remove(0);
    let transport = sender.transport().await.unwrap().unwrap();
    drop(call.worker);
    assert_eq!(timeout(PATIENCE, call.events.recv()).await.unwrap(), None);
    let closed = async {
        while transport.state().await.unwrap() != RTCDtlsTransportState::Closed {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(2), closed).await.unwrap();
}

#[tokio::test]
async fn a_browser_that_never_connects_is_lost_in_time() {
    let (_page, offer) = Page::offer(Codec::Pcmu).await;
    let (connection, _) = Connection::answer(&WebRtcOptions::default(), &offer)
        .await
        .unwrap();
    let (port, _worker) = Port::pair().unwrap();
    let (events_in, mut events) = mpsc::unbounded_channel();
    let limit = Duration::from_millis(300);
    tokio::spawn(carry(leg(), connection, port, limit, move |event| {
        let _ = events_in.send(event);
    }));
    let event = timeout(PATIENCE, events.recv()).await.unwrap();
    assert_eq!(event, Some(Event::Lost { leg: leg() }));
}

#[tokio::test]
async fn the_answer_is_complete_and_names_telephone_codecs_only() {
    let call = call(Codec::Pcmu).await;
    assert!(call.answer.contains("a=candidate:"), "{}", call.answer);
    assert!(call.answer.contains("127.0.0.1"), "{}", call.answer);
    let formats = call.answer.lines().find(|line| line.starts_with("m=audio"));
    assert!(
        formats.unwrap().ends_with("UDP/TLS/RTP/SAVPF 0 8 101"),
        "{}",
        call.answer
    );

    let options = WebRtcOptions {
        advertised: Some(IpAddr::from([203, 0, 113, 9])),
        ..Default::default()
    };
    let chromium = include_str!("chromium_offer.sdp");
    let (connection, answer) = Connection::answer(&options, chromium).await.unwrap();
    assert!(answer.contains("203.0.113.9"), "{answer}");
    assert!(
        answer.contains("a=rtpmap:126 telephone-event/8000"),
        "{answer}"
    );
    connection.peer.close().await.unwrap();
}

/// A media plane with room for `max_connections` browsers.
fn plane(max_connections: usize) -> (crate::Service, Handle, mpsc::Receiver<Event>) {
    let mut options = crate::Options::default();
    options.webrtc.max_connections = max_connections;
    crate::start(options).unwrap()
}

/// Speaks `frequency_hz` for a second and a half and gives what was heard meanwhile, without the
/// first third of a second.
async fn talk(page: &mut Page, frequency_hz: f32) -> Vec<u8> {
    let (mut heard, mut track) = (Vec::new(), None);
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    for at in 0..75u16 {
        ticks.tick().await;
        let voice = tone(Codec::Pcmu, frequency_hz, at);
        page.send(0, at, u32::from(at) * 160, voice).await;
        while let Ok(seen) = page.seen.try_recv() {
            if let Seen::Track(found) = seen {
                track = Some(found);
            }
        }
        let Some(track) = &track else { continue };
        while let Ok(Some(event)) = timeout(Duration::from_millis(1), track.poll()).await {
            if let TrackRemoteEvent::OnRtpPacket(packet) = event
                && at >= 17
            {
                heard.extend_from_slice(&packet.payload);
            }
        }
    }
    heard
}

#[tokio::test]
async fn two_browsers_on_one_bridge_hear_each_other() {
    let (service, handle, mut events) = plane(10);
    let mut pages = Vec::new();
    let legs = [LegId::from_bits(1), LegId::from_bits(2)];
    for leg in legs {
        let (page, offer) = Page::offer(Codec::Pcmu).await;
        page.accept(handle.open_webrtc(leg, offer).await.unwrap())
            .await;
        let event = timeout(PATIENCE, events.recv()).await.unwrap();
        assert_eq!(event, Some(Event::Connected { leg }));
        pages.push(page);
    }
    handle.bridge(legs[0], legs[1]);
    let (mut other, mut one) = (pages.pop().unwrap(), pages.pop().unwrap());
    let (heard_by_one, heard_by_other) =
        tokio::join!(talk(&mut one, 700.0), talk(&mut other, 1_100.0));
    for (heard, frequency_hz) in [(heard_by_one, 1_100.0), (heard_by_other, 700.0)] {
        assert!(heard.len() > 40 * FRAME_BYTES, "{}", heard.len());
        let share = share_at(Codec::Pcmu, &heard, frequency_hz);
        assert!(share > 0.9, "{share} at {frequency_hz} Hz");
    }
    service.stop().await;
}

#[tokio::test]
async fn a_reloaded_page_gets_the_place_of_its_old_leg() {
    let (service, handle, mut events) = plane(1);
    let (page, offer) = Page::offer(Codec::Pcmu).await;
    page.accept(handle.open_webrtc(leg(), offer).await.unwrap())
        .await;
    let connected = Event::Connected { leg: leg() };
    assert_eq!(
        timeout(PATIENCE, events.recv()).await.unwrap(),
        Some(connected)
    );

    let (page, offer) = Page::offer(Codec::Pcmu).await;
    let leg = LegId::from_bits(8);
    let refused = handle.open_webrtc(leg, offer.clone()).await;
    assert!(
        matches!(
            refused,
            Err(Error::WebRtc(WebRtcError::TooManyConnections { limit: 1 }))
        ),
        "{refused:?}"
    );
    handle.close(self::leg());
    let answer = async {
        loop {
            match handle.open_webrtc(leg, offer.clone()).await {
                // The old connection says goodbye first.
                Err(Error::WebRtc(WebRtcError::TooManyConnections { .. })) => {
                    tokio::task::yield_now().await;
                }
                other => return other.unwrap(),
            }
        }
    };
    page.accept(timeout(PATIENCE, answer).await.unwrap()).await;
    let connected = async { while events.recv().await.unwrap() != (Event::Connected { leg }) {} };
    timeout(PATIENCE, connected).await.unwrap();
    service.stop().await;
}

#[tokio::test]
async fn a_leg_that_was_closed_while_its_offer_was_answered_does_not_stay() {
    let (service, handle, _events) = plane(1);
    let (_page, offer) = Page::offer(Codec::Pcmu).await;
    let opening = handle.open_webrtc(leg(), offer.clone());
    let closing = async { handle.close(leg()) };
    let (opened, ()) = tokio::join!(biased; opening, closing);
    assert!(matches!(opened, Err(Error::UnknownLeg(_))), "{opened:?}");
    // Its place is free.
    handle
        .open_webrtc(LegId::from_bits(8), offer)
        .await
        .unwrap();
    service.stop().await;
}

#[tokio::test]
async fn connections_keep_to_the_ports_they_may_use() {
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let options = WebRtcOptions {
        udp_ports: Some(port..=port),
        ..Default::default()
    };
    let chromium = include_str!("chromium_offer.sdp");
    let refused = Connection::answer(&options, chromium).await.err();
    let (first, last) = (port, port);
    assert_eq!(refused, Some(WebRtcError::PortsExhausted { first, last }));
    drop(taken);
    let (connection, answer) = Connection::answer(&options, chromium).await.unwrap();
    assert!(
        answer.contains(&format!("127.0.0.1 {port} typ host")),
        "{answer}"
    );
    connection.peer.close().await.unwrap();
}

#[tokio::test]
async fn a_stun_server_that_is_silent_costs_no_call() {
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let silent = format!("stun:{}", silent.local_addr().unwrap());
    let chromium = include_str!("chromium_offer.sdp");
    for url in [silent.as_str(), "stun:unknown.invalid"] {
        let options = WebRtcOptions {
            ice_servers: vec![IceServer {
                urls: vec![url.to_owned()],
                ..Default::default()
            }],
            ..Default::default()
        };
        let answering = Connection::answer(&options, chromium);
        let (connection, answer) = timeout(PATIENCE, answering).await.unwrap().unwrap();
        assert!(answer.contains("127.0.0.1"), "{url}: {answer}");
        connection.peer.close().await.unwrap();
    }
}

#[test]
fn a_misspelt_server_is_named_before_any_call() {
    let server = |url: &str| IceServer {
        urls: vec!["stun:127.0.0.1:3478".to_owned(), url.to_owned()],
        ..Default::default()
    };
    assert_eq!(server("turn:127.0.0.1:3478?transport=udp").check(), Ok(()));
    for url in [
        "stun:",
        "nonsense",
        "http://127.0.0.1",
        "turn:127.0.0.1:port",
    ] {
        let error = server(url).check().unwrap_err().to_string();
        assert!(error.contains(&format!("`{url}`")), "{error}");
    }
}

#[tokio::test]
async fn damaged_offers_are_answered_or_refused_and_never_break_anything() {
    let (page, offer) = Page::offer(Codec::Pcmu).await;
    let seed = fastrand::u64(..);
    eprintln_seed(seed);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut refused = 0;
    for _ in 0..300 {
        let mut lines: Vec<String> = offer.lines().map(str::to_owned).collect();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..lines.len());
            match random.u8(..5) {
                0 => {
                    lines.remove(at);
                }
                1 => lines.swap(0, at),
                2 => {
                    let double = lines[at].clone();
                    lines.insert(at, double);
                }
                3 => {
                    let keep = random.usize(..=lines[at].len());
                    if lines[at].is_char_boundary(keep) {
                        lines[at].truncate(keep);
                    }
                }
                _ => {
                    let mut bytes = lines[at].clone().into_bytes();
                    if !bytes.is_empty() {
                        let place = random.usize(..bytes.len());
                        bytes[place] = random.u8(32..127);
                    }
                    lines[at] = String::from_utf8(bytes).unwrap();
                }
            }
        }
        let damaged = lines.join("\r\n") + "\r\n";
        let answering = async {
            let options = WebRtcOptions::default();
            Connection::answer(&options, &damaged).await
        };
        match timeout(PATIENCE, answering).await.unwrap() {
            Ok((connection, _)) => connection.peer.close().await.unwrap(),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 30, "{refused}");
    page.peer.close().await.unwrap();
}

/// Shown by the test runner when the test fails.
#[allow(clippy::print_stderr)]
fn eprintln_seed(seed: u64) {
    eprintln!("seed {seed}");
}
