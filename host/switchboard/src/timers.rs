//! One ordered structure behind every "not before": a timer is started, and either cancelled or due.

use hotline_vocabulary::Timestamp;
use std::collections::BTreeMap;

/// Names one started timer. Timers due at the same instant come due in the order they were started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimerId {
    due: Timestamp,
    number: u64,
}

#[derive(Debug)]
pub(crate) struct Timers<T> {
    waiting: BTreeMap<TimerId, T>,
    started: u64,
}

impl<T> Timers<T> {
    pub(crate) const fn new() -> Self {
        Timers {
            waiting: BTreeMap::new(),
            started: 0,
        }
    }

    pub(crate) fn start(&mut self, due: Timestamp, what: T) -> TimerId {
        self.started += 1;
        let id = TimerId {
            due,
            number: self.started,
        };
        self.waiting.insert(id, what);
        id
    }

    /// Without effect on a timer that has come due already.
    pub(crate) fn cancel(&mut self, id: TimerId) {
        self.waiting.remove(&id);
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.first_key_value().map(|(id, _)| id.due)
    }

    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<T> {
        let first = self.waiting.first_entry()?;
        (first.key().due <= now).then(|| first.remove())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_come_due_in_order_of_time_then_of_start() {
        let mut timers = Timers::new();
        for (due, name) in [(30, "c"), (10, "a"), (30, "d"), (20, "b")] {
            timers.start(Timestamp(due), name);
        }
        assert_eq!(timers.next_due(), Some(Timestamp(10)));
        assert_eq!(timers.take_due(Timestamp(9)), None);
        let order: Vec<_> = std::iter::from_fn(|| timers.take_due(Timestamp(30))).collect();
        assert_eq!(order, ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_cancelled_timer_never_comes_due() {
        let mut timers = Timers::new();
        let id = timers.start(Timestamp(5), ());
        timers.cancel(id);
        assert_eq!(timers.take_due(Timestamp(5)), None);
        assert_eq!(timers.next_due(), None);
    }
}
