//! Paging and filters.

use super::journal;
use super::projection::follow;
use crate::story::{Story, Until, tenant};
use hotline_records::repositories::contacts::{ContactFilter, ContactState};
use hotline_records::repositories::page::{ContactCursor, FactCursor, Limit};
use hotline_records::{Error, Records};
use hotline_vocabulary::ids::ContactId;
use std::collections::BTreeSet;

on_each_database! {
    async fn paging_sees_each_contact_once_while_contacts_are_added(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let (journal, _) = journal::open(&test.journal_dir());
        let (_service, handle) = follow(&journal, &database);
        let mut story = Story::new(tenant(1), 51);
        let mut facts = story.whole(40);
        // Several begin in the same millisecond: the id decides.
        let same = facts[0].at;
        for fact in &mut facts {
            if story.contacts[..20].contains(&fact.contact.unwrap_or(story.contacts[39])) {
                fact.at = same;
            }
        }
        journal.append(&facts).unwrap();
        handle.caught_up().await.unwrap();
        let before: BTreeSet<ContactId> = story.contacts.iter().copied().collect();

        let limit = Limit::new(7).unwrap();
        let mut seen: Vec<ContactId> = Vec::new();
        let mut after: Option<ContactCursor> = None;
        let mut pages = 0;
        loop {
            let page = records.contacts.page(story.tenant, &ContactFilter::default(), after, limit).await.unwrap();
            seen.extend(page.items.iter().map(|row| row.id));
            pages += 1;
            let Some(next) = page.next else { break };
            // Through its text, as a client holds it.
            after = Some(next.to_string().parse().unwrap());
            journal.append(&story.contact(Until::Waiting)).unwrap();
            handle.caught_up().await.unwrap();
        }
        assert_eq!(pages, 6);
        let distinct: BTreeSet<ContactId> = seen.iter().copied().collect();
        assert_eq!(distinct.len(), seen.len(), "a contact was seen twice");
        assert_eq!(distinct, before);
    }

    async fn following_events_sees_each_fact_once_in_order(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let (journal, _) = journal::open(&test.journal_dir());
        let (_service, handle) = follow(&journal, &database);
        let mut story = Story::new(tenant(1), 52);
        let mut written = Vec::new();
        let mut seen = Vec::new();
        let mut after = FactCursor::default();
        for round in 0..6 {
            let facts = story.whole(1);
            journal.append(&facts).unwrap();
            written.extend(facts);
            handle.caught_up().await.unwrap();
            assert_eq!(records.events.end(story.tenant).await.unwrap(), FactCursor::from(written.last().unwrap()));
            // Fewer than were added, until the last round catches up.
            for _ in 0..if round == 5 { 100 } else { 2 } {
                let page = records.events.page(story.tenant, after, Limit::new(5).unwrap()).await.unwrap();
                after = page.next.unwrap().to_string().parse().unwrap();
                seen.extend(page.items);
            }
        }
        assert_eq!(seen, written);
    }

    async fn filters_leave_exactly_what_they_say(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let mut story = Story::new(tenant(1), 53);
        let mut other = Story::new(tenant(1), 54);
        other.now = hotline_vocabulary::time::Timestamp(1_800_000_000_000);
        other.epoch = hotline_vocabulary::fact::Epoch(2);
        let mut facts = [story.contact(Until::Ended), story.contact(Until::Waiting), story.contact(Until::Flow)].concat();
        facts.extend([other.contact(Until::Talking), other.contact(Until::Ended)].concat());
        for fact in &mut facts {
            if let hotline_vocabulary::fact::What::ContactStarted { caller, .. } = &mut fact.what
                && fact.contact == Some(story.contacts[2])
            {
                *caller = "Alice_100%@Example.org".into();
            }
        }
        super::super::projection::record(&test, &database, &facts).await;

        let (a, b) = (story.contacts.clone(), other.contacts.clone());
        let none = ContactFilter::default();
        let cases = [
            (none.clone(), vec![a[0], a[1], a[2], b[0], b[1]]),
            (ContactFilter { state: Some(ContactState::Open), ..none.clone() }, vec![a[1], a[2], b[0]]),
            (ContactFilter { state: Some(ContactState::Ended), ..none.clone() }, vec![a[0], b[1]]),
            (ContactFilter { queue: Some(story.queue), ..none.clone() }, vec![a[0], a[1]]),
            (ContactFilter { agent: Some(other.agent), ..none.clone() }, vec![b[0], b[1]]),
            (ContactFilter { caller: Some("alice_100%".to_owned()), ..none.clone() }, vec![a[2]]),
            (ContactFilter { caller: Some("%".to_owned()), ..none.clone() }, vec![a[0], a[1], a[2], b[0], b[1]]),
            (ContactFilter { caller: Some("a%e".to_owned()), ..none.clone() }, vec![]),
            (ContactFilter { caller: Some("' OR '1'='1".to_owned()), ..none.clone() }, vec![]),
            (
                ContactFilter { agent: Some(other.agent), state: Some(ContactState::Open), queue: Some(other.queue), caller: Some("+49".to_owned()) },
                vec![b[0]],
            ),
        ];
        for (filter, wanted) in cases {
            let page = records.contacts.page(tenant(1), &filter, None, Limit::DEFAULT).await.unwrap();
            let mut found: Vec<ContactId> = page.items.iter().map(|row| row.id).collect();
            // Newest first.
            found.reverse();
            assert_eq!(found, wanted, "{filter:?}");
            assert_eq!(page.next, None);
        }
    }
}

#[test]
fn a_cursor_that_we_did_not_give_is_refused() {
    for text in [
        "",
        "x",
        "1",
        "1.",
        ".1",
        "-1.2",
        "1.9223372036854775808",
        "4294967296.1",
        "1.2.3",
    ] {
        assert!(
            matches!(
                text.parse::<FactCursor>(),
                Err(Error::Invalid { field, .. }) if field == "after"
            ),
            "{text}"
        );
    }
    let long = "0".repeat(43);
    for text in [
        "",
        "0",
        "中文中文中文中文",
        "000000000000000g00000000000000000000000000",
        &long,
    ] {
        assert!(
            matches!(
                text.parse::<ContactCursor>(),
                Err(Error::Invalid { field, .. }) if field == "cursor"
            ),
            "{text}"
        );
    }
    assert!(Limit::new(0).is_err() && Limit::new(501).is_err() && Limit::new(500).is_ok());
}
