//! SQL follows the journal.

use super::journal;
use crate::databases::{TestDatabase, run};
use crate::story::{Story, Until, tenant};
use hotline_records::journal::{Journal, Options};
use hotline_records::projector::contact::{Beside, Contact, beside};
use hotline_records::repositories::contacts::{ContactDetail, ContactFilter};
use hotline_records::repositories::page::{FactCursor, Limit};
use hotline_records::{Database, Location, Records, projector};
use hotline_throwaway_postgres::Cluster;
use hotline_vocabulary::Fact;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::end_reason::{Blame, EndReason};
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::time::Millis;
use std::time::Duration;

pub fn follow(journal: &Journal, database: &Database) -> (projector::Service, projector::Handle) {
    let options = projector::Options {
        pause: Duration::from_millis(5),
        ..projector::Options::default()
    };
    projector::start(options, journal.clone(), database.clone())
}

/// Appends to a fresh journal in the test's folder and waits until SQL has it.
pub async fn record(database: &TestDatabase, open: &Database, facts: &[Fact]) {
    let (journal, _) = journal::open(&database.journal_dir());
    let (service, handle) = follow(&journal, open);
    journal.append(facts).unwrap();
    handle.caught_up().await.unwrap();
    service.stop().await;
}

/// Every fact of a tenant, page by page.
pub async fn history(records: &Records, tenant: TenantId) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut after = FactCursor::default();
    loop {
        let page = records
            .events
            .page(tenant, after, Limit::new(500).unwrap())
            .await
            .unwrap();
        facts.extend(page.items);
        if page.next == Some(after) {
            return facts;
        }
        after = page.next.unwrap();
    }
}

/// Everything that the repositories tell about a tenant's past.
async fn told(records: &Records, tenant: TenantId) -> (Vec<Fact>, Vec<ContactDetail>) {
    let facts = history(records, tenant).await;
    let rows = records
        .contacts
        .page(
            tenant,
            &ContactFilter::default(),
            None,
            Limit::new(500).unwrap(),
        )
        .await
        .unwrap();
    let mut details = Vec::new();
    for row in rows.items {
        let detail = records.contacts.get(tenant, row.id).await.unwrap();
        assert_eq!(detail.row, row);
        details.push(detail);
    }
    (facts, details)
}

fn crowd(story: &mut Story, count: usize) -> Vec<Fact> {
    let stages = [
        Until::Ended,
        Until::Ended,
        Until::Talking,
        Until::Ringing,
        Until::Waiting,
        Until::Flow,
    ];
    let contacts = (0..count)
        .map(|_| {
            let stage = stages[story.draw(6) as usize];
            story.contact(stage)
        })
        .collect();
    story.shuffled(contacts)
}

on_each_database! {
    async fn a_recount_from_facts_equals_the_contacts_projection(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let (journal, _) = journal::open(&test.journal_dir());
        let (_service, handle) = follow(&journal, &database);
        let mut stories = [Story::new(tenant(1), 21), Story::new(tenant(2), 22)];
        let mut written: [Vec<Fact>; 2] = [Vec::new(), Vec::new()];
        for round in 0..3 {
            let facts = stories.each_mut().map(|story| crowd(story, 25));
            let (mut one, mut two) = (facts[0].as_slice(), facts[1].as_slice());
            // Appends of random sizes, of both tenants by turns.
            while !one.is_empty() || !two.is_empty() {
                for rest in [&mut one, &mut two] {
                    let size = (1 + stories[0].draw(40) as usize).min(rest.len());
                    let (now, later) = rest.split_at(size);
                    journal.append(now).unwrap();
                    *rest = later;
                }
                if stories[1].draw(10) == 0 {
                    handle.caught_up().await.unwrap();
                }
            }
            handle.caught_up().await.unwrap();
            for (index, story) in stories.iter().enumerate() {
                written[index].extend(facts[index].iter().cloned());
                assert_eq!(history(&records, story.tenant).await, written[index]);
                for contact in &story.contacts {
                    let timeline: Vec<Fact> = written[index]
                        .iter()
                        .filter(|fact| fact.contact == Some(*contact))
                        .cloned()
                        .collect();
                    let told = records.contacts.timeline(story.tenant, *contact).await.unwrap();
                    assert_eq!(told, timeline);
                    let folded = records.contacts.folded(story.tenant, *contact).await.unwrap();
                    assert_eq!(Some(&folded), Contact::recount(&timeline).as_ref(), "round {round}");

                    let besides: Vec<Beside> = timeline
                        .iter()
                        .filter_map(|fact| beside(fact.at, fact.agent, &fact.what))
                        .collect();
                    let detail = records.contacts.get(story.tenant, *contact).await.unwrap();
                    let count = |wanted: fn(&Beside) -> bool| besides.iter().filter(|b| wanted(b)).count();
                    let recordings = count(|b| matches!(b, Beside::RecordingStarted { .. }));
                    let finished = count(|b| matches!(b, Beside::RecordingFinished { .. }));
                    assert_eq!(detail.recordings.len(), recordings);
                    assert_eq!(detail.recordings.iter().filter(|r| r.length_ms.is_some()).count(), finished);
                    assert_eq!(detail.media.len(), count(|b| matches!(b, Beside::Leg { .. })));
                    assert_eq!(detail.row.queue_names.len(), count(|b| matches!(b, Beside::Queue { .. })));
                    assert_eq!(detail.row.agent_names.len(), count(|b| matches!(b, Beside::Agent { .. })));
                }
            }
        }
    }

    async fn what_was_rolled_back_is_counted_once(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let (journal, _) = journal::open(&test.journal_dir());
        let (_service, handle) = follow(&journal, &database);
        let mut story = Story::new(tenant(1), 37);
        let facts = story.whole(3);
        let (begin, end) = facts.split_at(facts.len() / 2);
        journal.append(begin).unwrap();
        handle.caught_up().await.unwrap();
        // Where the last statements of a contact's end fail, after its row was written.
        test.run("ALTER TABLE leg_statistics RENAME TO away").await;
        journal.append(end).unwrap();
        while handle.lag().failing.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        test.run("ALTER TABLE away RENAME TO leg_statistics").await;
        handle.caught_up().await.unwrap();
        for contact in &story.contacts {
            let timeline = records.contacts.timeline(story.tenant, *contact).await.unwrap();
            let folded = records.contacts.folded(story.tenant, *contact).await.unwrap();
            assert_eq!(Some(folded), Contact::recount(&timeline));
        }
    }

    async fn replaying_the_projection_changes_nothing(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let mut story = Story::new(tenant(1), 31);
        let facts = crowd(&mut story, 30);
        record(&test, &database, &facts).await;
        let before = told(&records, story.tenant).await;
        assert_eq!(before.0, facts);
        assert_eq!(before.1.len(), 30);

        // The same history from another journal: nothing says that it was brought before.
        let other = test.dir.path().join("other");
        let (journal, _) = journal::open(&other);
        let (service, handle) = follow(&journal, &database);
        for some in facts.chunks(7) {
            journal.append(some).unwrap();
        }
        handle.caught_up().await.unwrap();
        assert_eq!(told(&records, story.tenant).await, before);

        // Old facts and new ones in one append: the new ones come in.
        let later = story.whole(1);
        let mixed = [facts, later.clone()].concat();
        journal.append(&mixed).unwrap();
        handle.caught_up().await.unwrap();
        assert_eq!(history(&records, story.tenant).await, mixed);
        assert_eq!(told(&records, story.tenant).await.1.len(), 31);
        service.stop().await;
    }

    async fn a_restarted_projector_goes_on_where_it_stopped(test: TestDatabase) {
        let mut story = Story::new(tenant(1), 32);
        let mut written = Vec::new();
        for round in 0..4 {
            let database = test.open().await;
            let (journal, recovered) = journal::open(&test.journal_dir());
            // What the round before left is not in SQL yet; the rest of its journal is gone.
            assert!(recovered.segments <= 2, "{} segments", recovered.segments);
            let (service, handle) = follow(&journal, &database);
            handle.caught_up().await.unwrap();
            let records = Records::new(&database);
            assert_eq!(history(&records, story.tenant).await, written, "round {round}");
            let first = story.whole(3);
            journal.append(&first).unwrap();
            handle.caught_up().await.unwrap();
            assert_eq!(handle.lag().bytes, 0);
            drop(service);
            // Nobody follows any more: this waits in the journal.
            let second = story.whole(2);
            journal.append(&second).unwrap();
            written.extend(first);
            written.extend(second);
            database.close().await;
        }
    }

    async fn spent_segments_are_deleted_and_make_room_again(test: TestDatabase) {
        let database = test.open().await;
        let options = Options {
            max_backlog_bytes: 60_000,
            segment_bytes: 8_000,
            ..Options::default()
        };
        let (journal, _) = Journal::open(&test.journal_dir(), options).unwrap();
        let mut story = Story::new(tenant(1), 33);
        let mut written = Vec::new();
        while journal.has_room() {
            let facts = story.whole(1);
            journal.append(&facts).unwrap();
            written.extend(facts);
        }
        let segments = || {
            std::fs::read_dir(test.journal_dir())
                .unwrap()
                .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|e| e == "facts"))
                .count()
        };
        assert!(segments() > 5);
        let (service, handle) = follow(&journal, &database);
        handle.caught_up().await.unwrap();
        assert!(journal.has_room());
        service.stop().await;
        assert_eq!(segments(), 1);
        assert_eq!(history(&Records::new(&database), story.tenant).await, written);
    }

    async fn a_contacts_row_says_what_happened(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let mut story = Story::new(tenant(1), 34);
        let mut facts = story.contact(Until::Ended);
        for fact in &mut facts {
            match &mut fact.what {
                What::QueueLeft { waited_ms, .. } => *waited_ms = Millis(12_345),
                What::SegmentEnded { talked_ms, .. } => *talked_ms = Millis(65_432),
                What::RecordingFinished { length_ms, .. } => *length_ms = Millis(65_432),
                What::ContactEnded { reason } => *reason = EndReason::MediaLost,
                _ => {}
            }
        }
        record(&test, &database, &facts).await;
        let detail = records.contacts.get(story.tenant, story.contacts[0]).await.unwrap();
        assert_eq!(detail.row.channel, Channel::Phone);
        assert!(detail.row.caller.reveal().starts_with("+49 30 "));
        assert_eq!(detail.row.dialled, "100");
        assert_eq!(detail.row.flow, "main");
        assert_eq!(detail.row.started_at, facts[0].at);
        assert_eq!(detail.row.end_reason, Some(EndReason::MediaLost));
        assert_eq!(detail.row.blame, Some(Blame::Carrier));
        assert_eq!(detail.row.queue_names, ["support"]);
        assert_eq!(detail.row.waited_ms, Millis(12_345));
        assert_eq!(detail.row.talked_ms, Millis(65_432));
        assert_eq!(detail.row.disposition.as_deref(), Some("resolved"));
        assert!(detail.row.has_recording);
        assert_eq!(detail.recordings[0].id, story.recordings[0]);
        assert_eq!(detail.recordings[0].length_ms, Some(Millis(65_432)));
        assert_eq!(detail.media[0].statistics.packets_lost, 10);
        assert_eq!(detail.attributes[0], ("topic".to_owned(), "cards".to_owned()));
        assert_eq!(detail.flow_versions.len(), 1);
        assert!(detail.flow_versions[0].starts_with("main@0"));
    }

    async fn a_recording_that_never_came_to_a_file_is_none(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let mut story = Story::new(tenant(1), 34);
        let mut facts = story.contact(Until::Ended);
        for fact in &mut facts {
            if let What::RecordingFinished { length_ms, bytes, .. } = &mut fact.what {
                (*length_ms, *bytes) = (Millis::ZERO, 0);
            }
        }
        record(&test, &database, &facts).await;
        let detail = records.contacts.get(story.tenant, story.contacts[0]).await.unwrap();
        assert!(!detail.row.has_recording);
        assert_eq!(detail.recordings, []);
    }

    async fn a_fact_that_can_not_be_read_hides_nothing_but_itself(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let mut story = Story::new(tenant(1), 35);
        let mut facts = story.whole(1);
        let bad = facts.iter().position(|fact| matches!(fact.what, What::QueueRanked { .. })).unwrap();
        if let What::QueueRanked { base, .. } = &mut facts[bad].what {
            // JSON has no such number.
            *base = f64::NAN;
        }
        record(&test, &database, &facts).await;
        facts.remove(bad);
        assert_eq!(history(&records, story.tenant).await, facts);
        let limit = Limit::new(1).unwrap();
        let mut after = FactCursor::default();
        let mut seen = Vec::new();
        while after != FactCursor::from(facts.last().unwrap()) {
            let page = records.events.page(story.tenant, after, limit).await.unwrap();
            after = page.next.unwrap();
            seen.extend(page.items);
        }
        assert_eq!(seen, facts);
        let row = records.contacts.get(story.tenant, story.contacts[0]).await.unwrap().row;
        assert!(row.ended_at.is_some());
    }
}

/// Only a server can be away.
#[tokio::test]
async fn history_waits_for_a_database_that_is_away_and_arrives_when_it_is_back() {
    let test = TestDatabase::postgres().await;
    let database = test.open().await;
    let records = Records::new(&database);
    let (journal, _) = journal::open(&test.journal_dir());
    let (service, handle) = follow(&journal, &database);
    let mut story = Story::new(tenant(1), 36);
    let mut written = story.whole(3);
    journal.append(&written).unwrap();
    handle.caught_up().await.unwrap();

    let Location::Postgres(url) = &test.location else {
        unreachable!("asked for PostgreSQL")
    };
    let name = url.split(['/', '?']).nth(3).unwrap();
    let cluster = Cluster::shared();
    run(
        cluster,
        &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
    )
    .await;
    run(
        cluster,
        &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    )
    .await;
    for _ in 0..20 {
        let facts = story.whole(1);
        journal.append(&facts).unwrap();
        written.extend(facts);
    }
    while handle.lag().failing.is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(handle.lag().bytes > 0);
    assert!(journal.has_room());
    let asked = records.events.end(story.tenant).await;
    assert!(
        matches!(asked, Err(hotline_records::Error::Unavailable(_))),
        "{asked:?}"
    );

    run(
        cluster,
        &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"),
    )
    .await;
    handle.caught_up().await.unwrap();
    assert_eq!(handle.lag().failing, None);
    assert_eq!(history(&records, story.tenant).await, written);
    service.stop().await;
}
