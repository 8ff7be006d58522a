//! How often one address or one session may do something.

use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// A bucket of tokens for each key: `burst` at once, then one every `every`.
#[derive(Debug)]
pub(crate) struct Rate<K> {
    burst: u32,
    every: Duration,
    /// When each key's bucket is full again.
    full_at: Mutex<HashMap<K, Instant>>,
}

/// Keys remembered at once; when as many are busy, the rest are refused too.
const KEYS: usize = 10_000;

impl<K: Copy + Eq + Hash> Rate<K> {
    pub(crate) fn new(burst: u32, every: Duration) -> Self {
        Rate {
            burst,
            every,
            full_at: Mutex::new(HashMap::new()),
        }
    }

    /// Takes a token, or says in how many seconds to come again.
    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), u64> {
        let mut full_at = self.full_at.lock();
        if full_at.len() >= KEYS {
            full_at.retain(|_, full| *full > now);
        }
        if full_at.len() >= KEYS && !full_at.contains_key(&key) {
            return Err(self.every.as_secs().max(1));
        }
        let full = full_at.entry(key).or_insert(now);
        let after = (*full).max(now) + self.every;
        let allowed_until = now + self.every * self.burst;
        if after > allowed_until {
            return Err((after - allowed_until).as_secs().max(1));
        }
        *full = after;
        Ok(())
    }

    /// Puts a token back: what it was taken for turned out not to count.
    pub(crate) fn give_back(&self, key: K) {
        if let Some(full) = self.full_at.lock().get_mut(&key)
            && let Some(earlier) = full.checked_sub(self.every)
        {
            *full = earlier;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

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
        rate.give_back(here);
        assert_eq!(rate.take(here, start + Duration::from_secs(2)), Ok(()));
    }
}
