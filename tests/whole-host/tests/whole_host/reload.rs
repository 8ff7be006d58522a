//! Saving flows while calls are on them: the next call hears the change, calls in progress do not,
//! and what is broken changes nothing but is told with place and remedy.

use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::{save, write_prompt};
use hotline_whole_host::{Api, Call, Host, Phone, Transport, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(30);

/// Tones of the versions: what each says first, and after key 1.
const FIRST: [f64; 2] = [440.0, 500.0];
const SECOND: [f64; 2] = [700.0, 800.0];

fn script(version: &str) -> String {
    format!(
        "flow: Tones\nlanguages: [en]\nnodes:\n  menu:\n    menu: {{audio: {version}-menu.wav}}\n    \
         keys: {{1: one}}\n    failed: hangup\n  one: {{say: {{audio: {version}-one.wav}}, next: hangup}}\n"
    )
}

/// A script with nothing but a tone.
fn plain(hz: f64) -> String {
    format!("nodes:\n  only: {{say: {{audio: tone-{hz}.wav}}, next: hangup}}\n")
}

struct Stand {
    host: Host,
    admin: Api,
}

impl Stand {
    fn new() -> Stand {
        let host = Host::start();
        let admin = host.sign_in("admin");
        let flows = host.flows("demo");
        for (version, [menu, one]) in [("a", FIRST), ("b", SECOND)] {
            write_prompt(
                &flows,
                &format!("{version}-menu.wav"),
                menu,
                Duration::from_secs(30),
            );
            write_prompt(
                &flows,
                &format!("{version}-one.wav"),
                one,
                Duration::from_secs(2),
            );
        }
        save(&flows, "tones.flow.yaml", &script("a"));
        let stand = Stand { host, admin };
        stand.until("tones", "its first version", |flow| {
            !flow["label"].is_null()
        });
        stand.publish("200", "tones");
        stand
    }

    fn flows(&self) -> std::path::PathBuf {
        self.host.flows("demo")
    }

    fn publish(&self, number: &str, flow: &str) {
        let wish = json!({"flow": flow});
        let answer = self
            .admin
            .send(Method::PUT, &format!("/numbers/{number}"), Some(&wish));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    fn call(&self, number: &str) -> Call {
        let phone = Phone::new(self.host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        *phone.call(number).answered()
    }

    fn status(&self, name: &str) -> Value {
        found(&self.admin.get("/flows"), name)
    }

    fn label(&self, name: &str) -> String {
        self.status(name)["label"]
            .as_str()
            .expect("a live version")
            .to_owned()
    }

    /// Waits until the catalogue shows something of a flow.
    fn until(&self, name: &str, what: &str, enough: impl Fn(&Value) -> bool) -> Value {
        let flows = self
            .admin
            .until(what, "/flows", SOON, |flows| enough(&found(flows, name)));
        found(&flows, name)
    }

    fn becomes_live(&self, name: &str, other_than: &str) -> String {
        self.until(name, "a new version", |flow| {
            flow["label"].is_string() && flow["label"] != other_than && flow["problem"].is_null()
        });
        self.label(name)
    }

    /// How many calls each version has, by its label.
    fn calls_on(&self, name: &str, label: &str) -> u64 {
        let status = self.status(name);
        let versions = status["versions"].as_array().expect("versions");
        let of_label = |version: &&Value| version["label"] == label;
        versions
            .iter()
            .find(of_label)
            .map_or(0, |version| version["contacts"].as_u64().unwrap_or(0))
    }
}

fn found(flows: &Value, name: &str) -> Value {
    let items = flows["items"].as_array().expect("a list");
    items
        .iter()
        .find(|flow| flow["name"] == name)
        .cloned()
        .unwrap_or(Value::Null)
}

fn hears(call: &Call, hz: f64) {
    call.hears(&format!("{hz} Hz"), SOON, |heard| {
        audio::heard_ms(&heard.samples, hz) >= 400
    });
}

fn never_heard(call: &Call, hz: f64) {
    assert_eq!(audio::heard_ms(&call.heard().samples, hz), 0, "{hz} Hz");
}

#[test]
fn a_saved_flow_is_for_the_next_call_and_a_broken_one_for_none() {
    let stand = Stand::new();
    calls_in_progress_finish_on_the_version_they_began_with(&stand);
    calls_in_progress_go_on_in_a_version_that_takes_them(&stand);
    broken_files_leave_the_old_version_live(&stand);
    every_way_of_saving_works(&stand);
    removing_and_renaming_works(&stand);
    components_are_replaced_like_scripts(&stand);
    a_saved_script_is_live_within_a_second(&stand);
}

fn calls_in_progress_finish_on_the_version_they_began_with(stand: &Stand) {
    let old = stand.label("tones");
    let first = stand.call("200");
    hears(&first, FIRST[0]);
    save(&stand.flows(), "tones.flow.yaml", &script("b"));
    let new = stand.becomes_live("tones", &old);
    let second = stand.call("200");
    hears(&second, SECOND[0]);
    assert_eq!(
        (stand.calls_on("tones", &old), stand.calls_on("tones", &new)),
        (1, 1)
    );

    first.press('1');
    second.press('1');
    hears(&first, FIRST[1]);
    hears(&second, SECOND[1]);
    for (call, hz) in [(&first, SECOND), (&second, FIRST)] {
        hz.iter().for_each(|hz| never_heard(call, *hz));
    }
    first.hang_up();
    second.hang_up();
    stand.until("tones", "no call left", |flow| {
        flow["versions"]
            .as_array()
            .is_some_and(|all| all.iter().all(|v| v["contacts"] == 0))
    });
}

/// The flow is version `b` before and after.
fn calls_in_progress_go_on_in_a_version_that_takes_them(stand: &Stand) {
    let before = stand.label("tones");
    let call = stand.call("200");
    hears(&call, SECOND[0]);
    let migrating = format!("reload: migrate\n{}", script("a"));
    save(&stand.flows(), "tones.flow.yaml", &migrating);
    let after = stand.becomes_live("tones", &before);
    assert_eq!(
        (
            stand.calls_on("tones", &before),
            stand.calls_on("tones", &after)
        ),
        (1, 0)
    );
    call.press('1');
    hears(&call, FIRST[1]);
    never_heard(&call, SECOND[1]);
    assert_eq!(
        (
            stand.calls_on("tones", &before),
            stand.calls_on("tones", &after)
        ),
        (0, 1)
    );
    let events = (stand.admin).until("that it moved", "/events?limit=500", SOON, |events| {
        events.to_string().contains("flow_moved")
    });
    let digest = after.rsplit('@').next().expect("a label").to_owned();
    let items = events["items"].as_array().expect("a list");
    let mut facts = items.iter().map(|item| &item["fact"]);
    let moved = facts.find(|fact| fact["kind"] == "flow_moved");
    let to = moved.map(|fact| fact["body"]["to"]["artifact"].to_string());
    assert!(to.is_some_and(|to| to.contains(&digest)), "{moved:?}");
    call.hang_up();
    save(&stand.flows(), "tones.flow.yaml", &script("b"));
    stand.becomes_live("tones", &after);
}

/// What a broken file is told: its code, its line if it has lines, and a word of the remedy.
struct Broken {
    what: &'static str,
    content: Vec<u8>,
    code: &'static str,
    line: Option<u64>,
    says: &'static str,
}

fn broken_scripts() -> Vec<Broken> {
    let good = script("b");
    let broken = |what, content: &str, code, line, says| Broken {
        what,
        content: content.as_bytes().to_vec(),
        code,
        line: Some(line),
        says,
    };
    vec![
        broken(
            "syntax",
            &good.replace("keys: {1: one}", "keys: {1: one"),
            "script.syntax",
            7,
            "}",
        ),
        broken(
            "unknown node",
            &good.replace("{1: one}", "{1: won}"),
            "script.unknown-node",
            6,
            "one",
        ),
        broken(
            "unknown field",
            &good.replace("flow: T", "flw: T"),
            "script.unknown-key",
            1,
            "flow",
        ),
        broken("nothing", "", "script.wrong-type", 1, "key: value"),
        Broken {
            what: "not text",
            content: vec![0xFF, 0xFE, 0x00, 0x01],
            code: "folder.not-utf-8",
            line: Some(1),
            says: "UTF-8",
        },
    ]
}

fn broken_components() -> Vec<Broken> {
    let good = component("examples/dist/rust_flow.wasm");
    let broken = |what, content, code, says| Broken {
        what,
        content,
        code,
        line: None,
        says,
    };
    vec![
        broken(
            "half written",
            good[..good.len() / 2].to_vec(),
            "admission.parse",
            "half-written",
        ),
        broken(
            "no WebAssembly",
            b"#!/bin/sh\nrm -rf /\n".to_vec(),
            "admission.parse",
            "a component in binary form",
        ),
        broken(
            "the wrong world",
            component("tests/hostile-guests/dist/of_another_world.wasm"),
            "admission.world",
            "hotline:ivr",
        ),
        broken(
            "a routing policy",
            component("plugins/dist/best_skill.wasm"),
            "admission.world",
            "policy.wasm",
        ),
        broken(
            "a forbidden import",
            component("tests/hostile-guests/dist/imports_files.wasm"),
            "admission.import",
            "hostile:evil/files",
        ),
    ]
}

fn component(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_else(|_| panic!("no {path}: run `make hostile`"))
}

fn broken_files_leave_the_old_version_live(stand: &Stand) {
    let (flows, live) = (stand.flows(), stand.host.sign_in("sue").live());
    fs::write(
        flows.join("parcels.flow.wasm"),
        component("examples/dist/rust_flow.wasm"),
    )
    .expect("room");
    stand.becomes_live("parcels", "");
    stand.publish("300", "parcels");
    let files = [
        ("tones", "tones.flow.yaml", broken_scripts()),
        ("parcels", "parcels.flow.wasm", broken_components()),
    ];
    for (name, file, all) in files {
        let label = stand.label(name);
        for broken in all {
            // The same problem must be told anew for each file: begin from a good one.
            let path = flows.join(file);
            let good = fs::read(&path).expect("the good file");
            fs::write(&path, &broken.content).expect("room");
            let what = format!("{}: {}", file, broken.what);
            let status = stand.until(name, &what, |flow| !flow["problem"].is_null());
            assert_eq!(status["label"], label, "{what}: the old version stays");
            let problem = &status["problem"][0];
            let shown = problem.to_string();
            assert!(
                problem["code"]
                    .as_str()
                    .is_some_and(|code| code.starts_with(broken.code)),
                "{what}: {shown}"
            );
            assert_eq!(problem["path"], format!("demo/{file}"), "{what}: {shown}");
            assert_eq!(problem["line"].as_u64(), broken.line, "{what}: {shown}");
            assert!(
                shown.contains(broken.says),
                "{what} says `{}`: {shown}",
                broken.says
            );
            assert!(
                problem["hint"].as_str().is_some_and(|hint| hint.len() > 8),
                "{what}: {shown}"
            );
            let place = match broken.line {
                Some(line) => format!("demo/{file}:{line}"),
                None => format!("demo/{file}: "),
            };
            let message = problem["message"].as_str().expect("a message");
            let printed = stand.host.output();
            assert!(
                printed
                    .iter()
                    .any(|line| line.contains(&place) && line.contains(message)),
                "{what}: the terminal says {place} and {message}"
            );
            live.hears(&what, SOON, |told| {
                told["type"] == "plugin" && told["status"]["problem"][0] == *problem
            });
            fs::write(&path, &good).expect("room");
            stand.until(name, "the good file again", |flow| {
                flow["problem"].is_null()
            });
            assert_eq!(
                stand.label(name),
                label,
                "{what}: the same file is the same version"
            );
        }
    }
    // Broken for good: calls are answered by what is live.
    fs::write(flows.join("tones.flow.yaml"), "nodes: [").expect("room");
    fs::write(flows.join("parcels.flow.wasm"), "half").expect("room");
    for name in ["tones", "parcels"] {
        stand.until(name, "a problem", |flow| !flow["problem"].is_null());
    }
    let call = stand.call("200");
    hears(&call, SECOND[0]);
    call.hang_up();
    let call = stand.call("300");
    call.hears("the flow in Rust, speaking", SOON, is_speech);
    call.hang_up();
}

fn is_speech(heard: &hotline_whole_host::rtp::Heard) -> bool {
    heard
        .samples
        .iter()
        .filter(|sample| sample.abs() > 1_000)
        .count()
        > 4_000
}

/// Replaces a file by another text.
type Save = fn(&Path, &str);

/// As editors and people do it. Each way makes another version of the same flow.
fn every_way_of_saving_works(stand: &Stand) {
    let flows = stand.flows();
    let path = flows.join("saved.flow.yaml");
    let ways: [(&str, Save); 5] = [
        ("written in place", |path, text| {
            fs::write(path, text).expect("room")
        }),
        ("renamed over the old one", |path, text| {
            let new = path.with_file_name(".saved.new");
            fs::write(&new, text).expect("room");
            fs::rename(new, path).expect("one folder");
        }),
        ("the old one moved away first", |path, text| {
            fs::rename(path, path.with_file_name("saved.flow.yaml~")).expect("one folder");
            fs::write(path, text).expect("room");
            fs::remove_file(path.with_file_name("saved.flow.yaml~")).expect("our own");
        }),
        ("removed and written anew", |path, text| {
            fs::remove_file(path).expect("our own");
            fs::write(path, text).expect("room");
        }),
        ("from elsewhere, with an old date", |path, text| {
            let elsewhere = path.with_file_name("saved.txt");
            fs::write(&elsewhere, text).expect("room");
            let file = fs::File::open(&elsewhere).expect("our own");
            file.set_modified(std::time::UNIX_EPOCH).expect("our own");
            fs::rename(elsewhere, path).expect("one folder");
        }),
    ];
    let mut label = String::new();
    for (n, (way, write)) in ways.into_iter().enumerate() {
        let hz = 1_000.0 + 100.0 * n as f64;
        write_prompt(
            &flows,
            &format!("tone-{hz}.wav"),
            hz,
            Duration::from_secs(1),
        );
        write(&path, &plain(hz));
        label = stand.becomes_live("saved", &label);
        if n == 0 {
            stand.publish("400", "saved");
        }
        let call = stand.call("400");
        call.hears(way, SOON, |heard| {
            audio::heard_ms(&heard.samples, hz) >= 400
        });
        call.hang_up();
    }
}

fn removing_and_renaming_works(stand: &Stand) {
    let flows = stand.flows();
    save(&flows, "tones.flow.yaml", &script("a"));
    let label = stand.becomes_live("tones", "");
    let call = stand.call("200");
    hears(&call, FIRST[0]);
    fs::remove_file(flows.join("tones.flow.yaml")).expect("our own");
    stand.until("tones", "that it is gone", |flow| {
        flow.is_null() || flow["label"].is_null()
    });

    // The call in progress goes on; the next one is told that we are sorry, and waits for an agent.
    call.press('1');
    hears(&call, FIRST[1]);
    let next = stand.call("200");
    next.hears("an apology", SOON, is_speech);
    next.hang_up();
    let faults = stand
        .admin
        .until("the fault", "/events?limit=500", SOON, |events| {
            events.to_string().contains("not_loaded")
        });
    assert!(faults.to_string().contains("safe_flow_entered"));

    save(&flows, "tones.flow.yaml", &script("a"));
    stand.until("tones", "that it is back", |flow| {
        flow["label"] == label.as_str()
    });
    fs::rename(flows.join("tones.flow.yaml"), flows.join("named.flow.yaml")).expect("one folder");
    stand.until("tones", "that it has moved", |flow| {
        flow.is_null() || flow["label"].is_null()
    });
    stand.until("named", "its new name", |flow| flow["label"].is_string());
    stand.publish("200", "named");
    let next = stand.call("200");
    hears(&next, FIRST[0]);
    next.hang_up();
}

fn components_are_replaced_like_scripts(stand: &Stand) {
    let path = stand.flows().join("parcels.flow.wasm");
    let rust = component("examples/dist/rust_flow.wasm");
    fs::write(&path, &rust).expect("room");
    stand.until("parcels", "the good one", |flow| flow["problem"].is_null());
    let old = stand.label("parcels");
    let first = stand.call("300");
    first.hears("the flow in Rust, speaking", SOON, is_speech);
    let other = component("tests/hostile-guests/dist/works_once_then_panics.wasm");
    // In pieces, as a slow copy: a half of it must not go live, nor must it be told for long.
    let (start, end) = other.split_at(other.len() / 2);
    fs::write(&path, start).expect("room");
    stand.until("parcels", "the half", |flow| !flow["problem"].is_null());
    assert_eq!(stand.label("parcels"), old);
    let mut file = fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("our own");
    std::io::Write::write_all(&mut file, end).expect("room");
    drop(file);
    let new = stand.becomes_live("parcels", &old);
    let second = stand.call("300");
    assert_eq!(stand.calls_on("parcels", &old), 1);
    stand.until("parcels", "the new one's call", |flow| {
        flow["versions"]
            .as_array()
            .is_some_and(|all| all.iter().any(|v| v["label"] == new.as_str()))
    });
    // The old one is still the parcel service: it takes keys and speaks again.
    first.stream.forget();
    "123456".chars().for_each(|key| first.press(key));
    first.hears("news of the parcel", SOON, is_speech);
    first.hang_up();
    second.hang_up();
}

fn a_saved_script_is_live_within_a_second(stand: &Stand) {
    let flows = stand.flows();
    let mut took: Vec<Duration> = (0..5u8)
        .map(|n| {
            let label = stand.label("saved");
            // Another tone: words that change nothing make no new version.
            let text = plain(1_000.0 + 100.0 * f64::from(n));
            let saved = Instant::now();
            save(&flows, "saved.flow.yaml", &text);
            stand.becomes_live("saved", &label);
            saved.elapsed()
        })
        .collect();
    took.sort();
    assert!(
        took[2] < Duration::from_secs(1),
        "most saves are live within a second: {took:?}"
    );
}
