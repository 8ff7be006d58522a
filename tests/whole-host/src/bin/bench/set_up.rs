//! What a short call costs: answered, through its flow and the queue, bridged to a desk phone and
//! ended; how many a second come out clean; and whether memory stays.

use crate::callers::{Callers, Counted, Voice, Wave};
use crate::staff::{LINE, Staff};
use crate::table::{Table, progress};
use hotline_whole_host::Host;
use std::time::{Duration, Instant};

/// From the answer to the BYE; the agent's phone is rung and bridged meanwhile.
const HOLD: Duration = Duration::from_millis(400);
/// After a wave, until its facts are in the database: that work belongs to the calls.
const SETTLE: Duration = Duration::from_secs(4);

/// Until the last transaction of an ended call is forgotten: 64 times T1 (RFC 3261 section 17).
pub(crate) const LINGER: Duration = Duration::from_secs(32);

struct Outcome {
    counted: Counted,
    /// Calls that an agent's phone picked up.
    bridged: u64,
    /// The host's, in all.
    cpu: Duration,
    took: Duration,
}

fn wave(host: &Host, staff: &Staff, calls: u32, per_second: u32) -> Outcome {
    progress(&format!("{calls} short calls, {per_second} a second"));
    let (cpu, picked_up, began) = (host.cpu_time(), staff.phones.picked_up(), Instant::now());
    let wave = Wave {
        calls,
        per_second,
        hold: HOLD,
        voice: Voice::Mute,
    };
    let counted = Callers::start(host, LINE, wave).finish();
    let took = began.elapsed();
    std::thread::sleep(SETTLE);
    Outcome {
        counted,
        bridged: staff.phones.picked_up() - picked_up,
        cpu: host.cpu_time() - cpu,
        took,
    }
}

pub(crate) fn measure(table: &mut Table, host: &Host, staff: &Staff) {
    let agents = staff.here().len();
    let slow = wave(host, staff, 1_500, 100);
    show(table, &slow, 1_500, 100, agents);
    // What is kept comes to its size in these.
    for _ in 0..2 {
        let fast = wave(host, staff, 5_000, 300);
        show(table, &fast, 5_000, 300, agents);
        std::thread::sleep(LINGER);
    }
    let before = host.memory();
    let third = wave(host, staff, 5_000, 300);
    show(table, &third, 5_000, 300, agents);
    std::thread::sleep(LINGER);
    let after = host.memory();
    let mb = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    table.row(
        "resident memory before and after the last 5,000 calls",
        "no growth",
        format!(
            "{:.0} MB, {:.0} MB ({:+.1})",
            mb(before),
            mb(after),
            mb(after) - mb(before)
        ),
    );
}

fn show(table: &mut Table, outcome: &Outcome, calls: u32, per_second: u32, agents: usize) {
    let title =
        |figure: &str| format!("{figure}, {calls} calls at {per_second}/s, {agents} agents");
    table.row(
        &title("CPU per call set-up"),
        "<= 2 ms",
        format!(
            "{:.2} ms",
            outcome.cpu.as_secs_f64() * 1_000.0 / f64::from(calls)
        ),
    );
    let counted = outcome.counted;
    table.row(
        &title("short calls"),
        "0 failed",
        format!(
            "{} ended well, {} failed, {} reached an agent, {} messages repeated, in {:.1} s",
            counted.successful,
            counted.failed,
            outcome.bridged,
            counted.retransmissions,
            outcome.took.as_secs_f64()
        ),
    );
}
