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
}

impl Saving<'_> {
    pub(crate) fn begin<'a>(host: &'a Host, supervisor: &Api) -> Saving<'a> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let socket = runtime.block_on(live(host, supervisor));
        Saving {
            host,
            runtime,
            socket,
        }
    }

    /// How long it took until calls of the demo tenant run on this version of the flow `name`.
    pub(crate) fn save(&mut self, name: &str, script: &str) -> Duration {
        let saved = Instant::now();
        tones::save(
            &self.host.flows("demo"),
            &format!("{name}.flow.yaml"),
            script,
        );
        let socket = &mut self.socket;
        let told = async {
            while let Some(Ok(message)) = socket.next().await {
                let text = message.into_text().unwrap_or_default();
                let message: Value = serde_json::from_str(&text).unwrap_or_default();
                if message["type"] == "plugin" && message["status"]["name"] == name {
                    assert!(message["status"]["problem"].is_null(), "{message}");
                    return;
                }
            }
        };
        let waited = self
            .runtime
            .block_on(async { tokio::time::timeout(PATIENCE, told).await });
        waited.expect("the saved script goes live");
        saved.elapsed()
    }
}
