//! Saving, breaking, replacing, removing and rolling back plugins while contacts are on them.

use crate::stand::{Stand, built, by_admin, contact, demo, label, step, stepped};
use hotline_sandbox::rollout::{ChangeError, State};
use hotline_sandbox::{PluginKind, PluginStatus};
use hotline_vocabulary::flow::FlowEvent;
use std::io::Write;
use std::time::{Duration, Instant};

const ONE: &str = "flow: One\nlanguages: [en]\nstart: hello\nnodes:\n  hello:\n    say:\n      en: Hello one.\n    next: hangup\n";

fn script(words: &str) -> String {
    ONE.replace("Hello one.", words)
}

fn live(status: &PluginStatus) -> Option<String> {
    status.label.clone()
}

fn contacts_on(status: &PluginStatus, label: &str) -> u32 {
    status
        .versions
        .iter()
        .filter(|version| version.label == label)
        .map(|version| version.contacts)
        .sum()
}

#[tokio::test]
async fn a_saved_script_is_live_before_the_next_rescan_for_new_contacts_only() {
    let mut stand = Stand::with(&[("demo/main.flow.yaml", ONE.as_bytes())]).await;
    let old = label(&stand.begin(contact(1), "main").await);

    let saved = Instant::now();
    stand.save("demo/main.flow.yaml", script("Hello two.").as_bytes());
    let status = stand
        .news("main", |status| live(status).is_some_and(|l| l != old))
        .await;
    let took = saved.elapsed();
    // The folder is also looked at every five seconds, whether anything was heard of it or not.
    assert!(took < Duration::from_secs(4), "live after {took:?}");

    let new = live(&status).unwrap();
    assert_eq!(label(&stand.begin(contact(2), "main").await), new);
    assert_eq!(label(&stand.begin(contact(1), "main").await), old);
    let status = stand.status(PluginKind::Flow, "main");
    assert_eq!(contacts_on(&status, &old), 1);
    assert_eq!(contacts_on(&status, &new), 1);

    stand.handle.forget(demo(), contact(1));
    let status = stand.status(PluginKind::Flow, "main");
    assert_eq!(contacts_on(&status, &old), 0);
    assert_eq!(label(&stand.begin(contact(1), "main").await), new);
}

#[tokio::test]
async fn a_contact_that_goes_on_in_another_flow_stays_on_that_flows_version() {
    let other = script("Hello other.");
    let mut stand = Stand::with(&[
        ("demo/main.flow.yaml", ONE.as_bytes()),
        ("demo/other.flow.yaml", other.as_bytes()),
    ])
    .await;
    let before = label(&stand.begin(contact(1), "main").await);
    let after = label(&stand.begin(contact(1), "other").await);
    assert!(after.starts_with("other@"), "{after}");
    let main = stand.status(PluginKind::Flow, "main");
    assert_eq!(contacts_on(&main, &before), 0, "let go of");

    stand.save("demo/other.flow.yaml", script("Hello again.").as_bytes());
    let status = stand
        .news("other", |status| live(status).is_some_and(|l| l != after))
        .await;
    assert_eq!(contacts_on(&status, &after), 1);
    assert_eq!(label(&stand.begin(contact(1), "other").await), after);
}

#[tokio::test]
async fn a_broken_script_leaves_the_last_good_version_live_and_says_where() {
    let mut stand = Stand::with(&[("demo/main.flow.yaml", ONE.as_bytes())]).await;
    let good = live(&stand.status(PluginKind::Flow, "main")).unwrap();

    let broken = ONE.replace("next: hangup", "next: nowhere");
    stand.save("demo/main.flow.yaml", broken.as_bytes());
    let status = stand.news("main", |status| status.problem.is_some()).await;
    assert_eq!(live(&status), Some(good.clone()));
    let problem = &status.problem.as_ref().unwrap()[0];
    assert_eq!(problem.path, "demo/main.flow.yaml");
    assert_eq!(problem.line, Some(8), "{problem}");
    assert!(problem.message.contains("nowhere"), "{problem}");
    assert_eq!(label(&stand.begin(contact(1), "main").await), good);

    stand.save("demo/main.flow.yaml", ONE.as_bytes());
    let status = stand.news("main", |status| status.problem.is_none()).await;
    assert_eq!(live(&status), Some(good));
}

#[tokio::test]
async fn a_file_that_is_not_yaml_is_refused_with_its_line() {
    let stand = Stand::with(&[("demo/main.flow.yaml", b"flow: [\nnodes: }\n")]).await;
    let status = stand.status(PluginKind::Flow, "main");
    assert_eq!(live(&status), None);
    let problem = &status.problem.unwrap()[0];
    assert!(problem.line.is_some(), "{problem}");
}

#[tokio::test]
async fn a_half_written_component_leaves_the_old_one_live_until_it_is_whole() {
    let mut stand = Stand::with(&[("demo/hello.flow.wasm", &built("rust_flow"))]).await;
    let old = live(&stand.status(PluginKind::Flow, "hello")).unwrap();

    // Another flow under the same name, written in two parts with a long break.
    let next = built("flow_script");
    let (half, rest) = next.split_at(next.len() / 2);
    let mut file = std::fs::File::create(stand.path("demo/hello.flow.wasm")).unwrap();
    file.write_all(half).unwrap();
    let status = stand.news("hello", |status| status.problem.is_some()).await;
    assert_eq!(live(&status), Some(old.clone()));
    let problem = &status.problem.as_ref().unwrap()[0];
    assert_eq!(problem.code, "admission.parse");
    assert!(
        problem.hint.as_ref().unwrap().contains("half-written"),
        "{problem}"
    );

    file.write_all(rest).unwrap();
    drop(file);
    let status = stand
        .news("hello", |status| live(status).is_some_and(|l| l != old))
        .await;
    assert_eq!(status.problem, None);
}

#[tokio::test]
async fn a_component_of_another_world_is_refused_and_told_its_name() {
    let stand = Stand::with(&[
        ("demo/wrong.flow.wasm", &built("best_skill")),
        ("demo/wrong.policy.wasm", &built("rust_flow")),
    ])
    .await;
    for (kind, hint) in [
        (PluginKind::Flow, "NAME.policy.wasm"),
        (PluginKind::Policy, "NAME.flow.wasm"),
    ] {
        let status = stand.status(kind, "wrong");
        assert_eq!(live(&status), None);
        let problem = &status.problem.unwrap()[0];
        assert_eq!(problem.code, "admission.world");
        assert!(problem.hint.as_ref().unwrap().contains(hint), "{problem}");
    }
}

#[tokio::test]
async fn what_is_no_component_is_refused_with_what_it_is() {
    let module = b"\0asm\x01\0\0\0";
    let stand = Stand::with(&[
        ("demo/text.flow.wasm", b"(component)"),
        ("demo/module.flow.wasm", module),
        ("demo/empty.flow.wasm", b""),
    ])
    .await;
    for (name, says) in [
        ("text", "not WebAssembly"),
        ("module", "core module"),
        ("empty", "not WebAssembly"),
    ] {
        let problem = &stand.status(PluginKind::Flow, name).problem.unwrap()[0];
        assert!(problem.message.contains(says), "{problem}");
    }
}

#[tokio::test]
async fn two_files_of_one_name_are_refused_by_name() {
    let stand = Stand::with(&[
        ("demo/main.flow.yaml", ONE.as_bytes()),
        ("demo/main.flow.wasm", &built("rust_flow")),
    ])
    .await;
    let problem = &stand.status(PluginKind::Flow, "main").problem.unwrap()[0];
    assert!(problem.message.contains("demo/main.flow.yaml"), "{problem}");
}

#[tokio::test]
async fn a_broken_configuration_is_refused_with_its_line() {
    let stand = Stand::with(&[
        ("demo/hello.flow.wasm", &built("rust_flow")),
        ("demo/hello.config.json", b"{\n  \"a\": ,\n}"),
    ])
    .await;
    let problem = &stand.status(PluginKind::Flow, "hello").problem.unwrap()[0];
    assert_eq!(problem.path, "demo/hello.config.json");
    assert_eq!(problem.line, Some(2));
}

#[tokio::test]
async fn a_rolled_back_version_stays_back_through_looks_and_restarts() {
    let mut stand = Stand::with(&[("demo/main.flow.yaml", ONE.as_bytes())]).await;
    let first = live(&stand.status(PluginKind::Flow, "main")).unwrap();
    stand.save("demo/main.flow.yaml", script("Hello two.").as_bytes());
    stand
        .news("main", |status| live(status).is_some_and(|l| l != first))
        .await;

    let unknown = stand
        .handle
        .roll_back(
            demo(),
            PluginKind::Flow,
            "main",
            Some("main@00000000"),
            by_admin("a try"),
        )
        .await;
    assert!(matches!(unknown, Err(ChangeError::UnknownVersion(_))));
    let back = stand
        .handle
        .roll_back(
            demo(),
            PluginKind::Flow,
            "main",
            None,
            by_admin("two was wrong"),
        )
        .await
        .expect("the first version is kept");
    assert_eq!(
        (back.status.label, back.status.state),
        (first.clone(), State::Active)
    );

    // The same content saved again: a new inode and new times, but no new version.
    stand.save("demo/main.flow.yaml", script("Hello two.").as_bytes());
    stand.save("demo/marker.flow.yaml", script("Marker.").as_bytes());
    stand.news("marker", |status| status.live.is_some()).await;
    assert_eq!(
        live(&stand.status(PluginKind::Flow, "main")),
        Some(first.clone())
    );

    let mut stand = stand.restart().await;
    assert_eq!(label(&stand.begin(contact(1), "main").await), first);

    stand.save("demo/main.flow.yaml", script("Hello three.").as_bytes());
    stand
        .news("main", |status| live(status).is_some_and(|l| l != first))
        .await;
}

#[tokio::test]
async fn what_was_live_is_live_again_after_a_restart_though_its_file_broke_meanwhile() {
    let stand = Stand::with(&[
        ("demo/main.flow.yaml", ONE.as_bytes()),
        ("demo/hello.flow.wasm", &built("rust_flow")),
    ])
    .await;
    let good = live(&stand.status(PluginKind::Flow, "main")).unwrap();
    std::fs::write(stand.path("demo/main.flow.yaml"), "flow: [").unwrap();
    let stand = stand.restart().await;
    let status = stand.status(PluginKind::Flow, "main");
    assert_eq!(live(&status), Some(good));
    assert!(status.problem.is_some());
    assert!(stand.handle.has_flow(demo(), "hello"));
}

#[tokio::test]
async fn a_removed_file_takes_its_flow_out_of_service_but_not_from_its_contacts() {
    let mut stand = Stand::with(&[("demo/main.flow.yaml", ONE.as_bytes())]).await;
    let first = stand.begin(contact(1), "main").await;
    std::fs::remove_file(stand.path("demo/main.flow.yaml")).unwrap();
    stand.news("main", |status| status.live.is_none()).await;
    assert!(!stand.handle.has_flow(demo(), "main"));
    let next = step(
        contact(1),
        "main",
        1,
        stepped(first).state,
        FlowEvent::HangUp {
            reason: "caller".to_owned(),
        },
    );
    assert!(stand.handle.ask(demo(), next).await.outcome.is_ok());
}

#[tokio::test]
async fn damaged_compiled_code_is_compiled_again() {
    let stand = Stand::with(&[("demo/hello.flow.wasm", &built("rust_flow"))]).await;
    let compiled = crate::stand::store_dir(stand.path("").parent().unwrap()).join("compiled");
    let mut damaged = 0;
    for entry in std::fs::read_dir(compiled).unwrap() {
        let path = entry.unwrap().path();
        let mut code = std::fs::read(&path).unwrap();
        let middle = code.len() / 2;
        code[middle] ^= 0xFF;
        std::fs::write(&path, code).unwrap();
        damaged += 1;
    }
    assert!(damaged >= 3, "interpreter, policy and flow were cached");
    let stand = stand.restart().await;
    assert!(stand.begin(contact(1), "hello").await.outcome.is_ok());
}
