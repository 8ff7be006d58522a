//! Telephones and load generators that others wrote.

use crate::call::{MENU, ONE, host_with_tones, timeline_of_last};
use hotline_whole_host::baresip::Baresip;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::{Host, Transport, audio};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

#[test]
fn baresip_hears_the_menu_presses_a_key_and_lands_over_udp_and_tcp() {
    let host = host_with_tones();
    let sue = host.sign_in("sue");
    for (transport, law) in [(Transport::Udp, Law::Pcmu), (Transport::Tcp, Law::Pcma)] {
        let mut phone = Baresip::start(transport, law, 620.0);
        phone.dial("100", host.sip);
        let live = "the call is in the menu";
        sue.until(
            live,
            "/events?limit=500",
            Duration::from_secs(30),
            |events| {
                let open = last_contact(events);
                open.iter().any(|fact| {
                    fact["kind"] == "flow_stepped" && fact["body"]["trace"][0] == "menu"
                }) && !open.iter().any(|fact| fact["kind"] == "contact_ended")
            },
        );
        phone.hears("the menu", Duration::from_secs(30), |heard| {
            audio::heard_ms(heard, MENU) >= 200
        });
        phone.press('1');
        sue.until(
            "the key was taken",
            "/events?limit=500",
            Duration::from_secs(30),
            |events| {
                let open = last_contact(events);
                open.iter()
                    .any(|fact| fact["kind"] == "flow_stepped" && fact["body"]["trace"][0] == "one")
                    && open.iter().any(|fact| fact["kind"] == "contact_ended")
            },
        );
        let heard = phone.hang_up();
        assert!(
            audio::heard_ms(&heard, MENU) >= 120,
            "the menu over {transport:?}"
        );
        assert!(
            audio::heard_ms(&heard, ONE) >= 200,
            "what key 1 leads to over {transport:?}"
        );
        let timeline = timeline_of_last(&sue);
        let measured = timeline.iter().find(|fact| fact["kind"] == "leg_measured");
        let received = measured.map(|fact| fact["body"]["statistics"]["packets_received"].clone());
        assert!(
            received
                .and_then(|count| count.as_u64())
                .is_some_and(|count| count > 20)
        );
    }
}

/// The facts of the newest contact.
fn last_contact(events: &Value) -> Vec<&Value> {
    let facts: Vec<&Value> = events["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|event| &event["fact"])
        .collect();
    let newest = facts
        .iter()
        .rev()
        .find(|fact| fact["kind"] == "contact_started");
    let contact = newest.map(|fact| &fact["contact"]);
    facts
        .iter()
        .filter(|fact| Some(&fact["contact"]) == contact)
        .copied()
        .collect()
}

#[test]
fn sipps_own_scenario_completes_every_call_and_its_key_is_heard_once() {
    let host = Host::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The scenario names its captures relative to where it runs.
    let captures = ["/usr/share/sip-tester", "/usr/share/sipp/pcap"];
    let captures = captures
        .iter()
        .map(Path::new)
        .find(|folder| folder.join("g711a.pcap").exists());
    std::os::unix::fs::symlink(
        captures.expect("SIPp's captures"),
        folder.path().join("pcap"),
    )
    .expect("a link in our own folder");
    for transport in ["u1", "t1"] {
        let output = Command::new("sipp")
            .current_dir(folder.path())
            .args([
                "-sn",
                "uac_pcap",
                "-s",
                "100",
                "-m",
                "4",
                "-l",
                "4",
                "-i",
                "127.0.0.1",
            ])
            .args(["-t", transport, "-nostdin", "-timeout", "60", "-trace_err"])
            .arg(host.sip.to_string())
            .output()
            .expect("SIPp is installed");
        let screen = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "SIPp over {transport}:\n{screen}");
    }
    let sue = host.sign_in("sue");
    let contacts = sue.until(
        "all eight calls have ended",
        "/contacts?limit=50",
        Duration::from_secs(30),
        |contacts| {
            let items = contacts["items"].as_array().cloned().unwrap_or_default();
            items.len() == 8 && items.iter().all(|contact| !contact["ended_at"].is_null())
        },
    );
    for contact in contacts["items"].as_array().expect("a list") {
        let id = contact["id"].as_str().expect("an id");
        let timeline = sue.get(&format!("/contacts/{id}/timeline"));
        let keys: Vec<&Value> = timeline["items"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|fact| fact["kind"] == "keys_collected")
            .collect();
        assert_eq!(keys.len(), 1, "SIPp presses 1 once: {keys:#?}");
        assert_eq!(keys[0]["body"]["keys"], "1");
    }
}
