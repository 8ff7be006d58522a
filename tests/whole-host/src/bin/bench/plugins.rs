//! What the plugins cost, and how soon a saved script is live.

use crate::history::Facts;
use crate::staff::{SCRIPT, live};
use crate::table::{Spread, Table, progress};
use futures_util::StreamExt;
use hotline_whole_host::{Api, Host};
use serde_json::Value;
use std::time::{Duration, Instant};

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

/// Saves a changed script and waits until the live socket says that it is live.
pub(crate) fn save_to_live(table: &mut Table, host: &Host, supervisor: &Api) {
    progress("saving a script again and again");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let took = runtime.block_on(async {
        let mut socket = live(host, supervisor).await;
        let mut took = Vec::with_capacity(SAVES);
        for n in 0..SAVES {
            let script = format!("{SCRIPT}# change {n}\n")
                .replace("topic: bench", &format!("topic: saved-{n}"));
            let saved = Instant::now();
            hotline_whole_host::tones::save(&host.flows("demo"), "saved.flow.yaml", &script);
            let told = tokio::time::timeout(Duration::from_secs(10), async {
                while let Some(Ok(message)) = socket.next().await {
                    let text = message.into_text().unwrap_or_default();
                    let message: Value = serde_json::from_str(&text).unwrap_or_default();
                    if message["type"] == "plugin" && message["status"]["name"] == "saved" {
                        assert!(message["status"]["problem"].is_null(), "{message}");
                        return;
                    }
                }
            });
            told.await.expect("the saved script goes live");
            took.push(saved.elapsed().as_micros() as u64);
            // Saves of an hour of editing, not of a burst, which is awaited as one.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        took
    });
    if let Some(took) = Spread::of(took) {
        let title = format!("script saved -> live, p50 / worst of {SAVES}");
        table.row(&title, "< 500 ms", took.in_ms());
    }
}
