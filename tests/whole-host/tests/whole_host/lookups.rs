//! A policy that looks things up, in the running host: what it found decides, and the decision says so.

use crate::desk::{Desk, PASSWORD};
use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Call, Host, Phone, Transport};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);

fn created(api: &Api, path: &str, body: &Value) -> String {
    let answer = api.send(Method::POST, path, Some(body));
    assert_eq!(answer.status, 201, "POST {path}: {}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// The example policy with its table, a queue that it decides for, and the line `500`.
fn set_up(host: &Host) -> Api {
    let admin = host.sign_in("admin");
    let flows = host.flows("demo");
    let tables = flows.join("tables");
    std::fs::create_dir_all(&tables).expect("our own folder");
    save(&tables, "customers.json", r#"{"+49777": {"points": 5}}"#);
    save(
        &flows,
        "vip.flow.yaml",
        "nodes:\n  wait: {queue: regulars}\n",
    );
    let policy = root().join("examples/dist/returning_customer.wasm");
    std::fs::copy(policy, flows.join("returning.policy.wasm"))
        .expect("the example, built by `make hostile`");
    for label in ["\"returning@", "\"vip@"] {
        admin.until("the plugins", "/flows", SOON, |flows| {
            flows.to_string().contains(label)
        });
    }
    let queue = json!({
        "name": "regulars", "policy": "returning", "skills": "", "ring_timeout_ms": 60_000,
        "wrap_up_ms": 0, "progress_every_ms": 20_000, "service_level_ms": 20_000,
        "max_waiting": 9, "music": null,
    });
    let queue = created(&admin, "/queues", &queue);
    let tess = json!({
        "user_name": "tess", "display_name": "Tess", "role": "agent", "password": PASSWORD,
        "desk_phone_password": PASSWORD, "queues": [{"queue": queue}],
    });
    created(&admin, "/users", &tess);
    let number = json!({"flow": "vip"});
    let answer = admin.send(Method::PUT, "/numbers/500", Some(&number));
    assert_eq!(answer.status, 200, "{}", answer.text());
    admin
}

fn call(host: &Host) -> Box<Call> {
    let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    "+49777".clone_into(&mut phone.user);
    phone.call("500").answered()
}

/// The customer's contact in this state.
fn contact(admin: &Api, state: &str) -> String {
    let path = format!("/contacts?state={state}&caller=49777");
    let contacts = admin.until("the contact", &path, SOON, |contacts| {
        contacts["items"][0]["id"].is_string()
    });
    let id = contacts["items"][0]["id"].as_str();
    id.expect("an id").to_owned()
}

#[test]
fn a_policy_is_told_the_customers_history_and_the_decision_shows_what_it_made_of_it() {
    let host = Host::start();
    let admin = set_up(&host);
    let first = call(&host);
    let (mut talk, tess, _presence) = Desk::of(&host, "tess").answers();
    first.hang_up();
    assert!(talk.is_hung_up(SOON), "the desk phone is told");
    contact(&admin, "ended");
    tess.until("Tess is free", "/agent", SOON, |page| {
        page["agent"]["state"] == "ready"
    });

    let again = call(&host);
    let id = contact(&admin, "open");
    let timeline = format!("/contacts/{id}/timeline");
    let facts = admin.until("the decision", &timeline, SOON, |facts| {
        facts.to_string().contains("\"routing_decided\"")
    });
    let facts = facts["items"].as_array().expect("a list");
    let body = |kind: &str| {
        let found = facts.iter().find(|fact| fact["kind"] == kind);
        &found.unwrap_or_else(|| panic!("no {kind} in {facts:#?}"))["body"]
    };
    assert_eq!(body("looked_up")["found"], json!(["history", "customer"]));
    assert_eq!(body("looked_up")["failed"], json!([]));
    // What is found may be late for the first ranking; then the visit is ranked again.
    let ranked: Vec<String> = facts
        .iter()
        .filter(|fact| fact["kind"] == "queue_ranked")
        .map(|fact| fact["body"]["reasons"].to_string())
        .collect();
    let known = |ranked: &String| {
        ranked.contains("1 contacts in the last 90 days: +1 points.")
            && ranked.contains("Table customers: +5 points.")
    };
    assert!(ranked.iter().any(known), "{ranked:#?}");
    let decided = body("routing_decided");
    let reasons = decided["reasons"].to_string();
    assert!(
        reasons.contains("They spoke with this agent last."),
        "{decided:#}"
    );
    assert_eq!(decided["version"]["name"], "returning", "{decided:#}");
    again.hang_up();
}
