//! A canary that takes itself back although it fails no call: for what it costs, and for how its
//! callers fare in the queues. Limits are those that an administrator chose with the trial.

use crate::desk::{Desk, PASSWORD};
use crate::rollout::{FRIEND, NEW, OLD, PLUGIN, Stand, first_tone, hears, script};
use hotline_whole_host::tones::write_prompt;
use hotline_whole_host::{Call, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);
const STRANGER: &str = "+4930666";
const TRIAL: &str = "/plugins/flow/tones/trial";
/// What is heard in line.
const MUSIC: f64 = 600.0;

impl Stand {
    /// Uploads a script and stages it; its version.
    fn staged(&self, text: &str) -> String {
        let uploaded = self.upload(text);
        assert_eq!(uploaded.status, 201, "{}", uploaded.text());
        let uploaded = uploaded.json();
        assert_eq!(uploaded["state"], "compiled", "{uploaded}");
        let version = uploaded["id"].as_str().expect("an id").to_owned();
        self.change(&version, &json!({"staged": {}}));
        version
    }

    /// Gives one caller the version from now on.
    fn try_on_a_friend(&self, version: &str, limits: &Value) {
        let canary = json!({"split": {"callers": [FRIEND]}, "limits": limits});
        self.change(version, &json!({"canary": canary}));
    }

    /// Waits until a group of the trial has come so far.
    fn counted(&self, group: &str, field: &str, least: u64) {
        let what = format!("{least} {field} of the {group} group");
        self.admin.until(&what, TRIAL, SOON, |answer| {
            answer["trial"][group][field].as_u64() >= Some(least)
        });
    }

    /// Waits until the host has taken the version back; why it did.
    fn taken_back(&self, version: &str) -> String {
        let path = format!("{PLUGIN}/versions/{version}");
        let taken = self.admin.until("its end", &path, SOON, |answer| {
            answer["state"] == "quarantined"
        });
        let history = taken["history"].as_array().expect("a history");
        let last = history.last().expect("a change");
        assert_eq!(last["by"], "host", "{last}");
        last["reason"].as_str().expect("a reason").to_owned()
    }

    /// A caller of the line who stands in it and hears that.
    fn in_line(&self, caller: &str) -> Call {
        let call = self.call_from(Some(caller));
        hears(&call, MUSIC);
        call
    }
}

/// The version with other tones, which walks a long way to them.
fn dear() -> String {
    let mut way = String::new();
    for place in 0..150 {
        let next = match place {
            149 => "menu".to_owned(),
            place => format!("n{}", place + 1),
        };
        writeln!(
            way,
            "  n{place}: {{set: {{place: \"{place}\"}}, next: {next}}}"
        )
        .expect("a string grows");
    }
    script("new").replace("nodes:\n", &format!("nodes:\n{way}"))
}

#[test]
fn a_canary_that_costs_a_multiple_is_taken_back_and_its_callers_notice_nothing() {
    let stand = Stand::new();
    let new = stand.staged(&dear());
    let limits = json!({"min_calls": 4, "max_fuel_factor": 2.0, "max_fuel_percent": 100.0});
    stand.try_on_a_friend(&new, &limits);

    let on_it = stand.call_from(Some(FRIEND));
    assert_eq!(first_tone(&on_it), NEW[0]);
    for caller in [STRANGER, FRIEND] {
        for _ in 0..3 {
            let call = stand.call_from(Some(caller));
            first_tone(&call);
            call.hang_up();
        }
        if caller == STRANGER {
            stand.counted("control", "calls", 4);
        }
    }
    let reason = stand.taken_back(&new);
    assert!(reason.contains("units of fuel on average"), "{reason}");

    let after = stand.call_from(Some(FRIEND));
    assert_eq!(first_tone(&after), OLD[0]);
    // Who was on it stays on it to the end.
    on_it.press('1');
    hears(&on_it, NEW[1]);
    for call in [on_it, after] {
        call.hang_up();
    }
    let events = stand.admin.get("/events?limit=500").to_string();
    for failure in ["plugin_faulted", "safe_flow_entered"] {
        assert!(!events.contains(failure), "{failure}");
    }
}

/// A flow of one queue.
fn line(queue: &str) -> String {
    format!("nodes:\n  wait: {{queue: {queue}, full: hangup}}\n")
}

/// A host whose active version sends callers to `prompt`; agents who come when they are wanted.
struct Hall {
    stand: Stand,
    agents: std::array::IntoIter<&'static str, 4>,
}

impl Hall {
    /// `slow` wants its callers answered within a second.
    fn new() -> Hall {
        let stand = Stand::new();
        let flows = stand.host.flows("demo");
        write_prompt(&flows, "music.wav", MUSIC, Duration::from_secs(30));
        let queues = [("prompt", 600_000), ("slow", 1_000)].map(|(name, service_level_ms)| {
            let queue = json!({
                "name": name, "policy": null, "skills": "", "ring_timeout_ms": 60_000,
                "wrap_up_ms": 0, "progress_every_ms": 60_000, "max_waiting": 9,
                "service_level_ms": service_level_ms, "music": "music.wav",
            });
            json!({"queue": stand.created("/queues", &queue)})
        });
        let agents = ["tess", "uma", "vera", "will"];
        for name in agents {
            let agent = json!({
                "user_name": name, "display_name": name, "role": "agent", "password": PASSWORD,
                "desk_phone_password": PASSWORD, "queues": queues,
            });
            stand.created("/users", &agent);
        }
        let active = stand.staged(&line("prompt"));
        stand.change(&active, &json!("active"));
        Hall {
            stand,
            agents: agents.into_iter(),
        }
    }

    /// An agent comes, answers who is in line, and goes when the caller has.
    fn serves(&mut self, caller: Call) {
        let name = self.agents.next().expect("an agent who was not here yet");
        let (mut talk, agent, _presence) = Desk::of(&self.stand.host, name).answers();
        agent.request(&json!({"request": "pause", "reason": "enough"}));
        caller.hang_up();
        assert!(talk.is_hung_up(SOON), "the desk phone is told");
        agent.until("the agent's leave", "/agent", SOON, |page| {
            page["agent"]["state"] == "paused"
        });
    }
}

impl Stand {
    fn created(&self, path: &str, wish: &Value) -> String {
        let answer = self.admin.send(Method::POST, path, Some(wish));
        assert_eq!(answer.status, 201, "POST {path}: {}", answer.text());
        answer.json()["id"].as_str().expect("an id").to_owned()
    }
}

#[test]
fn a_canary_whose_callers_are_answered_late_is_taken_back() {
    let mut hall = Hall::new();
    let new = hall.stand.staged(&line("slow"));
    let limits =
        json!({"min_visits": 2, "service_level_margin": 60.0, "abandonment_margin": 100.0});
    hall.stand.try_on_a_friend(&new, &limits);
    for answered in 1..=2 {
        let caller = hall.stand.in_line(STRANGER);
        hall.serves(caller);
        hall.stand.counted("control", "answered_in_time", answered);
    }
    for _ in 0..2 {
        let caller = hall.stand.in_line(FRIEND);
        caller.hears("more than a second of music", SOON, |heard| {
            audio::heard_ms(&heard.samples, MUSIC) >= 1_400
        });
        hall.serves(caller);
    }
    let reason = hall.stand.taken_back(&new);
    assert!(
        reason.contains("its service level is 0.0 %, that of the other contacts 100.0 %"),
        "{reason}"
    );
}

#[test]
fn a_canary_whose_callers_give_up_is_taken_back_only_beyond_the_margin() {
    let mut hall = Hall::new();
    let new = hall.stand.staged(&line("slow"));
    let limits =
        json!({"min_visits": 2, "service_level_margin": 100.0, "abandonment_margin": 60.0});
    hall.stand.try_on_a_friend(&new, &limits);
    for answered in 1..=2 {
        let caller = hall.stand.in_line(STRANGER);
        hall.serves(caller);
        hall.stand.counted("control", "answered_in_time", answered);
    }
    // One of two gave up: within the margin.
    hall.stand.in_line(FRIEND).hang_up();
    hall.stand.counted("canary", "abandoned", 1);
    let caller = hall.stand.in_line(FRIEND);
    hall.serves(caller);
    hall.stand.counted("canary", "visits", 2);
    assert_eq!(hall.stand.state(&new), "canary");
    // Two of three are beyond it.
    hall.stand.in_line(FRIEND).hang_up();
    let reason = hall.stand.taken_back(&new);
    assert!(
        reason.contains("66.7 % of its contacts gave up waiting, 0.0 % of the others"),
        "{reason}"
    );

    // The next caller stands where everybody does.
    let friend = hall.stand.in_line(FRIEND);
    let queues = hall.stand.admin.get("/contacts?state=open").to_string();
    assert!(
        queues.contains("prompt") && !queues.contains("slow"),
        "{queues}"
    );
    friend.hang_up();
}
