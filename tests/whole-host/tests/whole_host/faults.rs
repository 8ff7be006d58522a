//! A trap of a live call: the host's log and the console's API both say how to see it again, and
//! whoever copies that sees the same trap.

use hotline_whole_host::host::{binary, root};
use hotline_whole_host::rtp::Law;
use hotline_whole_host::{Host, Phone, Transport};
use reqwest::Method;
use serde_json::json;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
const FAULTS: &str = "/plugins/flow/broken/faults";

/// Runs what was copied, in a shell that finds this `hotline`.
fn copied(command: &str, folder: &Path) -> String {
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
    assert!(run.status.success(), "{command}: {said}{wrong}");
    said
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
