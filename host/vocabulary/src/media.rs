//! Words of the media plane that cross rooms.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A key of a telephone: `0`-`9`, `*`, `#`, `A`-`D` (RFC 4733 events 0 to 15).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digit(char);

impl Digit {
    const KEYS: &'static str = "0123456789*#ABCD";

    pub fn new(key: char) -> Option<Digit> {
        let key = key.to_ascii_uppercase();
        Self::KEYS.contains(key).then_some(Digit(key))
    }

    /// From an event code of RFC 4733, section 3.2.
    pub fn from_event_code(code: u8) -> Option<Digit> {
        Self::KEYS.chars().nth(usize::from(code)).map(Digit)
    }

    pub const fn as_char(self) -> char {
        self.0
    }
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Keys can be card digits: never printed by accident.
impl fmt::Debug for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

/// The voice codecs that a leg may speak. Telephone events ride beside either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// G.711 mu-law, static payload type 0.
    Pcmu,
    /// G.711 A-law, static payload type 8.
    Pcma,
}

/// Something to say or play. Exactly one of `text` and `audio` is set once admitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Prompt {
    pub source: PromptSource,
    /// A BCP 47 tag (`en`, `zh-CN`); picks the voice.
    pub language: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PromptSource {
    /// Spoken by the local speech engine.
    Text(String),
    /// A file below the tenant's `prompts` folder.
    Audio(String),
    /// The tone after which a message begins.
    Tone,
    /// Of a later contract, by its name; can not be played.
    Unknown(String),
}

/// How a playback ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaybackOutcome {
    Completed,
    /// Stopped by a key, another playback, or a bridge.
    Interrupted,
    /// The prompt could not be rendered or read.
    Failed,
}

/// What a leg's media was like over its life (RFC 3550 terms, measured on what we received).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MediaStatistics {
    pub packets_received: u64,
    pub packets_sent: u64,
    /// Expected minus received, RFC 3550 appendix A.3; late and doubled packets do not count twice.
    pub packets_lost: u64,
    /// Interarrival jitter, RFC 3550 section 6.4.1, in milliseconds.
    pub jitter_ms: f64,
    /// The longest silence between two packets, in milliseconds.
    pub largest_gap_ms: u64,
}

/// Where and how the far end wants a leg's RTP: the outcome of offer/answer (RFC 3264).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteMedia {
    /// From `c=` and `m=`; the true source may differ behind NAT (symmetric RTP latches onto it).
    pub address: std::net::SocketAddr,
    pub codec: Codec,
    /// The payload type of `telephone-event/8000` (RFC 4733), when the far end takes it.
    pub telephone_event: Option<u8>,
    pub direction: Direction,
    /// Whether RTCP shares the RTP port (RFC 5761).
    pub rtcp_mux: bool,
}

/// Seen from the far end, as it writes it (RFC 3264, section 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    SendReceive,
    /// The far end holds us: it sends music or nothing and does not want to hear us.
    SendOnly,
    ReceiveOnly,
    Inactive,
}
