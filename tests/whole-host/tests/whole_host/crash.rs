//! `kill -9` at seeded instants under load, then a start on what is left. `HOTLINE_CRASHES=100`
//! makes it a hundred, `HOTLINE_SEED` repeats the instants of a run.

use hotline_throwaway_postgres::Cluster;
use hotline_whole_host::recording::Recording;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::{save, write_prompt};
use hotline_whole_host::{Api, Host, HostOptions, Live, Outcome, Phone, Transport, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const CRASHES: u32 = 12;
const SOON: Duration = Duration::from_secs(30);
/// What the flow says, and what the caller says.
const PROMPT: f64 = 500.0;
const VOICE: f64 = 1_100.0;
/// Callers who come and go, beside those who stay until the end.
const GUESTS: u32 = 3;
const STAYERS: u32 = 3;
/// What of a recording a crash may cost, and a machine with other work.
const MAY_BE_LOST: Duration = Duration::from_millis(2_000);

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn a_killed_host_has_lost_nothing_that_it_told() {
    crash(HostOptions::default(), CRASHES);
}

#[test]
fn a_killed_host_on_postgres_has_lost_nothing_that_it_told() {
    let cluster = Cluster::shared();
    cluster.create_database("crashes");
    let options = HostOptions {
        database: Some(cluster.url("crashes")),
        ..HostOptions::default()
    };
    crash(options, CRASHES / 4);
}

/// Kills and restarts a host again and again, and looks after each time for what was told.
#[expect(clippy::print_stderr, reason = "the seed repeats a failure")]
fn crash(options: HostOptions, crashes: u32) {
    let seed = setting("HOTLINE_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
    let crashes = setting("HOTLINE_CRASHES").map_or(crashes, |number| number as u32);
    eprintln!("crashes: HOTLINE_CRASHES={crashes} HOTLINE_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut host = with_flows(options);
    let admin = host.sign_in("admin");
    let (mut known, mut counted) = (None, Totals::default());
    for round in 0..crashes {
        let instant = Duration::from_millis(random.u64(50..3_500));
        let told = under_load(&mut host, &admin, round, random.u64(..), instant);
        if random.u8(..6) == 0 {
            // It may die again while it recovers.
            host.start_and_kill(Duration::from_millis(random.u64(10..900)));
        }
        host = host.kill_and_restart();
        let what = format!("crash {round} after {instant:?} (seed {seed})");
        let facts = facts_after(&admin, &mut known);
        counted.facts += facts.len();
        everything_told_is_kept(&what, &told, &facts);
        every_contact_is_accounted_for(&what, &admin, &told, &facts, &mut counted);
        let numbers = admin.get("/numbers").to_string();
        for number in &told.numbers {
            assert!(
                numbers.contains(&format!("\"{number}\"")),
                "{what}: the number {number}"
            );
        }
        counted.numbers += told.numbers.len();
    }
    eprintln!("crashes: {crashes}, then {counted:?} were there");
    assert!(counted.contacts > crashes as usize && counted.cut_off > 0 && counted.recordings > 0);
}

/// What a run was about, so that an empty one is no success.
#[derive(Debug, Default)]
struct Totals {
    facts: usize,
    contacts: usize,
    cut_off: usize,
    recordings: usize,
    numbers: usize,
}

fn with_flows(options: HostOptions) -> Host {
    let host = Host::with(options);
    let flows = host.flows("demo");
    write_prompt(&flows, "long.wav", PROMPT, Duration::from_secs(60));
    save(
        &flows,
        "hum.flow.yaml",
        "nodes:\n  hum: {say: {audio: long.wav}, next: hangup}\n",
    );
    save(
        &flows,
        "line.flow.yaml",
        "nodes:\n  line: {queue: support, full: hangup}\n",
    );
    let admin = host.sign_in("admin");
    for (number, flow) in [("900", "hum"), ("901", "line")] {
        let label = format!("\"{flow}@");
        admin.until("the flows", "/flows", SOON, |flows| {
            flows.to_string().contains(&label)
        });
        let answer = admin.send(
            Method::PUT,
            &format!("/numbers/{number}"),
            Some(&json!({"flow": flow})),
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    host
}

/// What the host let the outside know before it was killed.
struct Told {
    /// By cursor, from the live socket.
    facts: HashMap<String, Value>,
    calls: Vec<Attempt>,
    /// Numbers whose creation was confirmed.
    numbers: Vec<String>,
    killed_at: Instant,
}

/// A call as its caller knows it.
struct Attempt {
    caller: String,
    answered_at: Instant,
    /// When the host confirmed the caller's hanging up.
    ended_at: Option<Instant>,
}

/// Calls come and go until the host is killed.
fn under_load(host: &mut Host, admin: &Api, round: u32, seed: u64, instant: Duration) -> Told {
    let live = admin.live();
    live.hears("the picture", SOON, |message| message["type"] == "live");
    let over = AtomicBool::new(false);
    let sip = host.sip;
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..GUESTS + STAYERS)
            .map(|n| {
                let (over, caller) = (&over, format!("+499{round:03}{n}"));
                let random = fastrand::Rng::with_seed(seed.wrapping_add(u64::from(n)));
                scope.spawn(move || {
                    if n < GUESTS {
                        come_and_go(sip, &caller, random, over)
                    } else {
                        stay(sip, &caller, over)
                    }
                })
            })
            .collect();
        let operator = scope.spawn(|| create_numbers(admin, round, &over));
        std::thread::sleep(instant);
        host.kill();
        let killed_at = Instant::now();
        over.store(true, Ordering::Relaxed);
        Told {
            calls: callers
                .into_iter()
                .flat_map(|caller| caller.join().expect("a caller"))
                .collect(),
            numbers: operator.join().expect("an operator"),
            facts: facts_told(&live),
            killed_at,
        }
    })
}

fn dial(sip: SocketAddr, caller: &str, number: &str) -> Option<Box<hotline_whole_host::Call>> {
    let mut phone = Phone::new(sip, Transport::Udp, Law::Pcmu).expect("a phone");
    caller.clone_into(&mut phone.user);
    match phone.try_call(number, Duration::from_millis(1_500))? {
        Outcome::Answered(call) => {
            call.stream.say_tone(VOICE);
            Some(call)
        }
        refused @ Outcome::Refused { .. } => panic!("{caller} was refused: {}", refused.status()),
    }
}

fn wait(length: Duration, over: &AtomicBool) {
    let end = Instant::now() + length;
    while Instant::now() < end && !over.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn come_and_go(
    sip: SocketAddr,
    caller: &str,
    mut random: fastrand::Rng,
    over: &AtomicBool,
) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let caller = format!("{caller}{:03}", attempts.len());
        let number = if random.bool() { "900" } else { "901" };
        let Some(call) = dial(sip, &caller, number) else {
            break;
        };
        let answered_at = Instant::now();
        wait(Duration::from_millis(random.u64(0..700)), over);
        let confirmed = !over.load(Ordering::Relaxed) && call.try_hang_up(Duration::from_secs(1));
        let ended_at = confirmed.then(Instant::now);
        attempts.push(Attempt {
            caller,
            answered_at,
            ended_at,
        });
    }
    attempts
}

fn stay(sip: SocketAddr, caller: &str, over: &AtomicBool) -> Vec<Attempt> {
    let caller = format!("{caller}999");
    let Some(call) = dial(sip, &caller, "900") else {
        return Vec::new();
    };
    let answered_at = Instant::now();
    wait(SOON, over);
    call.vanish();
    vec![Attempt {
        caller,
        answered_at,
        ended_at: None,
    }]
}

fn create_numbers(admin: &Api, round: u32, over: &AtomicBool) -> Vec<String> {
    let mut confirmed = Vec::new();
    let body = json!({"flow": "hum"}).to_string().into_bytes();
    while !over.load(Ordering::Relaxed) {
        let number = format!("7{round:03}{}", confirmed.len());
        let address = format!("/api/v1/numbers/{number}");
        let answer = admin.try_send(
            Method::PUT,
            &address,
            Some(body.clone()),
            "application/json",
        );
        match answer {
            Ok(answer) if answer.status == 200 => confirmed.push(number),
            Ok(answer) => panic!("{number}: {}", answer.text()),
            Err(_) => break,
        }
        wait(Duration::from_millis(100), over);
    }
    confirmed
}

fn facts_told(live: &Live) -> HashMap<String, Value> {
    let cursor = |message: &Value| message["cursor"].as_str().map(str::to_owned);
    live.messages()
        .into_iter()
        .filter(|message| message["type"] == "fact")
        .filter_map(|message| Some((cursor(&message)?, message["fact"].clone())))
        .collect()
}

/// All facts after those of earlier rounds, by cursor.
fn facts_after(admin: &Api, known: &mut Option<String>) -> HashMap<String, Value> {
    let mut facts = HashMap::new();
    loop {
        let after = known
            .as_ref()
            .map_or(String::new(), |cursor| format!("&after={cursor}"));
        let page = admin.get(&format!("/events?limit=500{after}"));
        let items = page["items"].as_array().expect("a list");
        for item in items {
            let cursor = item["cursor"].as_str().expect("a cursor").to_owned();
            facts.insert(cursor.clone(), item["fact"].clone());
            *known = Some(cursor);
        }
        if items.is_empty() {
            return facts;
        }
    }
}

fn everything_told_is_kept(what: &str, told: &Told, facts: &HashMap<String, Value>) {
    for (cursor, fact) in &told.facts {
        // What the picture at the start still told of the round before is known already.
        let Some(kept) = facts.get(cursor) else {
            panic!("{what}: the fact {cursor} was told and is gone: {fact}");
        };
        assert_eq!(kept, fact, "{what}: the fact {cursor}");
    }
}

/// Begun and ended alike, counted by kind.
const PAIRS: [(&str, &str); 3] = [
    ("contact_started", "contact_ended"),
    ("queue_entered", "queue_left"),
    ("recording_started", "recording_finished"),
];

fn every_contact_is_accounted_for(
    what: &str,
    admin: &Api,
    told: &Told,
    facts: &HashMap<String, Value>,
    counted: &mut Totals,
) {
    let of_kind = |kind: &str| -> Vec<&Value> {
        facts.values().filter(|fact| fact["kind"] == kind).collect()
    };
    for (begin, end) in PAIRS {
        let contacts = |facts: Vec<&Value>| {
            let mut contacts: Vec<String> = facts
                .iter()
                .map(|fact| fact["contact"].to_string())
                .collect();
            contacts.sort();
            contacts
        };
        assert_eq!(
            contacts(of_kind(begin)),
            contacts(of_kind(end)),
            "{what}: {begin} and {end}"
        );
    }
    let open = admin.get("/contacts?state=open");
    assert_eq!(open["items"], json!([]), "{what}");
    let started: HashMap<&str, &Value> = of_kind("contact_started")
        .into_iter()
        .filter_map(|fact| Some((fact["body"]["caller"].as_str()?, fact)))
        .collect();
    let callers: HashSet<&str> = told.calls.iter().map(|call| call.caller.as_str()).collect();
    assert_eq!(callers.len(), told.calls.len());
    for call in &told.calls {
        let Some(fact) = started.get(call.caller.as_str()) else {
            panic!("{what}: the answered call of {} is gone", call.caller);
        };
        let contact = fact["contact"].as_str().expect("an id");
        let row = admin.get(&format!("/contacts/{contact}"));
        assert!(row["ended_at"].is_i64(), "{what}: {row}");
        let reason = row["end_reason"].as_str().unwrap_or_default();
        if call.ended_at.is_none() {
            // Its BYE may have reached the host, only the answer did not reach us.
            assert!(
                ["host_restart", "caller_hung_up"].contains(&reason),
                "{what}: {row}"
            );
            if reason == "host_restart" {
                assert_eq!(row["blame"], "us", "{what}: {row}");
                counted.cut_off += 1;
            }
        } else {
            assert!(
                ["host_restart", "caller_hung_up"].contains(&reason),
                "{what}: {row}"
            );
        }
        counted.contacts += 1;
        let lasted = call
            .ended_at
            .unwrap_or(told.killed_at)
            .saturating_duration_since(call.answered_at);
        if lasted > MAY_BE_LOST || row["has_recording"] == true {
            recording_reaches_the_end(what, admin, contact, lasted);
            counted.recordings += 1;
        }
    }
}

/// The customer is heard to the last second, and so is what they heard.
fn recording_reaches_the_end(what: &str, admin: &Api, contact: &str, lasted: Duration) {
    let answer = admin.send(Method::GET, &format!("/contacts/{contact}/recording"), None);
    assert_eq!(answer.status, 200, "{what}: {}", answer.text());
    let recording = Recording::read(&answer.body);
    let length = recording.length();
    assert!(
        length + MAY_BE_LOST >= lasted,
        "{what}: {contact} lasted {lasted:?}, recorded {length:?}"
    );
    // In windows of 40 ms; the first few are the time that a phone takes to begin to speak.
    let heard: String = recording
        .left
        .chunks(320)
        .map(|window| {
            if audio::share_at(window, VOICE) > 0.5 {
                '#'
            } else {
                '.'
            }
        })
        .collect();
    let silent = heard.trim_start_matches('.').matches('.').count() * 40;
    let begins = heard.find('#').unwrap_or(heard.len()) * 40;
    if length < MAY_BE_LOST {
        return;
    }
    assert!(
        begins < 600 && silent < 300,
        "{what}: the caller is heard so in {length:?}: {heard}"
    );
}
