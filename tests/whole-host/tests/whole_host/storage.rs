//! The whole host on PostgreSQL, and without it for a while.

use hotline_throwaway_postgres::Cluster;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::{save, write_prompt};
use hotline_whole_host::{Call, Host, HostOptions, Phone, Transport, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);
const MENU: f64 = 440.0;
const ONE: f64 = 900.0;

const FLOW: &str = "
languages: [en]
nodes:
  menu: {menu: {audio: menu.wav}, keys: {1: one}, failed: hangup}
  one: {say: {audio: one.wav}, next: hangup}
";

fn call(host: &Host, caller: &str) -> Call {
    let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcma).expect("a phone");
    caller.clone_into(&mut phone.user);
    *phone.call("800").answered()
}

fn hears(call: &Call, hz: f64) {
    call.hears(&format!("{hz} Hz"), SOON, |heard| {
        audio::heard_ms(&heard.samples, hz) >= 400
    });
}

fn kinds(timeline: &Value) -> Vec<String> {
    let items = timeline["items"].as_array().expect("a list");
    items
        .iter()
        .map(|fact| fact["kind"].as_str().expect("a kind").to_owned())
        .collect()
}

#[test]
fn calls_outlive_the_database_and_their_facts_arrive_when_it_is_back() {
    let mut postgres = Cluster::start();
    postgres.create_database("hotline");
    let host = Host::with(HostOptions {
        database: Some(postgres.url("hotline")),
        ..HostOptions::default()
    });
    let flows = host.flows("demo");
    write_prompt(&flows, "menu.wav", MENU, Duration::from_secs(60));
    write_prompt(&flows, "one.wav", ONE, Duration::from_secs(60));
    save(&flows, "tones.flow.yaml", FLOW);
    let admin = host.sign_in("admin");
    admin.until("the flow", "/flows", SOON, |flows| {
        flows.to_string().contains("tones@")
    });
    let answer = admin.send(Method::PUT, "/numbers/800", Some(&json!({"flow": "tones"})));
    assert_eq!(answer.status, 200, "{}", answer.text());

    // A call on PostgreSQL, from ring to history.
    let first = call(&host, "+4980001");
    hears(&first, MENU);
    first.hang_up();
    let path = "/contacts?caller=%2B4980001&state=ended";
    let found = admin.until("its history", path, SOON, |contacts| {
        contacts["items"][0]["has_recording"] == true
    });
    assert_eq!(found["items"][0]["end_reason"], "caller_hung_up");

    // The database goes away in the middle of a call.
    let during = call(&host, "+4980002");
    hears(&during, MENU);
    let live = admin.live();
    live.hears("the picture", SOON, |message| message["type"] == "live");
    postgres.stop();
    let lost_before = during.heard().lost;
    during.press('1');
    hears(&during, ONE);
    let new = call(&host, "+4980003");
    hears(&new, MENU);
    new.hang_up();
    assert_eq!(during.heard().lost, lost_before, "no audio was lost");
    live.hears(
        "the end of the new call, without a database",
        SOON,
        |message| message["type"] == "fact" && message["fact"]["kind"] == "contact_ended",
    );
    let refused = admin.send(Method::GET, "/contacts", None);
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(
        (&refused.json()["code"], refused.kind.as_str()),
        (&json!("busy"), "application/problem+json")
    );
    assert!(refused.header("retry-after").is_some());

    postgres.start_again();
    for (caller, state) in [("2", "open"), ("3", "ended")] {
        let path = format!("/contacts?caller=%2B498000{caller}&state={state}");
        let what = format!("the call of {caller}");
        let contacts = admin.until(&what, &path, Duration::from_secs(60), |contacts| {
            !contacts["items"][0].is_null()
        });
        let id = contacts["items"][0]["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let wanted = if state == "ended" {
            "contact_ended"
        } else {
            "keys_collected"
        };
        let timeline = admin.until(
            &what,
            &format!("/contacts/{id}/timeline"),
            SOON,
            |timeline| kinds(timeline).contains(&wanted.to_owned()),
        );
        for kind in [
            "contact_started",
            "flow_stepped",
            "contact_answered",
            "recording_started",
        ] {
            assert!(
                kinds(&timeline).contains(&kind.to_owned()),
                "{caller}: {kind}"
            );
        }
    }
    hears(&during, ONE);
    during.hang_up();
    no_fact_is_missing(&host);
}

/// The numbers of a tenant's facts have no holes.
fn no_fact_is_missing(host: &Host) {
    let admin = host.sign_in("admin");
    let events = admin.until("the last call's end", "/events?limit=500", SOON, |events| {
        let items = events["items"].as_array().expect("a list");
        items
            .iter()
            .filter(|event| event["fact"]["kind"] == "contact_ended")
            .count()
            == 3
    });
    let numbers: Vec<u64> = events["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| event["fact"]["sequence"].as_u64().expect("a number"))
        .collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<u64>>());
}
