//! Where plugins run: WebAssembly components, each call in a fresh instance with a budget of
//! instructions, time and memory, and nothing within reach but what the contract (`wit/`) gives it.
//!
//! [`Handle::ask`] puts a question to a tenant's plugin and always gets a verdict; a plugin that
//! loops, traps or talks nonsense is a fault inside that verdict. The flows folder is watched; what
//! is saved there goes live for the next contact when it proves good, and stands as a list of
//! [`Diagnostic`]s beside the last good version when not.

mod admission;
mod backtrace;
mod bindings;
mod breaker;
mod call;
mod catalogue;
mod clock;
mod compile;
mod diagnostic;
mod engine;
mod faults;
mod folder;
mod host;
mod interface;
mod invocation;
mod job;
mod keeper;
mod kinds;
pub mod limits;
mod loading;
mod log;
mod measures;
pub mod metering;
pub mod offline;
mod priority;
pub mod rollout;
mod store;
mod text;
mod trial;
mod version;
mod watch;
mod wording;
mod workers;

pub use catalogue::{CandidateStatus, PluginStatus, VersionDetail, VersionStatus};
pub use compile::{Compiling, compile_main};
pub use diagnostic::{Diagnostic, Severity};
pub use faults::KeptFault;
pub use invocation::Invocation;
pub use keeper::Event;
pub use kinds::PluginKind;
pub use kinds::flow_language::LanguageName;
pub use kinds::ivr::Node;
pub use log::{Level as LogLevel, Line as LogLine};
pub use measures::{Measures, Totals};

use crate::catalogue::{Catalogue, Chosen, Key};
use crate::compile::Compiler;
use crate::engine::Ticker;
use crate::job::{Job, Reply};
use crate::keeper::{Command, Keeper};
use crate::limits::{NamedPlan, Plans};
use crate::loading::Loader;
use crate::metering::{Books, Ledger, Metered};
use crate::rollout::reception::Reception;
use crate::rollout::recorder::Recorder;
use crate::rollout::shadow::ShadowLine;
use crate::store::{Content, Store};
use crate::watch::Watch;
use crate::workers::{Workers, overloaded};
use bytes::Bytes;
use hotline_manifest::Manifest;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::plugin::{PluginFault, PluginVersion, Usage};
use hotline_vocabulary::question::{Question, Verdict};
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc as thread_mpsc;
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::{Semaphore, mpsc, oneshot};

/// The name under which the shipped policy signs its verdicts.
pub const SHIPPED_POLICY: &str = "best-skill";

/// Events that may wait to be received; further ones are dropped, [`Handle::catalogue`] has the truth.
const EVENTS: usize = 256;
/// Commands that may wait for the keeper. Beyond it a rollback is refused as unavailable, and marks
/// of the file system find the keeper awake already.
const COMMANDS: usize = 64;

#[derive(Debug, Clone)]
pub struct Options {
    /// A folder per tenant.
    pub flows_root: PathBuf,
    /// Where versions and compiled code are kept. Nobody else may write here: compiled code is
    /// loaded from it.
    pub store_dir: PathBuf,
    /// The command of the compiling process, whose body is [`compile_main`].
    pub compiler: Vec<OsString>,
    /// Threads that run plugins; at least two, so that one tenant can not hold all of them.
    pub workers: usize,
    pub shipped: Shipped,
    /// What the tenants' plugins may use.
    pub plans: Plans,
    /// Where it is written down what they used; nowhere, for who only tries plugins.
    pub ledger: Option<Arc<dyn Ledger>>,
}

/// The components that come with the host.
#[derive(Debug, Clone)]
pub struct Shipped {
    /// Runs `NAME.flow.yaml`: of the world `hotline:flow-language/flow-interpreter`.
    pub flow_interpreter: Bytes,
    /// Routes for queues that name no policy.
    pub skills_policy: Bytes,
}

/// Why the sandbox could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the WebAssembly engine could not be set up: {0:#}")]
    Engine(wasmtime::Error),
    #[error("the folder {folder} can not be used: {source}")]
    Folder {
        folder: PathBuf,
        source: std::io::Error,
    },
    #[error("a shipped component was refused: {}", .0.first().map_or_else(String::new, ToString::to_string))]
    Shipped(Vec<Diagnostic>),
    #[error("a thread could not be started: {0}")]
    Thread(#[source] std::io::Error),
}

/// Owns the threads; dropping it ends them.
#[derive(Debug)]
pub struct Service {
    workers: Arc<Workers>,
    commands: thread_mpsc::SyncSender<Command>,
    stop: Arc<AtomicBool>,
    shadow: ShadowLine,
    recorder: Recorder,
    threads: Vec<JoinHandle<()>>,
}

/// Asks plugins and knows what is live. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle {
    workers: Arc<Workers>,
    catalogue: Arc<Catalogue>,
    commands: thread_mpsc::SyncSender<Command>,
    /// What versions are made of.
    content: Content,
    shadow: ShadowLine,
    recorder: Recorder,
    reception: Arc<Reception>,
    ticker: Arc<Ticker>,
    /// As many as may be looked at.
    uploads: Arc<Semaphore>,
    /// One at a time.
    replays: Arc<Semaphore>,
}

/// What a version of a policy is made of, so that it can be played elsewhere: see [`offline`].
#[derive(Debug, Clone)]
pub struct KeptPolicy {
    pub version: PluginVersion,
    pub component: Bytes,
    /// A JSON object.
    pub config: Arc<str>,
}

/// Starts the sandbox. Compiles the shipped components when they are new, which may take a second.
pub fn start(options: Options) -> Result<(Service, Handle, mpsc::Receiver<Event>), Error> {
    let folder = |folder: &PathBuf, source| Error::Folder {
        folder: folder.clone(),
        source,
    };
    let threads = options.workers.max(2);
    std::fs::create_dir_all(&options.flows_root)
        .map_err(|error| folder(&options.flows_root, error))?;
    // Events name true paths.
    let root = options
        .flows_root
        .canonicalize()
        .map_err(|error| folder(&options.flows_root, error))?;
    let store =
        Store::open(&options.store_dir).map_err(|error| folder(&options.store_dir, error))?;

    // Besides the workers: the keeper and uploads run trials, and there are shadow and replay.
    let others = 3 + limits::UPLOADS_AT_A_TIME;
    let engine = engine::for_running(threads + others).map_err(Error::Engine)?;
    let linker = host::linker(&engine).map_err(Error::Engine)?;
    let ticker = Arc::new(Ticker::start(&engine).map_err(Error::Thread)?);
    let compiler = Arc::new(Compiler::new(
        Compiling::Apart(options.compiler),
        engine,
        store.compiled_folder().to_owned(),
    ));
    let shipped = &options.shipped;
    let books = Books::new(options.ledger);
    let interpreter = &shipped.flow_interpreter;
    let loader = Loader::new(compiler, linker, ticker.clone(), books.clone(), interpreter)
        .map(Arc::new)
        .map_err(Error::Shipped)?;
    let policy = loader
        .shipped_policy(SHIPPED_POLICY, &shipped.skills_policy)
        .map_err(Error::Shipped)?;
    store.tidy(
        &[loader.interpreter_digest(), policy.identity.component],
        |name| loader.made_by_us(name),
    );

    let content = store.content().clone();
    let catalogue = Arc::new(Catalogue::new(policy));
    let (events, receiver) = mpsc::channel(EVENTS);
    let (commands, queue) = thread_mpsc::sync_channel(COMMANDS);
    let wake = commands.clone();
    let stop = Arc::new(AtomicBool::new(false));
    let looking = Arc::new(AtomicBool::new(false));
    let (shadow, shadowing) =
        ShadowLine::start(ticker.clone(), books.clone(), stop.clone()).map_err(Error::Thread)?;
    let recorded = options.store_dir.join("recorded");
    let (recorder, recording) = Recorder::start(
        recorded.clone(),
        catalogue.clone(),
        content.clone(),
        stop.clone(),
    )
    .map_err(|error| folder(&recorded, error))?;
    let (workers, mut threads) =
        Workers::start(threads, &ticker, recorder.clone(), books).map_err(Error::Thread)?;
    threads.extend([shadowing, recording]);
    let reception = Arc::new(Reception {
        loader: loader.clone(),
        content: content.clone(),
        catalogue: catalogue.clone(),
        keeper: commands.clone(),
    });
    let keeper = Keeper {
        root: root.clone(),
        loader,
        store,
        catalogue: catalogue.clone(),
        plans: options.plans,
        events,
        served: BTreeMap::new(),
        stop: stop.clone(),
        looking: looking.clone(),
        commands: commands.clone(),
        compiling: HashMap::new(),
        settling: Vec::new(),
    };
    threads.push(
        std::thread::Builder::new()
            .name("plugin-keeper".to_owned())
            .stack_size(limits::WORKER_STACK_BYTES)
            .spawn(move || {
                let watch = Watch::start(&root, move || {
                    // One is enough; with a full line the keeper looks at the marks anyway.
                    if !looking.swap(true, Ordering::AcqRel) {
                        let _ = wake.try_send(Command::Look);
                    }
                });
                keeper.run(&queue, &watch);
            })
            .map_err(Error::Thread)?,
    );
    let service = Service {
        workers: workers.clone(),
        commands: commands.clone(),
        stop,
        shadow: shadow.clone(),
        recorder: recorder.clone(),
        threads,
    };
    let handle = Handle {
        workers,
        catalogue,
        commands,
        content,
        shadow,
        recorder,
        reception,
        ticker,
        uploads: Arc::new(Semaphore::new(limits::UPLOADS_AT_A_TIME)),
        replays: Arc::new(Semaphore::new(1)),
    };
    Ok((service, handle, receiver))
}

impl Service {
    /// Ends the threads and waits for them: for a call of a plugin at most its budget, for a
    /// compilation at most its time-out.
    pub async fn stop(mut self) {
        let threads = std::mem::take(&mut self.threads);
        drop(self);
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("A thread of the sandbox had panicked.");
                }
            }
        });
        // The closure does not panic, and a runtime that shuts down ends the wait.
        let _ = joined.await;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.workers.stop();
        self.stop.store(true, Ordering::Release);
        // Wakes the keeper; with a full line it is awake and sees the flag.
        let _ = self.commands.try_send(Command::Look);
        self.shadow.wake();
        self.recorder.wake();
    }
}

impl Handle {
    /// Serves these tenants, each from its folder below the flows root, and no others. Returns at
    /// once; [`Handle::settled`] waits until what is in the folders is live or refused.
    pub fn serve_tenants(&self, tenants: Vec<(TenantId, String)>) {
        let ids: Vec<TenantId> = tenants.iter().map(|(tenant, _)| *tenant).collect();
        tracing::debug!(tenants = ids.len(), "Serving tenants.");
        if self.commands.send(Command::Serve(tenants)).is_err() {
            tracing::warn!("The sandbox has stopped; its tenants stay what they were.");
        }
    }

    /// What the tenants' plugins may use: from the next call on, whichever version it is of.
    pub fn set_plans(&self, plans: Plans) {
        if self.commands.send(Command::Plans(plans)).is_err() {
            tracing::warn!("The sandbox has stopped; its plans stay what they were.");
        }
    }

    /// What a tenant's plugins may use now.
    pub fn plan(&self, tenant: TenantId) -> NamedPlan {
        self.catalogue.named_plan(tenant)
    }

    /// Waits until everything that was asked for before is done.
    pub async fn settled(&self) {
        let (reply, done) = oneshot::channel();
        let commands = self.commands.clone();
        let asked =
            tokio::task::spawn_blocking(move || commands.send(Command::Settled(reply)).is_ok());
        if asked.await.unwrap_or(false) {
            // An error means that the keeper has ended: nothing is pending then either.
            let _ = done.await;
        }
    }

    /// Puts a question to the plugin that shall answer it. The first step of a contact pins its
    /// flow's version until [`Handle::forget`].
    pub async fn ask(&self, tenant: TenantId, question: Question) -> Verdict {
        let (reply, verdict) = oneshot::channel();
        let asked = self.ask_then(tenant, question, move |verdict| {
            // The asker may have gone; then nobody needs the verdict.
            let _ = reply.send(verdict);
        });
        match asked {
            Ok(()) => verdict
                .await
                .unwrap_or_else(|_| unanswered(overloaded("the sandbox is stopping"), None)),
            Err(refused) => *refused,
        }
    }

    /// As [`Handle::ask`], for who only passes the verdict on: `answer` is called on a plugin
    /// worker's thread, which it may hold up for a moment; or never, when the sandbox stops.
    ///
    /// # Errors
    /// The verdict on a question that no worker can be given.
    pub fn ask_then(
        &self,
        tenant: TenantId,
        question: Question,
        answer: impl FnOnce(Verdict) + Send + 'static,
    ) -> Result<(), Box<Verdict>> {
        self.put(tenant, Arc::new(question), Box::new(answer))
    }

    /// [`Handle::ask_then`], by a reply that is boxed already.
    fn put(
        &self,
        tenant: TenantId,
        mut question: Arc<Question>,
        mut answer: Reply,
    ) -> Result<(), Box<Verdict>> {
        let mut chosen = self
            .catalogue
            .choose(tenant, &question)
            .map_err(|fault| Box::new(unanswered(fault, None)))?;
        if let Some(to) = chosen.offer_to.take() {
            match self.offer(tenant, (&chosen, to), question, answer) {
                Ok(()) => return Ok(()),
                // It is asked as if there were no other version.
                Err(back) => (question, answer) = *back,
            }
        }
        self.put_to(tenant, chosen, question, answer)
    }

    fn put_to(
        &self,
        tenant: TenantId,
        chosen: Chosen,
        question: Arc<Question>,
        answer: Reply,
    ) -> Result<(), Box<Verdict>> {
        let identity = chosen.version.identity.clone();
        let ask = self.accompany(tenant, &chosen, &question, answer);
        let job = Job {
            reply: ask.reply,
            version: chosen.version,
            question,
            since: Instant::now(),
        };
        match self.workers.submit(tenant, job) {
            Err(fault) if ask.instead.is_none_or(|instead| !instead.stand_in(&fault)) => {
                Err(Box::new(unanswered(fault, Some(identity))))
            }
            _ => Ok(()),
        }
    }

    /// Lets go of a contact's version.
    pub fn forget(&self, tenant: TenantId, contact: ContactId) {
        self.catalogue.forget(tenant, contact);
        for trial in self.catalogue.trials(tenant) {
            self.shadow.forget(trial, contact);
        }
    }

    pub fn catalogue(&self, tenant: TenantId) -> Vec<PluginStatus> {
        self.catalogue.statuses(tenant)
    }

    pub fn has_flow(&self, tenant: TenantId, name: &str) -> bool {
        self.catalogue
            .live(tenant, PluginKind::Flow, name)
            .is_some()
    }

    /// The live version of a policy; none when no policy of that name is live. Reads the store's
    /// files: call it off the threads that serve.
    ///
    /// # Errors
    /// The store can not be read.
    pub fn live_policy(&self, tenant: TenantId, name: &str) -> std::io::Result<Option<KeptPolicy>> {
        let Some(live) = self.catalogue.live(tenant, PluginKind::Policy, name) else {
            return Ok(None);
        };
        Ok(Some(KeptPolicy {
            component: self.content.get(live.identity.component)?,
            version: live.identity.clone(),
            config: live.config.clone(),
        }))
    }

    /// What the live version of a plugin says about itself and asks for; none when nothing of that
    /// name is live, or it says nothing.
    pub fn manifest(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
    ) -> Option<Arc<Manifest>> {
        self.catalogue.live(tenant, kind, name)?.manifest.clone()
    }

    /// The configuration of the live version of a plugin: a JSON object.
    pub fn config(&self, tenant: TenantId, kind: PluginKind, name: &str) -> Option<Arc<str>> {
        let live = self.catalogue.live(tenant, kind, name)?;
        Some(live.config.clone())
    }

    /// What the live version of a plugin counted and measured, with its other versions since the
    /// start.
    pub fn totals(&self, tenant: TenantId, kind: PluginKind, name: &str) -> Option<Totals> {
        let live = self.catalogue.live(tenant, kind, name)?;
        Some(live.log.totals())
    }

    /// A version of a policy that is kept, whether it was ever in service or not, by its label or
    /// id; none when there is none.
    ///
    /// # Errors
    /// The store can not be read.
    pub fn kept_policy(
        &self,
        tenant: TenantId,
        name: &str,
        version: &str,
    ) -> std::io::Result<Option<KeptPolicy>> {
        let key = Key {
            kind: PluginKind::Policy,
            name: name.to_owned(),
        };
        let shelf = self.catalogue.shelf(tenant, &key);
        let Some(record) = shelf.as_ref().and_then(|shelf| shelf.find(version)) else {
            return Ok(None);
        };
        let config = self.content.get(record.config)?;
        let config = std::str::from_utf8(&config).map_err(std::io::Error::other)?;
        Ok(Some(KeptPolicy {
            component: self.content.get(record.version.component)?,
            version: record.version.clone(),
            config: Arc::from(config),
        }))
    }

    /// The last lines that a plugin wrote, oldest first.
    pub fn log(&self, tenant: TenantId, kind: PluginKind, name: &str) -> Vec<LogLine> {
        self.catalogue.log_lines(
            tenant,
            &Key {
                kind,
                name: name.to_owned(),
            },
        )
    }

    /// What a tenant's plugins used since the host started, a row a version.
    pub fn metered(&self, tenant: TenantId) -> Vec<Metered> {
        self.workers.metered(tenant)
    }
}

/// The verdict on a question that no plugin was given.
fn unanswered(fault: PluginFault, version: Option<PluginVersion>) -> Verdict {
    Verdict {
        outcome: Err(fault),
        version,
        usage: Usage::default(),
    }
}
