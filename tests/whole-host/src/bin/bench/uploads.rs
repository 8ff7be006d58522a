//! From an upload over REST to a version in service, and back to the one before.

use crate::table::{Spread, Table, progress};
use hotline_whole_host::{Api, host};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Instant;

const UPLOADS: u64 = 5;
const ROLLBACKS: usize = 20;

pub(crate) fn measure(table: &mut Table, admin: &Api) {
    let policies = [
        ("Rust", "plugins/dist/best_skill.wasm", "< 2 s"),
        ("TypeScript", "examples/dist/ts_longest_idle.wasm", "< 8 s"),
    ];
    for (language, path, goal) in policies {
        progress(&format!("uploads of a plugin in {language}"));
        let component = std::fs::read(host::root().join(path)).expect("it is built");
        let plugin = format!("uploaded-{}", language.to_lowercase());
        let (mut fresh, mut known) = (Vec::new(), Vec::new());
        for number in 0..UPLOADS {
            let component = distinct(&component, number);
            fresh.push(upload(admin, &plugin, &component));
            // The same code under another name: compiled before.
            known.push(upload(admin, &format!("{plugin}-again"), &component));
        }
        for (took, what, goal) in [(fresh, "", goal), (known, ", compiled before", "")] {
            if let Some(took) = Spread::of(took) {
                let title =
                    format!("upload -> active in {language}{what}, p50 / worst of {UPLOADS}");
                table.row(&title, goal, took.in_ms());
            }
        }
        let took = (0..ROLLBACKS).map(|_| roll_back(admin, &plugin)).collect();
        if let Some(took) = Spread::of(took) {
            let title = format!("rollback in {language}, p50 / worst of {ROLLBACKS}");
            table.row(&title, "< 50 ms", took.in_ms());
        }
    }
}

/// The component with a custom section of its own at the end: the same code, another digest.
fn distinct(component: &[u8], number: u64) -> Vec<u8> {
    const NAME: &[u8; 5] = b"bench";
    let data = number.to_le_bytes();
    let mut section = vec![0, (1 + NAME.len() + data.len()) as u8, NAME.len() as u8];
    section.extend_from_slice(NAME);
    section.extend_from_slice(&data);
    [component, &section].concat()
}

/// Microseconds until it is in service, by the answers.
fn upload(admin: &Api, plugin: &str, component: &[u8]) -> u64 {
    let began = Instant::now();
    let path = format!("/plugins/policy/{plugin}/versions");
    let sent = admin.send_bytes(
        Method::POST,
        &path,
        Some(component.to_vec()),
        "application/wasm",
    );
    let version = sent.json();
    assert_eq!(version["state"], "compiled", "{version}");
    let added = version["permission_changes"]["added"].as_array();
    let accept: Vec<&Value> = added.into_iter().flatten().map(|one| &one["id"]).collect();
    let id = version["id"].as_str().expect("an id");
    for to in [json!({"staged": {"accept": accept}}), json!("active")] {
        let path = format!("{path}/{id}/state");
        let answer = admin.send(Method::POST, &path, Some(&json!({"to": to})));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    began.elapsed().as_micros() as u64
}

/// Microseconds of going back to the version before; the later one is put back into service.
fn roll_back(admin: &Api, plugin: &str) -> u64 {
    let path = format!("/plugins/policy/{plugin}");
    let active = |answer: &Value| {
        let versions = answer["versions"].as_array().into_iter().flatten();
        let mut active = versions.filter(|version| version["state"] == "active");
        active.next().map(|version| version["id"].clone())
    };
    let later = active(&admin.get(&path)).expect("a version is active");
    let began = Instant::now();
    let answer = admin.send(Method::POST, &format!("{path}/rollback"), Some(&json!({})));
    let took = began.elapsed().as_micros() as u64;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_ne!(active(&admin.get(&path)), Some(later.clone()));
    let id = later.as_str().expect("an id");
    let again = format!("{path}/versions/{id}/state");
    let answer = admin.send(Method::POST, &again, Some(&json!({"to": "active"})));
    assert_eq!(answer.status, 200, "{}", answer.text());
    took
}
