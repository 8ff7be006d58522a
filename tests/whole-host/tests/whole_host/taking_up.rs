//! What a restarted host still knows: who is to be called back, who may call again and keeps the
//! place, and who spoke with a customer last.

use crate::call::ONE;
use crate::desk::{Desk, PASSWORD};
use hotline_whole_host::host::HostOptions;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Call, Host, Phone, Transport, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

fn created(api: &Api, path: &str, body: &Value) -> String {
    let answer = api.send(Method::POST, path, Some(body));
    assert_eq!(answer.status, 201, "POST {path}: {}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// A queue that calls back and remembers, its line `400`, Tess and Uma who serve it.
fn set_up(host: &Host) -> Api {
    let admin = host.sign_in("admin");
    let queue = json!({
        "name": "loyal", "policy": null, "skills": "", "ring_timeout_ms": 60_000,
        "wrap_up_ms": 0, "progress_every_ms": 20_000, "service_level_ms": 20_000,
        "max_waiting": 9, "music": null,
        "rules": {
            "callback": {"attempts": 2, "retry_after_ms": 60_000, "ring_timeout_ms": 20_000},
            "redial_within_ms": 600_000,
            "last_agent": {"within_ms": 3_600_000, "wait_ms": 60_000},
        },
    });
    let queue = created(&admin, "/queues", &queue);
    for name in ["tess", "uma"] {
        let agent = json!({
            "user_name": name, "display_name": name, "role": "agent", "password": PASSWORD,
            "desk_phone_password": PASSWORD, "queues": [{"queue": queue}],
        });
        created(&admin, "/users", &agent);
    }
    save(
        &host.flows("demo"),
        "loyal.flow.yaml",
        "nodes:\n  wait: {queue: loyal, announce: Press 1 to be called back., keys: {1: back}}\n  back: {callback: \"\"}\n",
    );
    admin.until("the flow", "/flows", SOON, |flows| {
        flows.to_string().contains("\"loyal@")
    });
    let number = json!({"flow": "loyal"});
    let answer = admin.send(Method::PUT, "/numbers/400", Some(&number));
    assert_eq!(answer.status, 200, "{}", answer.text());
    admin
}

fn call_from(host: &Host, caller: &str) -> Box<Call> {
    let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    caller.clone_into(&mut phone.user);
    phone.call("400").answered()
}

/// The newest contact of a caller on a channel that stands in line, with its timeline.
fn in_line(admin: &Api, caller: &str, channel: &str) -> (String, Value) {
    let digits = caller.trim_start_matches('+');
    let path = format!("/contacts?state=open&caller={digits}");
    let is_wanted = |item: &&Value| {
        item["channel"] == channel && item["queue_names"].to_string().contains("loyal")
    };
    let contacts = admin.until("the contact in line", &path, SOON, |contacts| {
        let items = contacts["items"].as_array().expect("a list");
        items.iter().any(|item| is_wanted(&item))
    });
    let items = contacts["items"].as_array().expect("a list");
    let found = items.iter().find(is_wanted).expect("the contact in line");
    let id = found["id"].as_str().expect("an id").to_owned();
    let waits = format!("/contacts/{id}");
    admin.until("its place", &waits, SOON, |contact| {
        contact["live"]["stage"] == "waiting"
    });
    let timeline = admin.get(&format!("/contacts/{id}/timeline"));
    (id, timeline)
}

/// The last of a timeline's visits.
fn visit(timeline: &Value) -> Value {
    let facts = timeline["items"].as_array().expect("a list");
    let mut visits = facts.iter().filter(|fact| fact["kind"] == "queue_entered");
    visits.next_back().expect("a visit").clone()
}

#[test]
fn callbacks_kept_places_and_the_last_agent_outlive_the_host() {
    let mut customer = Phone::answering(Law::Pcma).expect("the customer's phone");
    let host = Host::with(HostOptions {
        arguments: vec!["--trunk".to_owned(), format!("sip:{}", customer.address())],
        ..HostOptions::default()
    });
    customer.serve(host.sip);
    let admin = set_up(&host);

    // Ada speaks with Tess, who then goes to lunch.
    let tess = Desk::of(&host, "tess");
    let ada = call_from(&host, "+49301");
    let (mut talk, tess, _presence) = tess.answers();
    ada.hang_up();
    assert!(talk.is_hung_up(SOON), "the desk phone is told");
    tess.request(&json!({"request": "pause", "reason": "lunch"}));
    // Bob gives up; Carol asks to be called back.
    let bob = call_from(&host, "+49302");
    let (gave_up, timeline) = in_line(&admin, "+49302", "phone");
    let place = visit(&timeline)["at"].clone();
    bob.hang_up();
    let mut carol = call_from(&host, "+49303");
    let booked = (0..20).any(|_| {
        carol.press('1');
        carol.is_hung_up(Duration::from_secs(1))
    });
    assert!(booked, "the booking ends the call");
    let (callback, timeline) = in_line(&admin, "+49303", "callback");
    let promised = visit(&timeline)["body"]["place_since"].clone();
    assert!(promised.is_i64(), "{promised}");
    let ended = format!("/contacts/{gave_up}");
    admin.until("the end of Bob's call", &ended, SOON, |contact| {
        contact["end_reason"] == "caller_hung_up"
    });

    let host = host.kill_and_restart();
    let admin = host.sign_in("admin");

    let (waits, timeline) = in_line(&admin, "+49303", "callback");
    assert_eq!(waits, callback, "the same contact waits on");
    assert_eq!(visit(&timeline)["body"]["place_since"], promised);
    let bob = call_from(&host, "+49302");
    let (again, timeline) = in_line(&admin, "+49302", "phone");
    assert_ne!(again, gave_up);
    assert_eq!(visit(&timeline)["body"]["place_since"], place);
    bob.hang_up();

    // The promise is kept.
    let (mut talk, uma, _uma_is_here) = Desk::of(&host, "uma").answers();
    let ringing = customer.rings(SOON);
    let customer = customer.pick_up(ringing);
    customer.stream.say_tone(ONE);
    talk.hears("the customer", SOON, |heard| {
        audio::heard_ms(&heard.samples, ONE) >= 400
    });
    customer.hang_up();
    assert!(talk.is_hung_up(SOON), "the desk phone is told");
    uma.until("Uma is free", "/agent", SOON, |page| {
        page["agent"]["state"] == "ready"
    });

    // Uma has been free for longer, but Ada knows Tess.
    let mut tess = Desk::of(&host, "tess");
    let ada = call_from(&host, "+49301");
    tess.phone.rings(SOON);
    ada.hang_up();
}
