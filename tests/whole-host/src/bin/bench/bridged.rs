//! What a bridged call costs while both sides speak, and whether anything of it is lost.

use crate::callers::{Callers, Voice, Wave};
use crate::history::History;
use crate::staff::{LINE, Staff};
use crate::table::{Spread, Table, progress};
use hotline_whole_host::Host;
use std::time::{Duration, Instant};

const PER_SECOND: u32 = 50;
/// After the last call was bridged, until its facts are in the database.
const SETTLE: Duration = Duration::from_secs(3);
const WINDOW: Duration = Duration::from_secs(15);

pub(crate) fn measure(
    table: &mut Table,
    host: &Host,
    staff: &Staff,
    history: &mut History,
    calls: u32,
) {
    progress(&format!("bridging {calls} calls"));
    let ramp = Duration::from_secs(u64::from(calls / PER_SECOND));
    let before = staff.phones.picked_up();
    let wave = Wave {
        calls,
        per_second: PER_SECOND,
        hold: ramp + Duration::from_secs(5) + SETTLE + WINDOW,
        voice: Voice::Speaking,
    };
    let callers = Callers::start(host, LINE, wave);
    let deadline = Instant::now() + ramp + Duration::from_secs(5);
    while staff.phones.picked_up() - before < u64::from(calls) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(SETTLE);

    staff.phones.measure();
    let (began, cpu) = (Instant::now(), host.cpu_time());
    std::thread::sleep(WINDOW);
    let used = (host.cpu_time() - cpu).as_secs_f64() / began.elapsed().as_secs_f64();
    let arrived = staff.phones.arrived();

    let bridged = arrived.calls.max(1);
    let title = |figure: &str| format!("{figure}, {calls} calls");
    table.row(
        &title("CPU per bridged call"),
        if calls == 500 { "<= 0.060 %" } else { "" },
        format!(
            "{:.3} % of a core ({bridged} bridged, {:.1} % in all)",
            used * 100.0 / bridged as f64,
            used * 100.0
        ),
    );
    table.row(
        &title("packets lost, as the agents' phones count"),
        "0",
        format!("{} of {}", arrived.lost, arrived.packets),
    );
    let gaps = arrived.gaps_us.iter().map(|gap| u64::from(*gap)).collect();
    if let Some(gaps) = Spread::of(gaps) {
        table.row(&title("RTP gap p50 / p99"), "", gaps.in_ms());
    }
    let counted = callers.finish();
    let facts = history.read();
    let both: Vec<_> = facts.of("leg_measured").collect();
    let sum = |name: &str| -> u64 {
        let value = both
            .iter()
            .map(|fact| fact["body"]["statistics"][name].as_u64());
        value.map(Option::unwrap_or_default).sum()
    };
    table.row(
        &title("packets lost, as the host counts on both legs"),
        "0",
        format!("{} of {}", sum("packets_lost"), sum("packets_received")),
    );
    if counted.failed > 0 {
        table.row(&title("calls failed"), "0", counted.failed);
    }
}
