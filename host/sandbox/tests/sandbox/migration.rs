//! Calls in progress when their flow is saved: they stay, or go on in the new version, as it says.

use crate::stand::{Stand, built, contact, demo, label, step, stepped};
use hotline_sandbox::PluginKind::Flow;
use hotline_sandbox::rollout::{UploadBody, Wish};
use hotline_vocabulary::flow::{CollectedInput, Command, FlowEvent};
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::question::{FlowStepped, Verdict};

const CALLER: u128 = 1;

/// A menu, whose first key leads to a queue of this name.
fn menu(reload: &str, node: &str, queue: &str) -> Vec<u8> {
    format!(
        "flow: Menu\nlanguages: [en]\nreload: {reload}\nstart: {node}\nnodes:\n  {node}:\n    menu:\n      \
         en: Press 1 for {queue}.\n    keys: {{1: on}}\n    failed: on\n  on:\n    queue: {queue}\n    \
         overflowed: hangup\n"
    )
    .into_bytes()
}

/// A contact that waits for a key in the menu of `main`, and what it has returned.
async fn in_the_menu(files: &[(&str, &[u8])]) -> (Stand, String, FlowStepped) {
    let stand = Stand::with(files).await;
    let began = stand.begin(contact(CALLER), "main").await;
    let old = label(&began);
    (stand, old, stepped(began))
}

async fn saved(stand: &mut Stand, file: &str, content: &[u8], old: &str) -> String {
    stand.save(file, content);
    let is_new = |label: &Option<String>| label.as_ref().is_some_and(|label| label != old);
    let status = stand.news("main", |status| is_new(&status.label)).await;
    status.label.expect("it is live")
}

fn asked(so_far: &FlowStepped) -> u32 {
    let collect = so_far.actions.last().expect("it asks for keys");
    collect.id
}

async fn tell(stand: &Stand, so_far: &FlowStepped, event: FlowEvent) -> Verdict {
    let next = step(contact(CALLER), "main", 1, so_far.state.clone(), event);
    stand.handle.ask(demo(), next).await
}

fn pressed(so_far: &FlowStepped, digits: &str) -> FlowEvent {
    FlowEvent::Input(CollectedInput {
        action: asked(so_far),
        digits: digits.to_owned(),
        token: None,
        length: digits.len() as u32,
        outcome: hotline_vocabulary::flow::CollectOutcome::Complete,
    })
}

/// The queue that a step leads to.
fn queue(verdict: Verdict) -> Option<String> {
    stepped(verdict)
        .actions
        .into_iter()
        .find_map(|action| match action.command {
            Command::Enqueue(wanted) => Some(wanted.queue),
            _ => None,
        })
}

fn contacts_on(stand: &Stand, label: &str) -> u32 {
    let versions = stand.status(Flow, "main").versions;
    versions
        .iter()
        .filter(|one| one.label == label)
        .map(|one| one.contacts)
        .sum()
}

#[tokio::test]
async fn a_call_goes_on_in_the_new_script_where_its_node_is_still_there() {
    let first = menu("pin", "main", "support");
    let (mut stand, old, so_far) = in_the_menu(&[("demo/main.flow.yaml", &first)]).await;
    let second = menu("migrate", "main", "sales");
    let new = saved(&mut stand, "demo/main.flow.yaml", &second, &old).await;
    assert_eq!(
        (contacts_on(&stand, &old), contacts_on(&stand, &new)),
        (1, 0)
    );
    let next = tell(&stand, &so_far, pressed(&so_far, "1")).await;
    assert_eq!(label(&next), new);
    assert_eq!(queue(next), Some("sales".to_owned()));
    assert_eq!(
        (contacts_on(&stand, &old), contacts_on(&stand, &new)),
        (0, 1)
    );
}

#[tokio::test]
async fn a_call_stays_where_the_script_says_so_or_its_node_is_gone() {
    for second in [
        menu("pin", "main", "sales"),
        menu("migrate", "other", "sales"),
    ] {
        let first = menu("pin", "main", "support");
        let (mut stand, old, so_far) = in_the_menu(&[("demo/main.flow.yaml", &first)]).await;
        saved(&mut stand, "demo/main.flow.yaml", &second, &old).await;
        let next = tell(&stand, &so_far, pressed(&so_far, "1")).await;
        assert_eq!(label(&next), old);
        assert_eq!(queue(next), Some("support".to_owned()));
    }
}

#[tokio::test]
async fn a_node_that_begins_anew_asks_again() {
    let first = menu("pin", "main", "support");
    let (mut stand, old, so_far) = in_the_menu(&[("demo/main.flow.yaml", &first)]).await;
    let second = menu("restart", "main", "sales");
    let new = saved(&mut stand, "demo/main.flow.yaml", &second, &old).await;
    let again = tell(&stand, &so_far, pressed(&so_far, "1")).await;
    assert_eq!(label(&again), new);
    let again = stepped(again);
    let [collect] = again.actions.as_slice() else {
        panic!("the menu alone: {again:?}");
    };
    assert!(
        matches!(collect.command, Command::Collect(_)),
        "answered it is already"
    );
}

#[tokio::test]
async fn a_hang_up_is_told_to_the_version_that_had_the_call() {
    let first = menu("pin", "main", "support");
    let (mut stand, old, so_far) = in_the_menu(&[("demo/main.flow.yaml", &first)]).await;
    let second = menu("migrate", "main", "sales");
    saved(&mut stand, "demo/main.flow.yaml", &second, &old).await;
    let reason = "caller".to_owned();
    let ended = tell(&stand, &so_far, FlowEvent::HangUp { reason }).await;
    assert_eq!(label(&ended), old);
}

#[tokio::test]
async fn a_call_that_another_kind_of_flow_began_stays_and_the_failure_is_kept() {
    let rust = built("rust_flow");
    let (mut stand, old, so_far) = in_the_menu(&[("demo/main.flow.wasm", &rust)]).await;
    std::fs::remove_file(stand.path("demo/main.flow.wasm")).unwrap();
    let second = menu("migrate", "main", "sales");
    saved(&mut stand, "demo/main.flow.yaml", &second, &old).await;
    let next = tell(&stand, &so_far, pressed(&so_far, "123456")).await;
    assert_eq!(label(&next), old);
    assert!(next.outcome.is_ok());
    let again = tell(&stand, &so_far, pressed(&so_far, "123456")).await;
    assert_eq!(label(&again), old);
    let used = stand.handle.metered(demo());
    let of_script = used
        .iter()
        .filter(|one| one.version.artifact.is_some() && one.purpose == Purpose::Contacts);
    assert_eq!(
        of_script.map(|one| one.calls).sum::<u64>(),
        1,
        "offered once"
    );
}

#[tokio::test]
async fn components_take_calls_over_in_both_languages() {
    for name in ["rust_flow", "ts_parcels"] {
        let first = built(name);
        let (stand, _, so_far) = in_the_menu(&[("demo/main.flow.wasm", &first)]).await;
        let mut second = first.clone();
        // A custom section that nobody reads: the same flow by another digest.
        second.extend([0, 8, 7]);
        second.extend(b"rebuilt");
        let sent = UploadBody::Component(second.into());
        let sent = stand
            .upload(Flow, "main", sent)
            .await
            .expect("it is looked at");
        let new = sent.status.label;
        stand.stage(Flow, "main", &new).await;
        let active = stand.change(Flow, "main", &new, Wish::Active).await;
        active.expect("it was staged");
        let news = tell(&stand, &so_far, pressed(&so_far, "123456")).await;
        assert_eq!(label(&news), new, "{name}");
        let told = stepped(news);
        assert_eq!(told.trace, ["news"], "{name} knows where the call was");
    }
}
