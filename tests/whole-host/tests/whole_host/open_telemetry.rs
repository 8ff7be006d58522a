//! One trace from the call through the steps of its plugins, at a collector.

use hotline_whole_host::collector::Collector;
use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Host, HostOptions, Phone, Transport};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);

/// A CRM connector that is asked who calls; nothing listens where it asks.
fn connect_to_nobody(host: &Host) {
    let example = root().join("examples/dist/rest_connector_minimal.wasm");
    let flows = host.flows("demo");
    save(
        &flows,
        "crm.config.json",
        r#"{"base_url": "https://127.0.0.1:9"}"#,
    );
    std::fs::copy(example, flows.join("crm.connector.wasm")).expect("`make plugins` built it");
    let admin = host.sign_in("admin");
    admin.until("the connector", "/plugins", SOON, |plugins| {
        let plugins = plugins["items"].as_array().expect("a list");
        plugins
            .iter()
            .any(|plugin| plugin["name"] == "crm" && plugin["label"].is_string())
    });
    for (what, body) in [
        ("secrets/api-key", json!({"value": "nobody asks for it"})),
        ("uses", json!({"uses": ["screen_pop"]})),
    ] {
        let path = format!("/connectors/crm/{what}");
        let answer = admin.send(Method::PUT, &path, Some(&body));
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
}

#[test]
fn a_call_is_one_trace_with_the_steps_of_its_plugins_and_nothing_personal() {
    let collector = Collector::start();
    let host = Host::with(HostOptions {
        arguments: vec![
            format!("--otlp={}", collector.url()),
            "--allow-outbound=127.0.0.1".to_owned(),
        ],
        ..HostOptions::default()
    });
    let sue = host.sign_in("sue");
    connect_to_nobody(&host);
    let phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a line to the host");
    let caller = phone.user.clone();
    let call = phone.call("100").answered();
    let open = sue.until("the contact", "/contacts?state=open", SOON, |page| {
        page["items"][0]["id"].is_string()
    });
    let id = open["items"][0]["id"].as_str().expect("just seen");
    let timeline = format!("/contacts/{id}/timeline");
    sue.until("a place in the queue", &timeline, SOON, |timeline| {
        // The greeting takes no keys: an impatient caller presses until it helps.
        call.press('1');
        let facts = timeline["items"].as_array().expect("a list");
        facts.iter().any(|fact| fact["kind"] == "queue_entered")
    });
    sue.until("what became of the look-up", &timeline, SOON, |timeline| {
        let facts = timeline["items"].as_array().expect("a list");
        facts
            .iter()
            .any(|fact| fact["kind"] == "customer_looked_up")
    });
    call.hang_up();

    let spans = collector.spans(SOON, |spans| {
        spans.iter().any(|span| span.name == "contact")
    });
    let root = spans
        .iter()
        .find(|span| span.name == "contact")
        .expect("just seen");
    assert!(root.parent_span_id.is_empty());
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    for name in ["flow step", "queue", "rank", "GET"] {
        assert!(names.contains(&name), "no {name} in {names:?}");
    }
    for span in &spans {
        assert_eq!(
            span.trace_id, root.trace_id,
            "{} is of another trace",
            span.name
        );
        assert!(span.start_time_unix_nano <= span.end_time_unix_nano);
        let above = spans
            .iter()
            .any(|other| other.span_id == span.parent_span_id);
        assert!(
            above || span.span_id == root.span_id,
            "{} hangs on nothing",
            span.name
        );
    }
    let step = spans
        .iter()
        .find(|span| span.name == "flow step")
        .expect("a step");
    let told: Vec<&str> = step
        .attributes
        .iter()
        .map(|each| each.key.as_str())
        .collect();
    assert!(
        told.contains(&"hotline.plugin_version") && told.contains(&"hotline.fuel"),
        "{told:?}"
    );
    let request = spans.iter().find(|span| span.name == "GET");
    let request = request.expect("just seen");
    assert_eq!(request.parent_span_id, root.span_id);
    let told: Vec<&str> = request
        .attributes
        .iter()
        .map(|each| each.key.as_str())
        .collect();
    assert!(
        told.contains(&"hotline.endpoint") && told.contains(&"error.type"),
        "{told:?}"
    );
    assert!(!format!("{spans:?}").contains(caller.trim_start_matches('+')));
}
