//! A plugin's settings over the API: what does not fit is refused at its place, what fits becomes a
//! version that goes into service like any other.

use hotline_whole_host::host::root;
use hotline_whole_host::{Api, Host};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const PLUGIN: &str = "/plugins/qa/greeting";

fn activate(admin: &Api, version: &Value) {
    let id = version["id"].as_str().expect("an id");
    let added = version["permission_changes"]["added"].as_array();
    let accept: Vec<&Value> = added
        .expect("a list")
        .iter()
        .map(|one| &one["id"])
        .collect();
    for to in [json!({"staged": {"accept": accept}}), json!("active")] {
        let path = format!("{PLUGIN}/versions/{id}/state");
        let answer = admin.send(Method::POST, &path, Some(&json!({"to": to})));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

#[test]
fn settings_are_held_against_the_schema_and_become_a_version() {
    let host = Host::start();
    let admin = host.sign_in("admin");
    let wasm = root().join("examples/dist/qa_greeting.wasm");
    let wasm = std::fs::read(wasm).expect("the example is built: run `make plugins`");
    let path = format!("{PLUGIN}/versions");
    let sent = admin.send_bytes(Method::POST, &path, Some(wasm), "application/wasm");
    assert_eq!(sent.json()["state"], "compiled", "{}", sent.text());
    activate(&admin, &sent.json());

    let path = format!("{PLUGIN}/configuration");
    let before = admin.get(&path);
    assert_eq!(before["value"], json!({}));
    assert_eq!(
        before["schema"]["properties"]["within_turns"]["maximum"],
        20
    );
    assert_eq!(before["choices"]["flow"], json!(["main"]));

    let wrong = json!({"value": {"within_turns": 99, "greetings": ["hello", ""]}});
    let refused = admin.send(Method::PUT, &path, Some(&wrong));
    assert_eq!(refused.status, 422, "{}", refused.text());
    let errors = refused.json()["errors"].as_array().expect("errors").clone();
    let mut places: Vec<&str> = errors
        .iter()
        .filter_map(|one| one["field"].as_str())
        .collect();
    places.sort_unstable();
    assert_eq!(places, ["/greetings/1", "/within_turns"]);

    let right = json!({"value": {"within_turns": 3}, "note": "sooner"});
    let saved = admin.send(Method::PUT, &path, Some(&right));
    assert_eq!(saved.status, 200, "{}", saved.text());
    let saved = saved.json();
    assert_eq!(
        (&saved["state"], &saved["note"]),
        (&json!("compiled"), &json!("sooner"))
    );
    assert_eq!(
        admin.get(&path)["value"],
        json!({}),
        "until it is activated"
    );
    activate(&admin, &saved);
    assert_eq!(admin.get(&path)["value"], json!({"within_turns": 3}));
}

/// A guest with another manifest in the place of its own, which is its last section and short.
fn with_manifest(mut component: Vec<u8>, manifest: &str) -> Vec<u8> {
    const NAME: &[u8] = b"\x10hotline:manifest";
    let name = component.windows(NAME.len()).position(|at| at == NAME);
    let header = name.expect("it has one") - 2;
    assert_eq!(component[header], 0, "a custom section");
    component.truncate(header);
    // The section's length in LEB128, of two bytes.
    let length = NAME.len() + manifest.len();
    let digit = |value: usize| u8::try_from(value).expect("below 128");
    component.extend([0, digit(length % 128) | 0x80, digit(length / 128)]);
    component.extend(NAME);
    component.extend(manifest.as_bytes());
    component
}

#[test]
fn a_form_gets_its_fields_in_their_authors_order() {
    let host = Host::start();
    let admin = host.sign_in("admin");
    let guest = root().join("tests/hostile-guests/dist/panics.wasm");
    let guest = std::fs::read(guest).expect("the guest is built: run `make plugins`");
    let manifest = r#"{"name": "ordered", "version": "1.0.0", "sdk": "rust 1.0.0", "world": "ivr-flow",
        "config_schema": {"type": "object", "properties": {
            "zone": {"type": "string"}, "area": {"type": "string"}, "menu": {"type": "string"}
        }}}"#;
    let component = with_manifest(guest, manifest);
    let path = host.flows("demo").join("ordered.flow.wasm");
    std::fs::write(path, component).expect("room for a component");
    let path = "/plugins/flow/ordered/configuration";
    let soon = Duration::from_secs(60);
    admin.until("the plugin", path, soon, |plugin| {
        plugin["schema"].is_object()
    });

    let told = admin.send(Method::GET, path, None).text();
    let place = |field: &str| told.find(field).expect("the field is told");
    let [zone, area, menu] = [r#""zone""#, r#""area""#, r#""menu""#].map(place);
    assert!(zone < area && area < menu, "{told}");
}
