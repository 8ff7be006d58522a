//! How the media plane is set up.

use crate::webrtc::WebRtcOptions;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;

#[derive(Debug, Clone)]
pub struct Options {
    /// Worker threads; one carries about a thousand bridged calls.
    pub workers: usize,
    /// RTP takes the even ports in it, RTCP the odd ones after them.
    pub rtp_ports: RangeInclusive<u16>,
    /// The local address that RTP sockets are bound to.
    pub bind: IpAddr,
    /// What the far end is told instead of `bind` (`--external-ip`). Needed when `bind` is a
    /// wildcard.
    pub advertised: Option<IpAddr>,
    /// Silence after which a leg that should be heard is reported lost. Zero: never.
    pub media_timeout_ms: u64,
    /// Most legs that one worker owns; room for them is made at the start.
    pub max_legs_per_worker: usize,
    pub webrtc: WebRtcOptions,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            workers: 1,
            rtp_ports: 20_000..=29_999,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            advertised: None,
            media_timeout_ms: 30_000,
            max_legs_per_worker: 4_096,
            webrtc: WebRtcOptions::default(),
        }
    }
}
