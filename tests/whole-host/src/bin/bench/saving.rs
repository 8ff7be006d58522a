//! A solution engineer at work: saves a script, and waits until the live socket says that it is
//! live.

use crate::staff::{Socket, live};
use futures_util::StreamExt;
use hotline_whole_host::{Api, Host, tones};
use serde_json::Value;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Saving<'a> {
    host: &'a Host,
    runtime: tokio::runtime::Runtime,
    socket: Socket,
    /// Of the flow.
    name: &'a str,
    /// What the last save made live: what is told late of it is not of the next.
    live: Value,
}

impl Saving<'_> {
    pub(crate) fn begin<'a>(host: &'a Host, supervisor: &Api, name: &'a str) -> Saving<'a> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let socket = runtime.block_on(live(host, supervisor));
        let flows = supervisor.get("/flows");
        let mut flows = flows["items"].as_array().into_iter().flatten();
        let flow = flows.find(|flow| flow["name"] == name);
        Saving {
            host,
            runtime,
            socket,
            name,
            live: flow.map_or(Value::Null, |flow| flow["live"].clone()),
        }
    }

    /// How long it took until calls of the demo tenant run on this version of the flow.
    pub(crate) fn save(&mut self, script: &str) -> Duration {
        let name = self.name;
        let saved = Instant::now();
        tones::save(
            &self.host.flows("demo"),
            &format!("{name}.flow.yaml"),
            script,
        );
        let (socket, before) = (&mut self.socket, &self.live);
        let told = async {
            loop {
                let message = socket.next().await.expect("the host lives");
                let text = message.expect("the socket is open").into_text();
                let message: Value =
                    serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
                let status = &message["status"];
                if message["type"] == "plugin" && status["name"] == name {
                    assert!(status["problem"].is_null(), "{message}");
                    if status["live"] != *before {
                        return status["live"].clone();
                    }
                }
            }
        };
        let waited = self
            .runtime
            .block_on(async { tokio::time::timeout(PATIENCE, told).await });
        self.live = waited.expect("the saved script goes live");
        saved.elapsed()
    }
}
