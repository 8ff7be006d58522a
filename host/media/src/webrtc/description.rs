//! Session descriptions (RFC 8866) as far as we look into them ourselves: what of an offer we
//! take, and which addresses an answer names. The rest is the stack's.

use super::WebRtcError;
use hotline_vocabulary::media::Codec;
use std::net::IpAddr;

/// The largest offer, in bytes; a browser's audio offer has about 3,000.
const MAX_OFFER_BYTES: usize = 64 << 10;
/// How many ICE candidates of an offer are looked at; a browser has one per network and server.
const MAX_CANDIDATES: usize = 32;

/// The payload types agreed on, as the offer numbers them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Formats {
    /// At least one, the far end's favourite first.
    pub(super) voice: Vec<(u8, Codec)>,
    /// `telephone-event/8000`, when the far end sends keys as RFC 4733.
    pub(super) telephone_event: Option<u8>,
}

impl Formats {
    /// What we send with.
    pub(super) fn favourite(&self) -> (u8, Codec) {
        self.voice.first().copied().unwrap_or((0, Codec::Pcmu))
    }

    pub(super) fn voice_of(&self, payload_type: u8) -> Option<Codec> {
        let mut voices = self.voice.iter();
        voices
            .find(|(number, _)| *number == payload_type)
            .map(|(_, codec)| *codec)
    }
}

/// An offer that we can answer, reduced to what we take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) sdp: String,
    pub(super) formats: Formats,
}

/// Checks an offer, and takes out of it: codecs that we do not speak (among them telephone events
/// at other clock rates than 8,000 Hz, which the stack would take for ours), and candidates that
/// we can not reach (TCP, and names of multicast DNS, which we do not ask).
pub(super) fn admit_offer(sdp: &str) -> Result<Offer, WebRtcError> {
    let refuse = |reason: &str| Err(WebRtcError::Offer(reason.to_owned()));
    if sdp.len() > MAX_OFFER_BYTES {
        return Err(WebRtcError::OfferTooLarge {
            bytes: sdp.len(),
            limit: MAX_OFFER_BYTES,
        });
    }
    if !sdp.trim_start().starts_with("v=0") {
        return refuse(
            "it does not begin with `v=0`; send the text of RTCPeerConnection.localDescription.sdp",
        );
    }
    let lines: Vec<&str> = sdp
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    for (wanted, reason) in [
        (
            "a=fingerprint:",
            "it has no DTLS fingerprint (a=fingerprint)",
        ),
        ("a=ice-ufrag:", "it has no ICE credentials (a=ice-ufrag)"),
        ("a=ice-pwd:", "it has no ICE credentials (a=ice-pwd)"),
    ] {
        if !lines.iter().any(|line| line.starts_with(wanted)) {
            return refuse(reason);
        }
    }
    let formats = match audio_sections(&lines).as_slice() {
        [] => return Err(WebRtcError::NoAudio),
        [section] => formats_of(section)?,
        _ => return refuse("it has several audio sections; offer one"),
    };

    let mut kept = String::with_capacity(sdp.len());
    let mut in_audio = false;
    let mut candidates = 0;
    for line in lines {
        if line.starts_with("m=") {
            in_audio = line.starts_with("m=audio ");
        }
        let keep = match line.strip_prefix("a=candidate:") {
            Some(candidate) => {
                candidates += 1;
                candidates <= MAX_CANDIDATES && is_reachable(candidate)
            }
            None => !in_audio || payload_type_of(line).is_none_or(|it| formats.contains(it)),
        };
        if !keep {
            continue;
        }
        if in_audio && line.starts_with("m=") {
            kept.push_str(&formats.media_line(line));
        } else {
            kept.push_str(line);
        }
        kept.push_str("\r\n");
    }
    Ok(Offer { sdp: kept, formats })
}

impl Formats {
    fn contains(&self, payload_type: u8) -> bool {
        self.voice_of(payload_type).is_some() || self.telephone_event == Some(payload_type)
    }

    /// `line` (`m=audio PORT PROTOCOL FORMATS`) with our formats.
    fn media_line(&self, line: &str) -> String {
        let mut words: Vec<String> = line.split(' ').take(3).map(str::to_owned).collect();
        words.extend(self.voice.iter().map(|(number, _)| number.to_string()));
        words.extend(self.telephone_event.map(|number| number.to_string()));
        words.join(" ")
    }
}

/// The lines of each `m=audio` section that is not switched off (port 0).
fn audio_sections<'a>(lines: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut sections: Vec<Vec<&str>> = Vec::new();
    let mut in_audio = false;
    for line in lines {
        if let Some(media) = line.strip_prefix("m=") {
            in_audio = media.starts_with("audio ") && media.split(' ').nth(1) != Some("0");
            if in_audio {
                sections.push(Vec::new());
            }
        }
        if let (true, Some(section)) = (in_audio, sections.last_mut()) {
            section.push(line);
        }
    }
    sections
}

fn formats_of(section: &[&str]) -> Result<Formats, WebRtcError> {
    let media = section.first().copied().unwrap_or_default();
    let mut words = media.split(' ').skip(2);
    let protocol = words.next().unwrap_or_default();
    if !protocol.ends_with("RTP/SAVPF") {
        return Err(WebRtcError::Offer(format!(
            "its audio is `{protocol}`, not UDP/TLS/RTP/SAVPF"
        )));
    }
    let mut formats = Formats {
        voice: Vec::new(),
        telephone_event: None,
    };
    for payload_type in words.filter_map(|word| word.parse::<u8>().ok()) {
        let prefix = format!("a=rtpmap:{payload_type} ");
        let named = section.iter().find_map(|line| line.strip_prefix(&prefix));
        // Static payload types need no name (RFC 3551, section 6).
        let name = match (named, payload_type) {
            (Some(name), _) => name.to_ascii_lowercase(),
            (None, 0) => "pcmu/8000".to_owned(),
            (None, 8) => "pcma/8000".to_owned(),
            (None, _) => continue,
        };
        match name.as_str() {
            "pcmu/8000" | "pcmu/8000/1" => formats.voice.push((payload_type, Codec::Pcmu)),
            "pcma/8000" | "pcma/8000/1" => formats.voice.push((payload_type, Codec::Pcma)),
            "telephone-event/8000" | "telephone-event/8000/1" => {
                formats.telephone_event = Some(payload_type)
            }
            _ => {}
        }
    }
    if formats.voice.is_empty() {
        return Err(WebRtcError::NoCommonCodec);
    }
    Ok(formats)
}

/// The payload type that an attribute speaks about.
fn payload_type_of(line: &str) -> Option<u8> {
    ["a=rtpmap:", "a=fmtp:", "a=rtcp-fb:"]
        .iter()
        .find_map(|attribute| line.strip_prefix(attribute))
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
}

/// Whether a candidate (RFC 8839, section 5.1) is UDP at an address that is one.
fn is_reachable(candidate: &str) -> bool {
    let mut words = candidate.split_whitespace().skip(2);
    let transport = words.next().unwrap_or_default();
    let address = words.nth(1).unwrap_or_default();
    transport.eq_ignore_ascii_case("udp") && address.parse::<IpAddr>().is_ok()
}

/// The preference of a server-reflexive candidate (RFC 8445, section 5.1.2.2), below any host's.
const REFLEXIVE_PRIORITY: u32 = (100 << 24) | (65_535 << 8) | 255;

/// Adds to each host candidate of our answer the address under which it is known outside
/// (`--external-ip`): a server-reflexive one, as STUN would have found it. Done here because the
/// stack's own option for it has no effect in 0.21.1.
pub(super) fn advertise(answer: &str, advertised: IpAddr) -> String {
    let mut out = String::with_capacity(answer.len() + 128);
    for line in answer.lines() {
        out.push_str(line);
        out.push_str("\r\n");
        let Some(candidate) = line.strip_prefix("a=candidate:") else {
            continue;
        };
        let words: Vec<&str> = candidate.split_whitespace().collect();
        let [
            foundation,
            component,
            transport,
            _,
            address,
            port,
            "typ",
            "host",
            ..,
        ] = words.as_slice()
        else {
            continue;
        };
        let Ok(local) = address.parse::<IpAddr>() else {
            continue;
        };
        if local.is_ipv4() == advertised.is_ipv4() && local != advertised {
            out.push_str(&format!(
                "a=candidate:{foundation}9 {component} {transport} {REFLEXIVE_PRIORITY} {advertised} {port} typ srflx raddr {address} rport {port}\r\n"
            ));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROMIUM: &str = include_str!("chromium_offer.sdp");

    #[test]
    fn a_browsers_offer_is_reduced_to_telephone_codecs() {
        let offer = admit_offer(CHROMIUM).expect("it is Chromium's");
        assert_eq!(
            offer.formats,
            Formats {
                voice: vec![(0, Codec::Pcmu), (8, Codec::Pcma)],
                telephone_event: Some(126),
            }
        );
        assert!(offer.sdp.contains("UDP/TLS/RTP/SAVPF 0 8 126\r\n"));
        for gone in [
            "opus",
            "G722",
            "telephone-event/48000",
            ".local",
            "tcptype",
            "transport-cc",
        ] {
            assert!(!offer.sdp.contains(gone), "{gone}");
        }
        for kept in [
            "a=ssrc:",
            "a=mid:0",
            "a=setup:actpass",
            "127.0.0.1 42222 typ host",
        ] {
            assert!(offer.sdp.contains(kept), "{kept}");
        }
    }

    #[test]
    fn an_offer_that_we_can_not_answer_says_why() {
        let with = |from: &str, to: &str| admit_offer(&CHROMIUM.replace(from, to));
        assert_eq!(with("m=audio", "m=video"), Err(WebRtcError::NoAudio));
        assert_eq!(
            with("SAVPF 111 63 9 0 8", "SAVPF 111 63 9").err(),
            Some(WebRtcError::NoCommonCodec)
        );
        for (from, to, word) in [
            ("UDP/TLS/RTP/SAVPF", "RTP/AVP", "RTP/AVP"),
            ("a=fingerprint:", "a=x:", "fingerprint"),
            ("a=ice-pwd:", "a=x:", "ice-pwd"),
            ("v=0", "hello", "v=0"),
        ] {
            let error = with(from, to).expect_err(word).to_string();
            assert!(error.contains(word), "{error}");
        }
        let large = format!("{CHROMIUM}{}", "a=x\r\n".repeat(20_000));
        assert!(matches!(
            admit_offer(&large),
            Err(WebRtcError::OfferTooLarge { .. })
        ));
    }

    #[test]
    fn the_advertised_address_stands_beside_the_local_one() {
        let answer = "v=0\r\na=candidate:12 1 udp 2130706431 10.0.0.5 4000 typ host\r\na=end-of-candidates\r\n";
        let told = advertise(answer, IpAddr::from([203, 0, 113, 7]));
        assert!(told.contains("10.0.0.5 4000 typ host\r\n"));
        assert!(told.contains(" 203.0.113.7 4000 typ srflx raddr 10.0.0.5 rport 4000\r\n"));
        let other_family = advertise(answer, IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]));
        assert_eq!(other_family, answer);
    }
}
