//! Shows the outside what happened: facts as they come, the live picture at a bounded rate.

use super::audience::Audience;
use hotline_traces::Tap;
use hotline_vocabulary::Fact;
use hotline_vocabulary::live::Live;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

/// A picture costs time in proportion to the tenant's size: never drawn more often than this, and
/// at once when the last one is older.
const BETWEEN_PICTURES: Duration = Duration::from_millis(50);

pub(super) struct Publisher {
    facts: broadcast::Sender<Arc<Fact>>,
    live: watch::Sender<Arc<Live>>,
    audience: Audience,
    traces: Option<Tap>,
    dirty: bool,
    last: Option<Instant>,
}

impl Publisher {
    pub(super) fn new(
        facts: broadcast::Sender<Arc<Fact>>,
        live: watch::Sender<Arc<Live>>,
        audience: Audience,
        traces: Option<Tap>,
    ) -> Self {
        Publisher {
            facts,
            live,
            audience,
            traces,
            dirty: true,
            last: None,
        }
    }

    pub(super) fn facts(&mut self, facts: Vec<Fact>) {
        self.dirty |= !facts.is_empty();
        for fact in facts.into_iter().map(Arc::new) {
            if let Some(traces) = &self.traces {
                traces.put(&fact);
            }
            // Nobody listening is no error.
            let _ = self.facts.send(fact);
        }
    }

    /// Resolves when a new picture should be drawn.
    pub(super) async fn due(&self) {
        match (self.dirty, self.last) {
            (false, _) => std::future::pending().await,
            (true, None) => {}
            (true, Some(last)) => tokio::time::sleep_until(last + BETWEEN_PICTURES).await,
        }
    }

    pub(super) fn publish(&mut self, draw: impl FnOnce() -> Live) {
        self.dirty = false;
        self.last = Some(Instant::now());
        // Drawn even when nobody subscribes now: the next one to look reads it at once.
        let now = Arc::new(draw());
        let before = self.live.send_replace(now.clone());
        self.audience.tell(&before, &now);
    }
}
