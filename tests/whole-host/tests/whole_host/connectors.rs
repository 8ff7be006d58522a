//! Connectors at work in the running host: a call comes in, a CRM says whose it is, the agent sees it
//! while the phone rings, and the CRM is told of the call when it is over.

use crate::desk::{Desk, PASSWORD};
use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::service::{Received, Reply, Service};
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Host, HostOptions, Phone, Transport};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);
/// A value that stands nowhere else.
const SECRET: &str = "Xq7-secret-of-the-crm-91";
const CALLER: &str = "+49777";

fn put(api: &Api, path: &str, body: &Value) {
    let answer = api.send(Method::PUT, path, Some(body));
    assert!(
        answer.status.is_success(),
        "PUT {path}: {} {}",
        answer.status,
        answer.text()
    );
}

fn created(api: &Api, path: &str, body: &Value) -> String {
    let answer = api.send(Method::POST, path, Some(body));
    assert_eq!(answer.status, 201, "POST {path}: {}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// A host that may speak to loopback, with this connector as `crm`, a queue, and the line `500`.
fn set_up(built: &str, config: &Value) -> (Host, Api) {
    let host = Host::with(HostOptions {
        arguments: vec!["--allow-outbound".to_owned(), "127.0.0.1".to_owned()],
        ..HostOptions::default()
    });
    let admin = host.sign_in("admin");
    let flows = host.flows("demo");
    save(&flows, "crm.config.json", &config.to_string());
    save(
        &flows,
        "known.flow.yaml",
        "nodes:\n  wait: {queue: known}\n",
    );
    let built = root().join(format!("plugins/dist/{built}.wasm"));
    std::fs::copy(built, flows.join("crm.connector.wasm")).expect("built by `make plugins`");
    for label in ["\"crm@", "\"known@"] {
        admin.until("the plugins", "/flows", SOON, |flows| {
            flows.to_string().contains(label)
        });
    }
    let uses = json!({"uses": ["screen_pop", "log_activity"]});
    put(&admin, "/connectors/crm/uses", &uses);
    let queue = json!({
        "name": "known", "policy": null, "skills": "", "ring_timeout_ms": 60_000,
        "wrap_up_ms": 60_000, "progress_every_ms": 20_000, "service_level_ms": 20_000,
        "max_waiting": 9, "music": null,
    });
    let queue = created(&admin, "/queues", &queue);
    let tess = json!({
        "user_name": "tess", "display_name": "Tess", "role": "agent", "password": PASSWORD,
        "desk_phone_password": PASSWORD, "queues": [{"queue": queue}],
    });
    created(&admin, "/users", &tess);
    put(&admin, "/numbers/500", &json!({"flow": "known"}));
    (host, admin)
}

fn check(admin: &Api) -> (bool, String) {
    let answer = admin.send(Method::POST, "/connectors/crm/check", Some(&json!({})));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let said = answer.json();
    let summary = said["summary"].as_str().expect("a sentence").to_owned();
    (said["connected"] == true, summary)
}

/// One call from ring to wrap-up; gives what the agent's page said while it rang, and the contact.
fn call(host: &Host, note: &str) -> (Value, String) {
    let Desk {
        agent: tess,
        mut phone,
        presence,
    } = Desk::of(host, "tess");
    let mut customer = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    CALLER.clone_into(&mut customer.user);
    let customer = customer.call("500").answered();

    let ringing = phone.rings(SOON);
    let shown = |page: &Value| page["agent"]["offers"][0].is_object() && is_known(page);
    let page = tess.until("the card while it rings", "/agent", SOON, shown);
    presence.hears("the card", SOON, |message| {
        message["type"] == "agent" && shown(&message["agent"])
    });
    let contact = page["agent"]["offers"][0]["contact"].as_str();
    let contact = contact.expect("an id").to_owned();
    let mut talk = phone.pick_up(ringing);
    tess.until("the card while they talk", "/agent", SOON, |page| {
        page["agent"]["state"] == "talking" && is_known(page)
    });
    customer.hang_up();
    assert!(talk.is_hung_up(SOON), "the desk phone is told");
    tess.until("the wrap-up", "/agent", SOON, |page| {
        page["agent"]["work"][0]["stage"] == "wrap_up"
    });
    tess.request(&json!({
        "request": "dispose", "contact": contact, "disposition": "resolved", "note": note,
    }));
    (page, contact)
}

fn is_known(page: &Value) -> bool {
    page["customers"][0]["customers"][0].is_object()
}

fn done(admin: &Api) -> Value {
    // A job that comes before the agent's word is looked at again after a quarter of a minute.
    let within = Duration::from_secs(90);
    let jobs = admin.until("the job", "/connectors/crm/jobs", within, |jobs| {
        jobs["items"][0]["state"] == "done"
    });
    jobs["items"][0].clone()
}

fn of(received: &[Received], operation: &str) -> Vec<Received> {
    let these = received.iter().filter(|one| one.operation() == operation);
    these.cloned().collect()
}

/// A CRM that knows one customer, says back what it was shown, and loses its first answer to a call
/// that it has stored.
fn crm() -> Service {
    Service::start(|request, before| {
        let bearer = format!("Bearer {SECRET}");
        if request.header("authorization") != Some(&bearer) {
            return Reply::json(401, &json!({"error": "who are you?"}));
        }
        match request.operation().as_str() {
            "GET /me" => Reply::json(200, &json!({"name": "Acme"})),
            "GET /customers" if !request.target.contains("49777") => {
                Reply::json(200, &json!({"data": []}))
            }
            "GET /customers" => Reply::json(
                200,
                &json!({"data": [{"id": 7, "name": "Li Wei", "tier": "gold", "seen": bearer}]}),
            ),
            "POST /customers/7/calls" => match of(before, "POST /customers/7/calls").len() {
                0 => Reply::json(503, &json!({"error": "try again"})),
                _ => Reply::json(201, &json!({"id": 81})),
            },
            _ => Reply::json(404, &json!({"error": "not here"})),
        }
    })
}

fn config(crm: &Service) -> Value {
    json!({
        "base_url": crm.url(), "auth": "bearer",
        "find": [{"path": "/customers", "query": {"phone": "{phone}"}, "items": "/data"}],
        "customer": {
            "id": "/id", "name": "/name", "fields": {"Tier": "/tier", "Seen": "/seen"},
            "link": "https://crm.example.com/customers/{/id}"
        },
        "log": {
            "path": "/customers/{customer}/calls",
            "body": {"note": "{body}", "result": "{disposition}", "agent": "{agent}"}
        },
        "check": {"path": "/me", "account": "/name"}
    })
}

#[test]
fn a_customer_is_on_the_agents_page_while_it_rings_and_the_crm_is_told_of_the_call_once() {
    let crm = crm();
    let (host, admin) = set_up("rest_connector", &config(&crm));
    let (connected, summary) = check(&admin);
    assert!(!connected && summary.contains("credential"), "{summary}");
    put(
        &admin,
        "/connectors/crm/secrets/credential",
        &json!({"value": SECRET}),
    );
    assert_eq!(
        check(&admin),
        (true, "The service answered for Acme.".to_owned())
    );

    let (page, contact) = call(&host, "wants a refund");
    let known = &page["customers"][0];
    assert_eq!(known["contact"], contact.as_str());
    assert_eq!(known["connector"], "crm");
    let customer = &known["customers"][0];
    assert_eq!(customer["name"], "Li Wei");
    assert_eq!(customer["url"], "https://crm.example.com/customers/7");
    assert!(
        customer["fields"]
            .to_string()
            .contains("[\"Tier\",\"gold\"]")
    );

    let job = done(&admin);
    assert_eq!(job["contact"], contact.as_str());
    assert_eq!(job["result"]["id"], "81");
    let received = crm.received();
    let told = of(&received, "POST /customers/7/calls");
    assert_eq!(
        told.len(),
        2,
        "the one that failed, and the one that did not"
    );
    assert_eq!(
        told[1].json(),
        json!({"note": "wants a refund", "result": "resolved", "agent": "Tess"})
    );
    for one in &told {
        assert_eq!(one.header("idempotency-key"), Some(contact.as_str()));
    }
    let looked_up = of(&received, "GET /customers");
    assert_eq!(looked_up[0].target, "/customers?phone=%2B49777");

    let timeline = format!("/contacts/{contact}/timeline");
    let pages = [
        "/connectors/crm",
        "/connectors/crm/exchanges",
        "/connectors/crm/jobs",
        "/flows",
        &timeline,
    ];
    let mut shown = vec![page.to_string(), host.output().join("\n")];
    shown.extend(pages.map(|path| admin.get(path).to_string()));
    for text in shown {
        assert!(!text.contains(SECRET), "{text}");
    }
    holds_nowhere(host.folder(), SECRET.as_bytes());
}

#[test]
fn a_crm_is_told_nothing_of_people_it_does_not_know_and_not_asked_again() {
    let crm = crm();
    let (host, admin) = set_up("rest_connector", &config(&crm));
    let secret = "/connectors/crm/secrets/credential";
    put(&admin, secret, &json!({"value": SECRET}));
    let mut stranger = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    "+49000".clone_into(&mut stranger.user);
    let stranger = stranger.call("500").answered();
    admin.until("the look-up", "/connectors/crm/exchanges", SOON, |said| {
        said["items"][0]["status"] == 200
    });
    stranger.hang_up();
    let jobs = admin.until("the job's end", "/connectors/crm/jobs", SOON, |jobs| {
        jobs["items"][0]["ended_at"].is_i64()
    });
    let job = &jobs["items"][0];
    assert_eq!(job["state"], "given_up");
    assert_eq!(job["tries"], 1);
    let problem = job["problem"].as_str().expect("a sentence");
    assert!(
        problem.contains("`log.path` needs what is not known"),
        "{problem}"
    );
    let asked: Vec<String> = crm.received().iter().map(Received::operation).collect();
    assert_eq!(asked, ["GET /customers"]);
}

/// Fails at a file below the folder that holds these bytes.
fn holds_nowhere(folder: &Path, bytes: &[u8]) {
    for entry in std::fs::read_dir(folder).expect("our own folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            holds_nowhere(&path, bytes);
        } else if let Ok(content) = std::fs::read(&path) {
            let holds = content.windows(bytes.len()).any(|part| part == bytes);
            assert!(!holds, "{} holds the secret", path.display());
        }
    }
}

/// Answers as HubSpot's documentation says it does, and has had too many requests when it is first
/// asked for a contact.
fn hubspot() -> Service {
    const CONTACTS: &str = "POST /crm/v3/objects/contacts/search";
    Service::start(|request, before| {
        let error = |status, kind: &str, message: &str| {
            let correlation = "f0ee980f-a446-4189-b004-ff06d08bf4e3";
            Reply::json(
                status,
                &json!({
                    "status": "error", "message": message, "correlationId": correlation,
                    "category": kind
                }),
            )
        };
        if request.header("authorization") != Some(&format!("Bearer {SECRET}")) {
            let message = "Authentication credentials not found.";
            return error(401, "INVALID_AUTHENTICATION", message);
        }
        let record = |id: &str, properties: Value| {
            let at = "2024-01-17T19:55:04.281Z";
            json!({
                "id": id, "properties": properties, "createdAt": at, "updatedAt": at,
                "archived": false
            })
        };
        match request.operation().as_str() {
            "GET /account-info/v3/details" => Reply::json(
                200,
                &json!({"portalId": 123_456, "accountType": "STANDARD", "timeZone": "US/Eastern"}),
            ),
            CONTACTS if of(before, CONTACTS).is_empty() => Reply::json(
                429,
                &json!({
                    "status": "error", "message": "You have reached your secondly limit.",
                    "errorType": "RATE_LIMIT", "policyName": "SECONDLY",
                    "correlationId": "c033cdaa-2c40-4a64-ae48-b4cec88dad24"
                }),
            )
            .header("retry-after", "1"),
            CONTACTS => {
                let person = json!({"firstname": "Test", "lastname": "Person", "phone": CALLER});
                let found = record("100451", person);
                Reply::json(200, &json!({"total": 1, "results": [found]}))
            }
            "POST /crm/v3/objects/calls/search" => {
                Reply::json(200, &json!({"total": 0, "results": []}))
            }
            "POST /crm/v3/objects/calls" => Reply::json(201, &record("512", json!({}))),
            _ => error(404, "OBJECT_NOT_FOUND", "resource not found"),
        }
    })
}

#[test]
fn hubspot_is_waited_for_when_it_asks_for_patience_and_gets_the_call_on_the_contacts_record() {
    let hubspot = hubspot();
    let (host, admin) = set_up(
        "hubspot_connector",
        &json!({"base_url": hubspot.url(), "account": "123456"}),
    );
    let secret = "/connectors/crm/secrets/access-token";
    put(&admin, secret, &json!({"value": "an-old-token"}));
    let (connected, summary) = check(&admin);
    assert!(
        !connected && summary.contains("(INVALID_AUTHENTICATION)"),
        "{summary}"
    );
    put(&admin, secret, &json!({"value": SECRET}));
    let said = "HubSpot's account 123456 (STANDARD) was reached.";
    assert_eq!(check(&admin), (true, said.to_owned()));

    let (page, contact) = call(&host, "wants a refund");
    let customer = &page["customers"][0]["customers"][0];
    assert_eq!(customer["name"], "Test Person");
    let page = "https://app.hubspot.com/contacts/123456/record/0-1/100451";
    assert_eq!(customer["url"], page);

    assert_eq!(done(&admin)["result"]["id"], "512");
    let received = hubspot.received();
    let created = of(&received, "POST /crm/v3/objects/calls");
    assert_eq!(created.len(), 1);
    let created = created[0].json();
    assert_eq!(created["associations"][0]["to"]["id"], "100451");
    let text = created["properties"]["hs_call_body"].as_str();
    let text = text.expect("a text");
    assert!(
        text.starts_with("wants a refund") && text.ends_with(&contact),
        "{text}"
    );
}
