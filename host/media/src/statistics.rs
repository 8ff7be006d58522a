//! What a leg's incoming stream is like, by the book: losses as in RFC 3550, appendix A.3, jitter
//! as in section 6.4.1.

use crate::SAMPLE_RATE_HZ;
use crate::rtp::RtpHeader;
use crate::socket::Moment;
use hotline_vocabulary::media::MediaStatistics;

/// A jump of the sequence number this far is a new beginning, not a loss (appendix A.1).
const MAX_DROPOUT: i32 = 3_000;
const MAX_MISORDER: i32 = 100;

/// What a packet is part of. A key keeps one timestamp while it is pressed, so it says nothing about
/// jitter; and some senders give keys a source and numbers of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Voice,
    /// A key or comfort noise.
    Aside,
}

#[derive(Debug, Default)]
pub(crate) struct ReceiveStatistics {
    packets: u64,
    /// Lost from sources that are over.
    lost_before: u64,
    source: Option<Source>,
    last_arrival: Option<Moment>,
    largest_gap_ns: u64,
    /// In timestamp units.
    jitter: f64,
}

#[derive(Debug)]
struct Source {
    ssrc: u32,
    first: i64,
    highest: i64,
    /// Different packets received.
    received: u64,
    /// Bit `n`: the packet `n` before `highest` was received.
    seen: u64,
    /// Arrival minus timestamp of the last voice packet, in timestamp units, modulo 2^32.
    transit: Option<u32>,
    /// Expected and received when last reported.
    reported: (u64, u64),
}

/// What a receiver tells the sender (section 6.4.1): a reception block without its last two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reception {
    pub(crate) ssrc: u32,
    /// Since the last report, in 256ths.
    pub(crate) fraction_lost: u8,
    pub(crate) lost: u32,
    pub(crate) highest: u32,
    /// In timestamp units.
    pub(crate) jitter: u32,
}

impl Source {
    fn new(header: &RtpHeader) -> Source {
        let first = i64::from(header.sequence);
        Source {
            ssrc: header.ssrc,
            first,
            highest: first,
            received: 1,
            seen: 1,
            transit: None,
            reported: (0, 0),
        }
    }

    fn expected(&self) -> u64 {
        (self.highest - self.first + 1).unsigned_abs()
    }

    fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    /// `false` when the number jumps too far to belong to the same line.
    fn count(&mut self, sequence: u16) -> bool {
        let step = i32::from(sequence.wrapping_sub(self.highest as u16).cast_signed());
        if !(-MAX_MISORDER..=MAX_DROPOUT).contains(&step) {
            return false;
        }
        if step > 0 {
            self.highest += i64::from(step);
            self.seen = self.seen.checked_shl(step.unsigned_abs()).unwrap_or(0) | 1;
            self.received += 1;
        } else {
            // Late or doubled. Beyond the window it counts as doubled: at worst a loss too many.
            let bit = 1u64.checked_shl(step.unsigned_abs()).unwrap_or(0);
            if bit != 0 && self.seen & bit == 0 {
                self.seen |= bit;
                self.received += 1;
                self.first = self.first.min(self.highest + i64::from(step));
            }
        }
        true
    }
}

impl ReceiveStatistics {
    /// Counts a packet. The gap since the one before it, in nanoseconds, for voice.
    pub(crate) fn count(&mut self, header: &RtpHeader, part: Part, arrival: Moment) -> Option<u64> {
        self.packets += 1;
        let gap = self
            .last_arrival
            .map(|last| arrival.since_ns(last))
            .inspect(|gap| self.largest_gap_ns = self.largest_gap_ns.max(*gap));
        self.last_arrival = Some(arrival);

        match (&mut self.source, part) {
            (Some(source), _) if source.ssrc == header.ssrc => {
                if !source.count(header.sequence) {
                    self.lost_before += source.lost();
                    *source = Source::new(header);
                }
            }
            // A key from a source of its own does not end the voice's.
            (Some(_), Part::Aside) => return gap,
            (Some(_) | None, Part::Voice) | (None, Part::Aside) => {
                self.lost_before += self.source.as_ref().map_or(0, Source::lost);
                self.source = Some(Source::new(header));
            }
        }
        if part == Part::Voice {
            self.measure_jitter(header.timestamp, arrival);
        }
        gap
    }

    fn measure_jitter(&mut self, timestamp: u32, arrival: Moment) {
        let Some(source) = &mut self.source else {
            return;
        };
        let arrival = arrival.0 / (1_000_000_000 / u64::from(SAMPLE_RATE_HZ));
        let transit = (arrival as u32).wrapping_sub(timestamp);
        if let Some(before) = source.transit.replace(transit) {
            let difference = transit.wrapping_sub(before).cast_signed().unsigned_abs();
            // A second or more is a new talk spurt on a clock that stood still, not the network.
            if difference < SAMPLE_RATE_HZ {
                self.jitter += (f64::from(difference) - self.jitter) / 16.0;
            }
        }
    }

    /// The stream pauses by agreement (hold): what follows is not a gap.
    pub(crate) fn pause(&mut self) {
        self.last_arrival = None;
        if let Some(source) = &mut self.source {
            source.transit = None;
        }
    }

    /// What to tell the sender now; `None` before anything came.
    pub(crate) fn reception(&mut self) -> Option<Reception> {
        let source = self.source.as_mut()?;
        let now = (source.expected(), source.received);
        let before = std::mem::replace(&mut source.reported, now);
        let expected = now.0.saturating_sub(before.0);
        let lost = expected.saturating_sub(now.1.saturating_sub(before.1));
        Some(Reception {
            ssrc: source.ssrc,
            fraction_lost: (lost * 256)
                .checked_div(expected)
                .map_or(0, |share| share.min(255) as u8),
            lost: source.lost().min(0x7F_FFFF) as u32,
            highest: source.highest as u32,
            jitter: self.jitter as u32,
        })
    }

    pub(crate) fn summary(&self, packets_sent: u64) -> MediaStatistics {
        MediaStatistics {
            packets_received: self.packets,
            packets_sent,
            packets_lost: self.lost_before + self.source.as_ref().map_or(0, Source::lost),
            jitter_ms: self.jitter * 1000.0 / f64::from(SAMPLE_RATE_HZ),
            largest_gap_ms: self.largest_gap_ns / 1_000_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(sequence: u16, timestamp: u32, ssrc: u32) -> RtpHeader {
        RtpHeader {
            payload_type: 0,
            marker: false,
            sequence,
            timestamp,
            ssrc,
        }
    }

    /// Packets `sequences` of a 20 ms stream, arriving on time plus `delay_ms(place)`.
    fn measure(sequences: &[u16], delay_ms: impl Fn(usize) -> u64) -> MediaStatistics {
        let mut statistics = ReceiveStatistics::default();
        for (place, sequence) in sequences.iter().enumerate() {
            let arrival = Moment(0).plus_ms(1_000 + place as u64 * 20 + delay_ms(place));
            let header = header(*sequence, place as u32 * 160, 7);
            statistics.count(&header, Part::Voice, arrival);
        }
        statistics.summary(0)
    }

    #[test]
    fn a_clean_stream_over_the_wrap_has_no_loss_and_no_jitter() {
        let sequences: Vec<u16> = (65_500..=65_535).chain(0..100).collect();
        let summary = measure(&sequences, |_| 0);
        assert_eq!(summary.packets_received, 136);
        assert_eq!(summary.packets_lost, 0);
        assert!(summary.jitter_ms < 0.001);
        assert_eq!(summary.largest_gap_ms, 20);
    }

    #[test]
    fn missing_packets_are_lost_late_and_doubled_ones_neither_lost_nor_gained() {
        // 3 and 7 missing; 5 late; 9 twice; 65535 late before the first.
        let summary = measure(&[0, 65_535, 1, 2, 4, 6, 5, 8, 9, 9, 10], |_| 0);
        assert_eq!(summary.packets_lost, 2);
        assert_eq!(summary.packets_received, 11);
        let doubled_do_not_hide_losses = measure(&[1, 1, 1, 2, 2, 5], |_| 0);
        assert_eq!(doubled_do_not_hide_losses.packets_lost, 2);
    }

    #[test]
    fn jitter_converges_to_the_mean_difference_and_the_largest_gap_is_kept() {
        // Every second packet 8 ms late: successive transits differ by 8 ms.
        let sequences: Vec<u16> = (0..400).collect();
        let summary = measure(&sequences, |place| 8 * (place as u64 % 2));
        assert!((summary.jitter_ms - 8.0).abs() < 0.1, "{summary:?}");
        assert_eq!(summary.largest_gap_ms, 28);
    }

    #[test]
    fn a_restarted_sender_is_a_new_line_and_old_losses_stay_counted() {
        let mut statistics = ReceiveStatistics::default();
        let mut arrival = Moment(0);
        for (sequence, ssrc) in [(1, 7), (3, 7), (40_000, 7), (40_001, 7), (9, 8), (12, 8)] {
            arrival = arrival.plus_ms(20);
            statistics.count(&header(sequence, 0, ssrc), Part::Voice, arrival);
        }
        assert_eq!(statistics.summary(0).packets_lost, 1 + 2);
    }

    #[test]
    fn keys_from_a_source_of_their_own_disturb_nothing() {
        let mut statistics = ReceiveStatistics::default();
        for place in 0..100u32 {
            let arrival = Moment(0).plus_ms(20 * u64::from(place));
            statistics.count(&header(place as u16, place * 160, 7), Part::Voice, arrival);
            if place % 10 == 0 {
                statistics.count(&header(61_184, 5, 99), Part::Aside, arrival);
            }
        }
        let summary = statistics.summary(3);
        assert_eq!(summary.packets_lost, 0);
        assert_eq!(summary.packets_received, 110);
        assert_eq!(summary.packets_sent, 3);
        assert!(summary.jitter_ms < 0.001);
    }
}
