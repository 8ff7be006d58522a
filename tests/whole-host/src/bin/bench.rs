//! `make bench`: Hotline's figures, beside their goals and the machine's load. The host is the
//! binary as it ships, in a folder of its own, on loopback; callers are SIPp, agents are desk
//! phones of our own. Takes about a quarter of an hour.

#[path = "bench/bridged.rs"]
mod bridged;
#[path = "bench/callers.rs"]
mod callers;
#[path = "bench/decisions.rs"]
mod decisions;
#[path = "bench/desk_phones.rs"]
mod desk_phones;
#[path = "bench/history.rs"]
mod history;
#[path = "bench/neighbours.rs"]
mod neighbours;
#[path = "bench/offers.rs"]
mod offers;
#[path = "bench/plugins.rs"]
mod plugins;
#[path = "bench/reloads.rs"]
mod reloads;
#[path = "bench/saving.rs"]
mod saving;
#[path = "bench/set_up.rs"]
mod set_up;
#[path = "bench/staff.rs"]
mod staff;
#[path = "bench/table.rs"]
mod table;
#[path = "bench/uploads.rs"]
mod uploads;

use history::History;
use hotline_whole_host::{Host, HostOptions};
use staff::Staff;
use table::Table;

/// As many as the most calls that are bridged at once.
const AGENTS: usize = 500;

/// Three hundred calls a second of half a second each keep 150 busy.
const FOR_SHORT_CALLS: usize = 200;
const FIGURES: [&str; 8] = [
    "decisions",
    "live",
    "uploads",
    "offers",
    "set-up",
    "reloads",
    "neighbours",
    "bridged",
];

/// Without arguments every figure; else those that are named.
fn main() {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let unknown = named.iter().find(|name| !FIGURES.contains(&name.as_str()));
    assert!(
        unknown.is_none(),
        "no figure {unknown:?}; there are {FIGURES:?}"
    );
    let wanted = |figure: &str| named.is_empty() || named.iter().any(|name| name == figure);

    let mut table = Table::default();
    if wanted("decisions") {
        decisions::measure(&mut table);
        if named.len() == 1 {
            return table.print();
        }
    }

    let arguments = [
        "--max-calls=5000",
        "--max-calls-per-second=1000",
        "--recording=never",
    ];
    let host = Host::with(HostOptions {
        arguments: arguments.map(str::to_owned).to_vec(),
        rtp_ports: Some((20_000, 29_999)),
        ..HostOptions::default()
    });
    let (admin, supervisor) = (host.sign_in("admin"), host.sign_in("sue"));
    let mut history = History::from_the_beginning(&supervisor);

    let mut staff = Staff::hire(&host, &admin, AGENTS);
    staff.come(&host, FOR_SHORT_CALLS);
    if wanted("live") {
        plugins::save_to_live(&mut table, &host, &supervisor);
    }
    if wanted("uploads") {
        uploads::measure(&mut table, &admin);
    }
    if wanted("offers") {
        offers::measure(&mut table, &host, &staff, &supervisor);
        offers::by_facts(&mut table, &history.read());
    }
    staff.all_ready();
    if wanted("set-up") {
        history.read();
        set_up::measure(&mut table, &host, &staff);
        plugins::usage(&mut table, &history.read());
    }
    if wanted("reloads") {
        reloads::measure(&mut table, &host, &supervisor);
    }
    if wanted("neighbours") {
        history.read();
        neighbours::measure(&mut table, &host, &mut history);
    }
    if wanted("bridged") {
        staff.come(&host, AGENTS);
        staff.all_ready();
        history.read();
        for calls in [200, 500] {
            bridged::measure(&mut table, &host, &staff, &mut history, calls);
        }
    }
    table.print();
}
