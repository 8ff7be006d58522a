//! The last calls of each plugin, whole, in private files of its tenant: two files that take turns,
//! bounded in count, bytes and age. One thread writes; a call that finds its line full is not
//! recorded, and nobody waits.

use super::about::about;
use super::settings::Recording;
use crate::catalogue::{Catalogue, Key};
use crate::faults::{self, Failed, Keeping, KeptFault};
use crate::invocation::Invocation;
use crate::job::Reply;
use crate::limits::Plan;
use crate::store::{Content, make_private};
use crate::version::Version;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::question::{Question, Verdict};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

/// Calls that may wait to be written.
const WAITING: usize = 1024;
/// Both files of a plugin together.
const BYTES: u64 = 32 * 1024 * 1024;
/// Files that are open at a time.
const OPEN: usize = 128;
const BETWEEN_SWEEPS: Duration = Duration::from_secs(600);
const NEWEST: &str = "newest.jsonl";
const OLDER: &str = "older.jsonl";

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    messages: SyncSender<Message>,
    waiting: Arc<AtomicUsize>,
    root: Arc<Path>,
}

#[derive(Debug)]
enum Message {
    Call(Box<Call>),
    Failed(Box<Failed>),
    /// Answered when what came before is in its file.
    Written(SyncSender<()>),
    /// It is time to look whether to stop.
    Stop,
}

#[derive(Debug)]
struct Call {
    tenant: TenantId,
    key: Key,
    invocation: Invocation,
}

impl Recorder {
    pub(crate) fn start(
        root: PathBuf,
        catalogue: Arc<Catalogue>,
        content: Content,
        stop: Arc<AtomicBool>,
    ) -> io::Result<(Recorder, JoinHandle<()>)> {
        make_private(&root)?;
        let (messages, line) = sync_channel(WAITING);
        let waiting = Arc::new(AtomicUsize::new(0));
        let recorder = Recorder {
            messages,
            waiting: waiting.clone(),
            root: root.clone().into(),
        };
        let thread = std::thread::Builder::new()
            .name("plugin-recorder".to_owned())
            .spawn(move || {
                crate::priority::step_behind(10);
                let writer = Writer {
                    root,
                    catalogue,
                    rings: HashMap::new(),
                    faults: Keeping::new(content),
                };
                writer.run(&line, &waiting, &stop);
            })?;
        Ok((recorder, thread))
    }

    /// Wakes the thread, which looks whether to stop.
    pub(crate) fn wake(&self) {
        // With a full line it is awake.
        let _ = self.messages.try_send(Message::Stop);
    }

    /// Answers as `reply` does, and has the call written down.
    pub(crate) fn beside(
        &self,
        tenant: TenantId,
        version: &Arc<Version>,
        question: &Arc<Question>,
        reply: Reply,
    ) -> Reply {
        let subject = about(question);
        let Some(name) = subject.name else {
            return reply;
        };
        // Looked at before anything is copied: under load this costs nothing.
        if self.waiting.load(Ordering::Relaxed) >= WAITING {
            return reply;
        }
        let key = Key {
            kind: subject.kind,
            name: name.to_owned(),
        };
        let function = subject.function;
        let (recorder, version, question) = (self.clone(), version.clone(), question.clone());
        Box::new(move |verdict| {
            let (outcome, usage) = (verdict.outcome.clone(), verdict.usage);
            let call = Call {
                tenant,
                invocation: Invocation {
                    kind: key.kind,
                    function: function.to_owned(),
                    version: Some(version.identity.clone()),
                    config: version.config.as_ref().to_owned(),
                    recorded_at: crate::clock::now(),
                    question,
                    outcome,
                    usage,
                    plan: special(&version.plan.now()),
                    backtrace: Vec::new(),
                },
                key,
            };
            recorder.waiting.fetch_add(1, Ordering::Relaxed);
            if recorder
                .messages
                .try_send(Message::Call(Box::new(call)))
                .is_err()
            {
                recorder.waiting.fetch_sub(1, Ordering::Relaxed);
            }
            // Last, so that a contact's steps stand in their order.
            reply(verdict);
        })
    }

    /// Has a call kept in which the plugin broke down.
    pub(crate) fn failed(
        &self,
        tenant: TenantId,
        version: &Version,
        question: Arc<Question>,
        verdict: &Verdict,
        backtrace: Vec<String>,
    ) {
        let subject = about(&question);
        let Some(name) = subject.name.map(str::to_owned) else {
            return;
        };
        let failed = Failed {
            tenant,
            key: Key {
                kind: subject.kind,
                name,
            },
            id: version.id,
            invocation: Invocation {
                kind: subject.kind,
                function: subject.function.to_owned(),
                version: Some(version.identity.clone()),
                config: version.config.as_ref().to_owned(),
                recorded_at: crate::clock::now(),
                outcome: verdict.outcome.clone(),
                usage: verdict.usage,
                plan: special(&version.plan.now()),
                backtrace,
                question,
            },
        };
        // With a full line there are enough of them.
        let _ = self.messages.try_send(Message::Failed(Box::new(failed)));
    }

    /// Failed calls that are kept, the newest first.
    pub(crate) fn faults(&self, tenant: TenantId, key: &Key) -> io::Result<Vec<KeptFault>> {
        self.catch_up();
        faults::all(&folder(&self.root, tenant, key))
    }

    /// A failed call, as JSON.
    pub(crate) fn fault(
        &self,
        tenant: TenantId,
        key: &Key,
        id: &str,
    ) -> io::Result<Option<Vec<u8>>> {
        faults::one(&folder(&self.root, tenant, key), id)
    }

    /// Waits for what is on its way.
    fn catch_up(&self) {
        let (reply, written) = sync_channel(1);
        if self.messages.send(Message::Written(reply)).is_ok() {
            // An error means that the recorder has ended: everything is written.
            let _ = written.recv();
        }
    }

    /// The last recorded calls of a plugin, oldest first. Waits for what is on its way.
    pub(crate) fn last(
        &self,
        tenant: TenantId,
        key: &Key,
        recording: Recording,
        now: Timestamp,
    ) -> io::Result<Vec<Invocation>> {
        self.catch_up();
        let folder = folder(&self.root, tenant, key);
        let mut calls = Vec::new();
        for name in [OLDER, NEWEST] {
            let file = match File::open(folder.join(name)) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for line in BufReader::new(file).lines() {
                // Words of an earlier version of the host, or a line that a crash cut off.
                if let Ok(call) = serde_json::from_str::<Invocation>(&line?) {
                    calls.push(call);
                }
            }
        }
        let oldest = now.0 - i64::from(recording.hours) * 3_600_000;
        calls.retain(|call| call.recorded_at.0 >= oldest);
        let surplus = calls.len().saturating_sub(recording.last as usize);
        calls.drain(..surplus);
        Ok(calls)
    }
}

/// None when it is everybody's.
fn special(plan: &Plan) -> Option<Plan> {
    (*plan != Plan::default()).then_some(*plan)
}

fn folder(root: &Path, tenant: TenantId, key: &Key) -> PathBuf {
    let name = format!("{}-{}", key.kind, key.name);
    root.join(tenant.to_string()).join(name)
}

/// The recorder's thread.
struct Writer {
    root: PathBuf,
    catalogue: Arc<Catalogue>,
    rings: HashMap<(TenantId, Key), Ring>,
    faults: Keeping,
}

/// The files of one plugin.
#[derive(Debug)]
struct Ring {
    folder: PathBuf,
    newest: BufWriter<File>,
    calls: u32,
    bytes: u64,
    began: SystemTime,
}

impl Writer {
    fn run(mut self, line: &Receiver<Message>, waiting: &AtomicUsize, stop: &AtomicBool) {
        let mut swept = Instant::now();
        self.sweep();
        loop {
            match line.recv_timeout(Duration::from_secs(1)) {
                Ok(Message::Call(call)) => {
                    waiting.fetch_sub(1, Ordering::Relaxed);
                    if let Err(error) = self.write(&call) {
                        tracing::warn!(%error, "A call of a plugin could not be recorded.");
                        self.rings.remove(&(call.tenant, call.key));
                    }
                }
                Ok(Message::Failed(failed)) => {
                    if let Err(error) = self.keep(&failed) {
                        tracing::warn!(%error, "A failed call of a plugin could not be kept.");
                    }
                }
                Ok(Message::Written(reply)) => {
                    self.flush();
                    // Who asked may have gone.
                    let _ = reply.send(());
                }
                Ok(Message::Stop) | Err(RecvTimeoutError::Timeout) => self.flush(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if stop.load(Ordering::Acquire) {
                break;
            }
            if swept.elapsed() > BETWEEN_SWEEPS {
                swept = Instant::now();
                self.sweep();
            }
        }
        self.flush();
    }

    fn keep(&mut self, failed: &Failed) -> io::Result<()> {
        let settings = self.catalogue.settings(failed.tenant, &failed.key);
        if !settings.recording.is_on() {
            return Ok(());
        }
        let folder = folder(&self.root, failed.tenant, &failed.key);
        self.faults.keep(&folder, &self.catalogue, failed)
    }

    fn write(&mut self, call: &Call) -> io::Result<()> {
        let recording = self.catalogue.settings(call.tenant, &call.key).recording;
        if !recording.is_on() {
            return Ok(());
        }
        if self.rings.len() >= OPEN {
            self.flush();
            self.rings.clear();
        }
        let key = (call.tenant, call.key.clone());
        let ring = match self.rings.entry(key) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(Ring::open(folder(&self.root, call.tenant, &call.key))?)
            }
        };
        ring.write(&call.invocation, recording)
    }

    fn flush(&mut self) {
        self.rings.retain(|_, ring| {
            let flushed = ring.newest.flush();
            if let Err(error) = &flushed {
                tracing::warn!(%error, "Recorded calls could not be written.");
            }
            flushed.is_ok()
        });
    }

    /// Removes what is older than may be kept.
    fn sweep(&mut self) {
        self.flush();
        for tenant in entries(&self.root) {
            let Some(Ok(id)) = tenant.file_name().and_then(|n| n.to_str()).map(str::parse) else {
                continue;
            };
            for plugin in entries(&tenant) {
                let name = plugin.file_name().and_then(|name| name.to_str());
                let key = name.and_then(|name| Key::parse(&name.replacen('-', "/", 1)));
                let Some(key) = key else { continue };
                let Some(settings) = self.catalogue.known_settings(id, &key) else {
                    // Not served just now: nobody says how long it may be kept.
                    continue;
                };
                let hours = u64::from(settings.recording.hours);
                let kept = match settings.recording.is_on() {
                    true => Duration::from_secs(hours * 3_600),
                    false => Duration::ZERO,
                };
                for file in entries(&plugin) {
                    let age = fs::metadata(&file)
                        .and_then(|about| about.modified())
                        .ok()
                        .and_then(|written| written.elapsed().ok());
                    if age.is_some_and(|age| age >= kept) {
                        self.rings.remove(&(id, key.clone()));
                        // What can not be removed now is tried again at the next sweep.
                        let _ = fs::remove_file(&file);
                    }
                }
            }
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten().flatten();
    found.map(|entry| entry.path()).collect()
}

impl Ring {
    fn open(folder: PathBuf) -> io::Result<Ring> {
        make_private(&folder)?;
        let path = folder.join(NEWEST);
        let file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)?;
        let calls = BufReader::new(File::open(&path)?).lines().count();
        let about = file.metadata()?;
        Ok(Ring {
            folder,
            calls: u32::try_from(calls).unwrap_or(u32::MAX),
            bytes: about.len(),
            began: match calls {
                0 => SystemTime::now(),
                _ => about.created().or_else(|_| about.modified())?,
            },
            newest: BufWriter::new(file),
        })
    }

    fn write(&mut self, call: &Invocation, recording: Recording) -> io::Result<()> {
        let mut line = serde_json::to_vec(call)?;
        line.push(b'\n');
        let length = line.len() as u64;
        // Half of its age, so that nothing is kept for longer than half again as may be.
        let age = Duration::from_secs(u64::from(recording.hours) * 1_800);
        let full = self.calls >= recording.last || self.bytes + length > BYTES / 2;
        if self.calls > 0 && (full || self.began.elapsed().is_ok_and(|old| old > age)) {
            self.newest.flush()?;
            fs::rename(self.folder.join(NEWEST), self.folder.join(OLDER))?;
            *self = Ring::open(std::mem::take(&mut self.folder))?;
        }
        self.newest.write_all(&line)?;
        self.calls += 1;
        self.bytes += length;
        Ok(())
    }
}
