//! The operator changes what a tenant's plugins may use while calls come in: the next call is held to
//! it, and a mistake in the file changes nothing but the log.

use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::{Api, Host, HostOptions, Phone, Transport};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);
const FAULTS: &str = "/plugins/flow/loop/faults";

fn flow_fuel(plan: &Value) -> &Value {
    let rows = plan["limits"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["call"] == "flow_step");
    &row.expect("flows have limits")["fuel"]
}

/// Calls the flow that loops; what its author is told.
fn looped(host: &Host, admin: &Api, so_far: usize) -> String {
    let phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    // The safe flow answers in its place.
    let call = phone.call("920").answered();
    let faults = admin.until("the failed call", FAULTS, SOON, |faults| {
        faults["items"].as_array().map(Vec::len) > Some(so_far)
    });
    call.hang_up();
    faults["items"][0].to_string()
}

#[test]
fn a_plan_is_changed_while_the_host_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotline.toml");
    let save = |text: &str| std::fs::write(&file, text).expect("a file");
    save("[plans.roomy.flow-step]\nfuel = 40_000_000\n\n[tenant-plans]\ndemo = 'roomy'\n");
    let host = Host::with(HostOptions {
        arguments: vec![format!("--config={}", file.display())],
        ..HostOptions::default()
    });
    let admin = host.sign_in("admin");
    let guest = root().join("tests/hostile-guests/dist/loops_forever.wasm");
    let guest = std::fs::read(guest).expect("the guest is built: run `make plugins`");
    std::fs::write(host.flows("demo").join("loop.flow.wasm"), guest).expect("a file");
    admin.until("the flow", "/flows", SOON, |flows| {
        flows.to_string().contains("\"loop@")
    });
    let answer = admin.send(Method::PUT, "/numbers/920", Some(&json!({"flow": "loop"})));
    assert_eq!(answer.status, 200, "{}", answer.text());

    let plan = admin.get("/plan");
    assert_eq!(
        (&plan["name"], flow_fuel(&plan)),
        (&json!("roomy"), &json!(40_000_000))
    );
    let fault = looped(&host, &admin, 0);
    assert!(fault.contains("its 40 million units"), "{fault}");

    save("[plans.small.flow-step]\nfuel = 3_000_000\n\n[tenant-plans]\ndemo = 'small'\n");
    let plan = admin.until("the new plan", "/plan", SOON, |plan| {
        plan["name"] == "small"
    });
    assert_eq!(flow_fuel(&plan), 3_000_000);
    let fault = looped(&host, &admin, 1);
    assert!(fault.contains("its 3 million units"), "{fault}");

    save("[plans.small.flow-step]\nfuel = 3\n\n[tenant-plans]\ndemo = 'small'\n");
    host.says(SOON, "hotline.toml: TOML parse error at line 2, column 8");
    host.says(
        SOON,
        "3 is out of bounds: it must be from 100000 to 100000000000",
    );
    save("[tenant-plans]\ndemo = 'large'\n");
    host.says(
        SOON,
        "hotline.toml:2: tenant-plans.demo: there is no plan `large`",
    );
    assert_eq!(flow_fuel(&admin.get("/plan")), 3_000_000);

    save("");
    let plan = admin.until("the usual plan", "/plan", SOON, |plan| {
        plan["name"].is_null()
    });
    assert_eq!(flow_fuel(&plan), 20_000_000);
}
