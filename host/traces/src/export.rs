//! Sends traces on, beside the calls: what does not fit or does not arrive is counted and dropped.

use crate::contact::Contacts;
use crate::otlp;
use crate::request::Request;
use crate::span::Span;
use hotline_vocabulary::Fact;
use prost::Message;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// Facts and requests that may wait to be read; further ones are dropped, and the traces they belong to are
/// incomplete or missing.
const FACTS: usize = 8_192;
/// Spans of one request; the collector's own default is 8,192 in a queue.
const SPANS_PER_REQUEST: usize = 2_048;
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, Clone)]
pub struct Options {
    /// The collector's base address, such as `http://localhost:4318`; `/v1/traces` is appended
    /// (OTLP/HTTP, "Endpoint URLs").
    pub collector: String,
}

#[derive(Debug)]
enum Told {
    Fact(Arc<Fact>),
    Request(Box<Request>),
}

/// Where facts and requests are put in. Cheap to clone; never waits.
#[derive(Debug, Clone)]
pub struct Tap {
    told: mpsc::Sender<Told>,
    dropped: Arc<AtomicU64>,
}

/// Reads what is put in and sends it on; run it until the host stops.
#[derive(Debug)]
pub struct Exporter {
    told: mpsc::Receiver<Told>,
    dropped: Arc<AtomicU64>,
    client: reqwest::Client,
    address: String,
}

/// Why no traces can be sent at all.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client could be made: {0}")]
pub struct Error(#[from] reqwest::Error);

#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error("the collector could not be reached: {0}")]
    Unreachable(#[from] reqwest::Error),
    #[error("the collector refused with the HTTP status {0}")]
    Refused(reqwest::StatusCode),
}

/// Opens the way from facts to the collector.
///
/// # Errors
/// No HTTP client can be made.
pub fn start(options: &Options) -> Result<(Tap, Exporter), Error> {
    let (told, receiver) = mpsc::channel(FACTS);
    let dropped = Arc::new(AtomicU64::new(0));
    let tap = Tap {
        told,
        dropped: dropped.clone(),
    };
    let client = reqwest::Client::builder().timeout(TIMEOUT).build()?;
    let exporter = Exporter {
        told: receiver,
        dropped,
        client,
        address: format!("{}/v1/traces", options.collector.trim_end_matches('/')),
    };
    Ok((tap, exporter))
}

impl Tap {
    pub fn put(&self, fact: &Arc<Fact>) {
        self.tell(Told::Fact(fact.clone()));
    }

    pub fn requested(&self, request: Request) {
        self.tell(Told::Request(Box::new(request)));
    }

    fn tell(&self, told: Told) {
        if self.told.try_send(told).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Exporter {
    /// Until every tap is gone.
    pub async fn run(mut self) {
        let mut contacts = Contacts::default();
        let mut told = Vec::new();
        while self.told.recv_many(&mut told, FACTS).await > 0 {
            let mut spans: Vec<Span> = Vec::new();
            for one in told.drain(..) {
                match one {
                    Told::Fact(fact) => spans.extend(contacts.take(&fact).into_iter().flatten()),
                    Told::Request(request) => spans.extend(contacts.requested(&request)),
                }
            }
            for part in spans.chunks(SPANS_PER_REQUEST) {
                if let Err(error) = self.send(part).await {
                    let spans = part.len();
                    tracing::warn!(%error, spans, "traces could not be sent; they are dropped");
                }
            }
            let dropped = self.dropped.swap(0, Ordering::Relaxed);
            if dropped > 0 {
                tracing::warn!(
                    dropped,
                    "facts and requests came faster than their traces could be sent"
                );
            }
        }
    }

    async fn send(&self, spans: &[Span]) -> Result<(), ExportError> {
        let answer = self
            .client
            .post(&self.address)
            .header("content-type", "application/x-protobuf")
            .body(otlp::request(spans).encode_to_vec())
            .send()
            .await?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(ExportError::Refused(status)),
        }
    }
}
