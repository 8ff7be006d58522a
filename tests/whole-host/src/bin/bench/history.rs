//! The host's own facts, read as any program reads them: by cursor from `/events`.

use hotline_whole_host::Api;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Where reading has come to.
#[derive(Debug)]
pub(crate) struct History {
    api: Api,
    after: Option<String>,
}

/// Facts in their order.
#[derive(Debug, Default)]
pub(crate) struct Facts(Vec<Value>);

impl Facts {
    pub(crate) fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.0.iter().filter(move |fact| fact["kind"] == kind)
    }

    pub(crate) fn all(&self) -> &[Value] {
        &self.0
    }
}

impl History {
    pub(crate) fn from_the_beginning(supervisor: &Api) -> History {
        History {
            api: supervisor.clone(),
            after: None,
        }
    }

    /// Everything since the last reading, waiting until no more has come for a second.
    pub(crate) fn read(&mut self) -> Facts {
        let mut facts = Vec::new();
        let mut quiet_since = Instant::now();
        while quiet_since.elapsed() < Duration::from_secs(1) {
            let after = self.after.as_deref().map(|after| format!("&after={after}"));
            let page = self
                .api
                .get(&format!("/events?limit=500{}", after.unwrap_or_default()));
            let items = page["items"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            if let Some(cursor) = items.last().and_then(|last| last["cursor"].as_str()) {
                self.after = Some(cursor.to_owned());
                quiet_since = Instant::now();
            } else {
                std::thread::sleep(Duration::from_millis(100));
            }
            facts.extend(items.iter().map(|item| item["fact"].clone()));
        }
        Facts(facts)
    }
}
