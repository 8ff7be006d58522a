//! Calls from a web page: what the page is told of its call, and the secret that it holds for it.

use hotline_vocabulary::EndReason;
use hotline_vocabulary::ids::LegId;
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::watch;

/// Where a web call stands, as its page is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum CallState {
    Ringing,
    Answered,
    Ended { reason: EndReason },
}

/// Bounded by the limit on browser legs: an entry lives as long as its leg.
#[derive(Debug, Clone, Default)]
pub(crate) struct WebCalls {
    calls: Arc<Mutex<HashMap<LegId, WebCall>>>,
}

#[derive(Debug)]
struct WebCall {
    secret: blake3::Hash,
    state: watch::Sender<CallState>,
}

impl WebCalls {
    /// Begins a call; `secret` is what its page must show to follow or end it.
    pub(crate) fn begin(&self, leg: LegId, secret: &str) {
        let call = WebCall {
            secret: blake3::hash(secret.as_bytes()),
            state: watch::Sender::new(CallState::Ringing),
        };
        self.calls.lock().insert(leg, call);
    }

    pub(crate) fn answered(&self, leg: LegId) {
        if let Some(call) = self.calls.lock().get(&leg) {
            call.state.send_replace(CallState::Answered);
        }
    }

    /// The last word on a call; its page hears it and its entry goes.
    pub(crate) fn ended(&self, leg: LegId, reason: EndReason) {
        if let Some(call) = self.calls.lock().remove(&leg) {
            call.state.send_replace(CallState::Ended { reason });
        }
    }

    /// To follow a call; none when there is no such call or the secret is wrong, which look alike.
    pub(crate) fn follow(&self, leg: LegId, secret: &str) -> Option<watch::Receiver<CallState>> {
        let calls = self.calls.lock();
        let call = calls.get(&leg)?;
        // Comparing two `blake3::Hash` takes constant time.
        (call.secret == blake3::hash(secret.as_bytes())).then(|| call.state.subscribe())
    }

    /// Whether the call still runs and no page follows it.
    pub(crate) fn is_unfollowed(&self, leg: LegId, secret: &str) -> bool {
        let calls = self.calls.lock();
        calls.get(&leg).is_some_and(|call| {
            call.secret == blake3::hash(secret.as_bytes()) && call.state.receiver_count() == 0
        })
    }
}
