//! The event thread: takes the workers' reports, frees what they discard, and tells events in order.

use crate::Event;
use crate::directory::Directory;
use crate::outbox::Outbox;
use crate::report::Report;
use rtrb::Consumer;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

/// How long a receiver that takes nothing is waited for when everything stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// How the courier is told to end.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    /// No longer wait for the receiver for ever.
    pub(crate) hurry: AtomicBool,
    /// All others have ended: end once everything is empty.
    pub(crate) end: AtomicBool,
}

pub(crate) struct Courier {
    workers: Vec<Consumer<Report>>,
    outbox: Arc<Outbox>,
    directory: Arc<Directory>,
    events: mpsc::Sender<Event>,
    ending: Arc<Ending>,
    patience: Option<Instant>,
}

impl Courier {
    pub(crate) fn start(
        workers: Vec<Consumer<Report>>,
        outbox: Arc<Outbox>,
        directory: Arc<Directory>,
        events: mpsc::Sender<Event>,
        ending: Arc<Ending>,
    ) -> io::Result<JoinHandle<()>> {
        let thread = thread::Builder::new().name("media-events".to_owned());
        let told = Arc::clone(&outbox);
        let courier = Courier {
            workers,
            outbox,
            directory,
            events,
            ending,
            patience: None,
        };
        let running = thread.spawn(move || courier.run())?;
        told.wake(running.thread().clone());
        Ok(running)
    }

    fn run(mut self) {
        loop {
            // Read before looking: what was put before `end` was set is then seen.
            let ending = self.ending.end.load(Ordering::Acquire);
            if !self.deliver_all() {
                if ending {
                    return;
                }
                // The time-out only covers for a wake-up lost between threads that begin.
                thread::park_timeout(Duration::from_millis(200));
            }
        }
    }

    /// Whether there was anything.
    fn deliver_all(&mut self) -> bool {
        let mut found = false;
        for worker in 0..self.workers.len() {
            while let Ok(report) = self.workers[worker].pop() {
                found = true;
                if let Some(event) = self.digest(report) {
                    self.deliver(event);
                }
            }
        }
        while let Some(event) = self.outbox.take() {
            found = true;
            self.deliver(event);
        }
        found
    }

    fn digest(&self, report: Report) -> Option<Event> {
        match report {
            Report::Key { leg, digit } => Some(Event::Key { leg, digit }),
            Report::PlaybackEnded {
                leg,
                outcome,
                prompts,
            } => Some(Event::PlaybackEnded {
                leg,
                playback: prompts.playback,
                outcome,
            }),
            Report::Lost { leg } => Some(Event::Lost { leg }),
            Report::Closed {
                leg,
                statistics,
                remains,
            } => {
                // Its sockets first: the port is free only then.
                drop(remains);
                self.directory.lock().release(leg);
                Some(Event::Measured { leg, statistics })
            }
            Report::Discard(_) => None,
        }
    }

    /// Waits while the receiver is full: reports then pile up in the workers' rings, which are
    /// large, and the workers go on.
    fn deliver(&mut self, mut event: Event) {
        loop {
            match self.events.try_send(event) {
                Ok(()) | Err(TrySendError::Closed(_)) => return,
                Err(TrySendError::Full(back)) => event = back,
            }
            if self.ending.hurry.load(Ordering::Acquire) {
                let until = *self
                    .patience
                    .get_or_insert_with(|| Instant::now() + FAREWELL);
                if Instant::now() >= until {
                    return;
                }
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}
