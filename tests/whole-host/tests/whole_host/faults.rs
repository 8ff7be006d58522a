//! A trap of a live call: the host's log and the console's API both say how to see it again, and
//! whoever copies that sees the same trap.

use hotline_whole_host::host::{binary, root};
use hotline_whole_host::rtp::Law;
use hotline_whole_host::{Api, Host, HostOptions, Phone, Transport};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
const FAULTS: &str = "/plugins/flow/broken/faults";

/// Runs what was copied, in a shell that finds this `hotline`; it went well.
fn copied(command: &str, folder: &Path) -> String {
    let (went_well, said) = shell(command, folder);
    assert!(went_well, "{command}: {said}");
    said
}

/// Whether it went well, and what it said.
fn shell(command: &str, folder: &Path) -> (bool, String) {
    let tools = binary();
    let tools = tools.parent().expect("a folder").display();
    let path = std::env::var("PATH").expect("a path");
    let run = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", format!("{tools}:{path}"))
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&run.stderr);
    (run.status.success(), format!("{said}{wrong}"))
}

fn write(folder: &Path, name: &str, content: &[u8]) {
    std::fs::write(folder.join(name), content).expect("a file");
}

#[test]
fn the_replay_command_beside_a_trap_shows_the_same_trap() {
    let host = Host::start();
    let admin = host.sign_in("admin");
    let guest = root().join("tests/hostile-guests/dist/panics.wasm");
    let guest = std::fs::read(guest).expect("the guest is built: run `make plugins`");
    write(&host.flows("demo"), "broken.flow.wasm", &guest);
    admin.until("the flow", "/flows", SOON, |flows| {
        let flows = flows["items"].as_array().expect("a list");
        flows
            .iter()
            .any(|flow| flow["name"] == "broken" && flow["label"].is_string())
    });
    let wish = json!({"flow": "broken"});
    let answer = admin.send(Method::PUT, "/numbers/300", Some(&wish));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    let caller = phone.user.clone();
    let call = phone.call("300").answered();

    let faults = admin.until("the failed call", FAULTS, SOON, |faults| {
        !faults["items"][0].is_null()
    });
    call.hang_up();
    let fault = &faults["items"][0];
    assert_eq!(fault["kind"], "trapped");
    let frame = fault["backtrace"][0].as_str().expect("it tells names");
    assert!(frame.ends_with("step"), "{frame}");

    // From the console: the file is downloaded into the plugin's folder, here a built one.
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "broken.flow.wasm", &guest);
    let id = fault["id"].as_str().expect("an id");
    let file = admin.send(Method::GET, &format!("{FAULTS}/{id}"), None);
    assert!(file.text().contains(&caller), "it has the whole input");
    write(
        folder.path(),
        &format!("broken-fault-{id}.json"),
        file.text().as_bytes(),
    );
    let command = fault["command"].as_str().expect("a command");
    let said = copied(&format!("{command} broken.flow.wasm"), folder.path());
    assert!(
        said.contains("The same output.") && said.contains(frame),
        "{said}"
    );

    // From the host's log, as it stands there.
    let line = host
        .output()
        .into_iter()
        .find(|line| line.contains("hotline plugin replay"))
        .expect("the log tells it");
    let (_, command) = line.split_once("replay=\"").expect("a field");
    let command = command.split('"').next().expect("its end");
    let said = copied(command, host.folder());
    assert!(
        said.contains("The same output.") && said.contains(frame),
        "{said}"
    );
}

/// Calls a number until its flow breaks down; the kept call.
fn broken(host: &Host, admin: &Api, number: &str, flow: &str) -> Value {
    let phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    let call = phone.call(number).answered();
    let path = format!("/plugins/flow/{flow}/faults");
    let faults = admin.until("the failed call", &path, SOON, |faults| {
        !faults["items"][0].is_null()
    });
    call.hang_up();
    faults["items"][0].clone()
}

/// What was kept, beside the plugin; the console's command names it so.
fn download(admin: &Api, flow: &str, fault: &Value, folder: &Path) {
    let id = fault["id"].as_str().expect("an id");
    let file = admin.send(
        Method::GET,
        &format!("/plugins/flow/{flow}/faults/{id}"),
        None,
    );
    let name = format!("{flow}-fault-{id}.json");
    write(folder, &name, file.text().as_bytes());
}

/// What the log said last of how to see a call again.
fn last_told(host: &Host) -> String {
    let output = host.output();
    let told = output.iter().rev().find_map(|line| {
        let (_, command) = line.split_once("replay=\"")?;
        command.split('"').next()
    });
    told.expect("the log tells it").to_owned()
}

/// The operator's file; the host is held to it a moment later.
fn allow(admin: &Api, file: &Path, plan: &str, limits: &str) {
    let text = format!("[plans.{plan}.flow-step]\n{limits}\n[tenant-plans]\ndemo = '{plan}'\n");
    std::fs::write(file, text).expect("a file");
    admin.until("the plan", "/plan", SOON, |now| now["name"] == plan);
}

#[test]
fn a_scripts_fault_is_seen_again_and_the_clocks_explains_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let plans = folder.path().join("hotline.toml");
    write(folder.path(), "hotline.toml", b"");
    let host = Host::with(HostOptions {
        arguments: vec![format!("--config={}", plans.display())],
        ..HostOptions::default()
    });
    let admin = host.sign_in("admin");
    let script = b"nodes:\n  hello: {say: {en: Hello}, next: hangup}\n";
    write(&host.flows("demo"), "short.flow.yaml", script);
    let guest = root().join("tests/hostile-guests/dist/loops_forever.wasm");
    let guest = std::fs::read(guest).expect("the guest is built: run `make plugins`");
    write(&host.flows("demo"), "loop.flow.wasm", &guest);
    for (number, flow) in [("301", "short"), ("302", "loop")] {
        let label = format!("\"{flow}@");
        admin.until("the flow", "/flows", SOON, |flows| {
            flows.to_string().contains(&label)
        });
        let answer = admin.send(
            Method::PUT,
            &format!("/numbers/{number}"),
            Some(&json!({"flow": flow})),
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    // A script whose tenant has too little: the interpreter that comes with Hotline runs it again.
    allow(&admin, &plans, "tiny", "effects = 1");
    let fault = broken(&host, &admin, "301", "short");
    assert_eq!(fault["kind"], "too_much", "{fault}");
    write(folder.path(), "short.flow.yaml", script);
    download(&admin, "short", &fault, folder.path());
    let command = fault["command"].as_str().expect("a command");
    let from_log = last_told(&host);
    for (command, folder) in [(command, folder.path()), (&from_log, host.folder())] {
        let said = copied(command, folder);
        assert!(
            said.contains("The same output.") && said.contains("too_much"),
            "{command}: {said}"
        );
    }

    // The clock's verdict is no instruction's: a replay says so.
    allow(
        &admin,
        &plans,
        "hasty",
        "fuel = 90_000_000\nprocessor-time-ms = 1",
    );
    let fault = broken(&host, &admin, "302", "loop");
    assert_eq!(fault["kind"], "timed_out", "{fault}");
    host.says(SOON, "A replay has no clock");
    write(folder.path(), "loop.flow.wasm", &guest);
    download(&admin, "loop", &fault, folder.path());
    let command = fault["command"].as_str().expect("a command");
    let (ended, said) = shell(&format!("{command} loop.flow.wasm"), folder.path());
    assert!(!ended, "it ends otherwise: {said}");
    assert!(
        said.contains("The host's clock had stopped it") && said.contains("out_of_fuel"),
        "{said}"
    );
}
