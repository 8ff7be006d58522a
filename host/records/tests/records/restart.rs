//! What a crash left open is ended, once.

use super::journal;
use super::projection::{follow, history};
use crate::story::{Story, Until};
use hotline_records::Records;
use hotline_records::repositories::tenants::TenantDraft;
use hotline_records::repositories::users::{Role, UserDraft};
use hotline_records::restart::{RepairedRecording, close_what_was_open, left_over};
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::configuration::{Configuration, LastAgentRule, Queue};
use hotline_vocabulary::end_reason::{Blame, EndReason};
use hotline_vocabulary::fact::{Epoch, OfferEnd, VisitEnd, What};
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::input::OwedCallback;
use hotline_vocabulary::time::{Millis, Timestamp};
use hotline_vocabulary::{Fact, Input};
use std::collections::BTreeMap;

pub fn tenant_named(name: &str) -> TenantDraft {
    TenantDraft {
        name: name.to_owned(),
        display_name: format!("The {name} company"),
        sip_domain: Some(format!("{name}.Example")),
        language: "en".to_owned(),
    }
}

/// How many times each thing began and ended.
fn balance(facts: &[Fact]) -> BTreeMap<String, (u32, u32)> {
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut began = |name: String| counts.entry(name).or_default().0 += 1;
    for fact in facts {
        match &fact.what {
            What::ContactStarted { .. } => began(format!("{:?}", fact.contact)),
            What::QueueEntered { visit, .. } => began(visit.to_string()),
            What::OfferMade { offer, .. } => began(offer.to_string()),
            What::AgentConnected { segment, .. } => began(segment.to_string()),
            What::RecordingStarted { recording, .. } => began(recording.to_string()),
            _ => {}
        }
    }
    let mut ended = |name: String| counts.entry(name).or_default().1 += 1;
    for fact in facts {
        match &fact.what {
            What::ContactEnded { .. } => ended(format!("{:?}", fact.contact)),
            What::QueueLeft { visit, .. } => ended(visit.to_string()),
            What::OfferEnded { offer, .. } => ended(offer.to_string()),
            What::SegmentEnded { segment, .. } => ended(segment.to_string()),
            What::RecordingFinished { recording, .. } => ended(recording.to_string()),
            _ => {}
        }
    }
    counts
}

/// A contact that stands in line.
fn visitor(
    story: &mut Story,
    channel: Channel,
    caller: &str,
    place_since: Option<Timestamp>,
    facts: &mut Vec<Fact>,
) -> ContactId {
    let contact = story.mint();
    let started = What::ContactStarted {
        channel,
        caller: caller.into(),
        dialled: "100".to_owned(),
        leg: None,
        flow: String::new(),
        parent: None,
    };
    let entered = What::QueueEntered {
        visit: story.mint(),
        queue: story.queue,
        queue_name: "support".to_owned(),
        priority: 2,
        place_since,
        skills: "english".parse().unwrap(),
    };
    facts.push(story.fact(Some(contact), None, started));
    facts.push(story.fact(Some(contact), None, entered));
    contact
}

/// The visit ends, then the contact; an answered one after a talk with the story's agent.
fn leaves(
    story: &mut Story,
    contact: ContactId,
    how: VisitEnd,
    reason: EndReason,
    facts: &mut Vec<Fact>,
) {
    let What::QueueEntered { visit, queue, .. } = facts.last().unwrap().what else {
        panic!("no visit to end");
    };
    let waited_ms = Millis(1);
    let over = What::QueueLeft {
        visit,
        queue,
        waited_ms,
        how,
    };
    facts.push(story.fact(Some(contact), None, over));
    if how == VisitEnd::Answered {
        let (segment, agent) = (story.mint(), story.agent);
        let leg = None;
        let connected = What::AgentConnected {
            segment,
            queue,
            leg,
        };
        let talked_ms = Millis(5);
        let ended = What::SegmentEnded { segment, talked_ms };
        facts.push(story.fact(Some(contact), Some(agent), connected));
        facts.push(story.fact(Some(contact), Some(agent), ended));
    }
    facts.push(story.fact(Some(contact), None, What::ContactEnded { reason }));
}

on_each_database! {
    async fn after_a_crash_everything_that_began_has_ended_exactly_once(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let now = Timestamp(1_600_000_000_000);
        let tenant = records.tenants.create(now, tenant_named("acme")).await.unwrap().id;
        let user = UserDraft {
            user_name: "ana".to_owned(),
            display_name: "Ana".to_owned(),
            role: Role::Agent,
            language: None,
            skills: Vec::new(),
            queues: Vec::new(),
            capacity: Vec::new(),
        };
        let user = records.users.create(tenant, now, user, "a good password").await.unwrap();
        let mut story = Story::new(tenant, 41);
        story.agent = user.id.into();
        story.epoch = records.epochs.next(tenant, Epoch(0)).await.unwrap();
        let mut contacts = Vec::new();
        for stage in [Until::Flow, Until::Waiting, Until::Ringing, Until::Talking, Until::Ended] {
            for _ in 0..3 {
                contacts.push(story.contact(stage));
            }
        }
        // The last one talks, and nothing is said of it for a long time.
        contacts.push(story.contact(Until::Talking));
        let talking = *story.contacts.last().unwrap();
        let recording = *story.recordings.last().unwrap();
        let facts = contacts.concat();
        let last = facts.last().unwrap().at;
        {
            let (journal, _) = journal::open(&test.journal_dir());
            journal.append(&facts).unwrap();
            // The host dies here: nothing of it is in SQL.
        }

        let (journal, recovered) = journal::open(&test.journal_dir());
        assert_eq!(recovered.epochs.get(&tenant), Some(&story.epoch));
        let (_service, projector) = follow(&journal, &database);
        let repaired = [RepairedRecording { recording, length_ms: Millis(300_000), bytes: 99 }];
        let closing = close_what_was_open(&records, &journal, &projector, tenant, recovered.epochs[&tenant], &repaired)
            .await
            .unwrap();

        let all = history(&records, tenant).await;
        assert_eq!(all, [facts.clone(), closing.clone()].concat());
        for (what, (began, ended)) in balance(&all) {
            assert_eq!((began, ended), (1, 1), "{what}");
        }
        assert_eq!(records.contacts.open(tenant).await.unwrap(), []);
        for (index, contact) in story.contacts.iter().enumerate() {
            let row = records.contacts.get(tenant, *contact).await.unwrap().row;
            let by_restart = row.end_reason == Some(EndReason::HostRestart);
            let was_open = !(12..15).contains(&index);
            assert!(by_restart == was_open || row.ended_at <= Some(last));
            assert!(row.blame == Some(Blame::Us) || !was_open);
        }
        for fact in &closing {
            assert!(fact.epoch > story.epoch);
            match &fact.what {
                What::QueueLeft { how, .. } => assert_eq!(*how, VisitEnd::Ended),
                What::OfferEnded { how, .. } => assert_eq!(*how, OfferEnd::Abandoned),
                _ => {}
            }
        }
        // Its recording shows that it went on long after the last fact.
        let detail = records.contacts.get(tenant, talking).await.unwrap();
        assert_eq!(detail.recordings[0].length_ms, Some(Millis(300_000)));
        assert!(detail.row.talked_ms >= Millis(300_000), "{}", detail.row.talked_ms);
        assert!(detail.row.talked_ms < Millis(400_000), "{}", detail.row.talked_ms);
        // The agent was talking and is signed out.
        let states = records.events.last_agent_states(tenant).await.unwrap();
        assert!(matches!(&states[0].what, What::AgentStateChanged { to: AgentState::SignedOut, .. }));

        // Nothing is left for a second time, and no epoch is spent on it.
        let again = close_what_was_open(&records, &journal, &projector, tenant, story.epoch, &[]).await.unwrap();
        assert_eq!(again, []);
        let next = records.epochs.next(tenant, Epoch(0)).await.unwrap();
        assert_eq!(next, Epoch(closing[0].epoch.0 + 1));
    }

    async fn who_waits_for_a_call_or_may_call_again_is_known_after_a_crash(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let now = Timestamp(1_600_000_000_000);
        let tenant = records.tenants.create(now, tenant_named("acme")).await.unwrap().id;
        let mut story = Story::new(tenant, 43);
        story.epoch = records.epochs.next(tenant, Epoch(0)).await.unwrap();
        let began = story.now;
        let (queue, agent) = (story.queue, story.agent);
        let mut facts = Vec::new();
        let gave_up = visitor(&mut story, Channel::Phone, "+491", None, &mut facts);
        let place = facts.last().unwrap().at;
        leaves(&mut story, gave_up, VisitEnd::Abandoned, EndReason::CallerHungUp, &mut facts);
        let gave_up_at = facts[facts.len() - 2].at;
        // Gave up, called again, and was answered: nothing is kept, and the talk is remembered.
        let once = visitor(&mut story, Channel::Phone, "+492", None, &mut facts);
        leaves(&mut story, once, VisitEnd::Abandoned, EndReason::CallerHungUp, &mut facts);
        let again = visitor(&mut story, Channel::Phone, "+492", None, &mut facts);
        leaves(&mut story, again, VisitEnd::Answered, EndReason::AgentHungUp, &mut facts);
        let talk_over = facts.last().unwrap().at;
        let owed = visitor(&mut story, Channel::Callback, "+493", Some(began), &mut facts);
        let booked = facts[facts.len() - 2].at;
        let cut_off = visitor(&mut story, Channel::Web, "+494", Some(booked), &mut facts);
        super::super::projection::record(&test, &database, &facts).await;

        let (journal, recovered) = journal::open(&test.journal_dir());
        let (_service, projector) = follow(&journal, &database);
        let highest = recovered.epochs[&tenant];
        let closing = close_what_was_open(&records, &journal, &projector, tenant, highest, &[]).await.unwrap();
        let died_at = facts.last().unwrap().at;
        assert!(closing.iter().any(|fact| fact.contact == Some(cut_off) && matches!(fact.what, What::ContactEnded { .. })));
        assert_eq!(records.contacts.open(tenant).await.unwrap(), [owed]);

        let hour = Millis::from_secs(3_600);
        let mut config = Queue::named(queue, "support");
        let mut configuration = Configuration { queues: vec![config.clone()], ..Configuration::default() };
        let waits = Input::CallbackResumed(OwedCallback {
            contact: owed,
            customer: "+493".into(),
            dialled: "100".to_owned(),
            queue,
            priority: 2,
            skills: "english".parse().unwrap(),
            attributes: Vec::new(),
            booked,
            place_since: began,
            attempts: 0,
            rests_since: None,
        });
        let told = left_over(&records, tenant, &configuration, died_at).await.unwrap();
        assert_eq!(told, std::slice::from_ref(&waits), "no rule asks for more");

        config.rules.redial_within_ms = hour;
        config.rules.last_agent = Some(LastAgentRule { within_ms: hour, wait_ms: hour });
        configuration.queues = vec![config];
        let told = left_over(&records, tenant, &configuration, died_at).await.unwrap();
        let spoke = Input::LastSpoke { customer: "+492".into(), agent, at: talk_over };
        let kept = |customer: &str, since, left| {
            let customer = customer.into();
            Input::PlaceKept { queue, customer, since, left }
        };
        let places = [kept("+494", booked, died_at), kept("+491", place, gave_up_at)];
        assert_eq!(told, [vec![spoke], places.to_vec(), vec![waits]].concat());
        // Nothing of it is another tenant's.
        let other = crate::story::tenant(9);
        assert_eq!(left_over(&records, other, &configuration, died_at).await.unwrap(), []);
    }

    async fn an_epoch_is_given_once_and_rises(test: TestDatabase) {
        let (here, there) = (crate::story::tenant(1), crate::story::tenant(2));
        let mut last = Epoch(0);
        for _ in 0..3 {
            let database = test.open().await;
            let records = Records::new(&database);
            for _ in 0..3 {
                let epoch = records.epochs.next(here, Epoch(0)).await.unwrap();
                assert!(epoch > last);
                last = epoch;
            }
            database.close().await;
        }
        let database = test.open().await;
        let records = Records::new(&database);
        // Another tenant counts for itself.
        assert_eq!(records.epochs.next(there, Epoch(0)).await.unwrap(), Epoch(1));
        // A journal may know more than a database that was put back to an older copy.
        assert_eq!(records.epochs.next(here, Epoch(700)).await.unwrap(), Epoch(701));
        // Two at once get two.
        let (one, two) = tokio::join!(records.epochs.next(here, Epoch(0)), records.epochs.next(here, Epoch(0)));
        let mut both = [one.unwrap(), two.unwrap()];
        both.sort();
        assert_eq!(both, [Epoch(702), Epoch(703)]);
        // Facts of an epoch that the counter does not know count too.
        let mut story = Story::new(there, 42);
        story.epoch = Epoch(40);
        let facts = story.whole(1);
        super::super::projection::record(&test, &database, &facts).await;
        assert_eq!(records.epochs.next(there, Epoch(0)).await.unwrap(), Epoch(41));
    }
}
