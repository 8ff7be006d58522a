//! What a tenant notices of another one's plugin that loops for ever: the time from a call's arrival
//! to its flow's first answer, which is waiting for a plugin thread and running on it.

use crate::callers::{Callers, Voice, Wave};
use crate::history::{Facts, History};
use crate::staff::LINE;
use crate::table::{Spread, Table, progress};
use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::{Host, Phone, Transport};
use reqwest::Method;
use serde_json::json;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const CALLS: u32 = 1_500;
const CALLS_PER_SECOND: u32 = 50;
const NEIGHBOUR: &str = "neighbour";
const DOMAIN: &str = "neighbour.example";
const LOOPS: &str = "loops_forever";
const NUMBER: &str = "300";
/// The looping flow is replaced by a new version of itself this often: the breaker that keeps its
/// calls from it begins anew.
const BETWEEN_VERSIONS: Duration = Duration::from_secs(5);

pub(crate) fn measure(table: &mut Table, host: &Host, history: &mut History) {
    let alone = first_steps(host, history, "alone");
    let admin = host.create_tenant(NEIGHBOUR, DOMAIN);
    install(host, 0);
    admin.until(
        "the looping flow",
        "/flows",
        Duration::from_secs(60),
        |flows| flows.to_string().contains(LOOPS),
    );
    let line = json!({"flow": LOOPS, "click_to_call": false});
    let answer = admin.send(Method::PUT, &format!("/numbers/{NUMBER}"), Some(&line));
    assert!(answer.status.is_success(), "the line: {}", answer.text());

    let over = AtomicBool::new(false);
    let (beside, calls) = std::thread::scope(|scope| {
        let versions = scope.spawn(|| {
            for n in 1.. {
                std::thread::park_timeout(BETWEEN_VERSIONS);
                if over.load(Ordering::Relaxed) {
                    return;
                }
                install(host, n);
            }
        });
        let calls = scope.spawn(|| call_until(host, &over));
        let beside = first_steps(host, history, "beside a plugin that loops");
        over.store(true, Ordering::Relaxed);
        versions.thread().unpark();
        (beside, calls.join().expect("the neighbour's calls"))
    });

    let looped = History::from_the_beginning(&admin).read();
    let looped = looped.of("plugin_faulted").count();
    assert!(looped > 0, "the breaker lets some calls through");
    for (title, spread) in [("alone", alone), ("beside a looping neighbour", beside)] {
        let title = format!("call arrived -> flow's first answer, {title}, p50 / p99 of {CALLS}");
        table.row(&title, "", spread.in_ms());
    }
    table.row(
        "what the neighbour's looping plugin adds to that p99",
        "<= 2 ms",
        format!(
            "{:+.1} ms, by {looped} loops to the limit of fuel in {calls} calls",
            (beside.p99 as f64 - alone.p99 as f64) / 1_000.0
        ),
    );
}

/// The flow that loops, as a version of its own: a custom section (WebAssembly, section 5.5.3) tells
/// one from the other.
fn install(host: &Host, version: u8) {
    let guest = root().join(format!("tests/hostile-guests/dist/{LOOPS}.wasm"));
    let mut component = std::fs::read(guest).expect("the guest, built by `make hostile`");
    let name = b"version";
    component.extend([0, 2 + name.len() as u8, name.len() as u8]);
    component.extend(name);
    component.push(version);
    let folder = host.flows(NEIGHBOUR);
    let half_written = folder.join("new-version");
    std::fs::write(&half_written, component).expect("room for a component");
    std::fs::rename(half_written, folder.join(format!("{LOOPS}.flow.wasm"))).expect("one folder");
}

/// One call after the other; how many.
fn call_until(host: &Host, over: &AtomicBool) -> usize {
    let mut calls = 0;
    while !over.load(Ordering::Relaxed) {
        let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        phone.domain = Some(DOMAIN.to_owned());
        phone.call(NUMBER).answered().hang_up();
        calls += 1;
    }
    calls
}

fn first_steps(host: &Host, history: &mut History, how: &str) -> Spread {
    progress(&format!("{CALLS} calls at {CALLS_PER_SECOND}/s {how}"));
    let wave = Wave {
        calls: CALLS,
        per_second: CALLS_PER_SECOND,
        hold: Duration::from_millis(400),
        voice: Voice::Mute,
    };
    let counted = Callers::start(host, LINE, wave).finish();
    assert_eq!(counted.failed, 0, "calls {how}");
    took(&history.read())
}

/// By the facts' milliseconds, in microseconds.
fn took(facts: &Facts) -> Spread {
    let mut started: HashMap<&str, i64> = HashMap::new();
    let mut took = Vec::new();
    for fact in facts.all() {
        let (Some(contact), Some(at)) = (fact["contact"].as_str(), fact["at"].as_i64()) else {
            continue;
        };
        if fact["kind"] == "contact_started" {
            started.insert(contact, at);
        } else if fact["kind"] == "flow_stepped"
            && let Some(since) = started.remove(contact)
        {
            took.push(u64::try_from(at - since).unwrap_or_default() * 1_000);
        }
    }
    Spread::of(took).expect("calls were made")
}
