//! How often one address may do what needs no credentials.

use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// A bucket of tokens for each address: `burst` at once, then one every `every`.
#[derive(Debug)]
pub(crate) struct Rate {
    burst: u32,
    every: Duration,
    /// When each address's bucket is full again.
    full_at: Mutex<HashMap<IpAddr, Instant>>,
}

/// Addresses remembered at once; when as many are busy, the rest are refused too.
const ADDRESSES: usize = 10_000;

impl Rate {
    pub(crate) fn new(burst: u32, every: Duration) -> Rate {
        Rate {
            burst,
            every,
            full_at: Mutex::default(),
        }
    }

    /// Whether a token is left, without taking it; else in how many seconds to come again.
    pub(crate) fn check(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        let full = self.full_at.lock().get(&address).copied().unwrap_or(now);
        let after = full.max(now) + self.every;
        let allowed_until = now + self.every * self.burst;
        if after > allowed_until {
            Err((after - allowed_until).as_secs().max(1))
        } else {
            Ok(())
        }
    }

    /// Takes a token, or says in how many seconds to come again.
    pub(crate) fn take(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        let mut full_at = self.full_at.lock();
        if full_at.len() >= ADDRESSES {
            full_at.retain(|_, full| *full > now);
        }
        if full_at.len() >= ADDRESSES && !full_at.contains_key(&address) {
            return Err(self.every.as_secs().max(1));
        }
        let full = full_at.entry(address).or_insert(now);
        let after = (*full).max(now) + self.every;
        let allowed_until = now + self.every * self.burst;
        if after > allowed_until {
            return Err((after - allowed_until).as_secs().max(1));
        }
        *full = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_then_one_each_interval() {
        let rate = Rate::new(3, Duration::from_secs(2));
        let (start, here) = (Instant::now(), IpAddr::from([10, 0, 0, 1]));
        for _ in 0..3 {
            assert_eq!(rate.take(here, start), Ok(()));
        }
        assert_eq!(rate.take(here, start), Err(2));
        assert_eq!(
            rate.take(IpAddr::from([10, 0, 0, 2]), start),
            Ok(()),
            "another address"
        );
        assert_eq!(rate.take(here, start + Duration::from_secs(2)), Ok(()));
        assert_eq!(rate.take(here, start + Duration::from_secs(2)), Err(2));
    }
}
