//! What the tenant's plugins do and cost, a row for each version and what it was run for.

use super::{Text, escape};
use hotline_sandbox::metering::{Metered, TOOK_BUCKETS_US};
use hotline_sandbox::{PluginStatus, VersionStatus};
use std::fmt::Write;

pub(super) fn write(text: &mut Text, metered: &[Metered], catalogue: &[PluginStatus]) {
    type Figure = fn(&Metered) -> f64;
    let figures: [(&str, &str, &str, Figure); 5] = [
        (
            "hotline_plugin_calls_total",
            "Questions that a plugin was given",
            "counter",
            |row| row.calls as f64,
        ),
        (
            "hotline_plugin_fuel_total",
            "Fuel that a plugin used, about one unit an instruction",
            "counter",
            |row| row.fuel as f64,
        ),
        (
            "hotline_plugin_fuel_most",
            "Fuel of a plugin's dearest call",
            "gauge",
            |row| row.most_fuel as f64,
        ),
        (
            "hotline_plugin_memory_most_bytes",
            "The largest linear memory of a plugin's calls",
            "gauge",
            |row| row.most_memory_bytes as f64,
        ),
        (
            "hotline_plugin_suspended",
            "Whether a plugin failed so often in a row that it is not asked at present",
            "gauge",
            |row| f64::from(u8::from(row.suspended)),
        ),
    ];
    for (name, help, kind, figure) in figures {
        text.head(name, help, kind);
        for row in metered {
            // Writing to a String can not fail.
            let _ = writeln!(text.0, "{name}{{{}}} {}", labels(row), figure(row));
        }
    }
    faults(text, metered);
    took(text, metered);
    versions(text, catalogue);
}

fn faults(text: &mut Text, metered: &[Metered]) {
    let name = "hotline_plugin_faults_total";
    text.head(
        name,
        "Questions that came to nothing, by what went wrong",
        "counter",
    );
    for row in metered {
        for (fault, count) in &row.faults {
            let (labels, fault) = (labels(row), fault.as_str());
            let _ = writeln!(text.0, "{name}{{{labels},fault=\"{fault}\"}} {count}");
        }
    }
}

/// A histogram: each bucket counts the calls that took at most so long.
fn took(text: &mut Text, metered: &[Metered]) {
    let name = "hotline_plugin_call_seconds";
    text.head(name, "Time of a plugin's calls on a worker", "histogram");
    for row in metered {
        let labels = labels(row);
        let mut at_most = 0;
        for (bucket, count) in TOOK_BUCKETS_US.iter().zip(row.took) {
            at_most += count;
            let le = *bucket as f64 / 1e6;
            let _ = writeln!(text.0, "{name}_bucket{{{labels},le=\"{le}\"}} {at_most}");
        }
        let (count, sum) = (row.calls, row.took_us as f64 / 1e6);
        let _ = writeln!(
            text.0,
            "{name}_bucket{{{labels},le=\"+Inf\"}} {count}\n\
             {name}_sum{{{labels}}} {sum}\n{name}_count{{{labels}}} {count}"
        );
    }
}

fn versions(text: &mut Text, catalogue: &[PluginStatus]) {
    type Figure = fn(&VersionStatus) -> f64;
    let figures: [(&str, &str, Figure); 2] = [
        (
            "hotline_plugin_contacts",
            "Contacts that are on a version now",
            |version| f64::from(version.contacts),
        ),
        (
            "hotline_plugin_live",
            "Whether new contacts get a version",
            |version| f64::from(u8::from(version.live)),
        ),
    ];
    for (name, help, figure) in figures {
        text.head(name, help, "gauge");
        for plugin in catalogue {
            for version in &plugin.versions {
                let (kind, plugin) = (plugin.kind, escape(&plugin.name));
                let (label, value) = (escape(&version.label), figure(version));
                let _ = writeln!(
                    text.0,
                    "{name}{{kind=\"{kind}\",plugin=\"{plugin}\",version=\"{label}\"}} {value}"
                );
            }
        }
    }
}

fn labels(row: &Metered) -> String {
    format!(
        "kind=\"{}\",plugin=\"{}\",version=\"{}\",purpose=\"{}\"",
        row.kind,
        escape(&row.version.name),
        escape(&row.label),
        row.purpose.as_str()
    )
}
