//! Flow languages of the tenants' own: what compiles and runs which script, and what becomes of
//! scripts when their language changes.

use crate::stand::{STAGED, Stand, built, contact, demo, label, other, step, stepped};
use hotline_sandbox::PluginKind::{Flow, Language};
use hotline_sandbox::rollout::{ChangeError, State, UploadBody, Wish};
use hotline_sandbox::{Diagnostic, LanguageName, PluginStatus};
use hotline_vocabulary::flow::{Command, FlowEvent};
use hotline_vocabulary::plugin::Digest;
use hotline_vocabulary::question::Verdict;

const WORKSHOP: &[u8] = b"say Welcome to the workshop.\npress 1 sales\nqueue support\n";

/// The same component with other bytes: a custom section that nobody reads.
fn rebuilt(component: &[u8]) -> Vec<u8> {
    let mut rebuilt = component.to_vec();
    rebuilt.extend([0, 8, 7]);
    rebuilt.extend(b"rebuilt");
    rebuilt
}

fn interpreter(verdict: &Verdict) -> Digest {
    verdict
        .version
        .as_ref()
        .expect("a version answered")
        .component
}

fn live_interpreter(status: &PluginStatus) -> Option<Digest> {
    status.live.as_ref().map(|version| version.component)
}

fn problem(status: &PluginStatus) -> &[Diagnostic] {
    status.problem.as_deref().unwrap_or_default()
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|one| one.code.as_str()).collect()
}

async fn workshop() -> Stand {
    Stand::with(&[
        ("demo/lines.language.wasm", &built("lines")),
        ("demo/main.flow.lines", WORKSHOP),
    ])
    .await
}

#[tokio::test]
async fn a_script_in_a_tenants_own_language_is_compiled_run_and_corrected() {
    let mut stand = workshop().await;
    assert_eq!(stand.status(Language, "lines").problem, None);
    let first = stand.begin(contact(1), "main").await;
    let good = label(&first);
    let greeted = stepped(first);
    assert!(matches!(greeted.actions[0].command, Command::Answer));
    assert!(matches!(greeted.actions[1].command, Command::Collect(_)));
    assert_eq!(stand.status(Flow, "main").picture[0].kind, "menu");

    let wrong = "say Welcome to the workshop.\nsing a song\n";
    stand.save("demo/main.flow.lines", wrong.as_bytes());
    let status = stand.news("main", |status| status.problem.is_some()).await;
    let told = &problem(&status)[0];
    assert_eq!(
        (told.code.as_str(), told.line),
        ("lines.unknown-word", Some(2))
    );
    assert_eq!(told.path, "demo/main.flow.lines");
    assert_eq!(status.label, Some(good.clone()), "the last good one stays");

    stand.save(
        "demo/main.flow.lines",
        b"say We have moved.\nqueue support\n",
    );
    let status = stand.news("main", |status| status.problem.is_none()).await;
    assert_ne!(status.label, Some(good));
}

#[tokio::test]
async fn one_tenants_language_serves_no_others_scripts() {
    let stand = Stand::with(&[
        ("demo/lines.language.wasm", &built("lines")),
        ("demo/main.flow.lines", WORKSHOP),
        ("other/main.flow.lines", WORKSHOP),
    ])
    .await;
    assert!(stand.handle.has_flow(demo(), "main"));
    assert!(!stand.handle.has_flow(other(), "main"));
    let theirs = &stand.handle.catalogue(other())[0];
    assert_eq!(codes(problem(theirs)), ["language.missing"]);
    let hint = problem(theirs)[0].hint.as_deref().unwrap();
    assert!(hint.contains("`lines.language.wasm`"), "{hint}");
}

#[tokio::test]
async fn another_interpreter_compiles_its_scripts_anew_for_the_next_contact() {
    let mut stand = workshop().await;
    let began = stand.begin(contact(1), "main").await;
    let old = interpreter(&began);

    stand.save("demo/lines.language.wasm", &rebuilt(&built("lines")));
    let status = stand
        .news("main", |status| live_interpreter(status) != Some(old))
        .await;
    assert_eq!(status.problem, None);
    let note = &status.versions[0].note;
    assert!(note.contains("compiled anew by lines@"), "{note}");
    let new = interpreter(&stand.begin(contact(2), "main").await);
    assert_eq!(
        live_interpreter(&stand.status(Language, "lines")),
        Some(new)
    );

    let next = FlowEvent::HangUp {
        reason: "caller".to_owned(),
    };
    let next = step(contact(1), "main", 1, stepped(began).state, next);
    let ended = stand.handle.ask(demo(), next).await;
    assert_eq!(interpreter(&ended), old, "a call stays on its pair");
    assert!(ended.outcome.is_ok());
}

#[tokio::test]
async fn a_script_that_the_new_interpreter_refuses_stays_on_its_old_pair_and_says_so() {
    let mut stand = workshop().await;
    let pair = stand.status(Flow, "main").live;
    // It speaks, but not this language.
    stand.save("demo/lines.language.wasm", &built("flow_script"));
    let status = stand.news("main", |status| status.problem.is_some()).await;
    assert_eq!(status.live, pair);
    let told = problem(&status);
    assert_eq!(told[0].code, "language.refused");
    assert!(told[1].code.starts_with("script."), "{}", told[1]);
    assert_eq!(told[1].line, Some(1));
    let language = stand
        .news("lines", |status| !status.warnings.is_empty())
        .await;
    let remark = &language.warnings[0];
    assert_eq!(remark.code, "language.scripts-behind");
    assert!(remark.message.contains("main"), "{remark}");
    assert_eq!(
        interpreter(&stand.begin(contact(1), "main").await),
        pair.as_ref().unwrap().component
    );

    // Nothing of it is lost with a restart, nor done in secret.
    let mut stand = stand.restart().await;
    let status = stand.status(Flow, "main");
    assert_eq!(
        (&status.live, problem(&status)[0].code.as_str()),
        (&pair, "language.refused")
    );
    assert_eq!(stand.status(Language, "lines").warnings.len(), 1);

    stand.save("demo/lines.language.wasm", &built("lines"));
    let by_first = pair.as_ref().map(|pair| pair.component);
    let is_back =
        |status: &PluginStatus| live_interpreter(status) == by_first && status.warnings.is_empty();
    stand.news("lines", is_back).await;
    let status = stand.status(Flow, "main");
    assert_eq!((status.live, status.problem), (pair, None));
}

#[tokio::test]
async fn a_removed_language_leaves_its_scripts_as_they_are_and_says_so() {
    let mut stand = workshop().await;
    let pair = stand.status(Flow, "main").live;
    std::fs::remove_file(stand.path("demo/lines.language.wasm")).unwrap();
    let status = stand.news("main", |status| status.problem.is_some()).await;
    assert_eq!(codes(problem(&status)), ["language.missing"]);
    assert_eq!(status.live, pair);

    let stand = stand.restart().await;
    let status = stand.status(Flow, "main");
    assert_eq!(
        (status.live.clone(), codes(problem(&status))),
        (pair, vec!["language.missing"])
    );
    assert!(stand.begin(contact(1), "main").await.outcome.is_ok());
}

#[tokio::test]
async fn a_language_and_its_scripts_can_be_uploaded_and_rolled_back() {
    let stand = Stand::new();
    stand.serve().await;
    let script = || UploadBody::Script {
        language: LanguageName::parse("lines").unwrap(),
        text: String::from_utf8(WORKSHOP.to_vec()).unwrap(),
    };
    let early = stand.upload(Flow, "main", script()).await.unwrap();
    assert_eq!(early.status.state, State::Rejected);
    assert_eq!(codes(&early.report), ["language.missing"]);

    let first = UploadBody::Component(built("lines").into());
    let first = stand.upload(Language, "lines", first).await.unwrap();
    let first = first.status.label;
    stand.stage(Language, "lines", &first).await;
    let shadow = stand.change(Language, "lines", &first, Wish::Shadow).await;
    assert!(matches!(shadow, Err(ChangeError::NotTried)), "{shadow:?}");
    stand
        .change(Language, "lines", &first, Wish::Active)
        .await
        .unwrap();

    let sent = stand.upload(Flow, "main", script()).await.unwrap();
    assert_eq!(
        (sent.status.state, sent.path.as_str()),
        (State::Compiled, "main.flow.lines")
    );
    let label = sent.status.label;
    stand.change(Flow, "main", &label, STAGED).await.unwrap();
    stand
        .change(Flow, "main", &label, Wish::Active)
        .await
        .unwrap();
    let by_first = stand.status(Flow, "main").live;

    let second = UploadBody::Component(rebuilt(&built("lines")).into());
    let second = stand
        .upload(Language, "lines", second)
        .await
        .unwrap()
        .status
        .label;
    stand
        .change(Language, "lines", &second, STAGED)
        .await
        .unwrap();
    stand
        .change(Language, "lines", &second, Wish::Active)
        .await
        .unwrap();
    let by_second = stand.status(Flow, "main").live;
    assert_ne!(by_second, by_first);

    stand
        .change(Language, "lines", &first, Wish::Active)
        .await
        .unwrap();
    assert_eq!(
        stand.status(Flow, "main").live,
        by_first,
        "each script goes back with it"
    );
}

#[tokio::test]
async fn what_only_looks_like_a_script_is_left_alone() {
    let stand = Stand::with(&[
        ("demo/main.flow.yaml", crate::stand::MENU),
        ("demo/main.flow.bak", b"flow: ["),
        ("demo/yaml.language.wasm", &built("lines")),
        ("demo/hello.language.wasm", &built("rust_flow")),
    ])
    .await;
    assert_eq!(stand.status(Flow, "main").problem, None);
    let refused = |name| codes(problem(&stand.status(Language, name))).join(" ");
    assert_eq!(refused("yaml"), "language.name");
    assert_eq!(refused("hello"), "admission.world");
}
