//! How a queue has fared since the switchboard started.

use hotline_vocabulary::Millis;
use hotline_vocabulary::fact::{QueueRefusal, VisitEnd};
use hotline_vocabulary::live::RefusedLive;

/// The weight of the latest in a moving average: about the last ten count.
const LATEST: f64 = 0.2;

#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) queued: u64,
    pub(crate) answered: u64,
    pub(crate) abandoned: u64,
    pub(crate) refused: RefusedLive,
    answered_in_time: u64,
    talking_ms: Average,
    wrapping_up_ms: Average,
}

/// A moving average; none before the first value.
#[derive(Debug, Default, Clone, Copy)]
struct Average(Option<f64>);

impl Average {
    fn add(&mut self, value: Millis) {
        let value = value.0 as f64;
        self.0 = Some(match self.0 {
            Some(average) => average + LATEST * (value - average),
            None => value,
        });
    }
}

impl Figures {
    pub(crate) fn entered(&mut self) {
        self.queued += 1;
    }

    pub(crate) fn left(&mut self, how: VisitEnd, waited: Millis, service_level: Millis) {
        match how {
            VisitEnd::Answered => {
                self.answered += 1;
                self.answered_in_time += u64::from(waited <= service_level);
            }
            VisitEnd::Abandoned => self.abandoned += 1,
            VisitEnd::Overflowed
            | VisitEnd::Dequeued
            | VisitEnd::Callback
            | VisitEnd::Voicemail
            | VisitEnd::Refused
            | VisitEnd::Ended => {}
        }
    }

    pub(crate) fn refused(&mut self, why: QueueRefusal) {
        match why {
            QueueRefusal::Full => self.refused.full += 1,
            QueueRefusal::Closed => self.refused.closed += 1,
            QueueRefusal::Empty => self.refused.empty += 1,
            QueueRefusal::TimedOut => self.refused.timed_out += 1,
        }
    }

    pub(crate) fn talked(&mut self, talked: Millis) {
        self.talking_ms.add(talked);
    }

    pub(crate) fn wrapped_up(&mut self, wrapped: Millis) {
        self.wrapping_up_ms.add(wrapped);
    }

    /// How long an agent is taken by one contact, as it lately was: talk and wrap-up. Talk alone
    /// until the first wrap-up is over.
    pub(crate) fn handling_ms(&self) -> Option<f64> {
        Some(self.talking_ms.0? + self.wrapping_up_ms.0.unwrap_or_default())
    }

    /// Answered within T / (answered + abandoned).
    pub(crate) fn service_level(&self) -> Option<f64> {
        let all = self.answered + self.abandoned;
        (all > 0).then(|| self.answered_in_time as f64 / all as f64)
    }
}
