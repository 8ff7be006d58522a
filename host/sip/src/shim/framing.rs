//! Cutting messages out of a stream by their Content-Length (RFC 3261, section 18.3).

use super::message::{Message, Name, find};
use crate::options::Limits;

/// What the octets read so far begin with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The message is not complete.
    Partial,
    /// Line ends between messages; a doubled one asks for a single one (RFC 5626, section 3.5.1).
    KeepAlive { length: usize, pong: bool },
    /// One message of this many octets.
    Whole { length: usize },
    /// Where the message ends can not be known, or it is too long: to be refused with what is
    /// there, and the connection closed.
    Broken,
}

/// Looks at what has been read.
pub(crate) fn frame(octets: &[u8], limits: &Limits) -> Frame {
    let blank = octets
        .iter()
        .take_while(|octet| matches!(octet, b'\r' | b'\n'))
        .count();
    if blank > 0 {
        return Frame::KeepAlive {
            length: blank,
            pong: blank >= 4,
        };
    }
    let Some(header_end) = find(octets, b"\r\n\r\n") else {
        return if octets.len() > limits.message_bytes {
            Frame::Broken
        } else {
            Frame::Partial
        };
    };
    let header_length = header_end + 4;
    let Some(message) = Message::cut(&octets[..header_length], limits.header_fields) else {
        return Frame::Broken;
    };
    let mut lengths = message.all(Name::ContentLength);
    let length = match (lengths.next(), lengths.next()) {
        (Some(text), None) if text.bytes().all(|octet| octet.is_ascii_digit()) => {
            text.parse::<usize>().ok()
        }
        _ => None,
    };
    match length.and_then(|length| length.checked_add(header_length)) {
        Some(total) if total > limits.message_bytes => Frame::Broken,
        Some(total) if total <= octets.len() => Frame::Whole { length: total },
        Some(_) => Frame::Partial,
        None => Frame::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_at_the_same_places_however_it_arrives() {
        let limits = Limits::default();
        let one = b"OPTIONS sip:a SIP/2.0\r\nl: 3\r\n\r\nabc";
        let stream = [one.as_slice(), b"\r\n\r\n", one.as_slice()].concat();
        for end in 0..one.len() {
            assert_eq!(frame(&stream[..end], &limits), Frame::Partial, "{end}");
        }
        assert_eq!(frame(&stream, &limits), Frame::Whole { length: one.len() });
        assert_eq!(
            frame(&stream[one.len()..], &limits),
            Frame::KeepAlive {
                length: 4,
                pong: true
            }
        );
    }

    #[test]
    fn a_length_that_is_missing_doubled_negative_or_too_large_breaks_the_stream() {
        let limits = Limits::default();
        for lines in [
            "",
            "l: 1\r\nl: 1\r\n",
            "l: -9\r\n",
            "l: 99999999\r\n",
            "l: x\r\n",
        ] {
            let octets = format!("OPTIONS sip:a SIP/2.0\r\n{lines}\r\n");
            assert_eq!(
                frame(octets.as_bytes(), &limits),
                Frame::Broken,
                "{lines:?}"
            );
        }
        let endless = vec![b'a'; limits.message_bytes + 1];
        assert_eq!(frame(&endless, &limits), Frame::Broken);
    }
}
