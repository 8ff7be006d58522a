//! Follows the journal into SQL: in order, in batches, exactly once. A batch brings its facts, what
//! they change in the projections, and the journal position behind them in one transaction, so a
//! crash between two statements changes nothing and a batch that is read again is left out.
//!
//! When the database is away the projector tries again with growing pauses and holds one batch in
//! memory, whatever the backlog is: the rest waits in the journal's segments.

mod besides;
pub mod contact;
mod sql;

pub use crate::following::Service;
pub(crate) use sql::read as read_contact;

use crate::error::{Error, Result};
use crate::journal::{Batch, Journal, JournalError, Position};
use crate::schema::Database;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

#[derive(Debug, Clone)]
pub struct Options {
    /// Facts are collected this long before a transaction, unless someone waits in
    /// [`Handle::flushed`].
    pub pause: Duration,
    /// The same after a batch of [`BUSY_BYTES`] or more: what happens to a contact within this time
    /// then costs its row one change.
    pub busy_pause: Duration,
    /// About how much of the journal one transaction takes; the memory bound.
    pub batch_bytes: usize,
    /// The longest pause between two tries when the database is away.
    pub longest_retry: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            pause: Duration::from_millis(100),
            busy_pause: Duration::from_millis(500),
            batch_bytes: 1 << 20,
            longest_retry: Duration::from_secs(5),
        }
    }
}

/// A batch this large came of about ten calls a second.
const BUSY_BYTES: usize = 16 << 10;

/// When the database refuses the values themselves: after this many tries the facts of one append
/// are set aside, so that one bad fact can not stop history.
const TRIES_BEFORE_SETTING_ASIDE: u32 = 3;

/// How far SQL is behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lag {
    pub bytes: u64,
    pub projected: Position,
    /// Why the last try failed; none when it did not.
    pub failing: Option<String>,
}

/// The projector ended before it came to the position waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the projector has ended")]
pub struct Stopped;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
    projected: watch::Receiver<Position>,
}

#[derive(Debug)]
struct Shared {
    journal: Journal,
    database: Database,
    options: Options,
    hurry: Notify,
    failing: Mutex<Option<String>>,
}

impl Handle {
    /// Returns when SQL has everything before `position`; at once, not after the next pause.
    pub async fn flushed(&self, position: Position) -> Result<(), Stopped> {
        let mut projected = self.projected.clone();
        self.shared.hurry.notify_one();
        projected
            .wait_for(|at| *at >= position)
            .await
            .map(|_| ())
            .map_err(|_| Stopped)
    }

    /// Returns when SQL has everything appended before this call.
    pub async fn caught_up(&self) -> Result<(), Stopped> {
        self.flushed(self.shared.journal.end()).await
    }

    pub fn lag(&self) -> Lag {
        let status = self.shared.journal.status();
        Lag {
            bytes: status.backlog_bytes,
            projected: status.projected,
            failing: self.shared.failing().clone(),
        }
    }
}

/// Begins to follow `journal` on the current Tokio runtime.
pub fn start(options: Options, journal: Journal, database: Database) -> (Service, Handle) {
    let shared = Arc::new(Shared {
        journal,
        database,
        options,
        hurry: Notify::new(),
        failing: Mutex::new(None),
    });
    let (projected, projected_seen) = watch::channel(Position::default());
    let handle = Handle {
        shared: shared.clone(),
        projected: projected_seen,
    };
    let service = Service::start("the projector", |stop| {
        Follower {
            shared,
            projected,
            stop,
            remembered: sql::Remembered::default(),
        }
        .run()
    });
    (service, handle)
}

impl Shared {
    fn failing(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Follower {
    shared: Arc<Shared>,
    projected: watch::Sender<Position>,
    stop: watch::Receiver<bool>,
    remembered: sql::Remembered,
}

/// Pauses that double, from 50 ms.
#[derive(Debug, Default)]
struct Backoff {
    tries: u32,
}

impl Follower {
    async fn run(mut self) {
        let mut end = self.shared.journal.watch_end();
        let Some(mut position) = self.first_position().await else {
            return;
        };
        let mut pause = self.shared.options.pause;
        loop {
            end.borrow_and_update();
            match self.read(position, self.shared.options.batch_bytes).await {
                Some(batch) if batch.facts().next().is_some() => {
                    pause = match batch.bytes() >= BUSY_BYTES {
                        true => self.shared.options.busy_pause,
                        false => self.shared.options.pause,
                    };
                    position = match self.project(position, batch).await {
                        Some(behind) => behind,
                        None => return,
                    };
                    self.arrived(position).await;
                }
                Some(batch) => {
                    position = batch.end;
                    self.arrived(position).await;
                    if *self.stop.borrow() {
                        return;
                    }
                    tokio::select! {
                        changed = end.changed() => if changed.is_err() { return },
                        // Dropped with the service: the task is aborted then anyway.
                        _ = self.stop.changed() => continue,
                    }
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = self.shared.hurry.notified() => {}
                        _ = self.stop.changed() => {}
                    }
                }
                // Damaged: what follows in this segment can not be found again.
                None => {
                    position = Position {
                        segment: position.segment + 1,
                        offset: 0,
                    };
                }
            }
        }
    }

    /// None when stopped before the database answered.
    async fn first_position(&mut self) -> Option<Position> {
        let mut backoff = Backoff::default();
        loop {
            match sql::position(&self.shared.database, self.shared.journal.identity()).await {
                Ok(position) => {
                    self.recovered();
                    return Some(position.unwrap_or_default());
                }
                Err(error) => self.failed(&error, &mut backoff).await?,
            }
        }
    }

    /// None when the segment is damaged at `from`.
    async fn read(&self, from: Position, bytes: usize) -> Option<Batch> {
        let journal = self.shared.journal.clone();
        let read = tokio::task::spawn_blocking(move || journal.read(from, bytes)).await;
        match read {
            Ok(Ok(batch)) => Some(batch),
            Ok(Err(error @ JournalError::Damaged { .. })) => {
                tracing::error!(%error, "facts are lost to SQL: the journal was damaged on disk");
                None
            }
            // The segment is there but can not be read: as if it were not written yet.
            Ok(Err(error)) => {
                tracing::error!(%error, "the journal can not be read");
                tokio::time::sleep(self.shared.options.longest_retry).await;
                Some(Batch::empty(from))
            }
            Err(error) => {
                tracing::error!(%error, "reading the journal ended badly");
                Some(Batch::empty(from))
            }
        }
    }

    /// Brings a batch into SQL, however long that takes. Returns the position behind what was
    /// brought; none when stopped before.
    async fn project(&mut self, from: Position, mut batch: Batch) -> Option<Position> {
        let mut backoff = Backoff::default();
        let mut refusals = 0;
        loop {
            let shared = &self.shared;
            let identity = shared.journal.identity();
            let remembered = &mut self.remembered;
            match sql::bring(&shared.database, identity, &batch, remembered).await {
                Ok(()) => {
                    self.recovered();
                    return Some(batch.end);
                }
                Err(error) if !error.is_about_values() => {
                    self.failed(&error, &mut backoff).await?;
                }
                Err(error) => {
                    refusals += 1;
                    self.failed(&error, &mut backoff).await?;
                    if refusals == 1 {
                        // Alone, the appends before the bad one get through.
                        batch = self.read(from, 1).await?;
                    } else if refusals >= TRIES_BEFORE_SETTING_ASIDE {
                        self.set_aside(&batch, &error);
                        return Some(batch.end);
                    }
                }
            }
        }
    }

    fn set_aside(&self, batch: &Batch, reason: &Error) {
        let facts: Vec<&str> = batch.facts().map(|fact| fact.what).collect();
        let place = self.shared.journal.set_aside(batch);
        tracing::error!(
            facts = facts.len(),
            error = %Causes(reason),
            place = ?place,
            "the database refuses facts; they are set aside beside the journal"
        );
    }

    async fn arrived(&self, position: Position) {
        let shared = &self.shared;
        shared.journal.projected(position);
        self.projected.send_replace(position);
        if !shared.journal.has_spent_segments() {
            return;
        }
        // A segment may go only when its facts would survive a power loss without it.
        let deleted = match shared.database.make_durable().await {
            Ok(()) => shared.journal.delete_spent_segments().map_err(Error::from),
            Err(error) => Err(error),
        };
        if let Err(error) = deleted {
            tracing::warn!(error = %Causes(&error), "spent journal segments could not be deleted");
        }
    }

    fn recovered(&self) {
        if self.shared.failing().take().is_some() {
            tracing::info!("the database is back; history catches up");
        }
    }

    /// Waits before the next try. None when stopped meanwhile.
    async fn failed(&mut self, error: &Error, backoff: &mut Backoff) -> Option<()> {
        let text = Causes(error).to_string();
        let known = self.shared.failing().replace(text.clone()).is_some();
        if !known {
            tracing::warn!(
                error = text,
                "history waits in the journal: the database failed"
            );
        }
        let pause = Duration::from_millis(50)
            .saturating_mul(1 << backoff.tries.min(16))
            .min(self.shared.options.longest_retry);
        backoff.tries += 1;
        if *self.stop.borrow() {
            return None;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => Some(()),
            _ = self.stop.changed() => None,
        }
    }
}

/// An error with its causes, for the log.
struct Causes<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
