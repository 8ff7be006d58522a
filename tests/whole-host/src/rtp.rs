//! One end of an RTP stream: sends what it is told, keeps what it hears.

use crate::arrival;
use crate::audio;
use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    Pcmu,
    Pcma,
}

impl Law {
    pub fn payload_type(self) -> u8 {
        match self {
            Law::Pcmu => 0,
            Law::Pcma => 8,
        }
    }

    fn decode(self, byte: u8) -> i16 {
        match self {
            Law::Pcmu => audio::from_mulaw(byte),
            Law::Pcma => audio::from_alaw(byte),
        }
    }

    fn encode(self, sample: i16) -> u8 {
        match self {
            Law::Pcmu => audio::to_mulaw(sample),
            Law::Pcma => audio::to_alaw(sample),
        }
    }
}

/// What one end has heard so far.
#[derive(Debug, Default, Clone)]
pub struct Heard {
    pub samples: Vec<i16>,
    pub packets: u64,
    /// Holes in the sequence numbers.
    pub lost: u64,
    /// Time between two packets, in microseconds, as they came.
    pub gaps_us: Vec<u64>,
    pub payload_types: Vec<u8>,
}

#[derive(Debug, Default)]
struct Shared {
    heard: Mutex<Heard>,
    /// One period of what to say, repeated; silence when empty.
    saying: Mutex<Vec<u8>>,
    /// Event packets to send before audio goes on.
    events: Mutex<Vec<(Vec<u8>, bool)>>,
    to: Mutex<Option<SocketAddr>>,
    stop: AtomicBool,
}

#[derive(Debug)]
pub struct Stream {
    shared: Arc<Shared>,
    pub local: SocketAddr,
    law: Law,
    threads: Vec<std::thread::JoinHandle<()>>,
}

/// The payload type that we offer for RFC 4733 events.
pub const EVENTS: u8 = 101;

impl Stream {
    pub fn open(law: Law) -> std::io::Result<Stream> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_read_timeout(Some(Duration::from_millis(100)))?;
        arrival::stamp(&socket)?;
        let local = socket.local_addr()?;
        let shared = Arc::new(Shared::default());
        let receiver = {
            let (shared, socket) = (shared.clone(), socket.try_clone()?);
            std::thread::spawn(move || receive(&shared, &socket, law))
        };
        let sender = {
            let shared = shared.clone();
            std::thread::spawn(move || send(&shared, &socket, law))
        };
        Ok(Stream {
            shared,
            local,
            law,
            threads: vec![receiver, sender],
        })
    }

    pub fn connect(&self, to: SocketAddr) {
        *self
            .shared
            .to
            .lock()
            .expect("no panic in a stream's thread") = Some(to);
    }

    /// Says a tone until told otherwise.
    pub fn say_tone(&self, hz: f64) {
        let bytes = encoded(self.law, hz);
        *self
            .shared
            .saying
            .lock()
            .expect("no panic in a stream's thread") = bytes;
    }

    pub fn be_silent(&self) {
        self.shared
            .saying
            .lock()
            .expect("no panic in a stream's thread")
            .clear();
    }

    /// Presses a key by RFC 4733: 100 ms, its end sent three times (section 2.5.1.4).
    pub fn press(&self, key: char) {
        let code = "0123456789*#ABCD".find(key).expect("a key of a telephone") as u8;
        let mut events = self
            .shared
            .events
            .lock()
            .expect("no panic in a stream's thread");
        for n in 1..=5u16 {
            events.push((event(code, false, n * 160), n == 1));
        }
        for _ in 0..3 {
            events.push((event(code, true, 800), false));
        }
    }

    pub fn heard(&self) -> Heard {
        self.shared
            .heard
            .lock()
            .expect("no panic in a stream's thread")
            .clone()
    }

    /// Forgets what was heard so far.
    pub fn forget(&self) {
        let mut heard = self
            .shared
            .heard
            .lock()
            .expect("no panic in a stream's thread");
        *heard = Heard::default();
    }
}

/// A tone as it is sent: a whole number of periods and of frames. Made once, because it takes an
/// unoptimised test a while.
fn encoded(law: Law, hz: f64) -> Vec<u8> {
    static TONES: Mutex<BTreeMap<(u8, u64), Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut tones = TONES.lock().expect("no panic while encoding");
    let tone = tones
        .entry((law.payload_type(), hz.to_bits()))
        .or_insert_with(|| {
            let samples = audio::tone(hz, 8_000);
            samples.iter().map(|sample| law.encode(*sample)).collect()
        });
    tone.clone()
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn event(code: u8, end: bool, duration: u16) -> Vec<u8> {
    let [high, low] = duration.to_be_bytes();
    vec![code, if end { 0x8A } else { 0x0A }, high, low]
}

fn receive(shared: &Shared, socket: &UdpSocket, law: Law) {
    let mut buffer = [0u8; 2_048];
    let (mut last_sequence, mut last_at): (Option<u16>, Option<Duration>) = (None, None);
    while !shared.stop.load(Ordering::Relaxed) {
        let Ok((length, now)) = arrival::receive(socket, &mut buffer) else {
            continue;
        };
        if length < 12 || buffer[0] >> 6 != 2 {
            continue;
        }
        let payload_type = buffer[1] & 0x7F;
        if (64..=95).contains(&payload_type) {
            continue; // RTCP that shares the port (RFC 5761)
        }
        let sequence = u16::from_be_bytes([buffer[2], buffer[3]]);
        let mut heard = shared.heard.lock().expect("no panic in a stream's thread");
        if let Some(last) = last_sequence {
            heard.lost += u64::from(sequence.wrapping_sub(last).saturating_sub(1).min(1_000));
        }
        if let Some(last) = last_at {
            heard
                .gaps_us
                .push(now.saturating_sub(last).as_micros() as u64);
        }
        (last_sequence, last_at) = (Some(sequence), Some(now));
        heard.packets += 1;
        if !heard.payload_types.contains(&payload_type) {
            heard.payload_types.push(payload_type);
        }
        if payload_type == law.payload_type() {
            heard
                .samples
                .extend(buffer[12..length].iter().map(|byte| law.decode(*byte)));
        }
    }
}

fn send(shared: &Shared, socket: &UdpSocket, law: Law) {
    let (mut sequence, mut timestamp, mut event_timestamp) = (7u16, 7_000u32, 0u32);
    let mut place = 0usize;
    let mut next = Instant::now();
    while !shared.stop.load(Ordering::Relaxed) {
        next += Duration::from_millis(20);
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        let Some(to) = *shared.to.lock().expect("no panic in a stream's thread") else {
            continue;
        };
        sequence = sequence.wrapping_add(1);
        timestamp = timestamp.wrapping_add(160);
        let event = {
            let mut events = shared.events.lock().expect("no panic in a stream's thread");
            (!events.is_empty()).then(|| events.remove(0))
        };
        let packet = match event {
            Some((payload, first)) => {
                if first {
                    event_timestamp = timestamp;
                }
                packet(EVENTS, first, sequence, event_timestamp, &payload)
            }
            None => {
                let saying = shared.saying.lock().expect("no panic in a stream's thread");
                let payload: Vec<u8> = if saying.is_empty() {
                    vec![law.encode(0); 160]
                } else {
                    (0..160)
                        .map(|n| saying[(place + n) % saying.len()])
                        .collect()
                };
                place += 160;
                packet(law.payload_type(), false, sequence, timestamp, &payload)
            }
        };
        let _ = socket.send_to(&packet, to);
    }
}

fn packet(kind: u8, marker: bool, sequence: u16, timestamp: u32, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x80, kind | if marker { 0x80 } else { 0 }];
    packet.extend(sequence.to_be_bytes());
    packet.extend(timestamp.to_be_bytes());
    packet.extend(0x1234_5678u32.to_be_bytes());
    packet.extend(payload);
    packet
}
