//! Virtual hold on real phones: a caller gives up the line and not the place, and is called back by
//! the trunk when an agent has accepted.

use crate::call::ONE;
use hotline_whole_host::host::HostOptions;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Host, Phone, Transport, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);
const PASSWORD: &str = "a long password";
const AGENT: f64 = 1_300.0;

fn created(api: &Api, path: &str, body: &Value) -> String {
    let answer = api.send(Method::POST, path, Some(body));
    assert_eq!(answer.status, 201, "POST {path}: {}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// A queue that calls back, its line `400` where key 1 asks for that, and Tess with a desk phone.
fn set_up(host: &Host) -> Api {
    let admin = host.sign_in("admin");
    let queue = json!({
        "name": "owed", "policy": null, "skills": "", "ring_timeout_ms": 60_000,
        "wrap_up_ms": 0, "progress_every_ms": 20_000, "service_level_ms": 20_000,
        "max_waiting": 3, "music": null,
        "rules": {"callback": {"attempts": 2, "retry_after_ms": 60_000, "ring_timeout_ms": 20_000}},
    });
    let queue = created(&admin, "/queues", &queue);
    let tess = json!({
        "user_name": "tess", "display_name": "Tess", "role": "agent", "password": PASSWORD,
        "desk_phone_password": PASSWORD, "queues": [{"queue": queue}],
    });
    created(&admin, "/users", &tess);
    save(
        &host.flows("demo"),
        "owed.flow.yaml",
        "nodes:\n  wait: {queue: owed, announce: Press 1 to be called back., keys: {1: back}}\n  back: {callback: \"\"}\n",
    );
    admin.until("the flow", "/flows", SOON, |flows| {
        flows.to_string().contains("\"owed@")
    });
    let number = json!({"flow": "owed"});
    let answer = admin.send(Method::PUT, "/numbers/400", Some(&number));
    assert_eq!(answer.status, 200, "{}", answer.text());
    admin
}

#[test]
fn a_caller_who_asks_for_it_is_called_back_with_the_place_kept() {
    let mut customer = Phone::answering(Law::Pcma).expect("the customer's phone");
    let host = Host::with(HostOptions {
        arguments: vec!["--trunk".to_owned(), format!("sip:{}", customer.address())],
        ..HostOptions::default()
    });
    customer.serve(host.sip);
    let admin = set_up(&host);

    let caller = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    let mut caller = caller.call("400").answered();
    let waiting = |item: &Value| item["live"]["stage"] == "waiting" || item["ended_at"].is_null();
    admin.until("the caller in line", "/queues", SOON, |queues| {
        let items = queues["items"].as_array().expect("a list");
        let owed = items.iter().find(|queue| queue["name"] == "owed");
        owed.is_some_and(|queue| queue["live"]["waiting"] == 1)
    });
    // The key counts from the announcement on, which comes when the place in line is known.
    let booked = (0..20).any(|_| {
        caller.press('1');
        caller.is_hung_up(Duration::from_secs(1))
    });
    assert!(booked, "the booking ends the call");
    let contacts = admin.until("the callback", "/contacts?state=open", SOON, |contacts| {
        let items = contacts["items"].as_array().expect("a list");
        items
            .iter()
            .any(|item| item["channel"] == "callback" && waiting(item))
    });
    let items = contacts["items"].as_array().expect("a list");
    let callback = items.iter().find(|item| item["channel"] == "callback");
    let callback = callback.expect("the callback")["id"]
        .as_str()
        .expect("an id")
        .to_owned();

    let mut desk = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a desk phone");
    assert_eq!(desk.register("tess", PASSWORD), 200);
    let tess = Api::sign_in(host.http, "demo", "tess", PASSWORD);
    let _presence = tess.live();
    tess.until("the desk phone", "/agent", SOON, |page| {
        page["agent"]["desk_phone_up"] == true
    });
    tess.request(&json!({"request": "use_device", "device": "desk_phone"}));
    tess.request(&json!({"request": "ready"}));
    let ringing = desk.rings(SOON);
    let mut desk = desk.pick_up(ringing);

    // The agent is there before the customer's phone rings, which shows the line's own number.
    let ringing = customer.rings(SOON);
    assert!(ringing.from().contains("sip:400@"), "{}", ringing.from());
    let customer = customer.pick_up(ringing);
    customer.stream.say_tone(ONE);
    desk.stream.say_tone(AGENT);
    desk.hears("the customer", SOON, |heard| {
        audio::heard_ms(&heard.samples, ONE) >= 400
    });
    customer.hears("the agent", SOON, |heard| {
        audio::heard_ms(&heard.samples, AGENT) >= 400
    });
    customer.hang_up();
    assert!(desk.is_hung_up(SOON), "the desk phone is told");

    let path = format!("/contacts/{callback}");
    let contact = admin.until("its end", &path, SOON, |contact| {
        contact["end_reason"] == "caller_hung_up" && contact["talked_ms"].as_u64() > Some(0)
    });
    assert_eq!(contact["caller"], "+4930123");
    let timeline = admin.get(&format!("{path}/timeline"));
    let facts = timeline["items"].as_array().expect("a list");
    let of = |kind: &str| facts.iter().find(|fact| fact["kind"] == kind);
    assert!(of("contact_started").expect("a beginning")["body"]["parent"].is_string());
    assert!(of("queue_entered").expect("a visit")["body"]["place_since"].is_i64());
    assert!(of("contact_answered").is_some() && of("recording_started").is_some());
}
