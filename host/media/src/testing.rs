//! What the tests of this room share: tones and how to hear them, phones that speak RTP, workers
//! driven by hand.

use crate::rtp::{self, RtpHeader, RtpPacket};
use crate::service::{Assembly, Threads, assemble};
use crate::socket::{Moment, monotonic_now};
use crate::worker::Worker;
use crate::{
    Event, FRAME_BYTES, Handle, Options, SAMPLE_RATE_HZ, Sound, decode_pcma, decode_pcmu,
    encode_pcma, encode_pcmu,
};
use hotline_vocabulary::ids::{Id, LegId};
use hotline_vocabulary::media::{Codec, Direction, RemoteMedia};
use std::f64::consts::TAU;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// For what happens on another thread.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
pub(crate) const TELEPHONE_EVENT: u8 = 101;

/// Sample `place` of a tone at a tenth of full loudness.
fn tone_sample(frequency_hz: u32, place: usize) -> i16 {
    let phase = place as f64 * f64::from(frequency_hz) / f64::from(SAMPLE_RATE_HZ);
    ((phase * TAU).sin() * 3_276.0) as i16
}

pub(crate) fn tone(frequency_hz: u32, samples: usize) -> Vec<i16> {
    (0..samples)
        .map(|place| tone_sample(frequency_hz, place))
        .collect()
}

pub(crate) fn tone_sound(frequency_hz: u32, length_ms: usize) -> Arc<Sound> {
    Arc::new(Sound::from_samples(&tone(frequency_hz, length_ms * 8)))
}

pub(crate) fn decode(codec: Codec, payload: &[u8]) -> Vec<i16> {
    let decode = match codec {
        Codec::Pcmu => decode_pcmu,
        Codec::Pcma => decode_pcma,
    };
    payload.iter().map(|byte| decode(*byte)).collect()
}

fn encode(codec: Codec, samples: &[i16]) -> Vec<u8> {
    let encode = match codec {
        Codec::Pcmu => encode_pcmu,
        Codec::Pcma => encode_pcma,
    };
    samples.iter().map(|sample| encode(*sample)).collect()
}

/// Which part of the energy is at `frequency_hz` (Goertzel), 0 to 1.
pub(crate) fn share_of(frequency_hz: u32, samples: &[i16]) -> f64 {
    let energy: f64 = samples
        .iter()
        .map(|sample| f64::from(*sample).powi(2))
        .sum();
    if energy == 0.0 {
        return 0.0;
    }
    let step = TAU * f64::from(frequency_hz) / f64::from(SAMPLE_RATE_HZ);
    let (mut one, mut two) = (0.0, 0.0);
    for sample in samples {
        let next = f64::from(*sample) + 2.0 * step.cos() * one - two;
        two = one;
        one = next;
    }
    let power = one * one + two * two - 2.0 * step.cos() * one * two;
    2.0 * power / (energy * samples.len() as f64)
}

/// Louder than what codecs make of silence.
pub(crate) fn is_silent(samples: &[i16]) -> bool {
    samples.iter().all(|sample| sample.unsigned_abs() <= 16)
}

/// A packet that a phone received.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) header: RtpHeader,
    pub(crate) payload: Vec<u8>,
}

/// A far end that speaks RTP over loopback.
pub(crate) struct Phone {
    pub(crate) socket: UdpSocket,
    pub(crate) codec: Codec,
    pub(crate) leg: LegId,
    leg_address: SocketAddr,
    ssrc: u32,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    spoken: usize,
    heard: Vec<Heard>,
}

impl Phone {
    /// Says `samples` samples of a tone in one packet.
    pub(crate) fn say(&mut self, frequency_hz: u32, samples: usize) {
        let voice: Vec<i16> = (0..samples)
            .map(|place| tone_sample(frequency_hz, self.spoken + place))
            .collect();
        self.spoken += samples;
        let payload = encode(self.codec, &voice);
        self.send(rtp::payload_type(self.codec), self.timestamp, &payload);
        self.timestamp = self.timestamp.wrapping_add(samples as u32);
    }

    /// A packet of the network that never arrives.
    pub(crate) fn lose(&mut self) {
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(FRAME_BYTES as u32);
        self.spoken += FRAME_BYTES;
    }

    /// A telephone-event packet: `flags` 0x80 marks the end.
    pub(crate) fn press(&mut self, event: u8, timestamp: u32, flags: u8) {
        self.send(TELEPHONE_EVENT, timestamp, &[event, flags | 10, 1, 64]);
    }

    fn send(&mut self, payload_type: u8, timestamp: u32, payload: &[u8]) {
        let header = RtpHeader {
            payload_type,
            marker: false,
            sequence: self.sequence,
            timestamp,
            ssrc: self.ssrc,
        };
        self.sequence = self.sequence.wrapping_add(1);
        let packet = [&header.to_bytes()[..], payload].concat();
        self.socket
            .send_to(&packet, self.leg_address)
            .expect("loopback sends");
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.socket
            .send_to(bytes, self.leg_address)
            .expect("loopback sends");
    }

    /// All packets that arrived so far and were not taken yet.
    pub(crate) fn take_heard(&mut self) -> Vec<Heard> {
        let mut bytes = [0; 2_048];
        while let Ok(length) = self.socket.recv(&mut bytes) {
            if crate::rtcp::is_rtcp(&bytes[..length]) {
                continue;
            }
            let packet = RtpPacket::parse(&bytes[..length]).expect("legs send RTP");
            self.heard.push(Heard {
                header: packet.header,
                payload: packet.payload.to_vec(),
            });
        }
        std::mem::take(&mut self.heard)
    }

    /// The sound of all that was heard and not taken yet.
    pub(crate) fn listen(&mut self) -> Vec<i16> {
        let heard = self.take_heard();
        heard
            .iter()
            .flat_map(|packet| decode(self.codec, &packet.payload))
            .collect()
    }

    pub(crate) fn remote(&self) -> RemoteMedia {
        RemoteMedia {
            address: self.socket.local_addr().expect("bound"),
            codec: self.codec,
            telephone_event: Some(TELEPHONE_EVENT),
            direction: Direction::SendReceive,
            rtcp_mux: false,
        }
    }
}

/// A range of ports that no other test uses, below those that the kernel gives away.
pub(crate) fn options(workers: usize) -> Options {
    static NEXT: AtomicU16 = AtomicU16::new(12_000);
    let first = NEXT.fetch_add(64, Ordering::Relaxed);
    Options {
        workers,
        rtp_ports: first..=first + 63,
        max_legs_per_worker: 32,
        ..Options::default()
    }
}

pub(crate) fn free_port() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket.set_nonblocking(true).expect("a socket");
    socket
}

pub(crate) fn phone(handle: &Handle, number: u128, codec: Codec) -> Phone {
    let leg = LegId::from_bits(number);
    let phone = Phone {
        socket: free_port(),
        codec,
        leg,
        leg_address: handle.open_rtp(leg).expect("a leg"),
        ssrc: fastrand::u32(..),
        sequence: fastrand::u16(..),
        timestamp: fastrand::u32(..),
        spoken: 0,
        heard: Vec::new(),
    };
    handle
        .connect_rtp(leg, phone.remote())
        .expect("the leg is open");
    phone
}

/// Workers driven by hand: time passes only in [`Rig::tick`].
pub(crate) struct Rig {
    pub(crate) workers: Vec<Worker>,
    pub(crate) handle: Handle,
    events: mpsc::Receiver<Event>,
    threads: Option<Threads>,
    pub(crate) now: Moment,
}

impl Rig {
    pub(crate) fn new(options: Options) -> Rig {
        let Assembly {
            workers,
            handle,
            events,
            threads,
        } = assemble(options).expect("the room can be set up");
        Rig {
            workers,
            handle,
            events,
            threads: Some(threads),
            now: monotonic_now(),
        }
    }

    pub(crate) fn tick(&mut self) {
        self.now = self.now.plus_ms(20);
        for worker in &mut self.workers {
            worker.tick(self.now);
        }
    }

    /// Both talk for some ticks, 20 ms a packet.
    pub(crate) fn talk(&mut self, ticks: usize, voices: &mut [(&mut Phone, u32)]) {
        for _ in 0..ticks {
            for (phone, frequency_hz) in voices.iter_mut() {
                phone.say(*frequency_hz, FRAME_BYTES);
            }
            self.tick();
        }
    }

    /// The next event; panics when none comes.
    pub(crate) fn event(&mut self) -> Event {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.events.try_recv() {
                Ok(event) => return event,
                Err(_) if Instant::now() < deadline => {
                    if let Some(threads) = &self.threads {
                        threads.courier.thread().unpark();
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(_) => panic!("no event came"),
            }
        }
    }

    /// Ends everything; the events that were not taken.
    pub(crate) fn end(mut self) -> Vec<Event> {
        self.workers.clear();
        if let Some(threads) = self.threads.take() {
            threads.end();
        }
        let mut rest = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            rest.push(event);
        }
        rest
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.workers.clear();
        if let Some(threads) = self.threads.take() {
            threads.end();
        }
    }
}
