//! Keys in RTP (RFC 4733): each press told once, when it goes down.

use crate::socket::Moment;
use hotline_vocabulary::media::Digit;

/// Packets of one press share its timestamp. After a pause this long, the same timestamp is another
/// press: load generators replay one recorded press word for word, and a true one is repeated at
/// least every 50 ms or so.
const SAME_PRESS_MS: u64 = 300;

/// RFC 4733, section 2.5.1.3: a press longer than this many timestamp units goes on as a new event.
const SEGMENT_UNITS: u32 = 0xFFFF;

#[derive(Debug, Clone, Copy)]
struct Press {
    event: u8,
    timestamp: u32,
    ended: bool,
    last_packet: Moment,
}

/// Remembers the last two presses, so that a late packet of the one before is not taken for new.
#[derive(Debug, Default)]
pub(crate) struct KeyDetector {
    recent: [Option<Press>; 2],
}

impl KeyDetector {
    /// Takes a telephone-event packet; the key, if this is the first word of its press. All other
    /// packets of the press, its three end packets, and tones that are no keys give `None`.
    pub(crate) fn receive(
        &mut self,
        timestamp: u32,
        payload: &[u8],
        arrival: Moment,
    ) -> Option<Digit> {
        let (&[event, flags, _, _], _) = payload.split_first_chunk::<4>()?;
        let digit = Digit::from_event_code(event)?;
        let ended = flags & 0x80 != 0;

        for press in self.recent.iter_mut().flatten() {
            let pause_ns = arrival.since_ns(press.last_packet);
            let near = pause_ns < SAME_PRESS_MS * 1_000_000;
            if press.event == event && press.timestamp == timestamp && near {
                press.last_packet = arrival;
                press.ended |= ended;
                return None;
            }
            let next_segment = press.timestamp.wrapping_add(SEGMENT_UNITS);
            if press.event == event && next_segment == timestamp && near && !press.ended {
                press.timestamp = timestamp;
                press.last_packet = arrival;
                press.ended = ended;
                return None;
            }
        }
        self.recent = [
            Some(Press {
                event,
                timestamp,
                ended,
                last_packet: arrival,
            }),
            self.recent[0],
        ];
        Some(digit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: u8 = 0x80;

    fn packet(event: u8, flags: u8, duration: u16) -> [u8; 4] {
        let duration = duration.to_be_bytes();
        [event, flags | 10, duration[0], duration[1]]
    }

    /// (at ms, timestamp, event, flags): what is told.
    fn keys(packets: &[(u64, u32, u8, u8)]) -> String {
        let mut detector = KeyDetector::default();
        packets
            .iter()
            .filter_map(|(at, timestamp, event, flags)| {
                let payload = packet(*event, *flags, 160);
                detector.receive(*timestamp, &payload, Moment(0).plus_ms(*at))
            })
            .map(Digit::as_char)
            .collect()
    }

    #[test]
    fn a_press_is_told_once_however_often_it_is_repeated() {
        let told = keys(&[
            (0, 800, 5, 0),
            (20, 800, 5, 0),
            (40, 800, 5, END),
            (60, 800, 5, END),
            (80, 800, 5, END),
            (200, 2_400, 5, 0),
            (220, 2_400, 5, END),
        ]);
        assert_eq!(told, "55");
    }

    #[test]
    fn a_press_whose_beginning_or_end_was_lost_is_told() {
        assert_eq!(keys(&[(0, 800, 1, END), (20, 800, 1, END)]), "1");
        assert_eq!(keys(&[(0, 800, 1, 0), (90, 1_600, 2, 0)]), "12");
    }

    #[test]
    fn a_late_packet_of_the_press_before_is_not_a_new_press() {
        let told = keys(&[
            (0, 800, 1, 0),
            (60, 1_600, 1, 0),
            (65, 800, 1, END),
            (80, 1_600, 1, END),
        ]);
        assert_eq!(told, "11");
    }

    #[test]
    fn a_replayed_recording_of_one_press_counts_each_time() {
        let told = keys(&[
            (0, 800, 9, 0),
            (50, 800, 9, END),
            (1_000, 800, 9, 0),
            (1_050, 800, 9, END),
        ]);
        assert_eq!(told, "99");
    }

    #[test]
    fn a_key_held_for_ten_seconds_is_one_press() {
        let packets: Vec<_> = (0..500)
            .map(|place| {
                (
                    place * 20,
                    800 + 65_535 * u32::from(place * 160 > 65_535),
                    3,
                    0,
                )
            })
            .collect();
        assert_eq!(keys(&packets), "3");
    }

    #[test]
    fn flash_and_short_payloads_are_no_keys() {
        let mut detector = KeyDetector::default();
        assert_eq!(detector.receive(1, &packet(16, 0, 160), Moment(0)), None);
        assert_eq!(detector.receive(2, &[1, 0, 0], Moment(0)), None);
        assert_eq!(detector.receive(3, &[], Moment(0)), None);
    }
}
