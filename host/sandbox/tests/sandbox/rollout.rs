//! Uploads, trials, rollbacks and replays, while contacts are on the plugins.

mod recorded;
mod trials;

use crate::stand::{
    MENU, STAGED, Stand, built, by_admin, contact, demo, in_yaml, label, other, step, stepped,
};
use hotline_sandbox::rollout::{Actor, ChangeError, State, UploadBody, UploadError, Wish};
use hotline_sandbox::{PluginKind, VersionDetail};
use hotline_vocabulary::flow::{CollectOutcome, CollectedInput, Command, FlowEvent};
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::metering::Purpose;
use std::time::{Duration, Instant};

use PluginKind::Flow;

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
