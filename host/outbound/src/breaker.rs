//! A circuit breaker: an endpoint that fails again and again is left alone for a while, and then
//! asked by one request alone whether it is well.

use hotline_vocabulary::{Millis, Timestamp};
use serde::Serialize;

/// When it opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Failures in a row.
    pub opens_after: u32,
    /// Doubled each time that a probe fails.
    pub open_ms: u64,
    pub longest_open_ms: u64,
    /// A probe that has not come back by then is forgotten.
    pub probe_timeout_ms: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            opens_after: 5,
            open_ms: 5_000,
            longest_open_ms: 5 * 60_000,
            probe_timeout_ms: 60_000,
        }
    }
}

/// As it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    Closed,
    Open,
    HalfOpen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed {
        failures: u32,
    },
    /// `openings` in a row, without a success between.
    Open {
        until: Timestamp,
        openings: u32,
    },
    HalfOpen {
        probe_until: Timestamp,
        openings: u32,
    },
}

/// A state machine without a clock: the time comes with each question.
#[derive(Debug, Clone)]
pub struct Breaker {
    rules: Rules,
    state: State,
}

impl Breaker {
    pub fn new(rules: Rules) -> Breaker {
        Breaker {
            rules,
            state: State::Closed { failures: 0 },
        }
    }

    /// Whether a try may be made now. One that may is reported with [`Breaker::succeeded`] or
    /// [`Breaker::failed`].
    pub fn allows(&mut self, now: Timestamp) -> bool {
        match self.state {
            State::Closed { .. } => true,
            State::Open { until, openings }
            | State::HalfOpen {
                probe_until: until,
                openings,
            } => {
                if now < until {
                    return false;
                }
                self.state = State::HalfOpen {
                    probe_until: now + Millis(self.rules.probe_timeout_ms),
                    openings,
                };
                true
            }
        }
    }

    pub fn succeeded(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    pub fn failed(&mut self, now: Timestamp) {
        self.state = match self.state {
            State::Closed { failures } if failures + 1 < self.rules.opens_after => State::Closed {
                failures: failures + 1,
            },
            State::Closed { .. } => self.open(now, 0),
            State::HalfOpen { openings, .. } => self.open(now, openings),
            // A try from before it opened: it is open already.
            open @ State::Open { .. } => open,
        };
    }

    fn open(&self, now: Timestamp, openings: u32) -> State {
        let times = 1u64.checked_shl(openings).unwrap_or(u64::MAX);
        let span = self.rules.open_ms.saturating_mul(times);
        State::Open {
            until: now + Millis(span.min(self.rules.longest_open_ms)),
            openings: openings + 1,
        }
    }

    pub fn state(&self) -> BreakerState {
        match self.state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { .. } => BreakerState::Open,
            State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn breaker() -> Breaker {
        Breaker::new(Rules {
            opens_after: 3,
            open_ms: 100,
            longest_open_ms: 250,
            probe_timeout_ms: 50,
        })
    }

    fn opened() -> Breaker {
        let mut breaker = breaker();
        for _ in 0..3 {
            assert!(breaker.allows(Timestamp(0)));
            breaker.failed(Timestamp(0));
        }
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_success_between_does_not_let_them_add_up() {
        let mut breaker = breaker();
        for _ in 0..10 {
            breaker.failed(Timestamp(0));
            breaker.failed(Timestamp(0));
            breaker.succeeded();
        }
        assert_eq!(breaker.state(), BreakerState::Closed);
        assert_eq!(opened().state(), BreakerState::Open);
    }

    #[test]
    fn after_a_while_one_probe_is_let_through_and_decides() {
        let mut breaker = opened();
        assert!(!breaker.allows(Timestamp(99)));
        assert!(breaker.allows(Timestamp(100)));
        assert_eq!(breaker.state(), BreakerState::HalfOpen);
        assert!(!breaker.allows(Timestamp(101)), "one probe alone");
        breaker.succeeded();
        assert!(breaker.allows(Timestamp(102)) && breaker.allows(Timestamp(102)));
    }

    #[test]
    fn it_stays_open_longer_after_each_probe_that_fails_up_to_a_bound() {
        let mut breaker = opened();
        let mut now = 0;
        for span in [100, 200, 250, 250] {
            assert!(!breaker.allows(Timestamp(now + span - 1)), "{span}");
            now += span;
            assert!(breaker.allows(Timestamp(now)), "{span}");
            breaker.failed(Timestamp(now));
        }
    }

    #[test]
    fn a_probe_that_never_comes_back_does_not_keep_it_shut() {
        let mut breaker = opened();
        assert!(breaker.allows(Timestamp(100)));
        assert!(!breaker.allows(Timestamp(149)));
        assert!(breaker.allows(Timestamp(150)));
    }

    proptest! {
        #[test]
        fn whatever_happens_it_lets_somebody_through_in_bounded_time(
            events in prop::collection::vec((0u8..3, 0i64..300), 0..60),
        ) {
            let (mut breaker, mut now) = (breaker(), 0);
            for (event, later) in events {
                now += later;
                match event {
                    0 => { breaker.allows(Timestamp(now)); }
                    1 => breaker.failed(Timestamp(now)),
                    _ => breaker.succeeded(),
                }
            }
            prop_assert!(breaker.allows(Timestamp(now + 250)));
        }
    }
}
