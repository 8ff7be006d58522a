//! Candidates beside the active version: in its shadow, or with a share of its contacts.

use super::{call, other_greeting, other_sales, until, used, with_menu};
use crate::stand::{STAGED, Stand, batch, built, contact, demo, label, step, stepped};
use hotline_sandbox::PluginKind::{Flow, Policy};
use hotline_sandbox::rollout::{Actor, CanaryLimits, Split, State, UploadBody, VisitOutcome, Wish};
use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::question::Question;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_shadow_tells_which_contacts_it_would_have_treated_otherwise() {
    let stand = with_menu().await;
    let old = stand.status(Flow, "main").label.unwrap();
    let new = stand.uploaded("main", &other_sales()).await;
    stand.stage(Flow, "main", &new).await;
    // In the middle of a call: not followed, and not counted as different.
    let early = stand.begin(contact(99), "main").await;
    stand
        .change(Flow, "main", &new, Wish::Shadow)
        .await
        .unwrap();
    let mut asked = 1;
    for number in 1..=10 {
        let key = if number <= 3 { "2" } else { "1" };
        asked += call(&stand, contact(number), key).await;
    }
    let reason = "caller".to_owned();
    let late = step(
        contact(99),
        "main",
        1,
        stepped(early).state,
        FlowEvent::HangUp { reason },
    );
    stand.handle.ask(demo(), late).await;
    let trial = || stand.handle.trial(demo(), Flow, "main").expect("a trial");
    let results = until("all was compared", || {
        let results = trial();
        (results.shadow.compared + results.shadow.not_comparable == asked).then_some(results)
    })
    .await;
    assert_eq!((results.contacts, results.contacts_differing), (10, 3));
    // What both used is told apart.
    until("the last comparison is metered", || {
        let (calls, fuel) = used(&stand, Purpose::Shadow);
        (calls == results.shadow.compared && fuel > 0).then_some(())
    })
    .await;
    assert_eq!(used(&stand, Purpose::Contacts).0, asked + 1);
    let mut differing: Vec<_> = results
        .differences
        .iter()
        .filter_map(|one| one.contact)
        .collect();
    differing.sort();
    assert_eq!(differing, [contact(1), contact(2), contact(3)]);
    let one = &results.differences[0];
    assert!(one.question.starts_with("step "), "{one:?}");
    assert!(
        one.active.contains("sales") && one.candidate.contains("our shop"),
        "{one:?}"
    );
    // The three hang-ups after the difference, and the contact that began before.
    assert_eq!(
        (results.shadow.not_comparable, results.shadow.faults),
        (4, 0)
    );
    assert_eq!(
        label(&stand.begin(contact(50), "main").await),
        old,
        "it never answers"
    );
}

#[tokio::test]
async fn a_shadow_that_loops_neither_delays_answers_nor_is_asked_for_ever() {
    let stand = Stand::with(&[("demo/hello.flow.wasm", &built("rust_flow"))]).await;
    let mut alone = Vec::new();
    for number in 0..200 {
        let began = Instant::now();
        stand.begin(contact(number), "hello").await;
        alone.push(began.elapsed());
    }
    let body = UploadBody::Component(built("loops_forever").into());
    let new = stand
        .upload(Flow, "hello", body)
        .await
        .unwrap()
        .status
        .label;
    stand.stage(Flow, "hello", &new).await;
    stand
        .change(Flow, "hello", &new, Wish::Shadow)
        .await
        .unwrap();
    let mut beside = Vec::new();
    for number in 1000..2000 {
        let began = Instant::now();
        let verdict = stand.begin(contact(number), "hello").await;
        beside.push(began.elapsed());
        assert!(verdict.outcome.is_ok());
    }
    alone.sort();
    beside.sort();
    let (alone, beside) = (alone[100], beside[500]);
    println!("an answer takes {alone:?} alone, {beside:?} beside a shadow that loops (median)");
    assert!(
        beside < alone * 3 + Duration::from_millis(2),
        "{alone:?} {beside:?}"
    );
    let dropped = stand
        .handle
        .trial(demo(), Flow, "hello")
        .unwrap()
        .shadow
        .dropped;
    assert!(
        dropped > 0,
        "more than the line holds were dropped and counted"
    );
}

#[tokio::test]
async fn a_canary_gets_its_share_and_nobody_flips_in_mid_call() {
    let stand = with_menu().await;
    let old = stand.status(Flow, "main").label.unwrap();
    let new = stand.uploaded("main", &other_greeting()).await;
    stand.stage(Flow, "main", &new).await;
    let canary = |percent| Wish::Canary {
        split: Split::Percent(percent),
        limits: CanaryLimits::default(),
    };
    stand.change(Flow, "main", &new, canary(20)).await.unwrap();
    let mut first = Vec::new();
    for number in 0..200 {
        first.push(label(&stand.begin(contact(number), "main").await));
    }
    let on_new = first.iter().filter(|label| **label == new).count();
    assert!((20..=60).contains(&on_new), "about 40 of 200: {on_new}");
    // Whatever the share becomes, and when the trial ends, they stay where they are.
    for wish in [canary(90), STAGED] {
        stand.change(Flow, "main", &new, wish).await.unwrap();
        for (number, label_then) in (0..200).zip(&first) {
            assert_eq!(
                label(&stand.begin(contact(number), "main").await),
                *label_then
            );
        }
    }
    assert_eq!(label(&stand.begin(contact(500), "main").await), old);

    let callers = Wish::Canary {
        split: Split::Callers(vec!["+4930123456".to_owned()]),
        limits: CanaryLimits::default(),
    };
    stand.change(Flow, "main", &new, callers).await.unwrap();
    assert_eq!(
        label(&stand.begin(contact(501), "main").await),
        new,
        "of that caller"
    );
    let stand = stand.restart().await;
    assert_eq!(
        label(&stand.begin(contact(502), "main").await),
        new,
        "also after a restart"
    );
}

#[tokio::test]
async fn a_failing_canary_drops_nobody_and_is_taken_back_by_itself() {
    let stand = Stand::with(&[("demo/hello.flow.wasm", &built("rust_flow"))]).await;
    let old = stand.status(Flow, "hello").label.unwrap();
    let body = UploadBody::Component(built("works_once_then_panics").into());
    let bad = stand
        .upload(Flow, "hello", body)
        .await
        .unwrap()
        .status
        .label;
    stand.stage(Flow, "hello", &bad).await;
    let canary = Wish::Canary {
        split: Split::Percent(50),
        limits: CanaryLimits::default(),
    };
    stand.change(Flow, "hello", &bad, canary).await.unwrap();
    let mut stood_in = 0;
    for number in 0..40 {
        let contact = contact(number);
        let first = stand.begin(contact, "hello").await;
        assert!(first.outcome.is_ok(), "{first:?}");
        let was = label(&first);
        let done = FlowEvent::Done {
            action: 0,
            outcome: "ok".to_owned(),
        };
        let next = step(contact, "hello", 1, stepped(first).state, done);
        let verdict = stand.handle.ask(demo(), next).await;
        assert!(
            verdict.outcome.is_ok(),
            "nobody hears of the failure: {verdict:?}"
        );
        if was == bad {
            assert_eq!(label(&verdict), old, "the version before stood in");
            stood_in += 1;
        }
    }
    assert!(
        (3..20).contains(&stood_in),
        "taken back after the third fault: {stood_in}"
    );
    let detail = until("it is taken back", || {
        let detail = stand.version(Flow, "hello", &bad);
        (detail.status.state == State::Quarantined).then_some(detail)
    })
    .await;
    let last = detail.history.last().unwrap();
    assert_eq!(last.by, Actor::Host);
    assert!(last.reason.contains("failed"), "{}", last.reason);
    assert_eq!(stand.status(Flow, "hello").candidate, None);
}

#[tokio::test]
async fn a_canary_is_taken_back_when_its_contacts_wait_longer_than_the_others() {
    let stand = with_menu().await;
    let new = stand.uploaded("main", &other_greeting()).await;
    stand.stage(Flow, "main", &new).await;
    let canary = Wish::Canary {
        split: Split::Percent(50),
        limits: CanaryLimits::default(),
    };
    stand.change(Flow, "main", &new, canary).await.unwrap();
    for number in 0..200 {
        let slow = label(&stand.begin(contact(number), "main").await) == new && number % 2 == 0;
        let outcome = VisitOutcome::Answered { in_time: !slow };
        // The contact is forgotten before what became of it is known.
        stand.handle.forget(demo(), contact(number));
        stand.handle.visit_ended(demo(), contact(number), outcome);
    }
    let detail = until("it is taken back", || {
        let detail = stand.version(Flow, "main", &new);
        (detail.status.state == State::Quarantined).then_some(detail)
    })
    .await;
    let reason = &detail.history.last().unwrap().reason;
    assert!(reason.contains("service level"), "{reason}");
}

#[tokio::test]
async fn policies_are_tried_beside_and_by_contact_like_flows() {
    let stand = Stand::with(&[("demo/skills.policy.wasm", &built("best_skill"))]).await;
    let old = stand.status(Policy, "skills").label.unwrap();
    let body = UploadBody::Component(built("policy_never_assigns").into());
    let new = stand
        .upload(Policy, "skills", body)
        .await
        .unwrap()
        .status
        .label;
    stand.stage(Policy, "skills", &new).await;
    stand
        .change(Policy, "skills", &new, Wish::Shadow)
        .await
        .unwrap();
    let decide = || Question::Decide {
        policy: Some("skills".to_owned()),
        batch: batch(2, 3),
    };
    assert_eq!(label(&stand.handle.ask(demo(), decide()).await), old);
    let results = until("it was compared", || {
        let results = stand.handle.trial(demo(), Policy, "skills").unwrap();
        (results.shadow.compared == 1).then_some(results)
    })
    .await;
    assert_eq!(
        results.contacts_differing, 2,
        "neither would have got an agent"
    );
    assert!(
        results.differences[0].active.contains("assign"),
        "{results:?}"
    );

    let canary = Wish::Canary {
        split: Split::Callers(vec!["+4930123456".to_owned()]),
        limits: CanaryLimits::default(),
    };
    stand.change(Policy, "skills", &new, canary).await.unwrap();
    assert_eq!(label(&stand.handle.ask(demo(), decide()).await), new);
}
