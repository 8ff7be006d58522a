//! Figures counted by hand.

use super::projection::record;
use crate::story::{Story, tenant};
use hotline_records::reports;
use hotline_vocabulary::fact::{VisitEnd, What};
use hotline_vocabulary::time::{Millis, Timestamp};

on_each_database! {
    async fn service_level_is_answered_in_time_over_answered_and_abandoned(test: TestDatabase) {
        let database = test.open().await;
        let mut story = Story::new(tenant(1), 61);
        let queue = story.queue;
        let visits = [
            (VisitEnd::Answered, 20_000),
            (VisitEnd::Answered, 20_001),
            (VisitEnd::Answered, 1_000),
            (VisitEnd::Abandoned, 500),
            (VisitEnd::Abandoned, 90_000),
            (VisitEnd::Overflowed, 1),
            (VisitEnd::Dequeued, 1),
            (VisitEnd::Ended, 1),
        ];
        let mut facts = Vec::new();
        for (how, waited) in visits {
            let contact = story.mint();
            let left = What::QueueLeft { visit: story.mint(), queue, waited_ms: Millis(waited), how };
            facts.push(story.fact(Some(contact), None, left));
        }
        let until = Timestamp(facts.last().unwrap().at.0);
        // One more at the end of the span, which belongs to the next.
        let contact = story.mint();
        let left = What::QueueLeft { visit: story.mint(), queue, waited_ms: Millis(1), how: VisitEnd::Answered };
        let mut next = story.fact(Some(contact), None, left);
        next.at = until + Millis(1);
        facts.push(next);
        record(&test, &database, &facts).await;

        let figures = reports::queues(&database, story.tenant, facts[0].at, until + Millis(1)).await.unwrap();
        let queue_figures = figures[&queue];
        assert_eq!(queue_figures.queued, 8);
        assert_eq!(queue_figures.answered, 3);
        assert_eq!(queue_figures.answered_within, 2);
        assert_eq!(queue_figures.abandoned, 2);
        assert_eq!(queue_figures.service_level(), Some(0.4));
        assert_eq!(queue_figures.average_speed_of_answer_ms(), Some(41_001.0 / 3.0));
        assert_eq!(queue_figures.abandonment(), Some(0.25));
        // The same fold without SQL says the same.
        let fold = reports::queue_figures(&facts[..8], |_| Millis(20_000));
        assert_eq!(fold, figures);
        assert_eq!(reports::QueueFigures::default().service_level(), None);
    }
}
