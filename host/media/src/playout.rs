//! The few frames between the network and the tick: packets of any length go in, 20 ms come out.
//!
//! A queue of bytes rather than a jitter buffer of slots: an early or late packet moves the delay
//! (a tick that finds nothing makes it 20 ms longer), a delay that a while did not need goes down
//! again, and it is never longer than [`LONGEST_DELAY_MS`]. The far end's own buffer does the rest.

use crate::FRAME_BYTES;
use crate::bridge::Frame;
use crate::g711::{silence, translate};
use hotline_vocabulary::media::Codec;

pub(crate) const LONGEST_DELAY_MS: usize = 120;
const LONGEST_BYTES: usize = LONGEST_DELAY_MS * 8;
/// 80 ms; longer packets are cut.
const PACKET_BYTES: usize = 640;
/// A frame that was never needed for this many ticks (5 s) is dropped.
const CALM_TICKS: u32 = 250;
/// A rest of less than a frame that waited this long is played out with silence behind it.
const STALE_TICKS: u32 = 3;

pub(crate) struct Playout {
    codec: Codec,
    bytes: [u8; LONGEST_BYTES + PACKET_BYTES],
    start: usize,
    end: usize,
    last: Option<Last>,
    /// The least that was left after a pull since `calm` was zero.
    least_left: usize,
    calm: u32,
    empty_ticks: u32,
    dropped_frames: u64,
}

/// The packet put in last.
#[derive(Clone, Copy)]
struct Last {
    ssrc: u32,
    sequence: u16,
    length: usize,
    /// Exactly one packet is missing before it.
    hole_before: bool,
}

impl Playout {
    pub(crate) fn new() -> Playout {
        Playout {
            codec: Codec::Pcmu,
            bytes: [0; LONGEST_BYTES + PACKET_BYTES],
            start: 0,
            end: 0,
            last: None,
            least_left: usize::MAX,
            calm: 0,
            empty_ticks: 0,
            dropped_frames: 0,
        }
    }

    /// Puts a voice packet in. Doubled and late ones are left out, except one that only changed
    /// places with its successor, which still waits.
    pub(crate) fn push(&mut self, ssrc: u32, sequence: u16, codec: Codec, payload: &[u8]) {
        let payload = &payload[..payload.len().min(PACKET_BYTES)];
        if payload.is_empty() {
            return;
        }
        let mut from_end = 0;
        let mut hole_before = false;
        let waiting = self.buffered();
        if let Some(last) = self.last.as_mut().filter(|last| last.ssrc == ssrc) {
            match sequence.wrapping_sub(last.sequence).cast_signed() {
                -1 if last.hole_before && waiting >= last.length => {
                    from_end = last.length;
                    last.hole_before = false;
                }
                -100..=0 => return,
                step => hole_before = step == 2,
            }
        }
        if from_end == 0 {
            self.last = Some(Last {
                ssrc,
                sequence,
                length: payload.len(),
                hole_before,
            });
        }
        if self.start == self.end {
            self.codec = codec;
        }
        self.make_room(payload.len());
        let place = self.end - from_end.min(self.buffered());
        self.bytes
            .copy_within(place..self.end, place + payload.len());
        self.end += payload.len();
        let room = &mut self.bytes[place..place + payload.len()];
        room.copy_from_slice(payload);
        translate(room, codec, self.codec);
    }

    /// Drops the oldest frames so that the delay stays bounded, and moves the rest to the front.
    fn make_room(&mut self, length: usize) {
        let excess = (self.buffered() + length).saturating_sub(LONGEST_BYTES);
        let frames = excess.div_ceil(FRAME_BYTES);
        self.start = (self.start + frames * FRAME_BYTES).min(self.end);
        self.dropped_frames += frames as u64;
        if self.end + length > self.bytes.len() {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
    }

    fn buffered(&self) -> usize {
        self.end - self.start
    }

    /// Whether 20 ms wait.
    pub(crate) fn has_frame(&self) -> bool {
        self.buffered() >= FRAME_BYTES
    }

    /// The next 20 ms; `None` when they did not arrive in time.
    pub(crate) fn pull(&mut self) -> Option<Frame> {
        if self.buffered() < FRAME_BYTES {
            self.empty_ticks += 1;
            self.least_left = 0;
            if self.buffered() == 0 || self.empty_ticks < STALE_TICKS {
                return None;
            }
        }
        self.empty_ticks = 0;
        let mut frame = Frame {
            codec: self.codec,
            payload: [silence(self.codec); FRAME_BYTES],
        };
        let length = self.buffered().min(FRAME_BYTES);
        frame.payload[..length].copy_from_slice(&self.bytes[self.start..self.start + length]);
        self.start += length;
        self.shorten_a_calm_delay();
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
        Some(frame)
    }

    fn shorten_a_calm_delay(&mut self) {
        self.least_left = self.least_left.min(self.buffered());
        self.calm += 1;
        if self.calm < CALM_TICKS {
            return;
        }
        if self.least_left >= FRAME_BYTES {
            self.start += FRAME_BYTES;
            self.dropped_frames += 1;
        }
        self.calm = 0;
        self.least_left = usize::MAX;
    }

    /// Forgets what waits (hold, a new far end).
    pub(crate) fn clear(&mut self) {
        self.start = 0;
        self.end = 0;
        self.last = None;
    }

    /// Frames dropped to keep the delay short, since last asked.
    pub(crate) fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped_frames)
    }
}

impl std::fmt::Debug for Playout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Playout({} bytes)", self.buffered())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Payload whose bytes count up, so that order and completeness can be seen.
    fn counting(from: usize, length: usize) -> Vec<u8> {
        (from..from + length)
            .map(|byte| (byte % 251) as u8)
            .collect()
    }

    fn push(playout: &mut Playout, sequence: u16, payload: &[u8]) {
        playout.push(7, sequence, Codec::Pcmu, payload);
    }

    fn drain(playout: &mut Playout) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Some(frame) = playout.pull() {
            bytes.extend(frame.payload);
        }
        bytes
    }

    #[test]
    fn packets_of_30_ms_come_out_whole_as_20_ms() {
        let mut playout = Playout::new();
        let mut heard = Vec::new();
        for packet in 0..200usize {
            push(&mut playout, packet as u16, &counting(packet * 240, 240));
            // Three ticks for two packets.
            for _ in 0..1 + packet % 2 {
                heard.extend(playout.pull().map(|frame| frame.payload));
            }
        }
        let heard = heard.concat();
        assert!(heard.len() >= 199 * 240, "{}", heard.len());
        assert_eq!(heard, counting(0, heard.len()));
    }

    #[test]
    fn neighbours_that_changed_places_are_put_right_and_doubles_left_out() {
        let mut playout = Playout::new();
        for (sequence, from) in [(0u16, 0), (2, 320), (1, 160), (2, 320), (1, 160), (3, 480)] {
            push(&mut playout, sequence, &counting(from, 160));
        }
        assert_eq!(drain(&mut playout), counting(0, 640));
    }

    #[test]
    fn a_burst_never_makes_the_delay_longer_than_its_bound() {
        let mut playout = Playout::new();
        for sequence in 0..500u16 {
            push(
                &mut playout,
                sequence,
                &counting(usize::from(sequence) * 160, 160),
            );
            assert!(playout.buffered() <= LONGEST_BYTES);
        }
        let heard = drain(&mut playout);
        assert_eq!(heard, counting(494 * 160, 960), "the newest are kept");
        assert_eq!(playout.take_dropped(), 494);
    }

    #[test]
    fn a_delay_that_is_never_needed_goes_away() {
        let mut playout = Playout::new();
        for sequence in 0..4u16 {
            push(&mut playout, sequence, &[1; 160]);
        }
        for sequence in 4..2_000u16 {
            push(&mut playout, sequence, &[1; 160]);
            playout.pull();
        }
        assert!(playout.buffered() <= 160, "{}", playout.buffered());
    }

    #[test]
    fn a_rest_shorter_than_a_frame_is_played_out_before_a_pause() {
        let mut playout = Playout::new();
        push(&mut playout, 0, &[1; 240]);
        let frames: Vec<Frame> = (0..6).filter_map(|_| playout.pull()).collect();
        assert_eq!(frames.len(), 2);
        assert_eq!(frames[1].payload[..80], [1; 80]);
        assert_eq!(frames[1].payload[80..], [silence(Codec::Pcmu); 80]);
    }

    #[test]
    fn a_change_of_law_midway_keeps_the_sound() {
        let mut playout = Playout::new();
        let mut loud = [crate::encode_pcma(8_000); 160];
        push(&mut playout, 0, &[crate::encode_pcmu(8_000); 80]);
        playout.push(7, 1, Codec::Pcma, &loud);
        let frame = playout.pull().expect("240 bytes wait");
        translate(&mut loud, Codec::Pcma, Codec::Pcmu);
        assert_eq!(frame.codec, Codec::Pcmu);
        assert_eq!(frame.payload[80..], loud[..80]);
    }

    #[test]
    fn no_stream_however_odd_breaks_the_bounds() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut playout = Playout::new();
        let mut sequence = 0u16;
        for _ in 0..200_000 {
            sequence = match random.u8(..10) {
                0 => random.u16(..),
                1 => sequence.wrapping_sub(1),
                2 => sequence.wrapping_add(2),
                _ => sequence.wrapping_add(1),
            };
            let codec = if random.bool() {
                Codec::Pcmu
            } else {
                Codec::Pcma
            };
            let length = match random.u8(..4) {
                0 => random.usize(..1_500),
                _ => FRAME_BYTES,
            };
            playout.push(
                u32::from(random.u8(..50) == 0),
                sequence,
                codec,
                &vec![1; length],
            );
            assert!(playout.buffered() <= LONGEST_BYTES);
            for _ in 0..random.usize(..3) {
                playout.pull();
            }
        }
    }
}
