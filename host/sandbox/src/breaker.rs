//! Circuit breakers: a plugin that failed several times in a row is left alone for a while, so that
//! its callers reach the host's fallback at once and its loops take no more of the workers' time.
//!
//! One a tenant and version: what is saved anew begins with a clean slate, and a shipped plugin that
//! one tenant's configuration brings down goes on for the others.

use crate::call::fault;
use crate::faults::is_breakdown;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Faults in a row, with no good answer between them, that open a breaker.
const FAULTS_IN_A_ROW: u32 = 5;
/// Older faults are forgotten.
const WITHIN: Duration = Duration::from_secs(60);
/// The first pause; each probe that fails doubles it.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Breakers beyond which those of versions that nobody asks any more are thrown away.
const KEPT: usize = 1024;

/// Of all plugins that are not simply well: those are not kept here.
#[derive(Debug, Default)]
pub(crate) struct Breakers {
    unwell: Mutex<HashMap<(TenantId, Digest), Breaker>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breaker {
    /// Asked as ever.
    Failing { in_a_row: u32, since: Instant },
    /// Not asked until then.
    Open { until: Instant, pause: Duration },
    /// One question is on its way, to find out; the others are not asked.
    Probing { pause: Duration, since: Instant },
}

/// How a call ended, as far as a breaker cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Well,
    /// It was never run, or said itself why it can not answer: neither proves nor disproves it.
    Unknown,
    Badly,
}

impl Ended {
    fn of(fault: Option<FaultKind>) -> Ended {
        match fault {
            None => Ended::Well,
            Some(kind) if is_breakdown(kind) => Ended::Badly,
            Some(_) => Ended::Unknown,
        }
    }
}

impl Breakers {
    /// Whether a question may go to this version.
    ///
    /// # Errors
    /// `Suspended`, with when it is tried again.
    pub(crate) fn admit(
        &self,
        tenant: TenantId,
        version: Digest,
        now: Instant,
    ) -> Result<(), PluginFault> {
        let mut unwell = self.unwell.lock();
        let Some(breaker) = unwell.get_mut(&(tenant, version)) else {
            return Ok(());
        };
        breaker.admit(now).map_err(suspended)
    }

    /// What came of a question that was admitted. Gives whether the breaker opened by it.
    pub(crate) fn ended(
        &self,
        tenant: TenantId,
        version: Digest,
        fault: Option<FaultKind>,
        now: Instant,
    ) -> bool {
        let ended = Ended::of(fault);
        let mut unwell = self.unwell.lock();
        if ended == Ended::Well && unwell.is_empty() {
            return false;
        }
        let before = unwell.get(&(tenant, version)).copied();
        let after = Breaker::after(before, ended, now);
        match after {
            Some(breaker) => {
                if unwell.len() >= KEPT {
                    unwell.retain(|_, breaker| !breaker.is_over(now));
                }
                unwell.insert((tenant, version), breaker);
            }
            None => {
                unwell.remove(&(tenant, version));
            }
        }
        let open = |breaker| matches!(breaker, Some(Breaker::Open { .. }));
        open(after) && !open(before)
    }

    /// Why a question that waited for its turn shall not be run after all: the breaker opened
    /// meanwhile.
    pub(crate) fn opened_meanwhile(
        &self,
        tenant: TenantId,
        version: Digest,
        now: Instant,
    ) -> Option<PluginFault> {
        match self.unwell.lock().get(&(tenant, version)) {
            Some(Breaker::Open { until, .. }) => {
                Some(suspended(until.saturating_duration_since(now)))
            }
            _ => None,
        }
    }

    /// Whether questions to this version are turned away at present.
    pub(crate) fn is_open(&self, tenant: TenantId, version: Digest) -> bool {
        matches!(
            self.unwell.lock().get(&(tenant, version)),
            Some(Breaker::Open { .. } | Breaker::Probing { .. })
        )
    }
}

fn suspended(wait: Duration) -> PluginFault {
    fault(
        FaultKind::Suspended,
        format!(
            "failed {FAULTS_IN_A_ROW} times in a row and is tried again in {} s; saving a new \
             version tries that one at once",
            wait.as_secs() + 1
        ),
    )
}

impl Breaker {
    /// The error is how long it stays open.
    fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match *self {
            Breaker::Failing { .. } => Ok(()),
            Breaker::Open { until, .. } if now < until => Err(until - now),
            Breaker::Open { pause, .. } => {
                *self = Breaker::Probing { pause, since: now };
                Ok(())
            }
            // A probe whose answer got lost must not close the way for ever.
            Breaker::Probing { pause, since } if now >= since + pause => {
                *self = Breaker::Probing { pause, since: now };
                Ok(())
            }
            Breaker::Probing { pause, since } => Err(since + pause - now),
        }
    }

    /// Whether nobody asked for so long that it may as well begin anew.
    fn is_over(self, now: Instant) -> bool {
        match self {
            Breaker::Failing { since, .. } => now > since + WITHIN,
            Breaker::Open { until, pause } => now > until + pause,
            Breaker::Probing { since, pause } => now > since + 2 * pause,
        }
    }

    /// The next state; none is well.
    fn after(before: Option<Breaker>, ended: Ended, now: Instant) -> Option<Breaker> {
        match (before, ended) {
            // Answers to questions that were admitted before it opened tell nothing new.
            (Some(open @ Breaker::Open { .. }), _) => Some(open),
            (_, Ended::Well) => None,
            (Some(Breaker::Probing { pause, .. }), Ended::Unknown) => {
                Some(Breaker::Open { until: now, pause })
            }
            (before, Ended::Unknown) => before,
            (Some(Breaker::Probing { pause, .. }), Ended::Badly) => {
                let pause = (pause * 2).min(LONGEST_PAUSE);
                Some(Breaker::Open {
                    until: now + pause,
                    pause,
                })
            }
            (Some(Breaker::Failing { in_a_row, since }), Ended::Badly) if now < since + WITHIN => {
                Some(match in_a_row + 1 {
                    FAULTS_IN_A_ROW.. => Breaker::Open {
                        until: now + PAUSE,
                        pause: PAUSE,
                    },
                    in_a_row => Breaker::Failing { in_a_row, since },
                })
            }
            (Some(Breaker::Failing { .. }) | None, Ended::Badly) => Some(Breaker::Failing {
                in_a_row: 1,
                since: now,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    const VERSION: Digest = Digest([1; 32]);
    const SAVED_ANEW: Digest = Digest([2; 32]);

    fn tenant() -> TenantId {
        TenantId::from_bits(1)
    }

    /// A breaker that opened just now, and the instant.
    fn opened() -> (Breakers, Instant) {
        let (breakers, now) = (Breakers::default(), Instant::now());
        for nth in 1..=FAULTS_IN_A_ROW {
            assert_eq!(
                breakers.admit(tenant(), VERSION, now),
                Ok(()),
                "fault {nth}"
            );
            let opens = breakers.ended(tenant(), VERSION, Some(FaultKind::OutOfFuel), now);
            assert_eq!(opens, nth == FAULTS_IN_A_ROW, "fault {nth}");
        }
        (breakers, now)
    }

    #[test]
    fn faults_in_a_row_suspend_the_version_for_its_tenant_alone() {
        let (breakers, now) = opened();
        let suspended = breakers.admit(tenant(), VERSION, now).expect_err("open");
        assert_eq!(suspended.kind, FaultKind::Suspended);
        assert_eq!(breakers.admit(tenant(), SAVED_ANEW, now), Ok(()));
        assert_eq!(breakers.admit(TenantId::from_bits(2), VERSION, now), Ok(()));
    }

    #[test]
    fn one_good_answer_between_them_forgives_the_faults_before() {
        let (breakers, now) = (Breakers::default(), Instant::now());
        for _ in 0..10 {
            for _ in 1..FAULTS_IN_A_ROW {
                assert!(!breakers.ended(tenant(), VERSION, Some(FaultKind::Trapped), now));
            }
            breakers.ended(tenant(), VERSION, None, now);
        }
        assert_eq!(breakers.admit(tenant(), VERSION, now), Ok(()));
    }

    #[test]
    fn what_it_says_itself_and_what_was_never_run_does_not_count() {
        let (breakers, now) = (Breakers::default(), Instant::now());
        for kind in [FaultKind::Declared, FaultKind::Overloaded] {
            for _ in 0..2 * FAULTS_IN_A_ROW {
                assert!(!breakers.ended(tenant(), VERSION, Some(kind), now));
            }
        }
        assert_eq!(breakers.admit(tenant(), VERSION, now), Ok(()));
    }

    #[test]
    fn faults_far_apart_do_not_add_up() {
        let (breakers, mut now) = (Breakers::default(), Instant::now());
        for _ in 0..3 * FAULTS_IN_A_ROW {
            assert!(!breakers.ended(tenant(), VERSION, Some(FaultKind::Trapped), now));
            now += WITHIN / 2;
        }
    }

    #[test]
    fn after_the_pause_one_probe_decides() {
        let (breakers, now) = opened();
        let later = now + PAUSE;
        assert_eq!(
            breakers.admit(tenant(), VERSION, later),
            Ok(()),
            "the probe"
        );
        assert!(
            breakers.admit(tenant(), VERSION, later).is_err(),
            "only one"
        );
        breakers.ended(tenant(), VERSION, None, later);
        assert_eq!(breakers.admit(tenant(), VERSION, later), Ok(()));
        assert!(!breakers.is_open(tenant(), VERSION));
    }

    #[test]
    fn each_failed_probe_doubles_the_pause_up_to_a_limit() {
        let (breakers, mut now) = opened();
        let mut pause = PAUSE;
        for _ in 0..10 {
            now += pause;
            assert_eq!(breakers.admit(tenant(), VERSION, now), Ok(()), "the probe");
            assert!(breakers.ended(tenant(), VERSION, Some(FaultKind::TimedOut), now));
            pause = (pause * 2).min(LONGEST_PAUSE);
            let just_before = now + pause - Duration::from_millis(1);
            assert!(breakers.admit(tenant(), VERSION, just_before).is_err());
        }
        assert_eq!(pause, LONGEST_PAUSE);
    }

    #[test]
    fn a_probe_that_found_no_worker_is_followed_by_another() {
        let (breakers, now) = opened();
        let later = now + PAUSE;
        assert_eq!(breakers.admit(tenant(), VERSION, later), Ok(()));
        breakers.ended(tenant(), VERSION, Some(FaultKind::Overloaded), later);
        assert_eq!(breakers.admit(tenant(), VERSION, later), Ok(()), "the next");
        let lost = later + PAUSE;
        assert_eq!(
            breakers.admit(tenant(), VERSION, lost),
            Ok(()),
            "and one more"
        );
    }
}
