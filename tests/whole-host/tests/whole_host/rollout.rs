//! A new version of a flow, from its upload to its rollback, while calls come in and go on: none
//! fails, and each hears one version from its beginning to its end.

use hotline_whole_host::api::Answer;
use hotline_whole_host::host::binary;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::{save, write_prompt};
use hotline_whole_host::{Api, Call, Host, Phone, Transport, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);
/// What each version says first, and after key 1.
pub(crate) const OLD: [f64; 2] = [440.0, 700.0];
pub(crate) const NEW: [f64; 2] = [500.0, 800.0];
pub(crate) const PLUGIN: &str = "/plugins/flow/tones";
pub(crate) const FRIEND: &str = "+4930555";

pub(crate) fn script(version: &str) -> String {
    format!(
        "flow: Tones\nlanguages: [en]\nnodes:\n  menu:\n    menu: {{audio: {version}-menu.wav}}\n    \
         keys: {{1: one}}\n    failed: hangup\n  one: {{say: {{audio: {version}-one.wav}}, next: hangup}}\n"
    )
}

/// A host whose line `200` is answered by a flow of two tones.
pub(crate) struct Stand {
    pub(crate) host: Host,
    pub(crate) admin: Api,
}

impl Stand {
    pub(crate) fn new() -> Stand {
        let host = Host::start();
        let admin = host.sign_in("admin");
        let flows = host.flows("demo");
        for (version, [menu, one]) in [("old", OLD), ("new", NEW)] {
            let menu_file = format!("{version}-menu.wav");
            write_prompt(&flows, &menu_file, menu, Duration::from_secs(30));
            let one_file = format!("{version}-one.wav");
            write_prompt(&flows, &one_file, one, Duration::from_secs(2));
        }
        save(&flows, "tones.flow.yaml", &script("old"));
        let stand = Stand { host, admin };
        let flows = stand.admin.until("the flow", "/flows", SOON, |flows| {
            let items = flows["items"].as_array().expect("a list");
            items
                .iter()
                .any(|flow| flow["name"] == "tones" && flow["label"].is_string())
        });
        assert!(flows["items"].is_array());
        let wish = json!({"flow": "tones"});
        let answer = stand.admin.send(Method::PUT, "/numbers/200", Some(&wish));
        assert_eq!(answer.status, 200, "{}", answer.text());
        stand
    }

    pub(crate) fn call_from(&self, caller: Option<&str>) -> Call {
        let mut phone = Phone::new(self.host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        if let Some(caller) = caller {
            phone.user = caller.to_owned();
        }
        *phone.call("200").answered()
    }

    pub(crate) fn upload(&self, text: &str) -> Answer {
        let path = format!("{PLUGIN}/versions?note=another%20tone");
        let body = Some(text.as_bytes().to_vec());
        self.admin
            .send_bytes(Method::POST, &path, body, "application/yaml")
    }

    /// Changes a version's state; gives the version.
    pub(crate) fn change(&self, version: &str, to: &Value) -> Value {
        let path = format!("{PLUGIN}/versions/{version}/state");
        let wish = json!({"to": to, "reason": "a test"});
        let answer = self.admin.send(Method::POST, &path, Some(&wish));
        assert_eq!(answer.status, 200, "{to}: {}", answer.text());
        answer.json()
    }

    pub(crate) fn state(&self, version: &str) -> Value {
        self.admin.get(&format!("{PLUGIN}/versions/{version}"))["state"].clone()
    }
}

pub(crate) fn hears(call: &Call, hz: f64) {
    call.hears(&format!("{hz} Hz"), SOON, |heard| {
        audio::heard_ms(&heard.samples, hz) >= 300
    });
}

/// Which of the two a call hears first.
pub(crate) fn first_tone(call: &Call) -> f64 {
    let heard = call.hears("a tone", SOON, |heard| {
        [OLD[0], NEW[0]]
            .iter()
            .any(|hz| audio::heard_ms(&heard.samples, *hz) >= 300)
    });
    match audio::heard_ms(&heard.samples, OLD[0]) >= 300 {
        true => OLD[0],
        false => NEW[0],
    }
}

#[test]
fn upload_shadow_canary_activate_and_rollback_while_calls_are_live_fail_no_call() {
    let stand = Stand::new();
    let socket = stand.admin.live();
    let (stop, calls) = (AtomicBool::new(false), AtomicU32::new(0));
    let old = stand.admin.get(PLUGIN)["label"]
        .as_str()
        .expect("live")
        .to_owned();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let call = stand.call_from(None);
                    first_tone(&call);
                    call.hang_up();
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // Ends the callers also when a step below fails.
        let _stop = Stop(&stop);
        roll_out(&stand, &old, &calls);
    });
    assert!(calls.load(Ordering::Relaxed) >= 10, "calls were live");
    let metrics = (stand.admin).try_send(Method::GET, "/metrics", None, "text/plain");
    let metrics = metrics.expect("an answer").text();
    for purpose in ["contacts", "shadow", "replay", "admission"] {
        let charged = |days: &Value| {
            let rows = days["items"].as_array().expect("a list").iter();
            let of_flow = rows.filter(|row| row["version"]["name"] == "tones");
            let fuel = of_flow.filter(|row| row["purpose"] == purpose);
            fuel.filter_map(|row| row["fuel"].as_u64()).sum::<u64>() > 0
        };
        stand.admin.until(purpose, "/usage/days", SOON, charged);
        let label = format!("purpose=\"{purpose}\"");
        assert!(metrics.contains(&label), "{label}");
    }
    let events = stand.admin.get("/events?limit=500").to_string();
    for failure in ["plugin_faulted", "safe_flow_entered"] {
        assert!(!events.contains(failure), "{failure}");
    }
    for state in ["shadow", "canary", "active"] {
        socket.hears(state, SOON, |message| {
            let versions = message["status"]["versions"].as_array();
            message["type"] == "plugin"
                && versions.is_some_and(|all| all.iter().any(|one| one["state"] == state))
        });
    }
}

struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn roll_out(stand: &Stand, old: &str, calls: &AtomicU32) {
    let rejected = stand.upload(&script("new").replace("next: hangup", "next: nowhere"));
    assert_eq!(rejected.status, 201, "{}", rejected.text());
    let rejected = rejected.json();
    assert_eq!(rejected["state"], "rejected");
    let finding = &rejected["report"][0];
    assert!(
        finding["line"].is_u64() && finding["hint"].is_string(),
        "{finding}"
    );
    let page = finding["page"].as_str().expect("a page");
    assert!(page.starts_with("/errors/plugins#script."), "{finding}");

    let uploaded = stand.upload(&script("new"));
    assert_eq!(uploaded.status, 201, "{}", uploaded.text());
    let uploaded = uploaded.json();
    assert_eq!(
        (&uploaded["state"], &uploaded["note"]),
        (&json!("compiled"), &json!("another tone"))
    );
    let new = uploaded["id"].as_str().expect("an id").to_owned();
    stand.change(&new, &json!({"staged": {}}));

    stand.change(&new, &json!("shadow"));
    let trial = stand.admin.until(
        "contacts in shadow",
        &format!("{PLUGIN}/trial"),
        SOON,
        |answer| answer["trial"]["contacts_differing"].as_u64() >= Some(3),
    );
    let trial = &trial["trial"];
    assert_eq!(
        trial["contacts"], trial["contacts_differing"],
        "each hears another menu"
    );
    assert!(trial["differences"][0]["contact"].is_string(), "{trial}");
    let before = stand.call_from(Some(FRIEND));
    hears(&before, OLD[0]);

    stand.change(&new, &json!({"canary": {"split": {"callers": [FRIEND]}}}));
    let friend = stand.call_from(Some(FRIEND));
    assert_eq!(first_tone(&friend), NEW[0]);
    let other = stand.call_from(Some("+4930666"));
    assert_eq!(first_tone(&other), OLD[0]);
    stand.change(&new, &json!({"canary": {"split": {"percent": 50}}}));
    let counted = calls.load(Ordering::Relaxed);
    stand
        .admin
        .until("both groups", &format!("{PLUGIN}/trial"), SOON, |answer| {
            let contacts = |group: &str| answer["trial"][group]["contacts"].as_u64();
            contacts("canary") >= Some(1) && contacts("control") >= Some(1)
        });
    assert!(calls.load(Ordering::Relaxed) >= counted);

    stand.change(&new, &json!("active"));
    assert_eq!(
        stand.state(old),
        "draining",
        "`before` and `other` are on it"
    );
    let after = stand.call_from(None);
    assert_eq!(first_tone(&after), NEW[0]);

    let replayed = format!("{PLUGIN}/versions/{old}/replay");
    let report = stand.admin.send(Method::POST, &replayed, None);
    assert_eq!(report.status, 200, "{}", report.text());
    assert!(report.json()["summary"]["contacts"].as_u64() >= Some(3));

    let rollback = format!("{PLUGIN}/rollback");
    let wish = json!({"reason": "the tone was wrong"});
    let answer = stand.admin.send(Method::POST, &rollback, Some(&wish));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let last = stand.call_from(None);
    assert_eq!(first_tone(&last), OLD[0]);

    // Each call ends on the version that it began with.
    for (call, hz) in [
        (before, OLD),
        (other, OLD),
        (friend, NEW),
        (after, NEW),
        (last, OLD),
    ] {
        call.press('1');
        hears(&call, hz[1]);
        let others = if hz == OLD { NEW } else { OLD };
        for hz in others {
            assert_eq!(audio::heard_ms(&call.heard().samples, hz), 0, "{hz} Hz");
        }
        call.hang_up();
    }
    let history = stand.admin.get(&format!("{PLUGIN}/versions/{old}"))["history"].clone();
    let last = history
        .as_array()
        .and_then(|all| all.last())
        .expect("a history");
    assert_eq!(
        (&last["to"], &last["reason"], &last["by"]["person"]["name"]),
        (
            &json!("active"),
            &json!("the tone was wrong"),
            &json!("admin")
        )
    );
}

/// `hotline plugin push`, as an author types it.
pub(crate) fn push(host: &Host, token: &str, file: &str, more: &[&str]) -> (bool, String) {
    let output = std::process::Command::new(binary())
        .args(["plugin", "push", file])
        .args(["--server", &format!("http://{}", host.http)])
        .args(more)
        .env("HOTLINE_TOKEN", token)
        .current_dir(host.folder())
        .output()
        .expect("the binary starts");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn an_author_pushes_a_version_and_is_told_what_became_of_it() {
    let host = Host::start();
    let admin = host.sign_in("admin");
    let wish = json!({"name": "laptop", "role": "admin"});
    let token = admin.send(Method::POST, "/tokens", Some(&wish)).json();
    let token = token["secret"].as_str().expect("told once");

    save(host.folder(), "greeting.flow.yaml", &script("old"));
    let more = ["--note", "a first try"];
    let (good, said) = push(&host, token, "greeting.flow.yaml", &more);
    assert!(good && said.contains("is compiled"), "{said}");
    let versions = admin.get("/plugins/flow/greeting")["versions"].clone();
    assert_eq!(versions[0]["note"], "a first try");
    assert_eq!(versions[0]["by"]["program"]["name"], "laptop");
    assert_eq!(versions[0]["live"], false, "callers notice nothing");

    let broken = script("old").replace("next: hangup", "next: nowhere");
    save(host.folder(), "greeting.flow.yaml", &broken);
    let (good, said) = push(&host, token, "greeting.flow.yaml", &[]);
    assert!(!good && said.contains("is rejected"), "{said}");
    assert!(
        said.contains("nowhere") && said.contains("greeting.flow.yaml:8:"),
        "{said}"
    );

    let (good, said) = push(&host, "of-nobody", "greeting.flow.yaml", &[]);
    assert!(!good && said.contains("does not know this token"), "{said}");
}
