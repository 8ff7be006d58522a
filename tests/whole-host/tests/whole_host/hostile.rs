//! Plugins as a careless or malicious author would write them: their callers reach the safe flow,
//! and nobody else notices.

use hotline_whole_host::host::root;
use hotline_whole_host::rtp::{Heard, Law};
use hotline_whole_host::tones::{save, write_prompt};
use hotline_whole_host::{Api, Call, Host, Live, Outcome, Phone, Quiet, Transport, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(30);

/// What each hostile flow is found to do (`tests/hostile-guests/README.md`); more than one word
/// where either is right.
const FLOWS: [(&str, &[&str]); 14] = [
    ("loops_forever", &["out_of_fuel"]),
    ("fills_memory_slowly", &["timed_out", "out_of_fuel"]),
    ("eats_memory", &["out_of_memory"]),
    ("panics", &["trapped"]),
    ("traps", &["trapped"]),
    ("overflows_stack", &["stack_overflow", "trapped"]),
    ("returns_huge_state", &["too_much"]),
    ("returns_a_thousand_actions", &["too_much", "out_of_fuel"]),
    ("returns_huge_strings", &["too_much", "out_of_fuel"]),
    ("returns_nonsense", &["nonsense"]),
    ("does_nothing", &["nonsense"]),
    ("spins_through_steps", &["nonsense", "too_much"]),
    ("declares_a_fault", &["declared"]),
    ("works_once_then_panics", &["trapped"]),
];

const POLICIES: [&str; 6] = [
    "policy_names_strangers",
    "policy_names_one_twice",
    "policy_never_assigns",
    "policy_ranks_nonsense",
    "policy_loops_forever",
    "policy_panics",
];

struct Stand {
    host: Host,
    admin: Api,
}

impl Stand {
    fn new() -> Stand {
        let host = Host::start();
        let admin = host.sign_in("admin");
        Stand { host, admin }
    }

    fn install(&self, guest: &str, as_kind: &str) {
        let from = root().join(format!("tests/hostile-guests/dist/{guest}.wasm"));
        let to = self
            .host
            .flows("demo")
            .join(format!("{guest}.{as_kind}.wasm"));
        std::fs::copy(from, to).expect("the guest, built by `make hostile`");
    }

    fn await_live(&self, names: &[&str]) {
        self.admin
            .until("the plugins", "/flows", Duration::from_secs(90), |flows| {
                let items = flows["items"].as_array().expect("a list");
                names.iter().all(|name| {
                    items
                        .iter()
                        .any(|plugin| plugin["name"] == *name && plugin["label"].is_string())
                })
            });
    }

    fn publish(&self, number: &str, flow: &str) {
        let wish = json!({"flow": flow});
        let answer = self
            .admin
            .send(Method::PUT, &format!("/numbers/{number}"), Some(&wish));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    fn phone(&self, caller: &str) -> Phone {
        let mut phone = Phone::new(self.host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        caller.clone_into(&mut phone.user);
        phone
    }

    /// The facts of the only contact of a caller, once they satisfy `enough`.
    fn facts(&self, caller: &str, what: &str, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let path = format!("/contacts?caller={}", caller.replace('+', "%2B"));
        let contacts = self.admin.until(what, &path, SOON, |contacts| {
            !contacts["items"][0].is_null()
        });
        let id = contacts["items"][0]["id"].as_str().expect("an id");
        let timeline = self.admin.until(
            what,
            &format!("/contacts/{id}/timeline"),
            SOON,
            |timeline| enough(timeline["items"].as_array().expect("a list")),
        );
        timeline["items"].as_array().expect("a list").clone()
    }

    /// An agent at a registered desk phone, ready.
    fn agent(&self, name: &str) -> Agent {
        let api = self.host.sign_in(name);
        let live = api.live();
        let mut phone = Phone::new(self.host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        phone.domain = Some("demo.hotline.invalid".to_owned());
        assert_eq!(phone.register(name, &self.host.passwords[name]), 200);
        let within = Duration::from_secs(30);
        api.until("the desk phone", "/agent", within, |page| {
            page["agent"]["desk_phone_up"] == true
        });
        api.request(&json!({"request": "use_device", "device": "desk_phone"}));
        api.request(&json!({"request": "ready"}));
        Agent {
            api,
            _live: live,
            phone,
        }
    }
}

struct Agent {
    api: Api,
    _live: Live,
    phone: Phone,
}

fn has(facts: &[Value], kind: &str) -> bool {
    facts.iter().any(|fact| fact["kind"] == kind)
}

fn is_loud(samples: &[i16]) -> bool {
    samples.iter().filter(|sample| sample.abs() > 500).count() > samples.len() / 10
}

#[test]
fn callers_of_a_hostile_flow_reach_the_safe_flow() {
    let stand = Stand::new();
    let names: Vec<&str> = FLOWS.iter().map(|(name, _)| *name).collect();
    for name in &names {
        stand.install(name, "flow");
    }
    stand.await_live(&names);
    // One after the other: a worker that is busy with one must not excuse the next.
    let calls: Vec<Call> = (0..)
        .zip(names)
        .map(|(n, name)| {
            let number = format!("6{n:02}");
            stand.publish(&number, name);
            *stand.phone(&caller(n)).call(&number).answered()
        })
        .collect();
    std::thread::scope(|scope| {
        for (n, ((flow, kinds), call)) in (0..).zip(FLOWS.iter().zip(calls)) {
            let stand = &stand;
            scope.spawn(move || reaches_the_safe_flow(stand, flow, &caller(n), kinds, call));
        }
    });
    the_monitoring_system_sees_who_failed(&stand);
    hostile_policies_leave_nobody_waiting(&stand);
}

fn the_monitoring_system_sees_who_failed(stand: &Stand) {
    let answer = stand
        .admin
        .try_send(Method::GET, "/metrics", None, "text/plain");
    let metrics = answer.expect("the host answers").text();
    let of = |name: &str, plugin: &str| {
        let start = format!("{name}{{kind=\"flow\",plugin=\"{plugin}\",");
        metrics.lines().find(|line| line.starts_with(&start))
    };
    let faults = of("hotline_plugin_faults_total", "loops_forever");
    assert!(
        faults.is_some_and(|line| line.ends_with("fault=\"out_of_fuel\"} 1")),
        "{metrics}"
    );
    let fuel = of("hotline_plugin_fuel_total", "loops_forever");
    assert!(
        fuel.is_some_and(|line| line.ends_with(" 20000000")),
        "{metrics}"
    );
}

fn caller(n: u32) -> String {
    format!("+4977{n:02}")
}

fn reaches_the_safe_flow(stand: &Stand, flow: &str, caller: &str, kinds: &[&str], call: Call) {
    let facts = stand.facts(caller, flow, |facts| has(facts, "queue_entered"));
    let fault = facts.iter().find(|fact| fact["kind"] == "plugin_faulted");
    let fault = fault.unwrap_or_else(|| panic!("{flow}: no fault in {facts:?}"));
    let kind = fault["body"]["fault"]["kind"].as_str().unwrap_or_default();
    assert!(kinds.contains(&kind), "{flow}: {fault}");
    assert!(
        fault["body"]["fault"]["message"]
            .as_str()
            .is_some_and(|text| text.len() < 2_000),
        "{flow}"
    );
    assert!(has(&facts, "safe_flow_entered"), "{flow}: {facts:?}");
    // An apology of some seconds, then music.
    let before = call.heard().samples.len();
    assert!(
        is_loud(&call.heard().samples),
        "{flow}: an apology is heard"
    );
    call.hears("music after the apology", SOON, |heard| {
        heard.samples.len() > before + 16_000 && is_loud(&heard.samples[before + 8_000..])
    });
    call.hang_up();
}

/// Whatever a queue's policy says, a caller is offered to the agent who is free.
fn hostile_policies_leave_nobody_waiting(stand: &Stand) {
    for name in POLICIES {
        stand.install(name, "policy");
    }
    stand.await_live(&POLICIES);
    save(
        &stand.host.flows("demo"),
        "queue.flow.yaml",
        "nodes:\n  sales: {queue: sales, full: hangup}\n",
    );
    stand.await_live(&["queue"]);
    stand.publish("690", "queue");
    let mut ben = stand.agent("ben");
    let queues = stand.admin.get("/queues");
    let mut sales = queues["items"]
        .as_array()
        .and_then(|all| all.iter().find(|queue| queue["name"] == "sales").cloned())
        .expect("the sales queue");
    let path = format!("/queues/{}", sales["id"].as_str().expect("an id"));
    for field in ["id", "live"] {
        sales.as_object_mut().expect("an object").remove(field);
    }
    for (n, policy) in POLICIES.iter().enumerate() {
        sales["policy"] = json!(policy);
        assert_eq!(
            stand.admin.send(Method::PUT, &path, Some(&sales)).status,
            200
        );
        let caller = format!("+4978{n:02}");
        let call = stand.phone(&caller).call("690").answered();
        if *policy == "policy_never_assigns" {
            // A policy may let a contact wait; another policy is asked about it at once.
            stand.facts(&caller, policy, |facts| has(facts, "queue_ranked"));
            sales["policy"] = Value::Null;
            let answer = stand.admin.send(Method::PUT, &path, Some(&sales));
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        stand.facts(&caller, policy, |facts| has(facts, "offer_made"));
        ben.phone.rings(SOON);
        call.hang_up();
        stand.facts(&caller, policy, |facts| has(facts, "contact_ended"));
        ben.api
            .until("that Ben is free again", "/agent", SOON, |page| {
                page["agent"]["state"] == "ready"
            });
    }
    let events = stand.admin.get("/events?limit=500").to_string();
    for fault in [
        "policy_loops_forever",
        "policy_panics",
        "policy_names_strangers",
    ] {
        assert!(
            events.contains(&format!("\"plugin\":\"{fault}\"")),
            "the fault of {fault} is a fact"
        );
    }
}

const TONE: f64 = 480.0;
const AGENT: f64 = 900.0;
/// Calls that hear a prompt; two more pairs are bridged.
const LISTENERS: usize = 16;
/// Length of a phase, and how many there are of each kind.
const PHASE: Duration = Duration::from_secs(4);
const PHASES: usize = 3;

#[test]
fn calls_do_not_notice_a_hostile_plugin_beside_them() {
    let _quiet = Quiet::begin();
    let stand = Stand::new();
    let hostile = [
        "loops_forever",
        "fills_memory_slowly",
        "eats_memory",
        "overflows_stack",
        "floods_the_log",
    ];
    for name in hostile {
        stand.install(name, "flow");
    }
    let flows = stand.host.flows("demo");
    write_prompt(&flows, "long.wav", TONE, Duration::from_secs(110));
    save(
        &flows,
        "hum.flow.yaml",
        "nodes:\n  hum: {say: {audio: long.wav}, next: hangup}\n",
    );
    save(
        &flows,
        "queue.flow.yaml",
        "nodes:\n  support: {queue: support, full: hangup}\n",
    );
    stand.await_live(&hostile);
    stand.await_live(&["hum", "queue"]);
    stand.publish("500", "hum");
    stand.publish("501", "queue");
    for (n, name) in hostile.iter().enumerate() {
        stand.publish(&format!("51{n}"), name);
    }

    let (mut calls, mut agents) = bridged_pairs(&stand);
    let bridged = calls.len();
    calls.extend(
        (0..LISTENERS).map(|n| *stand.phone(&format!("+4950{n:02}")).call("500").answered()),
    );
    for (n, call) in calls.iter().enumerate() {
        let hz = if n % 2 == 0 && n < bridged {
            AGENT
        } else {
            TONE
        };
        call.hears("its tone", SOON, |heard| {
            audio::heard_ms(&heard.samples, hz) > 200
        });
    }

    let (mut without, mut with) = (Vec::new(), Vec::new());
    let attacks = AtomicU32::new(0);
    for _ in 0..PHASES {
        without.extend(gaps_during(&calls, PHASE, || {}));
        with.extend(gaps_during(&calls, PHASE, || {
            attack(&stand, hostile.len(), PHASE, &attacks)
        }));
    }
    let attacks = attacks.load(Ordering::Relaxed);
    assert!(
        attacks as usize >= PHASES * 4,
        "the attack took place: {attacks}"
    );
    let (p99_without, p99_with) = (p99(&mut without), p99(&mut with));
    let difference = p99_with.abs_diff(p99_without);
    let figures = format!(
        "p99 of the RTP gap: {p99_without} us without, {p99_with} us with {attacks} hostile calls"
    );
    eprintln!("{figures}");
    assert!(difference < 10_000, "{figures}");
    let events = stand.admin.get("/events?limit=500").to_string();
    assert!(
        events.contains("out_of_fuel") && events.contains("out_of_memory"),
        "{figures}"
    );
    calls.into_iter().for_each(|call| call.hang_up());
    agents.clear();
}

/// Two customers talking with agents at desk phones; the customer comes first in each pair.
fn bridged_pairs(stand: &Stand) -> (Vec<Call>, Vec<(Api, Live)>) {
    let (mut calls, mut agents) = (Vec::new(), Vec::new());
    for name in ["ana", "chen"] {
        let Agent {
            api,
            _live: live,
            mut phone,
        } = stand.agent(name);
        let customer = stand
            .phone(&format!("+49501-{name}"))
            .call("501")
            .answered();
        let ringing = phone.rings(SOON);
        let desk = phone.pick_up(ringing);
        customer.stream.say_tone(TONE);
        desk.stream.say_tone(AGENT);
        calls.extend([*customer, *desk]);
        agents.push((api, live));
    }
    (calls, agents)
}

/// What the phones hear while something goes on: the gaps between packets in microseconds.
/// Nothing may be lost.
fn gaps_during(calls: &[Call], length: Duration, meanwhile: impl FnOnce()) -> Vec<u64> {
    calls.iter().for_each(|call| call.stream.forget());
    let begun = Instant::now();
    meanwhile();
    std::thread::sleep(length.saturating_sub(begun.elapsed()));
    let lasted = begun.elapsed();
    let heard: Vec<Heard> = calls.iter().map(|call| call.heard()).collect();
    for (n, heard) in heard.iter().enumerate() {
        assert_eq!(heard.lost, 0, "call {n} lost packets");
        let expected = lasted.as_millis() as u64 / 20;
        assert!(
            heard.packets + 10 >= expected,
            "call {n} heard {} of {expected} packets",
            heard.packets
        );
    }
    heard.into_iter().flat_map(|heard| heard.gaps_us).collect()
}

fn p99(gaps: &mut [u64]) -> u64 {
    gaps.sort_unstable();
    gaps[gaps.len() * 99 / 100]
}

/// Two callers who call one hostile flow after the other.
fn attack(stand: &Stand, flows: usize, length: Duration, attacks: &AtomicU32) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for first in 0..2 {
            let over = &over;
            scope.spawn(move || {
                let mut n = first;
                while !over.load(Ordering::Relaxed) {
                    n += 1;
                    let phone = stand.phone(&format!("+4951{n:02}"));
                    if let Outcome::Answered(call) = phone.call(&format!("51{}", n % flows)) {
                        attacks.fetch_add(1, Ordering::Relaxed);
                        call.hang_up();
                    }
                }
            });
        }
        std::thread::sleep(length);
        over.store(true, Ordering::Relaxed);
    });
}
