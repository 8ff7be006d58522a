//! How soon a free agent is offered the next caller, with callers waiting.

use crate::callers::{Callers, Voice, Wave};
use crate::history::Facts;
use crate::staff::{LINE, QUEUE, Staff};
use crate::table::{Spread, Table, progress};
use hotline_whole_host::{Api, Host};
use serde_json::json;
use std::collections::HashMap;
use std::time::{Duration, Instant};

const OFFERS: usize = 100;
const PATIENCE: Duration = Duration::from_secs(10);

/// One agent after the other says that they are ready, while the line is long.
pub(crate) fn measure(table: &mut Table, host: &Host, staff: &Staff, supervisor: &Api) {
    progress(&format!("{OFFERS} agents become free, one after the other"));
    let wave = Wave {
        calls: OFFERS as u32,
        per_second: 100,
        hold: Duration::from_secs(10),
        voice: Voice::Mute,
    };
    let callers = Callers::start(host, LINE, wave);
    supervisor.until("a line of callers", "/queues", PATIENCE, |queues| {
        let queues = queues["items"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let own = queues.iter().find(|queue| queue["name"] == QUEUE);
        own.is_some_and(|queue| queue["live"]["waiting"] == OFFERS)
    });
    let mut took = Vec::with_capacity(OFFERS);
    while staff.phones.rang.try_recv().is_ok() {}
    for agent in staff.here().iter().take(OFFERS) {
        let asked = Instant::now();
        agent.api.request(&json!({"request": "ready"}));
        let rang = staff
            .phones
            .rang
            .recv_timeout(PATIENCE)
            .expect("the agent's phone rings");
        assert_eq!(rang.user, agent.user, "only one agent is free");
        took.push(rang.at.duration_since(asked).as_micros() as u64);
    }
    if let Some(took) = Spread::of(took) {
        let title = "agent's wish to be ready -> INVITE at the desk phone, p50 / p99";
        table.row(title, "", took.in_ms());
    }
    callers.finish();
}

/// The same by the host's own facts.
pub(crate) fn by_facts(table: &mut Table, facts: &Facts) {
    let mut ready: HashMap<&str, i64> = HashMap::new();
    let mut took = Vec::new();
    for fact in facts.all() {
        let (Some(agent), Some(at)) = (fact["agent"].as_str(), fact["at"].as_i64()) else {
            continue;
        };
        if fact["kind"] == "agent_state_changed" && fact["body"]["to"]["state"] == "ready" {
            ready.insert(agent, at);
        } else if fact["kind"] == "offer_made"
            && let Some(since) = ready.remove(agent)
        {
            took.push(u64::try_from(at - since).unwrap_or_default() * 1_000);
        }
    }
    // Later offers waited for a caller, not for us: only those of the long line count.
    took.truncate(OFFERS);
    if let Some(took) = Spread::of(took) {
        let title = "agent free -> offer made, by the facts' milliseconds, p50 / p99";
        table.row(title, "", took.in_ms());
    }
}
