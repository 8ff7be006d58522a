//! How a queue has fared since the switchboard started.

use hotline_vocabulary::Millis;
use hotline_vocabulary::fact::{QueueRefusal, VisitEnd};
use hotline_vocabulary::live::RefusedLive;

/// The weight of the latest talk in the average: about the last ten count.
const LATEST: f64 = 0.2;

#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) queued: u64,
    pub(crate) answered: u64,
    pub(crate) abandoned: u64,
    pub(crate) refused: RefusedLive,
    answered_in_time: u64,
    handling_ms: Option<f64>,
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

    pub(crate) fn handled(&mut self, talked: Millis) {
        let talked = talked.0 as f64;
        self.handling_ms = Some(match self.handling_ms {
            Some(average) => average + LATEST * (talked - average),
            None => talked,
        });
    }

    /// A moving average of the time talked.
    pub(crate) const fn handling_ms(&self) -> Option<f64> {
        self.handling_ms
    }

    /// Answered within T / (answered + abandoned).
    pub(crate) fn service_level(&self) -> Option<f64> {
        let all = self.answered + self.abandoned;
        (all > 0).then(|| self.answered_in_time as f64 / all as f64)
    }
}
