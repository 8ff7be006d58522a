//! Whether a new call or registration is let in: decided before anything is spawned or stored for
//! it. In-dialog requests never come here.

use crate::options::Limits;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Sources that are remembered at once; more share what is left by forgetting full buckets first.
const SOURCES: usize = 16_384;

const SWEEP: Duration = Duration::from_secs(1);

/// A token bucket: `rate` tokens per second, at most `burst` saved.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn full(burst: f64, now: Instant) -> Self {
        Bucket {
            tokens: burst,
            at: now,
        }
    }

    fn refill(&mut self, rate: f64, burst: f64, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * rate).min(burst);
        self.at = now;
    }

    fn take(&mut self, rate: f64, burst: f64, now: Instant) -> bool {
        self.refill(rate, burst, now);
        let has = self.tokens >= 1.0;
        if has {
            self.tokens -= 1.0;
        }
        has
    }
}

/// Buckets by source address, bounded.
#[derive(Debug)]
pub(crate) struct BySource {
    rate: f64,
    burst: f64,
    buckets: HashMap<IpAddr, Bucket>,
    swept: Option<Instant>,
}

impl BySource {
    pub(crate) fn new(rate: f64, burst: f64) -> Self {
        BySource {
            rate,
            burst,
            buckets: HashMap::new(),
            swept: None,
        }
    }

    /// Takes a token of `source`; false when it has none.
    pub(crate) fn take(&mut self, source: IpAddr, now: Instant) -> bool {
        let source = network_of(source);
        let (rate, burst) = (self.rate, self.burst);
        if self.buckets.len() >= SOURCES && !self.buckets.contains_key(&source) {
            self.sweep(now);
            if self.buckets.len() >= SOURCES {
                return false;
            }
        }
        self.buckets
            .entry(source)
            .or_insert_with(|| Bucket::full(burst, now))
            .take(rate, burst, now)
    }

    /// Forgets sources that have all their tokens; seldom, so that a flood from many addresses
    /// does not pay a look at the whole table for each.
    fn sweep(&mut self, now: Instant) {
        let due = self
            .swept
            .is_none_or(|swept| now.saturating_duration_since(swept) >= SWEEP);
        if due {
            self.swept = Some(now);
            let (rate, burst) = (self.rate, self.burst);
            self.buckets.retain(|_, bucket| {
                bucket.refill(rate, burst, now);
                bucket.tokens < burst
            });
        }
    }

    /// Whether `source` has a token, without taking it.
    pub(crate) fn has(&mut self, source: IpAddr, now: Instant) -> bool {
        let source = network_of(source);
        let (rate, burst) = (self.rate, self.burst);
        self.buckets.get_mut(&source).is_none_or(|bucket| {
            bucket.refill(rate, burst, now);
            bucket.tokens >= 1.0
        })
    }
}

/// Whom an address counts for: itself, or for IPv6 the 64 bits of the network that one customer has.
fn network_of(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(std::net::Ipv6Addr::from_bits(network))
        }
        v4 => v4,
    }
}

#[derive(Debug)]
pub(crate) struct Admission {
    state: Mutex<State>,
    rate: f64,
}

#[derive(Debug)]
struct State {
    overall: Bucket,
    by_source: BySource,
}

impl Admission {
    pub(crate) fn new(limits: &Limits, now: Instant) -> Self {
        let rate = f64::from(limits.new_calls_per_second);
        let source_rate = f64::from(limits.new_calls_per_second_and_source);
        Admission {
            rate,
            state: Mutex::new(State {
                overall: Bucket::full(rate, now),
                by_source: BySource::new(source_rate, source_rate),
            }),
        }
    }

    /// Whether one more call from `source` keeps the rates. A source over its own rate does not
    /// use up what others may have.
    pub(crate) fn admits(&self, source: IpAddr, now: Instant) -> bool {
        let mut state = self.state.lock();
        state.by_source.take(source, now) && state.overall.take(self.rate, self.rate, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_from_one_source_leaves_room_for_another() {
        let now = Instant::now();
        let limits = Limits {
            new_calls_per_second: 20,
            new_calls_per_second_and_source: 5,
            ..Limits::default()
        };
        let admission = Admission::new(&limits, now);
        let flooder = IpAddr::from([10, 0, 0, 1]);
        let admitted = (0..1000).filter(|_| admission.admits(flooder, now)).count();
        assert_eq!(admitted, 5);
        assert!(admission.admits(IpAddr::from([10, 0, 0, 2]), now));
        assert!(admission.admits(flooder, now + Duration::from_millis(250)));
        assert!(!admission.admits(flooder, now + Duration::from_millis(260)));
    }

    #[test]
    fn a_customers_ipv6_network_is_one_source() {
        let now = Instant::now();
        let mut sources = BySource::new(1.0, 1.0);
        let address = |text: &str| text.parse().expect("an address");
        assert!(sources.take(address("2001:db8::1"), now));
        assert!(!sources.take(address("2001:db8::2"), now));
        assert!(sources.take(address("2001:db8:0:1::2"), now));
        assert!(sources.take(address("::ffff:10.0.0.1"), now));
        assert!(!sources.take(address("10.0.0.1"), now));
    }

    #[test]
    fn the_table_of_sources_is_bounded() {
        let now = Instant::now();
        let mut sources = BySource::new(1.0, 2.0);
        for number in 0..100_000u32 {
            sources.take(IpAddr::from(number.to_be_bytes()), now);
        }
        assert!(sources.buckets.len() <= SOURCES);
        // Once they have refilled they are forgotten, and new ones are let in again.
        assert!(sources.take(IpAddr::from([127, 0, 0, 1]), now + Duration::from_secs(5)));
    }
}
