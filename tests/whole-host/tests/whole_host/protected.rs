//! A caller types a PIN that only another system may know: the flow has it looked up by a connector,
//! and what was found chooses the priority. The PIN is nowhere but at the other system.

use crate::desk::PASSWORD;
use hotline_whole_host::collector::Collector;
use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::service::{Reply, Service};
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Call, Host, HostOptions, Phone, Transport};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);
const CALLER: &str = "+49777";
/// Digits that no clock, no id and no sample comes to by chance.
const PIN: &str = "918273645546372819";

const FLOW: &str = r#"
languages: [en]
nodes:
  pin:
    collect: Your PIN, please.
    digits: 18
    sensitive: true
    into: pin
    failed: stranger
    next: who
  who:
    lookup: {connector: crm, operation: verify-pin, with: {phone: "{caller}", pin: "{pin}"}}
    within: 10s
    into: {tier: tier}
    next: tier
    nothing: stranger
    failed: broken
  tier: {if: {tier: gold}, then: gold, else: stranger}
  gold: {queue: members, priority: 9, full: hangup}
  stranger: {queue: members, priority: 1, full: hangup}
  broken: {queue: members, priority: 0, full: hangup}
"#;

/// Knows one member by their PIN, and says nothing of it back.
fn crm() -> Service {
    Service::start(|request, _| match request.operation().as_str() {
        "POST /members/verify" if request.json() == json!({"phone": CALLER, "pin": PIN}) => {
            Reply::json(200, &json!({"member": {"tier": "gold"}}))
        }
        "POST /members/verify" => Reply::json(403, &json!({"error": "no"})),
        _ => Reply::json(404, &json!({"error": "not here"})),
    })
}

fn set_up(host: &Host, crm: &Service) -> Api {
    let admin = host.sign_in("admin");
    let flows = host.flows("demo");
    let config = json!({
        "base_url": crm.url(), "auth": "none",
        "find": [{"path": "/customers", "query": {"phone": "{phone}"}}],
        "customer": {"id": "/id", "name": "/name"},
        "check": {"path": "/"},
        "operations": {"verify-pin": {
            "path": "/members/verify", "body": {"phone": "{phone}", "pin": "{token:pin}"},
            "answer": "/member", "nothing": [403]
        }}
    });
    save(&flows, "crm.config.json", &config.to_string());
    save(&flows, "members.flow.yaml", FLOW);
    let connector = root().join("plugins/dist/rest_connector.wasm");
    std::fs::copy(connector, flows.join("crm.connector.wasm")).expect("built by `make plugins`");
    for label in ["\"crm@", "\"members@"] {
        admin.until("the plugins", "/flows", SOON, |flows| {
            flows.to_string().contains(label)
        });
    }
    let queue = json!({
        "name": "members", "policy": null, "skills": "", "ring_timeout_ms": 60_000,
        "wrap_up_ms": 0, "progress_every_ms": 20_000, "service_level_ms": 20_000,
        "max_waiting": 9, "music": null,
    });
    let made = admin.send(Method::POST, "/queues", Some(&queue));
    assert_eq!(made.status, 201, "{}", made.text());
    let agent = json!({
        "user_name": "tess", "display_name": "Tess", "role": "agent", "password": PASSWORD,
        "queues": [{"queue": made.json()["id"]}],
    });
    let made = admin.send(Method::POST, "/users", Some(&agent));
    assert_eq!(made.status, 201, "{}", made.text());
    let number = admin.send(
        Method::PUT,
        "/numbers/500",
        Some(&json!({"flow": "members"})),
    );
    assert_eq!(number.status, 200, "{}", number.text());
    admin
}

/// Calls, hears the question out or not, and keys the PIN in.
fn call(host: &Host, pin: &str) -> Box<Call> {
    let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    CALLER.clone_into(&mut phone.user);
    let call = phone.call("500").answered();
    call.hears("the question", SOON, |heard| {
        let loud = |sample: &i16| sample.unsigned_abs() > 2_000;
        heard.samples.iter().any(loud)
    });
    for key in pin.chars() {
        call.press(key);
    }
    call
}

/// The only open contact, once it is queued.
fn queued(admin: &Api) -> (String, Vec<Value>) {
    let contacts = admin.until("the contact", "/contacts?state=open", SOON, |contacts| {
        contacts["items"][0]["id"].is_string()
    });
    let id = contacts["items"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let timeline = format!("/contacts/{id}/timeline");
    let facts = admin.until("the queue", &timeline, SOON, |facts| {
        facts.to_string().contains("\"queue_entered\"")
    });
    (id, facts["items"].as_array().expect("a list").clone())
}

fn body<'f>(facts: &'f [Value], kind: &str) -> &'f Value {
    let found = facts.iter().find(|fact| fact["kind"] == kind);
    &found.unwrap_or_else(|| panic!("no {kind} in {facts:#?}"))["body"]
}

#[test]
fn a_pin_reaches_the_crm_alone_and_what_it_finds_is_the_callers_priority() {
    let (crm, collector) = (crm(), Collector::start());
    let host = Host::with(HostOptions {
        arguments: vec![
            "--allow-outbound=127.0.0.1".to_owned(),
            format!("--otlp={}", collector.url()),
        ],
        ..HostOptions::default()
    });
    let admin = set_up(&host, &crm);

    let member = call(&host, PIN);
    let (id, facts) = queued(&admin);
    assert_eq!(body(&facts, "queue_entered")["priority"], 9);
    let looked_up = body(&facts, "flow_looked_up");
    assert_eq!(looked_up["source"], "crm verify-pin");
    assert_eq!(looked_up["outcome"], "found");
    assert_eq!(body(&facts, "keys_collected")["length"], PIN.len());
    let received = crm.received();
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0].json()["pin"], PIN, "the CRM is told");
    member.hang_up();
    admin.until("the end", "/contacts?state=ended", SOON, |contacts| {
        contacts["items"][0]["id"] == id.as_str()
    });

    let stranger = call(&host, "123456789012345678");
    let (other, facts) = queued(&admin);
    assert_eq!(body(&facts, "queue_entered")["priority"], 1);
    assert_eq!(body(&facts, "flow_looked_up")["outcome"], "nothing");
    stranger.hang_up();

    let spans = collector.spans(SOON, |spans| {
        spans.iter().any(|span| span.name == "look up")
    });
    let pages = [
        format!("/contacts/{id}"),
        format!("/contacts/{id}/timeline"),
        format!("/contacts/{other}/timeline"),
        "/connectors/crm".to_owned(),
        "/connectors/crm/exchanges".to_owned(),
        "/connectors/crm/jobs".to_owned(),
        "/events?limit=500".to_owned(),
        "/flows".to_owned(),
    ];
    let mut shown = vec![format!("{spans:?}"), host.output().join("\n")];
    shown.extend(pages.map(|path| admin.get(&path).to_string()));
    for text in shown {
        assert!(!text.contains(PIN), "{text}");
    }
    let exchanges = admin.get("/connectors/crm/exchanges").to_string();
    assert!(exchanges.contains("{{token:keys-"), "{exchanges}");
    holds_nowhere(host.folder());
}

/// Fails at a file below the folder that holds the PIN: journal, database, recorded calls, sounds.
fn holds_nowhere(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("our own folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            holds_nowhere(&path);
        } else if let Ok(content) = std::fs::read(&path) {
            let mut parts = content.windows(PIN.len());
            let holds = parts.any(|part| part == PIN.as_bytes());
            assert!(!holds, "{} holds the PIN", path.display());
        }
    }
}
