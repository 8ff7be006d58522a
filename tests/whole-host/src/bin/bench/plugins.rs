//! What the plugins cost, and how soon a saved script is live.

use crate::history::Facts;
use crate::saving::Saving;
use crate::staff::SCRIPT;
use crate::table::{Spread, Table, progress};
use hotline_whole_host::{Api, Host};
use std::time::Duration;

/// Time and fuel of one call of a plugin, by the host's own facts.
pub(crate) fn usage(table: &mut Table, facts: &Facts) {
    let kinds = [
        ("flow step by plugin", "flow_stepped"),
        ("routing decision by plugin", "routing_decided"),
    ];
    for (title, kind) in kinds {
        let spread = |name: &str| {
            let by_plugin = facts
                .of(kind)
                .filter(|fact| !fact["body"]["version"].is_null());
            let values = by_plugin.filter_map(|fact| fact["body"]["usage"][name].as_u64());
            Spread::of(values.collect())
        };
        if let (Some(took), Some(fuel)) = (spread("took_us"), spread("fuel")) {
            let value = format!(
                "{} / {} us, {} / {} fuel",
                took.p50, took.p99, fuel.p50, fuel.p99
            );
            let calls = facts.of(kind).count();
            table.row(&format!("{title}, p50 / p99 of {calls}"), "", value);
        }
    }
}

const SAVES: usize = 10;

pub(crate) fn save_to_live(table: &mut Table, host: &Host, supervisor: &Api) {
    progress("saving a script again and again");
    let mut saving = Saving::begin(host, supervisor, "saved");
    let saves = (0..SAVES).map(|n| {
        let script =
            format!("{SCRIPT}# change {n}\n").replace("topic: bench", &format!("topic: saved-{n}"));
        let took = saving.save(&script);
        // Saves of an hour of editing, not of a burst, which is awaited as one.
        std::thread::sleep(Duration::from_millis(300));
        took.as_micros() as u64
    });
    if let Some(took) = Spread::of(saves.collect()) {
        let title = format!("script saved -> live, p50 / worst of {SAVES}");
        table.row(&title, "< 500 ms", took.in_ms());
    }
}
