//! Ctrl-C and SIGTERM: calls end, and all that is to be said of them is history before the process
//! is gone.

use crate::call::{MENU, host_with_tones};
use hotline_whole_host::rtp::Law;
use hotline_whole_host::{Phone, Transport, audio};
use serde_json::Value;
use std::time::Duration;

#[test]
fn a_stopped_host_has_written_down_the_end_of_its_calls_to_the_last_word() {
    let mut host = host_with_tones();
    let mut call = Phone::new(host.sip, Transport::Udp, Law::Pcmu)
        .expect("a line to the host")
        .call("100")
        .answered();
    call.hears("the menu", Duration::from_secs(30), |heard| {
        audio::heard_ms(&heard.samples, MENU) >= 200
    });

    let status = host.stop(Duration::from_secs(10));
    assert!(status.success(), "an orderly end: {status}");
    assert!(call.is_hung_up(Duration::from_secs(30)), "the caller hears");

    let host = host.kill_and_restart();
    let sue = host.sign_in("sue");
    let contacts = sue.get("/contacts");
    let contact = contacts["items"][0]["id"].as_str().expect("the call");
    let timeline = sue.get(&format!("/contacts/{contact}/timeline"));
    let facts = timeline["items"].as_array().expect("a timeline");
    let of_kind = |kind: &str| -> &Value {
        facts
            .iter()
            .find(|fact| fact["kind"] == kind)
            .unwrap_or_else(|| panic!("no {kind} in {facts:#?}"))
    };
    assert_eq!(of_kind("contact_ended")["body"]["reason"], "host_restart");
    assert!(of_kind("leg_measured")["body"]["statistics"]["packets_received"].as_u64() > Some(0));
    assert!(of_kind("recording_finished")["body"]["bytes"].as_u64() > Some(0));
    let epochs: Vec<&Value> = facts.iter().map(|fact| &fact["epoch"]).collect();
    assert!(
        epochs.windows(2).all(|two| two[0] == two[1]),
        "the next start had nothing to end: {epochs:?}"
    );
}
