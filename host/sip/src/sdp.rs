//! Session descriptions: what a far end offers or answers, and what we say (RFC 8866, RFC 3264).
//! One audio stream of G.711 with telephone events; every other stream is refused by port 0.

use hotline_vocabulary::media::{Codec, Direction, RemoteMedia};
use sdp_types::{Media, Session};
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

/// The payload type that we give telephone events in our own offers.
const OUR_TELEPHONE_EVENT: u8 = 101;

/// Why a description can not be used; becomes a Warning (RFC 3261, section 20.43).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("the session description can not be read")]
    Malformed,
    #[error("no audio stream over RTP/AVP")]
    NoAudio,
    #[error("no codec in common: PCMU and PCMA are spoken here")]
    NoCodec,
    #[error("the media address is no IP address")]
    NoAddress,
}

impl Unusable {
    /// The warn-code of RFC 3261, section 20.43.
    pub(crate) const fn warn_code(self) -> u16 {
        match self {
            Unusable::Malformed => 399,
            Unusable::NoAudio => 304,
            Unusable::NoCodec => 305,
            Unusable::NoAddress => 301,
        }
    }
}

/// A far end's description, and the shape that an answer to it must have.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub(crate) remote: RemoteMedia,
    /// `m=` lines in order: none for the stream that we take, the refusal for any other.
    streams: Vec<Option<String>>,
}

pub(crate) fn read(body: &[u8]) -> Result<Described, Unusable> {
    let session = Session::parse(body).map_err(|_| Unusable::Malformed)?;
    let mut taken = None;
    let mut problem = Unusable::NoAudio;
    for (place, media) in session.medias.iter().enumerate() {
        match read_audio(&session, media) {
            Ok(remote) => {
                taken = Some((place, remote));
                break;
            }
            Err(Unusable::NoAudio) => {}
            Err(other) => problem = other,
        }
    }
    let (place, remote) = taken.ok_or(problem)?;
    let streams = session
        .medias
        .iter()
        .enumerate()
        .map(|(at, media)| {
            (at != place).then(|| format!("m={} 0 {} {}\r\n", media.media, media.proto, media.fmt))
        })
        .collect();
    Ok(Described { remote, streams })
}

fn read_audio(session: &Session, media: &Media) -> Result<RemoteMedia, Unusable> {
    let over_rtp = matches!(media.proto.as_str(), "RTP/AVP" | "RTP/AVPF");
    if media.media != "audio" || !over_rtp || media.port == 0 {
        return Err(Unusable::NoAudio);
    }
    let codec = media
        .fmt
        .split_ascii_whitespace()
        .find_map(|payload_type| match payload_type {
            "0" => Some(Codec::Pcmu),
            "8" => Some(Codec::Pcma),
            _ => None,
        })
        .ok_or(Unusable::NoCodec)?;
    let address = media
        .connections
        .first()
        .or(session.connection.as_ref())
        .and_then(|connection| {
            let address = connection.connection_address.split('/').next()?;
            address.parse::<IpAddr>().ok()
        })
        .ok_or(Unusable::NoAddress)?;
    let flag = |name: &str| media.attributes.iter().any(|a| a.attribute == name);
    let session_flag = |name: &str| session.attributes.iter().any(|a| a.attribute == name);
    let mut direction = read_direction(flag)
        .or_else(|| read_direction(session_flag))
        .unwrap_or(Direction::SendReceive);
    // The hold of RFC 2543: an unspecified address means "send me nothing".
    if address.is_unspecified() {
        direction = match direction {
            Direction::SendReceive | Direction::SendOnly => Direction::SendOnly,
            Direction::ReceiveOnly | Direction::Inactive => Direction::Inactive,
        };
    }
    let telephone_event = media.attributes.iter().find_map(|attribute| {
        let value = attribute.value.as_deref()?;
        let (payload_type, encoding) = value.split_once(' ')?;
        let is_event = attribute.attribute == "rtpmap"
            && encoding
                .trim()
                .to_ascii_lowercase()
                .starts_with("telephone-event/8000");
        let offered = media
            .fmt
            .split_ascii_whitespace()
            .any(|fmt| fmt == payload_type);
        payload_type
            .parse::<u8>()
            .ok()
            .filter(|payload_type| is_event && offered && *payload_type < 128)
    });
    Ok(RemoteMedia {
        address: SocketAddr::new(address, media.port),
        codec,
        telephone_event,
        direction,
        rtcp_mux: flag("rtcp-mux"),
    })
}

fn read_direction(flag: impl Fn(&str) -> bool) -> Option<Direction> {
    [
        ("sendrecv", Direction::SendReceive),
        ("sendonly", Direction::SendOnly),
        ("recvonly", Direction::ReceiveOnly),
        ("inactive", Direction::Inactive),
    ]
    .into_iter()
    .find_map(|(name, direction)| flag(name).then_some(direction))
}

/// Our side of one dialog's session: the `o=` line must keep its id and count its versions
/// (RFC 3264, section 8).
#[derive(Debug, Clone)]
pub(crate) struct Local {
    id: u64,
    version: u64,
}

impl Local {
    pub(crate) fn new(id: u64) -> Self {
        Local {
            id: id >> 2,
            version: 0,
        }
    }

    fn head(&mut self, address: SocketAddr) -> String {
        self.version += 1;
        let family = if address.is_ipv4() { "IP4" } else { "IP6" };
        let mut text = String::with_capacity(384);
        let _ = write!(
            text,
            "v=0\r\no=hotline {} {} IN {family} {}\r\ns=-\r\nc=IN {family} {}\r\nt=0 0\r\n",
            self.id,
            self.version,
            address.ip(),
            address.ip()
        );
        text
    }

    /// An answer in the shape of `described`, for RTP at `address`.
    pub(crate) fn answer(&mut self, described: &Described, address: SocketAddr) -> String {
        let mut text = self.head(address);
        let remote = &described.remote;
        for stream in &described.streams {
            match stream {
                Some(refusal) => text.push_str(refusal),
                None => push_audio(
                    &mut text,
                    address.port(),
                    &[remote.codec],
                    remote.telephone_event,
                    mirrored(remote.direction),
                    remote.rtcp_mux,
                ),
            }
        }
        text
    }

    /// An offer of all that we speak.
    pub(crate) fn offer(&mut self, address: SocketAddr) -> String {
        let mut text = self.head(address);
        push_audio(
            &mut text,
            address.port(),
            &[Codec::Pcmu, Codec::Pcma],
            Some(OUR_TELEPHONE_EVENT),
            "sendrecv",
            false,
        );
        text
    }
}

/// What we say to a direction of theirs (RFC 3264, section 6.1).
const fn mirrored(theirs: Direction) -> &'static str {
    match theirs {
        Direction::SendReceive => "sendrecv",
        Direction::SendOnly => "recvonly",
        Direction::ReceiveOnly => "sendonly",
        Direction::Inactive => "inactive",
    }
}

fn push_audio(
    text: &mut String,
    port: u16,
    codecs: &[Codec],
    telephone_event: Option<u8>,
    direction: &str,
    rtcp_mux: bool,
) {
    let number = |codec: &Codec| match codec {
        Codec::Pcmu => 0,
        Codec::Pcma => 8,
    };
    let _ = write!(text, "m=audio {port} RTP/AVP");
    for codec in codecs {
        let _ = write!(text, " {}", number(codec));
    }
    if let Some(event) = telephone_event {
        let _ = write!(text, " {event}");
    }
    text.push_str("\r\n");
    for codec in codecs {
        let name = match codec {
            Codec::Pcmu => "PCMU",
            Codec::Pcma => "PCMA",
        };
        let _ = write!(text, "a=rtpmap:{} {name}/8000\r\n", number(codec));
    }
    if let Some(event) = telephone_event {
        let _ = write!(
            text,
            "a=rtpmap:{event} telephone-event/8000\r\na=fmtp:{event} 0-15\r\n"
        );
    }
    let _ = write!(text, "a=ptime:20\r\na={direction}\r\n");
    if rtcp_mux {
        text.push_str("a=rtcp-mux\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(lines: &str) -> String {
        format!("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n{lines}")
    }

    fn read_text(lines: &str) -> Result<Described, Unusable> {
        read(offer(lines).as_bytes())
    }

    #[test]
    fn the_first_codec_in_common_is_taken_in_the_offers_order() {
        let described = read_text(
            "m=video 9 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\nm=audio 4000 RTP/AVP 9 8 0 96\r\n\
             a=rtpmap:96 telephone-event/8000\r\na=rtcp-mux\r\n",
        )
        .expect("usable");
        assert_eq!(described.remote.codec, Codec::Pcma);
        assert_eq!(described.remote.telephone_event, Some(96));
        let answer = Local::new(4).answer(&described, SocketAddr::from(([127, 0, 0, 1], 5000)));
        assert!(
            answer.contains("m=video 0 RTP/AVP 96\r\nm=audio 5000 RTP/AVP 8 96\r\n"),
            "{answer}"
        );
        assert!(answer.contains("a=rtcp-mux\r\n"));
        let back = read(answer.as_bytes()).expect("our own answer is usable");
        assert_eq!(back.remote.codec, Codec::Pcma);
    }

    #[test]
    fn hold_is_mirrored_in_both_spellings() {
        let held = read_text("m=audio 4000 RTP/AVP 0\r\na=sendonly\r\n").expect("usable");
        assert_eq!(held.remote.direction, Direction::SendOnly);
        let address = SocketAddr::from(([127, 0, 0, 1], 5000));
        let answer = Local::new(0).answer(&held, address);
        assert!(answer.contains("a=recvonly\r\n"));
        let old = read_text("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n").expect("usable");
        assert_eq!(old.remote.direction, Direction::SendOnly);
    }

    #[test]
    fn what_can_not_be_used_says_why() {
        for (lines, why) in [
            ("", Unusable::NoAudio),
            ("m=audio 4000 RTP/AVP 9 18\r\n", Unusable::NoCodec),
            ("m=audio 4000 RTP/SAVP 0\r\n", Unusable::NoAudio),
            ("m=audio 0 RTP/AVP 0\r\n", Unusable::NoAudio),
            (
                "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 host.example\r\n",
                Unusable::NoAddress,
            ),
        ] {
            assert_eq!(read_text(lines).map(|_| ()), Err(why), "{lines}");
        }
        assert_eq!(read(b"nonsense").map(|_| ()), Err(Unusable::Malformed));
    }
}
