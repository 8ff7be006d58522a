//! One leg inside its worker: what comes from the far end, what goes to it, and in between.
//!
//! Every tick a leg first listens (takes what its socket holds, offers 20 ms of it to its bridge),
//! then speaks (sends the next 20 ms of a prompt, of music, of the bridge, or of silence). It sends
//! in every tick, so that address translators and the far end's time-out stay content, on one line
//! of sequence numbers and timestamps from its first packet to its last.

use crate::FRAME_BYTES;
use crate::Sound;
use crate::bridge::{Frame, Link};
use crate::dtmf::KeyDetector;
use crate::g711::{silence, translate};
use crate::metrics::WorkerMetrics;
use crate::playback::{Playlist, music_frame};
use crate::playout::Playout;
use crate::port::{ARRIVAL_BYTES, PORT_TELEPHONE_EVENT};
use crate::recorder::Tap;
use crate::remote::Remote;
use crate::report::{Garbage, Report, Reports};
use crate::rtcp::{self, REPORT_TICKS, Reporter, Sending};
use crate::rtp::{
    self, HEADER_BYTES, PAYLOAD_TYPE_COMFORT_NOISE, PAYLOAD_TYPE_PCMA, PAYLOAD_TYPE_PCMU,
    RtpHeader, RtpPacket,
};
use crate::socket::{self, BATCH, Datagram, Moment, ReceiveBatch, monotonic_now};
use crate::statistics::{Part, ReceiveStatistics};
use hotline_vocabulary::ids::{LegId, RecordingId};
use hotline_vocabulary::media::{Codec, Direction, MediaStatistics, PlaybackOutcome, RemoteMedia};
use socket2::Socket;
use std::sync::Arc;

/// Who carries the packets of a leg.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "it is filled in a tick, where nothing is boxed"
)]
pub(crate) enum Carrier {
    /// A UDP socket of its own; `remote` is unknown until offer and answer are through.
    Rtp {
        remote: Option<Remote>,
        /// RTCP on the odd port, when the far end does not share the even one.
        control: Socket,
        reporter: Reporter,
    },
    /// The other end of `Leg::socket` is a [`crate::port::Port`].
    Port { codec: Codec },
}

/// What a leg hears.
#[derive(Debug)]
enum Source {
    /// Its bridge, or silence.
    Line,
    Playlist(Playlist),
    Music(Arc<Sound>),
}

/// The line of packets that a leg sends.
#[derive(Debug)]
struct Outgoing {
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    /// The next packet is the first after a pause (RFC 3551, section 4.1).
    marker: bool,
    packets: u64,
    last_sent: Option<Moment>,
}

/// What a leg needs of its worker during a tick.
pub(crate) struct Surroundings<'a> {
    pub(crate) now: Moment,
    pub(crate) tick: u64,
    /// Zero: never.
    pub(crate) media_timeout_ms: u64,
    pub(crate) realtime_ns: u64,
    pub(crate) metrics: &'a WorkerMetrics,
    pub(crate) reports: &'a mut Reports,
}

#[derive(Debug)]
pub(crate) struct Leg {
    pub(crate) id: LegId,
    socket: Socket,
    carrier: Carrier,

    playout: Playout,
    statistics: ReceiveStatistics,
    keys: KeyDetector,
    last_heard: Moment,
    /// When the socket was looked at last.
    looked: Moment,
    loss_told: bool,
    /// What this tick brought from the far end.
    said: Option<Frame>,

    source: Source,
    link: Option<Link>,
    outgoing: Outgoing,
    tap: Option<Tap>,
}

impl Leg {
    pub(crate) fn new(id: LegId, socket: Socket, carrier: Carrier, now: Moment) -> Leg {
        Leg {
            id,
            socket,
            carrier,
            playout: Playout::new(),
            statistics: ReceiveStatistics::default(),
            keys: KeyDetector::default(),
            last_heard: now,
            looked: now,
            loss_told: false,
            said: None,
            source: Source::Line,
            link: None,
            outgoing: Outgoing {
                ssrc: fastrand::u32(..),
                sequence: fastrand::u16(..),
                timestamp: fastrand::u32(..),
                marker: true,
                packets: 0,
                last_sent: None,
            },
            tap: None,
        }
    }

    // Commands

    /// Where and how the far end wants its RTP; also after each later offer and answer.
    pub(crate) fn connect(&mut self, media: RemoteMedia, now: Moment) {
        let Carrier::Rtp { remote, .. } = &mut self.carrier else {
            return;
        };
        match remote {
            Some(remote) if remote.media.address == media.address => remote.media = media,
            _ => {
                if let Some(before) = remote {
                    before.let_go(&self.socket);
                }
                *remote = Some(Remote::new(media));
                self.playout.clear();
            }
        }
        self.statistics.pause();
        self.last_heard = now;
        self.loss_told = false;
    }

    pub(crate) fn play(&mut self, prompts: Playlist, reports: &mut Reports) {
        self.change_source(Source::Playlist(prompts), reports);
    }

    pub(crate) fn play_music(&mut self, music: Arc<Sound>, reports: &mut Reports) {
        self.change_source(Source::Music(music), reports);
    }

    pub(crate) fn stop_playing(&mut self, reports: &mut Reports) {
        self.change_source(Source::Line, reports);
    }

    fn change_source(&mut self, source: Source, reports: &mut Reports) {
        match std::mem::replace(&mut self.source, source) {
            Source::Line => {}
            Source::Playlist(prompts) => reports.tell(Report::PlaybackEnded {
                leg: self.id,
                outcome: PlaybackOutcome::Interrupted,
                prompts,
            }),
            Source::Music(music) => reports.discard(Garbage::Music(music)),
        }
    }

    /// Joins a bridge, leaving the one before.
    pub(crate) fn join(&mut self, link: Link, reports: &mut Reports) {
        self.change_source(Source::Line, reports);
        if let Some(before) = self.link.replace(link) {
            reports.discard(Garbage::Link(before));
        }
    }

    /// Leaves the bridge with `peer`, if that is the one it is in.
    pub(crate) fn part(&mut self, peer: LegId, reports: &mut Reports) {
        if let Some(link) = self.link.take_if(|link| link.peer == peer) {
            reports.discard(Garbage::Link(link));
        }
    }

    /// Begins a recording, ending the one before.
    pub(crate) fn record(&mut self, tap: Tap, reports: &mut Reports) {
        if let Some(before) = self.tap.replace(tap) {
            reports.discard(Garbage::Tap(before));
        }
    }

    pub(crate) fn pause_recording(&mut self, recording: RecordingId, paused: bool) {
        if let Some(tap) = self.tap_of(recording) {
            tap.paused = paused;
        }
    }

    pub(crate) fn stop_recording(&mut self, recording: RecordingId, reports: &mut Reports) {
        if let Some(tap) = self.tap.take_if(|tap| tap.recording == recording) {
            reports.discard(Garbage::Tap(tap));
        }
    }

    fn tap_of(&mut self, recording: RecordingId) -> Option<&mut Tap> {
        self.tap.as_mut().filter(|tap| tap.recording == recording)
    }

    /// The last act: what plays is told as interrupted. All else goes with the leg.
    pub(crate) fn finish(&mut self, reports: &mut Reports) {
        self.change_source(Source::Line, reports);
    }

    pub(crate) fn summary(&self) -> MediaStatistics {
        self.statistics.summary(self.outgoing.packets)
    }

    // A tick

    /// First half: takes what came, tells keys and losses, offers 20 ms to the bridge.
    pub(crate) fn listen(&mut self, batch: &mut ReceiveBatch, around: &mut Surroundings<'_>) {
        self.receive_all(batch, around);
        if let Carrier::Rtp {
            remote: Some(remote),
            ..
        } = &mut self.carrier
        {
            remote.follow(&self.socket, around.now);
        }
        self.said = self.playout.pull();
        if let (Some(frame), Some(link)) = (self.said, &mut self.link) {
            link.say(frame);
        }
        let dropped = self.playout.take_dropped();
        if dropped > 0 {
            around.metrics.frames_dropped.add(dropped);
        }
        self.watch_for_loss(around);
        // Legs opened together do not all report in one tick.
        let turn = around.tick.wrapping_add(u64::from(self.outgoing.ssrc));
        if turn.is_multiple_of(REPORT_TICKS) {
            self.exchange_reports(batch, around);
        }
    }

    /// Takes what came. Mostly that is one packet, and looking for a second is a fifth of the cost:
    /// it is looked for when the first does not fill a frame, or waited at the last look already,
    /// and so may have others behind it.
    fn receive_all(&mut self, batch: &mut ReceiveBatch, around: &mut Surroundings<'_>) {
        let looked = std::mem::replace(&mut self.looked, around.now);
        let Some(first) = batch.receive_one(&self.socket) else {
            return;
        };
        let fresh = first.arrival.is_some_and(|arrival| arrival > looked);
        self.receive(&first, around);
        if fresh && self.playout.has_frame() {
            return;
        }
        for place in 0..batch.receive(&self.socket, BATCH - 1) {
            self.receive(&batch.datagram(place), around);
        }
    }

    /// Takes the far end's RTCP, sends ours; also on hold, which keeps translators content.
    fn exchange_reports(&mut self, batch: &mut ReceiveBatch, around: &Surroundings<'_>) {
        let Carrier::Rtp {
            remote: Some(remote),
            control,
            reporter,
        } = &mut self.carrier
        else {
            return;
        };
        for place in 0..batch.receive(control, BATCH) {
            let datagram = batch.datagram(place);
            reporter.receive(datagram.bytes, datagram.arrival.unwrap_or(around.now));
        }
        let sending = Sending {
            ssrc: self.outgoing.ssrc,
            timestamp: self.outgoing.timestamp,
            packets: self.outgoing.packets,
        };
        let reception = self.statistics.reception();
        let packet = reporter.report(sending, reception, around.now, around.realtime_ns);
        if !remote.latch.is_reachable() {
            return;
        }
        // Lost like any packet: the next one says it all again.
        let _ = match remote.media.rtcp_mux {
            true => remote.send(&self.socket, packet.as_bytes()),
            false => {
                let address = remote.latch.control_destination();
                socket::send(control, packet.as_bytes(), Some(&address))
            }
        };
    }

    fn receive(&mut self, datagram: &Datagram<'_>, around: &mut Surroundings<'_>) {
        if let Carrier::Rtp { reporter, .. } = &mut self.carrier
            && rtcp::is_rtcp(datagram.bytes)
        {
            reporter.receive(datagram.bytes, datagram.arrival.unwrap_or(around.now));
            return;
        }
        let admitted = match &mut self.carrier {
            Carrier::Rtp { remote: None, .. } => None,
            Carrier::Rtp {
                remote: Some(remote),
                ..
            } => RtpPacket::parse(datagram.bytes)
                .filter(|_| {
                    datagram
                        .source
                        .is_some_and(|source| remote.latch.admits(source, around.now))
                })
                .map(|packet| {
                    let arrival = datagram.arrival.unwrap_or(around.now);
                    (packet, arrival, remote.media.telephone_event)
                }),
            Carrier::Port { .. } => datagram
                .bytes
                .split_first_chunk::<ARRIVAL_BYTES>()
                .and_then(|(arrival, bytes)| {
                    let arrival = Moment(u64::from_le_bytes(*arrival));
                    Some((
                        RtpPacket::parse(bytes)?,
                        arrival,
                        Some(PORT_TELEPHONE_EVENT),
                    ))
                }),
        };
        let Some((packet, arrival, telephone_event)) = admitted else {
            around.metrics.packets_refused.add(1);
            return;
        };
        self.take(&packet, arrival, telephone_event, around);
    }

    fn take(
        &mut self,
        packet: &RtpPacket<'_>,
        arrival: Moment,
        telephone_event: Option<u8>,
        around: &mut Surroundings<'_>,
    ) {
        let header = &packet.header;
        let codec = match header.payload_type {
            PAYLOAD_TYPE_PCMU => Some(Codec::Pcmu),
            PAYLOAD_TYPE_PCMA => Some(Codec::Pcma),
            _ => None,
        };
        if let Some(codec) = codec {
            let gap = self.statistics.count(header, Part::Voice, arrival);
            if let Some(gap) = gap {
                around.metrics.received_gap.record_ns(gap);
            }
            self.playout
                .push(header.ssrc, header.sequence, codec, packet.payload);
        } else if Some(header.payload_type) == telephone_event {
            self.statistics.count(header, Part::Aside, arrival);
            let key = self.keys.receive(header.timestamp, packet.payload, arrival);
            if let Some(digit) = key {
                around.reports.tell(Report::Key {
                    leg: self.id,
                    digit,
                });
            }
        } else if header.payload_type == PAYLOAD_TYPE_COMFORT_NOISE {
            self.statistics.count(header, Part::Aside, arrival);
        } else {
            around.metrics.packets_refused.add(1);
            return;
        }
        around.metrics.packets_received.add(1);
        self.last_heard = around.now;
    }

    fn watch_for_loss(&mut self, around: &mut Surroundings<'_>) {
        let expected = match &self.carrier {
            Carrier::Rtp { remote, .. } => remote
                .as_ref()
                .is_some_and(|remote| remote.media.direction == Direction::SendReceive),
            Carrier::Port { .. } => true,
        };
        if !expected {
            self.last_heard = around.now;
            return;
        }
        let silent_ms = around.now.since_ns(self.last_heard) / 1_000_000;
        if around.media_timeout_ms > 0 && silent_ms >= around.media_timeout_ms && !self.loss_told {
            self.loss_told = true;
            around.reports.tell(Report::Lost { leg: self.id });
        }
    }

    /// Second half: sends the next 20 ms, records both sides.
    pub(crate) fn speak(&mut self, around: &mut Surroundings<'_>) {
        // Taken in every tick, heard or not: what waits longer is stale.
        let from_peer = self.link.as_mut().and_then(Link::hear);
        let sent = self.codec().and_then(|codec| {
            let mut frame = self.next_frame(codec, from_peer, around);
            translate(&mut frame.payload, frame.codec, codec);
            frame.codec = codec;
            self.send(&frame, around).then_some(frame)
        });
        if let Some(tap) = &mut self.tap
            && !tap.push(self.said.as_ref(), sent.as_ref())
        {
            around.metrics.recording_frames_dropped.add(1);
        }
    }

    /// What the far end wants; `None` before it is known.
    fn codec(&self) -> Option<Codec> {
        match &self.carrier {
            Carrier::Rtp { remote, .. } => remote.as_ref().map(|remote| remote.media.codec),
            Carrier::Port { codec } => Some(*codec),
        }
    }

    fn next_frame(
        &mut self,
        codec: Codec,
        from_peer: Option<Frame>,
        around: &mut Surroundings<'_>,
    ) -> Frame {
        let frame = match &mut self.source {
            Source::Line => from_peer,
            Source::Music(music) => Some(music_frame(music, codec, around.tick)),
            Source::Playlist(prompts) => match prompts.next(codec) {
                Some(frame) => Some(frame),
                None => {
                    self.complete_playback(around.reports);
                    from_peer
                }
            },
        };
        frame.unwrap_or(Frame {
            codec,
            payload: [silence(codec); FRAME_BYTES],
        })
    }

    fn complete_playback(&mut self, reports: &mut Reports) {
        if let Source::Playlist(prompts) = std::mem::replace(&mut self.source, Source::Line) {
            reports.tell(Report::PlaybackEnded {
                leg: self.id,
                outcome: PlaybackOutcome::Completed,
                prompts,
            });
        }
    }

    /// Sends 20 ms; `false` when the far end does not want any now. Time passes on the line all the
    /// same.
    fn send(&mut self, frame: &Frame, around: &mut Surroundings<'_>) -> bool {
        let line = &mut self.outgoing;
        let timestamp = line.timestamp;
        line.timestamp = timestamp.wrapping_add(FRAME_BYTES as u32);
        let remote = match &mut self.carrier {
            Carrier::Rtp { remote, .. } => {
                let wanted = remote.as_mut().filter(|remote| {
                    matches!(
                        remote.media.direction,
                        Direction::SendReceive | Direction::ReceiveOnly
                    ) && remote.latch.is_reachable()
                });
                let Some(remote) = wanted else {
                    line.marker = true;
                    line.last_sent = None;
                    return false;
                };
                Some(remote)
            }
            Carrier::Port { .. } => None,
        };

        let mut packet = [0; HEADER_BYTES + FRAME_BYTES];
        packet[..HEADER_BYTES].copy_from_slice(
            &RtpHeader {
                payload_type: rtp::payload_type(frame.codec),
                marker: line.marker,
                sequence: line.sequence,
                timestamp,
                ssrc: line.ssrc,
            }
            .to_bytes(),
        );
        packet[HEADER_BYTES..].copy_from_slice(&frame.payload);
        line.sequence = line.sequence.wrapping_add(1);
        line.marker = false;

        let sent = match remote {
            Some(remote) => remote.send(&self.socket, &packet),
            None => socket::send(&self.socket, &packet, None),
        };
        match sent {
            true => {
                line.packets += 1;
                around.metrics.packets_sent.add(1);
            }
            false => around.metrics.sends_failed.add(1),
        }
        let now = monotonic_now();
        if let Some(before) = line.last_sent.replace(now) {
            around.metrics.sent_gap.record_ns(now.since_ns(before));
        }
        true
    }

    /// The worker did not run for this many ticks: the line and the recording stay in real time.
    pub(crate) fn skip(&mut self, ticks: u32) {
        let samples = ticks.wrapping_mul(FRAME_BYTES as u32);
        self.outgoing.timestamp = self.outgoing.timestamp.wrapping_add(samples);
        if let Some(tap) = &mut self.tap {
            tap.skip(ticks);
        }
    }
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Surroundings(tick {})", self.tick)
    }
}
