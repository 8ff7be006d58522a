//! When a request is tried again, and after what time.

use hotline_vocabulary::{Millis, Timestamp};
use std::time::{Duration, SystemTime};

/// How often and how long; see [`Retry::after`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The first one included.
    pub tries: u32,
    /// The most that is waited before the second try; doubled for each further one.
    pub first_wait_ms: u64,
    pub longest_wait_ms: u64,
    /// A server that asks for more patience than this is not waited for.
    pub longest_retry_after_ms: u64,
}

impl Default for Retry {
    fn default() -> Self {
        Retry {
            tries: 4,
            first_wait_ms: 200,
            longest_wait_ms: 5_000,
            longest_retry_after_ms: 20_000,
        }
    }
}

/// How a try ended, as far as trying again is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    Status {
        status: u16,
        /// What the server asked for, if it did.
        retry_after: Option<Millis>,
    },
    Failed {
        is_transient: bool,
    },
}

impl Retry {
    /// How long to wait before the next try; none when this was the last one.
    ///
    /// `tries_made` counts from 1; `is_repeatable` says that doing it twice does what doing it once
    /// does; `remaining` is what is left of the time for the whole request; `chance` is in 0..1.
    ///
    /// The wait is "full jitter": evenly spread between nothing and the exponential bound, so that
    /// those who failed together do not come back together. `Retry-After` is obeyed, with up to a
    /// tenth more for the same reason.
    pub fn after(
        &self,
        tries_made: u32,
        is_repeatable: bool,
        tried: Tried,
        remaining: Millis,
        chance: f64,
    ) -> Option<Millis> {
        if tries_made >= self.tries || !is_repeatable {
            return None;
        }
        let chance = chance.clamp(0.0, 1.0);
        let share = |of: u64| (of as f64 * chance) as u64;
        let wait = match tried {
            Tried::Failed { is_transient: true } => share(self.bound(tries_made)),
            Tried::Failed { .. } => return None,
            Tried::Status { status, .. } if !is_worth_another(status) => return None,
            Tried::Status {
                retry_after: Some(asked),
                ..
            } => {
                if asked.0 > self.longest_retry_after_ms {
                    return None;
                }
                asked.0 + share(asked.0 / 10)
            }
            Tried::Status { .. } => share(self.bound(tries_made)),
        };
        (wait < remaining.0).then_some(Millis(wait))
    }

    fn bound(&self, tries_made: u32) -> u64 {
        let doubled = 1u64.checked_shl(tries_made.saturating_sub(1));
        let bound = doubled.and_then(|times| self.first_wait_ms.checked_mul(times));
        bound.map_or(self.longest_wait_ms, |bound| {
            bound.min(self.longest_wait_ms)
        })
    }
}

/// Too many requests, too early, time-outs and errors of the server's that pass.
const fn is_worth_another(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

/// Whether doing a request twice does what doing it once does (RFC 9110, section 9.2.2).
pub fn is_idempotent(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE")
}

/// `Retry-After` in either of its forms (RFC 9110, section 10.2.3): seconds, or a date, which is
/// taken from `now`. None when it is neither.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Millis> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Millis::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).ok()?);
    // One that has passed asks for no wait at all.
    let ahead = date.duration_since(now).unwrap_or_default();
    Some(Millis(u64::try_from(ahead.as_millis()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLENTY: Millis = Millis(60_000);

    fn status(status: u16) -> Tried {
        Tried::Status {
            status,
            retry_after: None,
        }
    }

    fn asked(status: u16, retry_after_ms: u64) -> Tried {
        Tried::Status {
            status,
            retry_after: Some(Millis(retry_after_ms)),
        }
    }

    #[test]
    fn what_passes_is_tried_again_and_what_stays_is_not() {
        let retry = Retry::default();
        let lost = Tried::Failed { is_transient: true };
        let refused = Tried::Failed {
            is_transient: false,
        };
        for (tries, repeatable, tried, wait) in [
            (1, true, status(503), Some(200)),
            (2, true, status(503), Some(400)),
            (3, true, lost, Some(800)),
            (4, true, status(503), None),
            (1, false, status(503), None),
            (1, false, lost, None),
            (1, true, refused, None),
            (1, true, status(200), None),
            (1, true, status(404), None),
            (1, true, status(401), None),
            (1, true, status(501), None),
            (1, true, asked(429, 3_000), Some(3_300)),
            (1, true, asked(503, 20_000), Some(22_000)),
            (1, true, asked(503, 20_001), None),
            (1, true, asked(200, 1), None),
        ] {
            let next = retry.after(tries, repeatable, tried, PLENTY, 1.0);
            assert_eq!(next, wait.map(Millis), "{tries} {repeatable} {tried:?}");
        }
        // Nobody is left to be answered then.
        assert_eq!(
            retry.after(1, true, asked(429, 3_000), Millis(3_000), 0.0),
            None
        );
    }

    #[test]
    fn both_forms_of_retry_after_are_understood() {
        // 2023-11-14 22:13:20 UTC.
        let now = Timestamp(1_700_000_000_000);
        for (value, wait) in [
            ("7", Some(7_000)),
            (" 0 ", Some(0)),
            ("Tue, 14 Nov 2023 22:13:30 GMT", Some(10_000)),
            ("Tue, 14 Nov 2023 22:13:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now), wait.map(Millis), "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn a_wait_is_never_longer_than_its_bounds(
            tries in 1u32..200, code in 100u16..600, chance in 0.0f64..1.0, remaining in 0u64..100_000,
        ) {
            let retry = Retry { tries: 1_000, ..Retry::default() };
            if let Some(wait) = retry.after(tries, true, status(code), Millis(remaining), chance) {
                prop_assert!(wait.0 <= retry.longest_wait_ms && wait.0 < remaining);
            }
        }
    }
}
