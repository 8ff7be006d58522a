//! A plugin's configuration: kept over an upgrade, and what an upgrade is held against.

use crate::stand::{Stand, built, by_admin, demo};
use hotline_sandbox::PluginKind::Qa;
use hotline_sandbox::rollout::{State, Upload, UploadBody, UploadError, Wish};
use hotline_sandbox::{PluginStatus, VersionDetail};

const FILE: &str = "demo/greeting.qa.wasm";

fn greeting() -> Vec<u8> {
    built("qa_greeting")
}

/// The same rule, whose manifest allows fewer turns.
fn stricter() -> Vec<u8> {
    let mut wasm = greeting();
    let (from, to) = (br#""maximum": 20"#, br#""maximum": 10"#);
    let place = wasm.windows(from.len()).position(|bytes| bytes == from);
    let place = place.expect("the manifest bounds the turns");
    wasm[place..place + to.len()].copy_from_slice(to);
    wasm
}

async fn configured(stand: &Stand, config: &str) -> Result<VersionDetail, UploadError> {
    let upload = Upload {
        kind: Qa,
        name: "greeting".to_owned(),
        body: UploadBody::Active,
        config: Some(config.to_owned()),
    };
    let cause = by_admin("other settings");
    stand.handle.upload(demo(), upload, cause).await
}

async fn activate(stand: &Stand, version: &VersionDetail) {
    let id = version.status.id.to_string();
    stand.stage(Qa, "greeting", &id).await;
    let active = stand.change(Qa, "greeting", &id, Wish::Active).await;
    active.expect("it was staged");
}

fn config(stand: &Stand) -> String {
    let config = stand.handle.config(demo(), Qa, "greeting");
    config.expect("it is live").as_ref().to_owned()
}

#[tokio::test]
async fn another_configuration_is_another_version_of_the_same_code() {
    let stand = Stand::with(&[(FILE, &greeting())]).await;
    let version = configured(&stand, r#"{"within_turns":15}"#).await;
    let version = version.expect("it is looked at");
    assert_eq!(version.status.state, State::Compiled);
    assert_eq!(config(&stand), "{}", "until it is activated");

    activate(&stand, &version).await;
    assert_eq!(config(&stand), r#"{"within_turns":15}"#);
    let nobody = Stand::with(&[]).await;
    let refused = configured(&nobody, "{}").await;
    assert!(matches!(refused, Err(UploadError::NothingActive)));
}

#[tokio::test]
async fn an_upgrade_that_the_configuration_does_not_fit_is_refused_with_the_place() {
    let mut stand = Stand::with(&[(FILE, &greeting())]).await;
    let version = configured(&stand, r#"{"within_turns":15}"#).await;
    activate(&stand, &version.expect("it is looked at")).await;

    let sent = UploadBody::Component(stricter().into());
    let sent = stand.upload(Qa, "greeting", sent).await;
    let sent = sent.expect("it is looked at");
    assert_eq!(sent.status.state, State::Rejected);
    let told = &sent.report[0];
    assert_eq!(told.code, "config.schema");
    assert!(told.message.starts_with("`/within_turns`: "), "{told}");

    stand.save(FILE, &stricter());
    let refused = |status: &PluginStatus| status.problem.is_some();
    let status = stand.news("greeting", refused).await;
    let told = &status.problem.expect("refused")[0];
    assert!(told.message.starts_with("`/within_turns`: "), "{told}");
    assert_eq!(config(&stand), r#"{"within_turns":15}"#, "nothing changed");
}
