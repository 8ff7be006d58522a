//! Tells the sandbox how contacts' stays in queues ended: what a canary is judged by.

use hotline_sandbox::rollout::VisitOutcome;
use hotline_vocabulary::configuration::Configuration;
use hotline_vocabulary::fact::{VisitEnd, What};
use hotline_vocabulary::ids::QueueId;
use hotline_vocabulary::time::Millis;
use std::collections::HashMap;

/// Within what time each queue of the tenant wants to answer.
#[derive(Debug, Default)]
pub(super) struct Visits {
    service_level: HashMap<QueueId, Millis>,
}

impl Visits {
    pub(super) fn configured(&mut self, configuration: &Configuration) {
        let queues = configuration.queues.iter();
        self.service_level = queues
            .map(|queue| (queue.id, queue.service_level_ms))
            .collect();
    }

    /// None for what is no end of a stay, or one that says nothing of the service.
    pub(super) fn outcome(&self, what: &What) -> Option<VisitOutcome> {
        let What::QueueLeft {
            queue,
            waited_ms,
            how,
            ..
        } = what
        else {
            return None;
        };
        match how {
            VisitEnd::Answered => Some(VisitOutcome::Answered {
                in_time: self
                    .service_level
                    .get(queue)
                    .is_none_or(|within| waited_ms <= within),
            }),
            VisitEnd::Abandoned => Some(VisitOutcome::Abandoned),
            VisitEnd::Overflowed
            | VisitEnd::Dequeued
            | VisitEnd::Callback
            | VisitEnd::Voicemail
            | VisitEnd::Refused
            | VisitEnd::Ended => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::configuration::Queue;
    use hotline_vocabulary::ids::{Id, VisitId};

    #[test]
    fn a_stay_counts_by_its_own_queues_service_level() {
        let (mut visits, id) = (Visits::default(), QueueId::from_bits(1));
        visits.service_level = [Queue::named(id, "support")]
            .iter()
            .map(|queue| (queue.id, queue.service_level_ms))
            .collect();
        let left = |waited_s, how| What::QueueLeft {
            visit: VisitId::from_bits(1),
            queue: id,
            waited_ms: Millis::from_secs(waited_s),
            how,
        };
        let in_time = |in_time| Some(VisitOutcome::Answered { in_time });
        assert_eq!(visits.outcome(&left(20, VisitEnd::Answered)), in_time(true));
        assert_eq!(
            visits.outcome(&left(21, VisitEnd::Answered)),
            in_time(false)
        );
        let abandoned = visits.outcome(&left(1, VisitEnd::Abandoned));
        assert_eq!(abandoned, Some(VisitOutcome::Abandoned));
        assert_eq!(visits.outcome(&left(1, VisitEnd::Overflowed)), None);
        assert_eq!(visits.outcome(&What::ContactAnswered), None);
    }
}
