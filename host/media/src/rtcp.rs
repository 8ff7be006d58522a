//! RTCP of a leg (RFC 3550, section 6): a report every five seconds, and the far end's reports taken
//! note of, so that it can compute its round trip. Cheap: two system calls in 250 ticks.

use crate::FRAME_BYTES;
use crate::socket::Moment;
use crate::statistics::Reception;

/// Every five seconds (section 6.2), in ticks.
pub(crate) const REPORT_TICKS: u64 = 250;

const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const CNAME_ITEM: u8 = 1;
const CNAME_BYTES: usize = 16;
/// Seconds from 1900, where NTP begins, to 1970.
const NTP_EPOCH: u64 = 2_208_988_800;
/// Sender report with one block, and a description.
const LONGEST_REPORT: usize = 28 + 24 + 8 + 2 + CNAME_BYTES + 2;

/// What a leg knows for its reports.
#[derive(Debug)]
pub(crate) struct Reporter {
    cname: [u8; CNAME_BYTES],
    /// The middle of the NTP time in the far end's last sender report, and when it came.
    far_report: Option<(u32, Moment)>,
}

/// The sending side at the time of a report.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending {
    pub(crate) ssrc: u32,
    pub(crate) timestamp: u32,
    pub(crate) packets: u64,
}

/// A compound packet.
#[derive(Debug)]
pub(crate) struct ReportPacket {
    bytes: [u8; LONGEST_REPORT],
    length: usize,
}

impl ReportPacket {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    fn put_word(&mut self, word: u32) {
        self.put(&word.to_be_bytes());
    }
}

impl Reporter {
    /// With a canonical name that says nothing about anybody (RFC 7022).
    pub(crate) fn new() -> Reporter {
        let mut cname = [0; CNAME_BYTES];
        cname.fill_with(|| fastrand::alphanumeric() as u8);
        Reporter {
            cname,
            far_report: None,
        }
    }

    /// Takes a datagram that is RTCP; anything but a sender report is passed over.
    pub(crate) fn receive(&mut self, datagram: &[u8], arrival: Moment) {
        if let Some((head, _)) = datagram.split_first_chunk::<28>()
            && head[0] >> 6 == 2
            && head[1] == SENDER_REPORT
        {
            let middle = u32::from_be_bytes([head[10], head[11], head[12], head[13]]);
            self.far_report = Some((middle, arrival));
        }
    }

    pub(crate) fn report(
        &self,
        sending: Sending,
        reception: Option<Reception>,
        now: Moment,
        realtime_ns: u64,
    ) -> ReportPacket {
        let mut packet = ReportPacket {
            bytes: [0; LONGEST_REPORT],
            length: 0,
        };
        let blocks = u8::from(reception.is_some());
        let words = 6 * u8::from(reception.is_some());
        if sending.packets > 0 {
            packet.put(&[0x80 | blocks, SENDER_REPORT, 0, 6 + words]);
            packet.put_word(sending.ssrc);
            packet.put_word((realtime_ns / 1_000_000_000 + NTP_EPOCH) as u32);
            packet.put_word((((realtime_ns % 1_000_000_000) << 32) / 1_000_000_000) as u32);
            packet.put_word(sending.timestamp);
            packet.put_word(sending.packets as u32);
            packet.put_word(sending.packets.wrapping_mul(FRAME_BYTES as u64) as u32);
        } else {
            packet.put(&[0x80 | blocks, RECEIVER_REPORT, 0, 1 + words]);
            packet.put_word(sending.ssrc);
        }
        if let Some(reception) = reception {
            packet.put_word(reception.ssrc);
            packet.put_word(u32::from(reception.fraction_lost) << 24 | reception.lost);
            packet.put_word(reception.highest);
            packet.put_word(reception.jitter);
            let (last, delay) = self.far_report.map_or((0, 0), |(middle, arrival)| {
                // In 65536ths of a second.
                let delay = u128::from(now.since_ns(arrival)) * 65_536 / 1_000_000_000;
                (middle, delay as u32)
            });
            packet.put_word(last);
            packet.put_word(delay);
        }
        let words = (4 + 2 + CNAME_BYTES + 2) / 4;
        packet.put(&[0x81, SOURCE_DESCRIPTION, 0, words as u8]);
        packet.put_word(sending.ssrc);
        packet.put(&[CNAME_ITEM, CNAME_BYTES as u8]);
        packet.put(&self.cname);
        // The end of the items, and up to a whole word.
        packet.put(&[0, 0]);
        packet
    }
}

/// Whether a datagram on a shared port is RTCP (RFC 5761, section 4).
pub(crate) fn is_rtcp(datagram: &[u8]) -> bool {
    datagram.len() >= 8 && datagram[0] >> 6 == 2 && (192..=223).contains(&datagram[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDING: Sending = Sending {
        ssrc: 0x0A0B_0C0D,
        timestamp: 4_000,
        packets: 25,
    };
    const RECEPTION: Reception = Reception {
        ssrc: 0x0102_0304,
        fraction_lost: 51,
        lost: 50,
        highest: 0x0001_0203,
        jitter: 12,
    };

    fn word(bytes: &[u8], place: usize) -> u32 {
        let start = place * 4;
        u32::from_be_bytes(bytes[start..start + 4].try_into().expect("a word"))
    }

    /// Each packet of a compound: type and bytes. Lengths have to fit exactly.
    fn parts(mut compound: &[u8]) -> Vec<(u8, &[u8])> {
        let mut parts = Vec::new();
        while !compound.is_empty() {
            let length = 4 * (1 + usize::from(u16::from_be_bytes([compound[2], compound[3]])));
            parts.push((compound[1], &compound[..length]));
            compound = &compound[length..];
        }
        parts
    }

    #[test]
    fn a_sender_report_says_what_was_sent_and_heard_and_when() {
        let mut reporter = Reporter::new();
        let second = 1_000_000_000;
        let mut far = [0; 28];
        far[..2].copy_from_slice(&[0x80, SENDER_REPORT]);
        far[8..16].copy_from_slice(&[9, 9, 1, 2, 3, 4, 9, 9]);
        reporter.receive(&far, Moment(10 * second));
        let now = Moment(10 * second + second / 2);
        let packet = reporter.report(SENDING, Some(RECEPTION), now, 100 * second + second / 4);
        let parts = parts(packet.as_bytes());
        let (kind, report) = parts[0];
        assert_eq!((kind, report.len()), (SENDER_REPORT, 52));
        assert_eq!(word(report, 1), SENDING.ssrc);
        assert_eq!(u64::from(word(report, 2)), 100 + NTP_EPOCH);
        assert_eq!(word(report, 3), 1 << 30);
        assert_eq!(
            [word(report, 4), word(report, 5), word(report, 6)],
            [4_000, 25, 4_000]
        );
        assert_eq!(word(report, 7), RECEPTION.ssrc);
        assert_eq!(word(report, 8), 51 << 24 | 50);
        assert_eq!([word(report, 9), word(report, 10)], [0x0001_0203, 12]);
        assert_eq!([word(report, 11), word(report, 12)], [0x0102_0304, 32_768]);
        let (kind, description) = parts[1];
        assert_eq!(
            (kind, description[8], description[9]),
            (SOURCE_DESCRIPTION, 1, 16)
        );
        assert_eq!(parts.len(), 2);
    }

    #[test]
    fn who_sent_nothing_sends_a_receiver_report() {
        let silent = Sending {
            packets: 0,
            ..SENDING
        };
        let packet = Reporter::new().report(silent, None, Moment(0), 0);
        let parts = parts(packet.as_bytes());
        assert_eq!((parts[0].0, parts[0].1.len()), (RECEIVER_REPORT, 8));
        assert!(is_rtcp(packet.as_bytes()));
    }
}
