//! The way of an event from outside the workers to the event thread.

use crate::Event;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::Thread;

/// Events from outside the workers that may wait; more are lost, and counted.
const CAPACITY_EVENTS: usize = 16_384;

/// Where everybody but the workers puts events (the recorder, browsers, the handle).
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    events: Mutex<VecDeque<Event>>,
    dropped: AtomicU64,
    courier: OnceLock<Thread>,
}

impl Outbox {
    /// Never waits for the receiver.
    pub(crate) fn put(&self, event: Event) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() < CAPACITY_EVENTS {
            events.push_back(event);
        } else {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        drop(events);
        if let Some(courier) = self.courier.get() {
            courier.unpark();
        }
    }

    /// The courier's thread, which each event from now on wakes. The first one stays.
    pub(crate) fn wake(&self, courier: Thread) {
        let _ = self.courier.set(courier);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// The oldest that waits.
    pub(crate) fn take(&self) -> Option<Event> {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    }
}
