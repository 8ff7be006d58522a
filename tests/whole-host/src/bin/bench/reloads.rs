//! A flow that is saved again and again under calls: no call notices, and memory stays.

use crate::callers::{Callers, Counted, Voice, Wave};
use crate::saving::Saving;
use crate::set_up::LINGER;
use crate::staff::{FLOW, LINE, SCRIPT};
use crate::table::{Spread, Table, progress};
use hotline_whole_host::{Api, Host};
use std::ops::Range;
use std::time::{Duration, Instant};

const RELOADS: usize = 1_000;
/// Until what is kept has its size: memory stayed where it was from about here on.
const WARM_UP: usize = 700;
const CALLS_PER_SECOND: u32 = 50;
const HOLD: Duration = Duration::from_millis(400);
/// Of a wave.
const SECONDS: u32 = 30;
/// Calls run for this long after a wave's last reload.
const MARGIN: Duration = Duration::from_secs(5);

/// What became of one wave of calls, and of the reloads meanwhile.
struct Outcome {
    counted: Counted,
    took: Vec<u64>,
}

fn wave(host: &Host, supervisor: &Api, versions: &mut Range<usize>) -> Outcome {
    // Of its own: the host hangs up on a socket that is not read between the waves.
    let mut saving = Saving::begin(host, supervisor, FLOW);
    let wave = Wave {
        calls: CALLS_PER_SECOND * SECONDS,
        per_second: CALLS_PER_SECOND,
        hold: HOLD,
        voice: Voice::Mute,
    };
    let callers = Callers::start(host, LINE, wave);
    let until = Instant::now() + Duration::from_secs(SECONDS.into()) - MARGIN;
    let mut took = Vec::new();
    while Instant::now() < until
        && let Some(version) = versions.next()
    {
        let topic = format!("topic: reload-{version}");
        let script = SCRIPT.replace("topic: bench", &topic);
        took.push(saving.save(&script).as_micros() as u64);
    }
    Outcome {
        counted: callers.finish(),
        took,
    }
}

/// In waves, because nobody knows beforehand how long so many reloads take. Gives the microseconds of
/// each, and how many calls ended well or failed.
fn waves(host: &Host, supervisor: &Api, mut versions: Range<usize>) -> (Vec<u64>, u64, u64) {
    let mut took = Vec::with_capacity(versions.len());
    let (mut calls, mut failed) = (0, 0);
    while !versions.is_empty() {
        let outcome = wave(host, supervisor, &mut versions);
        took.extend(outcome.took);
        calls += outcome.counted.successful;
        failed += outcome.counted.failed;
    }
    (took, calls, failed)
}

pub(crate) fn measure(table: &mut Table, host: &Host, supervisor: &Api) {
    progress(&format!("{WARM_UP} reloads under calls, to warm up"));
    waves(host, supervisor, RELOADS..RELOADS + WARM_UP);
    std::thread::sleep(LINGER);
    let before = host.memory();

    progress(&format!("{RELOADS} reloads at {CALLS_PER_SECOND} calls/s"));
    let (took, calls, failed) = waves(host, supervisor, 0..RELOADS);
    std::thread::sleep(LINGER);
    let after = host.memory();

    if let Some(took) = Spread::of(took) {
        let title = format!("script saved -> live under {CALLS_PER_SECOND} calls/s, p50 / p99 of");
        table.row(&format!("{title} {RELOADS}"), "", took.in_ms());
    }
    let title = format!("calls during {RELOADS} reloads at {CALLS_PER_SECOND}/s");
    let value = format!("{calls} ended well, {failed} failed");
    table.row(&title, "0 failed", value);
    let mb = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let value = format!(
        "{:.0} MB, {:.0} MB ({:+.1})",
        mb(before),
        mb(after),
        mb(after) - mb(before)
    );
    table.row(
        "resident memory before and after those reloads",
        "no growth",
        value,
    );
}
