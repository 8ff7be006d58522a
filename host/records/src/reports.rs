//! Reports: folds over facts, each figure with its definition beside it.

use crate::error::{Error, Result};
use crate::repositories::{Records, events};
use crate::schema::Database;
use hotline_vocabulary::Fact;
use hotline_vocabulary::fact::{VisitEnd, What};
use hotline_vocabulary::ids::{QueueId, TenantId};
use hotline_vocabulary::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest span of one report.
const LONGEST_SPAN: Millis = Millis::from_secs(93 * 86_400);

/// What became of a queue's visits (not contacts: one contact may visit a queue twice) that ended
/// in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueFigures {
    /// Visits that ended, however they did.
    pub queued: u64,
    /// Visits that ended with an agent.
    pub answered: u64,
    /// Of those, the ones that waited at most the service level's threshold T.
    pub answered_within: u64,
    /// Visits that the customer ended.
    pub abandoned: u64,
    /// The waits of the answered ones, added up.
    pub answered_wait_ms: Millis,
}

impl QueueFigures {
    /// Counts a fact; `threshold` is T.
    pub fn count(&mut self, threshold: Millis, waited: Millis, how: VisitEnd) {
        self.queued += 1;
        match how {
            VisitEnd::Answered => {
                self.answered += 1;
                self.answered_wait_ms = self.answered_wait_ms + waited;
                if waited <= threshold {
                    self.answered_within += 1;
                }
            }
            VisitEnd::Abandoned => self.abandoned += 1,
            // Neither the customer's decision nor a service: counts for neither side.
            VisitEnd::Overflowed
            | VisitEnd::Dequeued
            | VisitEnd::Callback
            | VisitEnd::Voicemail
            | VisitEnd::Refused
            | VisitEnd::Ended => {}
        }
    }

    /// Service level = answered within T / (answered + abandoned). None before any of either.
    ///
    /// Every abandon counts against it, short ones too; a visit that overflowed, was taken out by
    /// the flow or was ended by the host counts for neither side.
    pub fn service_level(&self) -> Option<f64> {
        ratio(self.answered_within, self.answered + self.abandoned)
    }

    /// Average speed of answer = waits of the answered added up / answered, in milliseconds.
    pub fn average_speed_of_answer_ms(&self) -> Option<f64> {
        ratio(self.answered_wait_ms.0, self.answered)
    }

    /// Abandonment = abandoned / queued.
    pub fn abandonment(&self) -> Option<f64> {
        ratio(self.abandoned, self.queued)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The figures of every queue that occurs in `facts`. `threshold` gives a queue's T.
pub fn queue_figures<'a>(
    facts: impl IntoIterator<Item = &'a Fact>,
    threshold: impl Fn(QueueId) -> Millis,
) -> BTreeMap<QueueId, QueueFigures> {
    let mut figures: BTreeMap<QueueId, QueueFigures> = BTreeMap::new();
    for fact in facts {
        if let What::QueueLeft {
            queue,
            waited_ms,
            how,
            ..
        } = fact.what
        {
            let queue_figures = figures.entry(queue).or_default();
            queue_figures.count(threshold(queue), waited_ms, how);
        }
    }
    figures
}

/// The figures of a tenant's queues for visits that ended from `from` until before `until`, with
/// the thresholds that the queues have now (20 s for a queue that is gone).
pub async fn queues(
    database: &Database,
    tenant: TenantId,
    from: Timestamp,
    until: Timestamp,
) -> Result<BTreeMap<QueueId, QueueFigures>> {
    if until < from || until.since(from) > LONGEST_SPAN {
        return Err(Error::invalid("until", "at most 93 days behind `from`"));
    }
    let thresholds: BTreeMap<QueueId, Millis> = Records::new(database)
        .queues
        .all(tenant)
        .await?
        .into_iter()
        .map(|queue| (queue.id, queue.service_level_ms))
        .collect();
    let rows = sqlx::query(
        "SELECT epoch, sequence, at, contact, agent, kind, body FROM facts \
         WHERE tenant = $1 AND kind = 'queue_left' AND at >= $2 AND at < $3",
    )
    .bind(tenant.to_string())
    .bind(from.0)
    .bind(until.0)
    .fetch_all(&database.reader)
    .await?;
    let facts = events::read_all(tenant, &rows)?;
    Ok(queue_figures(&facts, |queue| {
        thresholds
            .get(&queue)
            .copied()
            .unwrap_or(Millis::from_secs(20))
    }))
}
