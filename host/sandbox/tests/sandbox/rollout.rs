//! Uploads, trials, rollbacks and replays, while contacts are on the plugins.

use crate::stand::{
    MENU, STAGED, Stand, batch, built, by_admin, contact, demo, in_yaml, label, other, step,
    stepped,
};
use hotline_sandbox::rollout::{
    Actor, CanaryLimits, ChangeError, Recording, ReplayGate, Settings, Split, State, UploadBody,
    UploadError, VisitOutcome, Wish,
};
use hotline_sandbox::{PluginKind, VersionDetail};
use hotline_vocabulary::flow::{CollectOutcome, CollectedInput, Command, FlowEvent};
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::question::Question;
use std::time::{Duration, Instant};

use PluginKind::{Flow, Policy};

fn menu() -> String {
    String::from_utf8(MENU.to_vec()).unwrap()
}

/// The menu with other words for sales, which a caller only hears after pressing 2.
fn other_sales() -> String {
    menu().replace("connected to sales", "connected to our shop")
}

fn other_greeting() -> String {
    menu().replace("Welcome.", "Hello.")
}

async fn with_menu() -> Stand {
    Stand::with(&[("demo/main.flow.yaml", MENU)]).await
}

fn states(detail: &VersionDetail) -> Vec<State> {
    detail.history.iter().map(|change| change.to).collect()
}

/// Walks a contact through the menu by a key, then hangs up. Gives how many steps that took.
async fn call(stand: &Stand, contact: ContactId, key: &str) -> u64 {
    let mut before = stepped(stand.begin(contact, "main").await);
    let mut number = 1;
    let collect = loop {
        let last = before.actions.last().expect("something to do");
        if matches!(last.command, Command::Collect(_)) {
            break last.id;
        }
        let done = FlowEvent::Done {
            action: last.id,
            outcome: "ok".to_owned(),
        };
        let next = step(contact, "main", number, before.state, done);
        before = stepped(stand.handle.ask(demo(), next).await);
        number += 1;
    };
    let pressed = FlowEvent::Input(CollectedInput {
        action: collect,
        digits: key.to_owned(),
        token: None,
        length: 1,
        outcome: CollectOutcome::Complete,
    });
    let next = step(contact, "main", number, before.state, pressed);
    let state = stepped(stand.handle.ask(demo(), next).await).state;
    let reason = "caller".to_owned();
    let last = step(
        contact,
        "main",
        number + 1,
        state,
        FlowEvent::HangUp { reason },
    );
    assert!(stand.handle.ask(demo(), last).await.outcome.is_ok());
    stand.handle.forget(demo(), contact);
    number + 2
}

/// Waits until `found` is, at most for a few seconds.
async fn until<T>(what: &str, found: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Calls and fuel of what ran for this purpose so far.
fn used(stand: &Stand, purpose: Purpose) -> (u64, u64) {
    let rows = stand.handle.metered(demo()).into_iter();
    let rows = rows.filter(|row| row.purpose == purpose);
    rows.fold((0, 0), |sum, row| (sum.0 + row.calls, sum.1 + row.fuel))
}

#[tokio::test]
async fn an_upload_is_tried_and_waits_until_somebody_stages_and_activates_it() {
    let stand = with_menu().await;
    let old = label(&stand.begin(contact(1), "main").await);

    let new = stand.uploaded("main", &other_greeting()).await;
    assert_eq!(label(&stand.begin(contact(2), "main").await), old);
    let refused = stand.change(Flow, "main", &new, Wish::Active).await;
    assert!(
        matches!(refused, Err(ChangeError::Refused(_))),
        "not staged"
    );

    stand.stage(Flow, "main", &new).await;
    stand
        .change(Flow, "main", &new, Wish::Active)
        .await
        .unwrap();
    assert_eq!(label(&stand.begin(contact(3), "main").await), new);
    assert_eq!(label(&stand.begin(contact(1), "main").await), old, "pinned");

    let detail = stand.version(Flow, "main", &new);
    assert_eq!(
        states(&detail),
        [
            State::Uploaded,
            State::Admitted,
            State::Compiled,
            State::Staged,
            State::Active
        ]
    );
    assert_eq!(detail.status.note, "a new version");
    assert!(matches!(&detail.history[4].by, Actor::Person { name, .. } if name == "admin"));
    assert_eq!(detail.history[4].reason, "because");
    let before = stand.version(Flow, "main", &old);
    assert_eq!(
        before.status.state,
        State::Draining,
        "contacts 1 and 2 are on it"
    );
    assert_eq!(before.history[0].by, Actor::FlowsFolder);
    for number in [1, 2] {
        stand.handle.forget(demo(), contact(number));
    }
    stand
        .change(Flow, "main", &new, Wish::Active)
        .await
        .unwrap();
    // Looked at again each few seconds.
    until("the old version retires", || {
        (stand.version(Flow, "main", &old).status.state == State::Retired).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_rejected_upload_is_kept_with_its_report_and_changes_nothing() {
    let stand = with_menu().await;
    let body = in_yaml(&menu().replace("queue: sales", "queue: ''"));
    let detail = stand.upload(Flow, "main", body).await.unwrap();
    assert_eq!(detail.status.state, State::Rejected);
    let problem = &detail.report[0];
    assert_eq!(
        (problem.path.as_str(), problem.line.is_some()),
        ("main.flow.yaml", true)
    );

    let body = UploadBody::Component(built("best_skill").into());
    let detail = stand.upload(Flow, "main", body).await.unwrap();
    assert_eq!(detail.report[0].code, "admission.world");
    let refused = stand
        .change(Flow, "main", &detail.status.label, STAGED)
        .await;
    assert!(matches!(refused, Err(ChangeError::Refused(_))));

    let nameless = stand.upload(Flow, "../main", in_yaml(&menu())).await;
    assert!(matches!(nameless, Err(UploadError::Name)));
    assert!(stand.begin(contact(1), "main").await.outcome.is_ok());
    assert_eq!(stand.handle.catalogue(other()), []);
}

#[tokio::test]
async fn a_plugin_that_has_no_file_lives_on_by_its_uploads() {
    let stand = Stand::with(&[]).await;
    let first = stand.uploaded("main", &menu()).await;
    stand.stage(Flow, "main", &first).await;
    let shadow = stand.change(Flow, "main", &first, Wish::Shadow).await;
    assert!(matches!(shadow, Err(ChangeError::NothingActive)));
    stand
        .change(Flow, "main", &first, Wish::Active)
        .await
        .unwrap();
    // Two looks at a folder without its file, and a restart.
    for name in ["a", "b", "c"] {
        stand.save(&format!("demo/{name}.flow.yaml"), MENU);
        until("the folder was looked at", || {
            stand.handle.has_flow(demo(), name).then_some(())
        })
        .await;
    }
    let stand = stand.restart().await;
    assert_eq!(label(&stand.begin(contact(1), "main").await), first);
    assert_eq!(
        stand.version(Flow, "main", &first).status.state,
        State::Active
    );
}

#[tokio::test]
async fn a_rollback_takes_less_than_50_ms_also_while_the_keeper_is_busy() {
    let stand = with_menu().await;
    let first = stand.status(Flow, "main").label.unwrap();
    let second = stand.uploaded("main", &other_greeting()).await;
    stand.stage(Flow, "main", &second).await;
    stand
        .change(Flow, "main", &second, Wish::Active)
        .await
        .unwrap();
    let mut took = Vec::new();
    for round in 0..10 {
        // Scripts to check and components to compile, just saved.
        for name in 0..5 {
            let text = menu().replace("Welcome.", &format!("Welcome {round} {name}."));
            stand.save(&format!("demo/busy{name}.flow.yaml"), text.as_bytes());
        }
        let before = label(&stand.begin(contact(round), "main").await);
        let wanted = if before == first { &second } else { &first };
        let began = Instant::now();
        let rolled = stand
            .handle
            .roll_back(demo(), Flow, "main", Some(wanted), by_admin("back"));
        let asked = async {
            let mut number = 1000 * (round + 1);
            loop {
                number += 1;
                let now = label(&stand.begin(contact(number), "main").await);
                if now == *wanted {
                    break began.elapsed();
                }
            }
        };
        let (rolled, live_after) = tokio::join!(rolled, asked);
        rolled.unwrap();
        took.push(live_after);
    }
    took.sort();
    println!("rollback: new contacts are on the other version after {took:?}");
    // One that waited for the checks would take as long as they do, each time.
    assert!(took[5] < Duration::from_millis(50), "{took:?}");
}

#[tokio::test]
async fn an_upload_that_was_activated_is_what_the_next_contact_meets() {
    let stand = with_menu().await;
    let body = UploadBody::Component(built("rust_flow").into());
    let detail = stand.upload(Flow, "parcels", body).await.unwrap();
    let version = detail.status.label;
    stand.stage(Flow, "parcels", &version).await;
    stand
        .change(Flow, "parcels", &version, Wish::Active)
        .await
        .unwrap();
    assert_eq!(label(&stand.begin(contact(1), "parcels").await), version);
}

#[tokio::test]
async fn nothing_is_staged_before_somebody_accepted_what_it_asks_for_beyond_the_active_version() {
    let stand = Stand::with(&[]).await;
    let body = UploadBody::Component(built("rust_flow").into());
    let detail = stand.upload(Flow, "hello", body).await.unwrap();
    let (label, asks) = (detail.status.label, detail.permission_changes.added);
    assert!(
        asks.iter()
            .all(|one| !one.en.is_empty() && !one.zh.is_empty()),
        "{asks:?}"
    );
    let refused = stand
        .change(Flow, "hello", &label, STAGED)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains(&asks[0].id), "{refused}");
    stand.stage(Flow, "hello", &label).await;
    stand
        .change(Flow, "hello", &label, Wish::Active)
        .await
        .unwrap();

    // Another flow that asks for no more is staged without a word.
    let body = UploadBody::Component(built("does_nothing").into());
    let detail = stand.upload(Flow, "hello", body).await.unwrap();
    assert_eq!(detail.permission_changes.added, []);
    let staged = stand
        .change(Flow, "hello", &detail.status.label, STAGED)
        .await;
    assert_eq!(staged.unwrap().status.state, State::Staged);
}

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

#[tokio::test]
async fn a_quarantined_version_is_asked_no_more_and_the_one_before_takes_over() {
    let stand = with_menu().await;
    let first = stand.status(Flow, "main").label.unwrap();
    let second = stand.uploaded("main", &other_greeting()).await;
    stand.stage(Flow, "main", &second).await;
    stand
        .change(Flow, "main", &second, Wish::Active)
        .await
        .unwrap();
    assert_eq!(label(&stand.begin(contact(1), "main").await), second);
    stand
        .change(Flow, "main", &second, Wish::Quarantined)
        .await
        .unwrap();
    let verdict = stand.begin(contact(1), "main").await;
    assert!(
        verdict
            .outcome
            .is_err_and(|fault| fault.message.contains("quarantined"))
    );
    assert_eq!(label(&stand.begin(contact(2), "main").await), first);

    // The same content saved: whoever has a shell is told why it stays out.
    stand.save("demo/main.flow.yaml", other_greeting().as_bytes());
    let problem = until("the file is refused", || stand.status(Flow, "main").problem).await;
    assert_eq!(problem[0].code, "rollout.state");
    assert_eq!(label(&stand.begin(contact(3), "main").await), first);
    stand.stage(Flow, "main", &second).await;
    stand
        .change(Flow, "main", &second, Wish::Active)
        .await
        .unwrap();
    assert_eq!(label(&stand.begin(contact(4), "main").await), second);
}

#[tokio::test]
async fn a_gate_opens_only_for_a_candidate_that_recorded_calls_were_replayed_on() {
    let stand = with_menu().await;
    for number in 1..=10 {
        call(&stand, contact(number), if number <= 3 { "2" } else { "1" }).await;
    }
    let settings = |max_changed_percent| Settings {
        gate: Some(ReplayGate {
            max_changed_percent,
            min_contacts: 5,
        }),
        ..Settings::default()
    };
    stand
        .handle
        .configure(demo(), Flow, "main", settings(20.0))
        .await
        .unwrap();
    let new = stand.uploaded("main", &other_sales()).await;
    stand.stage(Flow, "main", &new).await;
    let unreplayed = stand
        .change(Flow, "main", &new, Wish::Active)
        .await
        .unwrap_err();
    assert!(unreplayed.to_string().contains("replay"), "{unreplayed}");

    let report = stand
        .handle
        .replay(demo(), Flow, "main", &new)
        .await
        .unwrap();
    let summary = &report.summary;
    assert_eq!(
        (summary.contacts, summary.contacts_changed),
        (10, 3),
        "{summary:?}"
    );
    assert_eq!((summary.faults, summary.complete), (0, true));
    let replayed = (u64::from(summary.calls), report.fuel_candidate);
    assert_eq!(used(&stand, Purpose::Replay), replayed);
    let (tried, fuel) = used(&stand, Purpose::Admission);
    assert_eq!(tried, 2, "the file and the upload");
    assert!(fuel > 0);
    assert!(report.differences[0].candidate.contains("our shop"));
    assert_eq!(
        stand.version(Flow, "main", &new).replayed.as_ref(),
        Some(summary)
    );
    let too_much = stand
        .change(Flow, "main", &new, Wish::Active)
        .await
        .unwrap_err();
    assert!(too_much.to_string().contains("3 of 10"), "{too_much}");

    stand
        .handle
        .configure(demo(), Flow, "main", settings(30.0))
        .await
        .unwrap();
    let stand = stand.restart().await;
    stand
        .change(Flow, "main", &new, Wish::Active)
        .await
        .unwrap();
    let cause = by_admin("a gate holds up no rollback");
    let back = stand
        .handle
        .roll_back(demo(), Flow, "main", None, cause)
        .await;
    assert_eq!(back.unwrap().status.by, Actor::FlowsFolder);
}

#[tokio::test]
async fn what_is_recorded_is_private_bounded_and_ends_with_its_setting() {
    let stand = with_menu().await;
    let keep = |last| Settings {
        recording: Recording { last, hours: 1 },
        gate: None,
    };
    stand
        .handle
        .configure(demo(), Flow, "main", keep(20))
        .await
        .unwrap();
    for number in 0..50 {
        call(&stand, contact(number), "1").await;
    }
    let recorded = stand.handle.recorded(demo(), Flow, "main").await.unwrap();
    assert_eq!(recorded.len(), 20);
    assert!(
        matches!(&*recorded[19].question, Question::FlowStep(step) if step.contact == contact(49))
    );
    assert!(
        stand
            .handle
            .recorded(other(), Flow, "main")
            .await
            .unwrap()
            .is_empty()
    );

    let folder = stand.path("").parent().unwrap().join("store/recorded");
    let mut files = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            use std::os::unix::fs::PermissionsExt;
            let about = entry.metadata().unwrap();
            assert_eq!(about.permissions().mode() & 0o077, 0, "{:?}", entry.path());
            if about.is_dir() {
                folders.push(entry.path());
            } else {
                files += 1;
                let lines = std::fs::read_to_string(entry.path())
                    .unwrap()
                    .lines()
                    .count();
                assert!(lines <= 20, "{lines}");
            }
        }
    }
    assert_eq!(files, 2);
    stand
        .handle
        .configure(demo(), Flow, "main", keep(0))
        .await
        .unwrap();
    call(&stand, contact(100), "1").await;
    assert!(
        stand
            .handle
            .recorded(demo(), Flow, "main")
            .await
            .unwrap()
            .is_empty()
    );
}
