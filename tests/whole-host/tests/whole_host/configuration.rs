//! A plugin's settings over the API: what does not fit is refused at its place, what fits becomes a
//! version that goes into service like any other.

use hotline_whole_host::host::root;
use hotline_whole_host::{Api, Host};
use reqwest::Method;
use serde_json::{Value, json};

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
