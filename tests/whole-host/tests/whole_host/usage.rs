//! What plugins used is kept for good: by day and by contact, over `kill -9`, and never twice.

use hotline_throwaway_postgres::Cluster;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Host, HostOptions, Outcome, Phone, Transport};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);
const CALLS: usize = 3;

#[test]
fn what_plugins_used_survives_a_kill_and_is_counted_once() {
    used_before_and_after(HostOptions::default());
}

#[test]
fn what_plugins_used_survives_a_kill_on_postgres() {
    let cluster = Cluster::shared();
    cluster.create_database("usage");
    used_before_and_after(HostOptions {
        database: Some(cluster.url("usage")),
        ..HostOptions::default()
    });
}

fn used_before_and_after(options: HostOptions) {
    let mut host = Host::with(options);
    save(
        &host.flows("demo"),
        "bye.flow.yaml",
        "nodes:\n  hello: {say: {en: Hello}, next: hangup}\n",
    );
    let admin = host.sign_in("admin");
    admin.until("the flow", "/flows", SOON, |flows| {
        flows.to_string().contains("\"bye@")
    });
    let number = admin.send(Method::PUT, "/numbers/910", Some(&json!({"flow": "bye"})));
    assert_eq!(number.status, 200, "{}", number.text());

    // Killed at once, with what was used not yet in SQL or just so; and again, with all of it there.
    let mut before = BTreeMap::new();
    for round in 0..3 {
        for call in 0..CALLS {
            hear_it_out(&host, &format!("+4930{round}{call}"));
        }
        admin.until("the calls' ends", "/contacts?state=open", SOON, |open| {
            open["items"] == json!([])
        });
        if round == 2 {
            admin.until("all of it", "/usage/days", SOON, |days| {
                calls(days) >= stepped(&admin).values().map(|(calls, _)| calls).sum()
            });
        }
        host = host.kill_and_restart();
        let told = stepped(&admin);
        assert_eq!(told.len(), (round + 1) * CALLS);
        let total = told
            .values()
            .fold((0, 0), |sum, (calls, fuel)| (sum.0 + calls, sum.1 + fuel));
        let days = admin.until("what the last host used", "/usage/days", SOON, |days| {
            calls(days) >= total.0
        });
        // To the instruction: what history says of each step, and nothing besides.
        let of_contacts: BTreeMap<String, (u64, u64)> = told
            .keys()
            .map(|contact| (contact.clone(), of_contact(&admin, contact)))
            .collect();
        assert_eq!(of_contacts, told, "round {round}");
        let fuel: u64 = flow_rows(&days).map(|row| number_in(row, "fuel")).sum();
        assert_eq!((calls(&days), fuel), total, "round {round}: {days}");
        for (contact, used) in &before {
            assert_eq!(
                of_contacts.get(contact),
                Some(used),
                "{contact} is long over"
            );
        }
        before = of_contacts;
    }
}

fn hear_it_out(host: &Host, caller: &str) {
    let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    caller.clone_into(&mut phone.user);
    match phone.try_call("910", SOON).expect("an answer") {
        Outcome::Answered(mut call) => assert!(call.is_hung_up(SOON)),
        refused @ Outcome::Refused { .. } => panic!("refused: {}", refused.status()),
    }
}

/// By contact: its flow steps and their fuel, as history tells them.
fn stepped(admin: &Api) -> BTreeMap<String, (u64, u64)> {
    let mut used: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let facts = admin.get("/events?limit=500");
    let items = facts["items"].as_array().expect("a list");
    assert!(items.len() < 500, "one page has them all");
    for fact in items.iter().map(|item| &item["fact"]) {
        if fact["kind"] == "flow_stepped" {
            let contact = fact["contact"].as_str().expect("a contact").to_owned();
            let (calls, fuel) = used.entry(contact).or_default();
            *calls += 1;
            *fuel += number_in(&fact["body"]["usage"], "fuel");
        }
    }
    used
}

fn of_contact(admin: &Api, contact: &str) -> (u64, u64) {
    let used = admin.get(&format!("/contacts/{contact}/usage"));
    let rows = used["items"].as_array().expect("a list");
    let [row] = &rows[..] else {
        panic!("one flow: {used}");
    };
    assert_eq!(
        (&row["plugin_kind"], &row["faults"]),
        (&json!("flow"), &json!(0))
    );
    (number_in(row, "calls"), number_in(row, "fuel"))
}

fn flow_rows(days: &Value) -> impl Iterator<Item = &Value> {
    let rows = days["items"].as_array().expect("a list").iter();
    rows.filter(|row| row["plugin_kind"] == "flow" && row["purpose"] == "contacts")
}

fn calls(days: &Value) -> u64 {
    flow_rows(days).map(|row| number_in(row, "calls")).sum()
}

fn number_in(value: &Value, field: &str) -> u64 {
    value[field].as_u64().expect("a count")
}
