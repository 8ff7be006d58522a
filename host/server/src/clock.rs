//! The only place that turns the machine's clocks into a [`Timestamp`].

use hotline_vocabulary::Timestamp;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Wall-clock time that never runs backwards: taken once from the system, then carried on by the
/// monotonic clock. A drift of more than a second (the machine slept, NTP stepped) is followed
/// forwards only.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    epoch: Timestamp,
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock {
            epoch: now(),
            started: Instant::now(),
        }
    }

    pub(crate) fn now(&mut self) -> Timestamp {
        let carried = self.carried();
        let system = now();
        if system.0 - carried.0 > 1_000 {
            *self = Clock {
                epoch: system,
                started: Instant::now(),
            };
            return system;
        }
        carried
    }

    /// When a timer for `at` is due; the past is due at once.
    pub(crate) fn instant_of(&self, at: Option<Timestamp>) -> Option<Instant> {
        let wait = at?.since(self.carried());
        // One millisecond more: the wake must not come a fraction before `at` and find nothing due.
        Some(Instant::now() + Duration::from_millis(wait.0 + u64::from(wait.0 > 0)))
    }

    fn carried(&self) -> Timestamp {
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        Timestamp(self.epoch.0.saturating_add(elapsed))
    }
}

/// The instant that the machine's clock shows; it may step back.
pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}
