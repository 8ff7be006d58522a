//! Symmetric RTP (RFC 4961): what the far end wrote into its SDP may not be where its packets come
//! from, so we answer to where they do.

use crate::socket::Moment;
use socket2::SockAddr;
use std::net::SocketAddr;

/// Another source may take over once the one before has been silent this long: a translator that
/// gave the stream a new port, not a stranger who talks into it.
const TAKEOVER_MS: u64 = 1_000;
/// A far end that sent from where it said it would for this long stays there.
const SETTLED_MS: u64 = 1_000;
/// And is there until it has been silent this long: well before another may take over.
const QUIET_MS: u64 = 500;

#[derive(Debug)]
pub(crate) struct Latch {
    /// From the SDP.
    advertised: SocketAddr,
    source: Option<SocketAddr>,
    /// When the first packet came from there.
    since: Moment,
    last_packet: Moment,
    destination: SockAddr,
}

impl Latch {
    pub(crate) fn new(advertised: SocketAddr) -> Latch {
        Latch {
            advertised,
            source: None,
            since: Moment::default(),
            last_packet: Moment::default(),
            destination: advertised.into(),
        }
    }

    /// Whether a packet from `source` is the far end's. The first to come is; later the one that was
    /// advertised always is, and any other after a silence.
    pub(crate) fn admits(&mut self, source: SocketAddr, now: Moment) -> bool {
        if self.source != Some(source) {
            let silent_ns = now.since_ns(self.last_packet);
            let free = self.source.is_none() || silent_ns >= TAKEOVER_MS * 1_000_000;
            if !free && source != self.advertised {
                return false;
            }
            self.source = Some(source);
            self.since = now;
            self.destination = source.into();
        }
        self.last_packet = now;
        true
    }

    /// Whether nobody but the present source could be admitted now, nor soon: it is the one that was
    /// advertised, and flows.
    pub(crate) fn is_settled(&self, now: Moment) -> bool {
        self.source == Some(self.advertised)
            && now.since_ns(self.since) >= SETTLED_MS * 1_000_000
            && now.since_ns(self.last_packet) < QUIET_MS * 1_000_000
    }

    pub(crate) fn destination(&self) -> &SockAddr {
        &self.destination
    }

    /// RTCP without a shared port: the next port (RFC 3550, section 11).
    pub(crate) fn control_destination(&self) -> SockAddr {
        let mut address = self.source.unwrap_or(self.advertised);
        address.set_port(address.port().saturating_add(1));
        address.into()
    }

    /// `false` for `c=IN IP4 0.0.0.0` (the old way to hold) and port 0, until something arrives.
    pub(crate) fn is_reachable(&self) -> bool {
        self.source.is_some()
            || (!self.advertised.ip().is_unspecified() && self.advertised.port() != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn we_answer_to_where_the_first_packet_came_from() {
        let mut latch = Latch::new(at(4_000));
        assert_eq!(latch.destination().as_socket(), Some(at(4_000)));
        assert!(latch.admits(at(5_000), Moment(0)));
        assert_eq!(latch.destination().as_socket(), Some(at(5_000)));
    }

    #[test]
    fn a_stranger_can_not_take_over_a_stream_that_flows() {
        let mut latch = Latch::new(at(4_000));
        for tick in 0..200 {
            assert!(latch.admits(at(5_000), Moment(0).plus_ms(tick * 20)));
            assert!(!latch.admits(at(6_000), Moment(0).plus_ms(tick * 20 + 1)));
        }
        assert_eq!(latch.destination().as_socket(), Some(at(5_000)));
    }

    #[test]
    fn a_new_source_is_followed_after_a_silence_and_the_advertised_one_at_once() {
        let mut latch = Latch::new(at(4_000));
        assert!(latch.admits(at(5_000), Moment(0)));
        assert!(latch.admits(at(6_000), Moment(0).plus_ms(1_000)));
        assert_eq!(latch.destination().as_socket(), Some(at(6_000)));
        assert!(latch.admits(at(4_000), Moment(0).plus_ms(1_001)));
        assert_eq!(latch.destination().as_socket(), Some(at(4_000)));
    }

    #[test]
    fn a_stream_is_settled_while_it_flows_from_where_it_was_advertised() {
        let after = |ms| Moment(0).plus_ms(ms);
        let mut latch = Latch::new(at(4_000));
        assert!(!latch.is_settled(after(0)));
        for tick in 0..60 {
            assert!(latch.admits(at(4_000), after(tick * 20)));
            assert_eq!(latch.is_settled(after(tick * 20)), tick >= 50, "{tick}");
        }
        assert!(!latch.is_settled(after(59 * 20 + QUIET_MS)));
        // The advertised one may still take over from any other.
        let mut latch = Latch::new(at(4_000));
        for tick in 0..60 {
            assert!(latch.admits(at(5_000), after(tick * 20)));
            assert!(!latch.is_settled(after(tick * 20)));
        }
    }

    #[test]
    fn nothing_is_sent_to_an_address_that_is_none() {
        let mut latch = Latch::new(SocketAddr::from(([0, 0, 0, 0], 4_000)));
        assert!(!latch.is_reachable());
        assert!(latch.admits(at(5_000), Moment(0)));
        assert!(latch.is_reachable());
        assert!(!Latch::new(at(0)).is_reachable());
    }
}
