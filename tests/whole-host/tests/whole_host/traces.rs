//! Recorded traffic, exported by `hotline sim export` while the host runs.

use hotline_whole_host::host::binary;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Host, Phone, Transport};
use reqwest::Method;
use serde_json::json;
use std::process::Command;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);
const CALLER: &str = "+49301234567";

#[test]
fn a_recorded_call_is_exported_without_saying_who_called() {
    let host = Host::start();
    save(
        &host.flows("demo"),
        "line.flow.yaml",
        "nodes:\n  line: {queue: support, full: hangup}\n",
    );
    let admin = host.sign_in("admin");
    admin.until("the flow", "/flows", SOON, |flows| {
        flows.to_string().contains("\"line@")
    });
    let answer = admin.send(Method::PUT, "/numbers/901", Some(&json!({"flow": "line"})));
    assert_eq!(answer.status, 200, "{}", answer.text());

    // One customer, who gives up twice.
    for calls in 1..=2 {
        let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        CALLER.clone_into(&mut phone.user);
        let call = phone.call("901").answered();
        admin.until("the caller in line", "/queues", SOON, |queues| {
            let items = queues["items"].as_array().expect("a list");
            let support = items.iter().find(|queue| queue["name"] == "support");
            support.is_some_and(|queue| queue["live"]["waiting"] == 1)
        });
        call.hang_up();
        admin.until(
            "the end of the call",
            "/contacts?state=ended",
            SOON,
            |page| {
                page["items"]
                    .as_array()
                    .is_some_and(|items| items.len() == calls)
            },
        );
    }

    let output = Command::new(binary())
        .current_dir(host.folder())
        .args(["sim", "export", "--data", "data", "--tenant", "demo"])
        .args(["--from", "2020-01-01", "--to", "2100-01-01T00:00:00Z"])
        .output()
        .expect("the binary starts");
    let (trace, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{said}");
    let mut lines = trace.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let column = |name: &str| {
        let place = header.iter().position(|column| *column == name);
        place.unwrap_or_else(|| panic!("no {name} in {trace}"))
    };
    let (queue, outcome, customer) = (column("queue"), column("outcome"), column("customer"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 2, "{trace}");
    for row in &rows {
        assert_eq!(
            (row[queue], row[outcome]),
            ("support", "abandoned"),
            "{trace}"
        );
        assert_eq!(row[customer], rows[0][customer], "{trace}");
    }
    assert!(!trace.contains(&CALLER[1..]), "{trace}");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
