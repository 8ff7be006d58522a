//! History first: an append-only log on the local disk that every fact enters before its effects
//! are performed. SQL follows ([`crate::projector`]) and may lag or be away.
//!
//! One [`Journal::append`] is one frame (length, CRC-32, facts) and one `write(2)`: after it
//! returns the facts survive a `kill -9`, and all facts of one append survive or none. A thread
//! flushes every 100 ms (or each append flushes, [`Flush`]): after that they survive a power loss.
//!
//! The log is a folder of segment files. Each start begins a new segment, so nothing is ever
//! written behind a torn tail. A segment is deleted once all of it is in SQL.
//!
//! When full: [`Journal::has_room`] turns false once the facts that SQL does not have yet reach
//! [`Options::max_backlog_bytes`]; the exchange asks it before it admits a new contact. Appending
//! itself goes on, so that running contacts keep their history, until the disk refuses.

mod flusher;
mod frame;
mod reader;
mod segment;

pub use frame::RawFact;
pub(crate) use frame::join_kind_and_body;
pub(crate) use reader::Batch;

use crate::journal::flusher::Flusher;
use hotline_vocabulary::Fact;
use hotline_vocabulary::fact::Epoch;
use hotline_vocabulary::ids::TenantId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long an opening waits for a process that holds the folder.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);

/// When what was appended is forced to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flush {
    /// By a thread, in groups: a power loss takes at most this much history.
    Every(Duration),
    /// Before [`Journal::append`] returns: it then blocks for the disk.
    EachAppend,
}

#[derive(Debug, Clone)]
pub struct Options {
    pub flush: Flush,
    /// A segment is closed and the next one begun when it would grow beyond this.
    pub segment_bytes: u64,
    /// Bytes that SQL does not have yet at which [`Journal::has_room`] turns false.
    pub max_backlog_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            flush: Flush::Every(Duration::from_millis(100)),
            segment_bytes: 32 << 20,
            max_backlog_bytes: 1 << 30,
        }
    }
}

/// Why the journal could not be opened, written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal at {path} is in use by another process")]
    InUse { path: PathBuf },
    #[error("the journal at {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    /// Seen by the projector alone, which goes on with the next segment.
    #[error("the journal's segment {path} is damaged at byte {}", at.offset)]
    Damaged { path: PathBuf, at: Position },
    #[error("a fact could not be written or read as JSON")]
    Json(#[from] serde_json::Error),
    #[error(
        "one append of {bytes} bytes; at most {} bytes fit",
        frame::MAX_PAYLOAD_BYTES
    )]
    TooLarge { bytes: usize },
}

/// A place in the log: all facts before it, in the order of appending.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Position {
    pub segment: u64,
    /// In bytes, at the border of two frames.
    pub offset: u64,
}

/// A torn or damaged end of a segment, cut off when the journal was opened. What was cut is kept
/// beside the segment with the extension `cut`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub segment: PathBuf,
    pub offset: u64,
    pub bytes: u64,
}

/// What [`Journal::open`] found. The facts themselves are read by the projector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    pub segments: usize,
    pub facts: u64,
    pub cut: Vec<Cut>,
    /// The highest epoch of each tenant that occurs in the log.
    pub epochs: BTreeMap<TenantId, Epoch>,
}

/// How the journal is doing, for figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    pub end: Position,
    pub projected: Position,
    /// Bytes that SQL does not have yet.
    pub backlog_bytes: u64,
    /// The disk refuses: no new contacts are admitted. After a failed write (a full disk) until a
    /// write works again, after a failed flush until a restart.
    pub disk_failed: bool,
}

/// The handle; cheap to clone, may be used from any thread.
#[derive(Debug, Clone)]
pub struct Journal {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    // Dropped after the last handle: flushes once more and ends the thread.
    _flusher: Flusher,
}

#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    options: Options,
    identity: String,
    state: Mutex<State>,
    stopping: Condvar,
    /// Cleared by the flusher once it can write again.
    write_failed: AtomicBool,
    /// For good: the kernel may have dropped the pages, so a later success proves nothing.
    flush_failed: AtomicBool,
    end: watch::Sender<Position>,
    // Held for the exclusive lock on the folder.
    _lock: File,
}

#[derive(Debug)]
struct State {
    segment: u64,
    file: Arc<File>,
    offset: u64,
    /// Bytes of each segment that exists.
    lengths: BTreeMap<u64, u64>,
    projected: Position,
    /// Files with bytes that are not flushed.
    dirty: Vec<Arc<File>>,
    /// A segment was made since the folder was flushed.
    folder_dirty: bool,
    /// A failed write left bytes that could not be cut: go on in a new segment.
    torn: bool,
    stop: bool,
}

impl Journal {
    /// Opens or makes the journal in `dir`, cuts torn ends, and begins a new segment. Reads every
    /// segment that is not deleted yet: at most [`Options::max_backlog_bytes`] and a segment.
    pub fn open(dir: &Path, options: Options) -> Result<(Journal, Recovered), JournalError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| JournalError::Io { path, source }
        };
        std::fs::create_dir_all(dir).map_err(at(dir))?;
        let lock_path = dir.join("lock");
        let lock = File::create(&lock_path).map_err(at(&lock_path))?;
        // A host that was killed a moment ago may not be gone altogether.
        let patience = Instant::now() + LOCK_PATIENCE;
        while lock.try_lock().is_err() {
            if Instant::now() > patience {
                return Err(JournalError::InUse {
                    path: dir.to_owned(),
                });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let identity = segment::identity(dir).map_err(at(dir))?;

        let mut recovered = Recovered::default();
        let mut lengths = BTreeMap::new();
        for number in segment::list(dir).map_err(at(dir))? {
            let path = segment::path(dir, number);
            let length = segment::recover(&path, &mut recovered).map_err(at(&path))?;
            lengths.insert(number, length);
        }
        recovered.segments = lengths.len();
        for cut in &recovered.cut {
            tracing::warn!(
                segment = %cut.segment.display(),
                offset = cut.offset,
                bytes = cut.bytes,
                "the journal had a torn end, which was cut"
            );
        }

        let last = lengths.last_key_value().map(|(number, _)| *number);
        let number = segment::next_number(last);
        let path = segment::path(dir, number);
        let file = segment::create(&path).map_err(at(&path))?;
        lengths.insert(number, segment::HEADER_BYTES);
        segment::flush_folder(dir).map_err(at(dir))?;
        let end = Position {
            segment: number,
            offset: segment::HEADER_BYTES,
        };

        let file = Arc::new(file);
        let shared = Arc::new(Shared {
            dir: dir.to_owned(),
            identity,
            state: Mutex::new(State {
                segment: number,
                dirty: vec![file.clone()],
                file,
                offset: end.offset,
                lengths,
                projected: Position::default(),
                folder_dirty: false,
                torn: false,
                stop: false,
            }),
            stopping: Condvar::new(),
            write_failed: AtomicBool::new(false),
            flush_failed: AtomicBool::new(false),
            end: watch::Sender::new(end),
            _lock: lock,
            options,
        });
        let flusher = Flusher::start(shared.clone()).map_err(at(dir))?;
        let inner = Arc::new(Inner {
            shared,
            _flusher: flusher,
        });
        Ok((Journal { inner }, recovered))
    }

    /// Appends the facts of one drain, of one tenant or of several, in this order: all of them or
    /// none. Returns the position behind them. Blocks for one `write(2)` (microseconds), with
    /// [`Flush::EachAppend`] for the disk.
    pub fn append(&self, facts: &[Fact]) -> Result<Position, JournalError> {
        let shared = &*self.inner.shared;
        if facts.is_empty() {
            return Ok(self.end());
        }
        let frame = frame::encode(facts)?;
        let mut state = shared.lock();
        let length = frame.len() as u64;
        let full = state.offset + length > shared.options.segment_bytes
            && state.offset > segment::HEADER_BYTES;
        if (full || state.torn)
            && let Err(error) = shared.rotate(&mut state)
        {
            shared.write_failed.store(true, Ordering::Relaxed);
            // Too long a segment is better than a hole in a running contact's history.
            if state.torn {
                return Err(error);
            }
        }
        if let Err(source) = (&*state.file).write_all(&frame) {
            // Some of the frame may be written: nothing may ever follow it.
            state.torn = state.file.set_len(state.offset).is_err();
            shared.write_failed.store(true, Ordering::Relaxed);
            return Err(shared.error(state.segment, source));
        }
        state.offset += length;
        let end = Position {
            segment: state.segment,
            offset: state.offset,
        };
        state.lengths.insert(end.segment, end.offset);
        let file = state.file.clone();
        if shared.options.flush != Flush::EachAppend
            && !state.dirty.iter().any(|dirty| Arc::ptr_eq(dirty, &file))
        {
            state.dirty.push(file.clone());
        }
        shared.end.send_replace(end);
        drop(state);
        if shared.options.flush == Flush::EachAppend {
            file.sync_data().map_err(|source| {
                shared.flush_failed.store(true, Ordering::Relaxed);
                shared.error(end.segment, source)
            })?;
        }
        Ok(end)
    }

    /// Whether a new contact may begin: SQL is not too far behind and the disk works.
    pub fn has_room(&self) -> bool {
        let status = self.status();
        !status.disk_failed && status.backlog_bytes < self.inner.shared.options.max_backlog_bytes
    }

    /// The position behind everything appended.
    pub fn end(&self) -> Position {
        *self.inner.shared.end.borrow()
    }

    /// Changes with each append.
    pub(crate) fn watch_end(&self) -> watch::Receiver<Position> {
        self.inner.shared.end.subscribe()
    }

    pub fn status(&self) -> Status {
        let shared = &*self.inner.shared;
        let state = shared.lock();
        Status {
            end: Position {
                segment: state.segment,
                offset: state.offset,
            },
            projected: state.projected,
            backlog_bytes: state.backlog_bytes(),
            disk_failed: shared.write_failed.load(Ordering::Relaxed)
                || shared.flush_failed.load(Ordering::Relaxed),
        }
    }

    /// Names this folder for good: SQL keeps its position under it.
    pub fn identity(&self) -> &str {
        &self.inner.shared.identity
    }

    /// The facts behind `from`, at most about `max_bytes` but at least one frame when there is one.
    pub(crate) fn read(&self, from: Position, max_bytes: usize) -> Result<Batch, JournalError> {
        reader::read(&self.inner.shared, from, max_bytes)
    }

    /// The facts behind `from` and the position behind them, at most about `max_bytes` of them:
    /// for tools. None follow when the position is the one given, or lies at [`Journal::end`].
    pub fn read_facts(
        &self,
        from: Position,
        max_bytes: usize,
    ) -> Result<(Vec<Fact>, Position), JournalError> {
        let batch = self.read(from, max_bytes)?;
        let facts = batch
            .facts()
            .map(|fact| fact.parse())
            .collect::<Result<_, _>>()?;
        Ok((facts, batch.end))
    }

    /// Says that SQL has everything before `position`. Deletes nothing.
    pub(crate) fn projected(&self, position: Position) {
        self.inner.shared.lock().projected = position;
    }

    /// Writes facts that SQL refuses as lines of JSON into a file beside the segments.
    pub(crate) fn set_aside(&self, batch: &Batch) -> io::Result<PathBuf> {
        let path = self.inner.shared.dir.join("set-aside.jsonl");
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        for fact in batch.facts() {
            let fact = fact.parse().map_err(io::Error::from)?;
            serde_json::to_writer(&mut file, &fact)?;
            writeln!(file)?;
        }
        file.sync_data()?;
        Ok(path)
    }

    /// Whether segments lie wholly before the projected position.
    pub(crate) fn has_spent_segments(&self) -> bool {
        let state = self.inner.shared.lock();
        state
            .lengths
            .range(..state.projected.segment)
            .next()
            .is_some()
    }

    /// Deletes segments that lie wholly before the projected position. SQL must have them on disk.
    pub(crate) fn delete_spent_segments(&self) -> Result<usize, JournalError> {
        let shared = &*self.inner.shared;
        let spent: Vec<u64> = {
            let mut state = shared.lock();
            let first = state.projected.segment;
            let kept = state.lengths.split_off(&first);
            std::mem::replace(&mut state.lengths, kept)
                .into_keys()
                .collect()
        };
        for number in &spent {
            let path = segment::path(&shared.dir, *number);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(shared.error(*number, error));
                }
                _ => {}
            }
        }
        Ok(spent.len())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while holding it leaves whole values: each is set after the write it speaks of.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, segment: u64, source: io::Error) -> JournalError {
        JournalError::Io {
            path: segment::path(&self.dir, segment),
            source,
        }
    }

    fn rotate(&self, state: &mut State) -> Result<(), JournalError> {
        let number = segment::next_number(Some(state.segment));
        let path = segment::path(&self.dir, number);
        let file = segment::create(&path).map_err(|source| self.error(number, source))?;
        state.file = Arc::new(file);
        state.segment = number;
        state.offset = segment::HEADER_BYTES;
        state.lengths.insert(number, segment::HEADER_BYTES);
        state.folder_dirty = true;
        state.torn = false;
        Ok(())
    }
}

impl State {
    fn backlog_bytes(&self) -> u64 {
        self.lengths
            .range(self.projected.segment..)
            .map(|(number, length)| {
                let done = if *number == self.projected.segment {
                    self.projected.offset
                } else {
                    segment::HEADER_BYTES
                };
                length.saturating_sub(done)
            })
            .sum()
    }
}
