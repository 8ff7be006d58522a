//! The thread that keeps the catalogue in step with the flows folder and the store. Compiling and
//! trial runs happen here, never where questions are answered.

mod languages;
mod versions;

use crate::catalogue::{Catalogue, Key, PluginStatus, VersionDetail};
use crate::compile::CompileError;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::{self, Files, Signature, Unread};
use crate::kinds::PluginKind;
use crate::kinds::flow_language::LanguageName;
use crate::limits::Plans;
use crate::loading::{Loader, not_compiled};
use crate::rollout::upload::Received;
use crate::rollout::{Actor, Cause, ChangeError, Replayed, Settings, Wish};
use crate::store::{Record, Store};
use crate::version::Version;
use crate::watch::{LOOK_AGAIN, Watch};
use bytes::Bytes;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::Digest;
use languages::language_key;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Instant, SystemTime};
use tokio::sync::{mpsc, oneshot};
use versions::not_back;

/// Something about a plugin that people should see.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It went live, was refused, is good again, or was taken out of service.
    Changed {
        tenant: TenantId,
        status: Box<PluginStatus>,
    },
}

#[derive(Debug)]
pub(crate) enum Command {
    /// Something was marked, or it is time to stop.
    Look,
    /// Tenants and their folders below the root.
    Serve(Vec<(TenantId, String)>),
    /// What the tenants' plugins may use from now on.
    Plans(Plans),
    /// An upload was looked at.
    Received(Box<Received>),
    Change {
        tenant: TenantId,
        key: Key,
        version: String,
        wish: Wish,
        cause: Cause,
        reply: oneshot::Sender<Result<VersionDetail, ChangeError>>,
    },
    Configure {
        tenant: TenantId,
        key: Key,
        settings: Settings,
        reply: oneshot::Sender<Result<(), ChangeError>>,
    },
    /// A version of the store, to be asked outside of service.
    Load {
        tenant: TenantId,
        key: Key,
        id: Digest,
        reply: oneshot::Sender<Result<Arc<Version>, ChangeError>>,
    },
    Replayed {
        tenant: TenantId,
        key: Key,
        id: Digest,
        summary: Replayed,
        reply: oneshot::Sender<Result<(), ChangeError>>,
    },
    /// Answered when everything before it is done.
    Settled(oneshot::Sender<()>),
    /// A component that [`Keeper::compile`] was waiting for.
    Compiled {
        component: Digest,
        outcome: Result<(), CompileError>,
    },
}

pub(crate) struct Keeper {
    pub(crate) root: PathBuf,
    pub(crate) loader: Arc<Loader>,
    pub(crate) store: Store,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) plans: Plans,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) served: BTreeMap<TenantId, Served>,
    pub(crate) stop: Arc<AtomicBool>,
    /// How compilations report back.
    pub(crate) commands: SyncSender<Command>,
    pub(crate) compiling: HashMap<Digest, Vec<Awaiting>>,
    pub(crate) settling: Vec<oneshot::Sender<()>>,
    /// Whether a [`Command::Look`] is on its way.
    pub(crate) looking: Arc<AtomicBool>,
}

/// A tenant whose folder is kept in step.
#[derive(Debug)]
pub(crate) struct Served {
    folder: String,
    seen: HashMap<Key, Seen>,
}

/// A file that waits for its component to be compiled.
#[derive(Debug)]
pub(crate) struct Awaiting {
    tenant: TenantId,
    key: Key,
    path: String,
    /// Of what was read.
    digest: Digest,
}

/// Components that compile at a time; scripts go live beside them.
const COMPILATIONS: usize = 2;

/// What was found of a plugin when its files were read last.
#[derive(Debug, Default)]
struct Seen {
    signature: Signature,
    /// What was refused; not tried again until it differs.
    refused: Option<Digest>,
    /// Of a script.
    language: Option<LanguageName>,
    /// Looks in a row at which its files were missing.
    missing: u32,
}

impl Keeper {
    pub(crate) fn run(mut self, commands: &Receiver<Command>, watch: &Watch) {
        let mut look_again = Instant::now() + LOOK_AGAIN;
        loop {
            let until = watch
                .next_due()
                .map_or(look_again, |due| due.min(look_again));
            match commands.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Command::Look) => self.looking.store(false, Ordering::Release),
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Command::Serve(tenants)) => self.serve(tenants),
                Ok(Command::Plans(plans)) => self.put_in_force(plans),
                Ok(Command::Received(received)) => self.receive(*received),
                Ok(Command::Change {
                    tenant,
                    key,
                    version,
                    wish,
                    cause,
                    reply,
                }) => {
                    // Who asked may have gone; the log has it.
                    let _ = reply.send(self.change(tenant, &key, &version, wish, &cause));
                }
                Ok(Command::Configure {
                    tenant,
                    key,
                    settings,
                    reply,
                }) => {
                    let _ = reply.send(self.configure(tenant, &key, settings));
                }
                Ok(Command::Load {
                    tenant,
                    key,
                    id,
                    reply,
                }) => {
                    let mut shelf = self.store.shelf(tenant, &key.to_text());
                    let loaded = self.loaded(tenant, &key, &mut shelf, id);
                    let _ = reply.send(loaded.map(|(version, _)| version));
                }
                Ok(Command::Replayed {
                    tenant,
                    key,
                    id,
                    summary,
                    reply,
                }) => {
                    let _ = reply.send(self.replayed(tenant, &key, id, summary));
                }
                Ok(Command::Settled(reply)) => self.settling.push(reply),
                Ok(Command::Compiled { component, outcome }) => {
                    self.compiled(component, outcome);
                    self.look_everywhere(Instant::now());
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.stop.load(Ordering::Acquire) {
                return;
            }
            let now = Instant::now();
            self.end_failed_trials();
            let due = watch.take_due(now);
            if due.everything || now >= look_again {
                look_again = now + LOOK_AGAIN;
                self.look_everywhere(now);
                self.retire_drained();
            }
            for (folder, since) in due.folders {
                let tenants: Vec<TenantId> = self
                    .served
                    .iter()
                    .filter(|(_, served)| served.folder == folder)
                    .map(|(tenant, _)| *tenant)
                    .collect();
                for tenant in tenants {
                    self.look(tenant, since);
                }
            }
            if self.compiling.is_empty() {
                for waiting in self.settling.drain(..) {
                    // Who asked may have gone.
                    let _ = waiting.send(());
                }
            }
        }
    }

    fn look_everywhere(&mut self, since: Instant) {
        for tenant in self.served.keys().copied().collect::<Vec<_>>() {
            self.look(tenant, since);
        }
    }

    /// Compiles beside this thread, so that nobody's save waits for another's large component.
    /// Returns false when as many compile already; the next look tries again.
    fn compile(&mut self, component: Digest, wasm: Bytes, awaiting: Awaiting) -> bool {
        if let Some(others) = self.compiling.get_mut(&component) {
            let known = others
                .iter()
                .any(|other| other.tenant == awaiting.tenant && other.key == awaiting.key);
            if !known {
                others.push(awaiting);
            }
            return true;
        }
        if self.compiling.len() >= COMPILATIONS {
            return false;
        }
        let (compiler, commands) = (self.loader.compiler().clone(), self.commands.clone());
        let spawned = std::thread::Builder::new()
            .name("plugin-compile".to_owned())
            .spawn(move || {
                let outcome = compiler.compile_ahead(component, &wasm);
                // The keeper has ended when nobody listens.
                let _ = commands.send(Command::Compiled { component, outcome });
            });
        if let Err(error) = spawned {
            tracing::error!(%error, "A compilation could not be started.");
            return false;
        }
        self.compiling.insert(component, vec![awaiting]);
        true
    }

    fn compiled(&mut self, component: Digest, outcome: Result<(), CompileError>) {
        let awaiting = self.compiling.remove(&component).unwrap_or_default();
        let Err(error) = outcome else {
            // The look that follows takes it in.
            return;
        };
        for Awaiting {
            tenant,
            key,
            path,
            digest,
        } in awaiting
        {
            if let Some(served) = self.served.get_mut(&tenant) {
                served.seen.entry(key.clone()).or_default().refused = Some(digest);
                self.refuse(tenant, &key, &path, not_compiled(&path, &error));
            }
        }
    }

    /// What runs, and what is loaded, is held to them from the next call on. What was refused is
    /// tried again: it may have needed more than its tenant had.
    fn put_in_force(&mut self, plans: Plans) {
        for (tenant, served) in &mut self.served {
            let plan = plans.of(&served.folder);
            if plan == self.plans.of(&served.folder) {
                continue;
            }
            let name = plan.name.as_deref().unwrap_or("the usual one");
            tracing::info!(
                tenant = served.folder,
                plan = name,
                "A tenant's plan has changed."
            );
            self.catalogue.set_plan(*tenant, plan);
            for seen in served.seen.values_mut() {
                if seen.refused.take().is_some() {
                    seen.signature = Signature::default();
                }
            }
        }
        self.plans = plans;
    }

    fn serve(&mut self, tenants: Vec<(TenantId, String)>) {
        let ids: Vec<TenantId> = tenants.iter().map(|(tenant, _)| *tenant).collect();
        self.catalogue.serve(&ids);
        self.served.retain(|tenant, _| ids.contains(tenant));
        for (tenant, folder) in tenants {
            let plain = Path::new(&folder)
                .components()
                .all(|part| matches!(part, std::path::Component::Normal(_)))
                && Path::new(&folder).components().count() == 1;
            if !plain {
                tracing::error!(%tenant, folder, "A tenant's flows folder must be a plain name.");
                continue;
            }
            self.catalogue.set_plan(tenant, self.plans.of(&folder));
            if let Some(served) = self.served.get_mut(&tenant) {
                if served.folder == folder {
                    continue;
                }
                served.folder = folder;
                served.seen.clear();
            } else {
                self.served.insert(
                    tenant,
                    Served {
                        folder,
                        seen: HashMap::new(),
                    },
                );
                self.restore(tenant);
            }
            self.look(tenant, Instant::now());
        }
    }

    /// Brings back what was live when the host ended, whatever the folder holds now, and what was
    /// on trial beside it.
    fn restore(&mut self, tenant: TenantId) {
        for text in self.store.keys(tenant) {
            let Some(key) = Key::parse(&text) else {
                continue;
            };
            let mut shelf = self.store.shelf(tenant, &text);
            self.catalogue.note_shelf(tenant, &key, &shelf);
            if let Some(record) = shelf.live_record().cloned() {
                match self.loaded(tenant, &key, &mut shelf, record.id) {
                    Ok((version, id)) => {
                        if shelf.live != Some(id) {
                            // The interpreter is another one since.
                            shelf.live = Some(id);
                            self.store_shelf(tenant, &key, &shelf);
                        }
                        self.catalogue
                            .publish(tenant, &key, &version, &shelf, now());
                        self.resume_trial(tenant, &key, &mut shelf);
                    }
                    Err(error) => self.refuse(tenant, &key, &record.path, not_back(&record, error)),
                }
            }
            self.tell(tenant, &key);
        }
        self.review_languages(tenant);
    }

    /// Compares a tenant's folder with what was imported from it. `since` is when the first sign of
    /// a change was seen.
    fn look(&mut self, tenant: TenantId, since: Instant) {
        let Some(served) = self.served.get(&tenant) else {
            return;
        };
        let folder = self.root.join(&served.folder);
        let is_spoken = |language: &LanguageName| {
            let live = self.catalogue.interpreter(tenant, language);
            live.is_some()
        };
        let found = match folder::list(&folder, is_spoken) {
            Ok(found) => found,
            Err(error) => {
                // A folder that is away for a moment must not take a tenant out of service.
                tracing::warn!(folder = %folder.display(), %error, "A flows folder can not be read.");
                return;
            }
        };
        // A script is compiled by the language that stands beside it.
        let (languages, others): (Vec<_>, Vec<_>) = found
            .iter()
            .partition(|(key, _)| key.kind == PluginKind::Language);
        for (key, files) in languages {
            self.look_at(tenant, key, files, since);
        }
        for (key, files) in others {
            let language = files.language();
            if language.is_some_and(|language| self.is_awaited(tenant, &language, &found)) {
                continue;
            }
            self.look_at(tenant, key, files, since);
        }
        for key in self.catalogue.keys(tenant) {
            if !found.contains_key(&key) {
                self.miss(tenant, &key);
            }
        }
    }

    /// Whether a language comes into service for the first time with what is read or compiled now.
    fn is_awaited(
        &self,
        tenant: TenantId,
        language: &LanguageName,
        found: &BTreeMap<Key, Files>,
    ) -> bool {
        let key = language_key(language);
        let seen = |served: &Served| served.seen.get(&key).map(|seen| seen.signature.is_empty());
        found.contains_key(&key)
            && self.catalogue.interpreter(tenant, language).is_none()
            && self.served.get(&tenant).and_then(seen).unwrap_or(true)
    }

    fn look_at(&mut self, tenant: TenantId, key: &Key, files: &Files, since: Instant) {
        let Some(served) = self.served.get_mut(&tenant) else {
            return;
        };
        let seen = served.seen.entry(key.clone()).or_default();
        seen.missing = 0;
        seen.language = files.language();
        let signature = folder::signature(files);
        if seen.signature == signature {
            return;
        }
        let path = files
            .main
            .first()
            .and_then(|path| path.strip_prefix(&self.root).ok())
            .map(|path| path.to_string_lossy().into_owned())
            .unwrap_or_default();
        let (mut source, digest) =
            match folder::read(&self.root, key, files, self.catalogue.plan(tenant)) {
                Ok(read) => read,
                // The signature stays what it was, so the next look reads again.
                Err(Unread::Unsettled) => return,
                Err(Unread::Refused(problem)) => {
                    seen.signature = signature;
                    seen.refused = None;
                    self.refuse(tenant, key, &path, problem);
                    return;
                }
            };
        seen.signature = signature;
        if seen.refused == Some(digest) {
            return;
        }
        seen.refused = None;
        let mut shelf = self.store.shelf(tenant, &key.to_text());
        if shelf.imported == Some(digest) {
            let problem = self.problem_of_language(tenant, key, shelf.live_record());
            if self.catalogue.note(tenant, key, &path, problem) {
                tracing::info!(path, "The file is again what was imported from it.");
                self.tell(tenant, key);
            }
            return;
        }
        source.interpreter = source
            .own_language()
            .and_then(|language| self.catalogue.interpreter(tenant, language));
        // Without a file of its own it keeps what was configured elsewhere.
        let active = self.catalogue.live(tenant, key.kind, &key.name);
        let configured = || active.map(|version| version.config.as_ref().to_owned());
        source.config = source.config.or_else(configured);
        if let Some((component, wasm)) = self.loader.to_compile(&source) {
            // Read again when it is compiled; what the file holds then counts.
            seen.signature = Signature::default();
            let awaiting = Awaiting {
                tenant,
                key: key.clone(),
                path,
                digest,
            };
            self.compile(component, wasm, awaiting);
            return;
        }
        let log = self.catalogue.log(tenant, key);
        let now = now();
        match self
            .loader
            .import(self.store.content(), tenant, &source, log, now)
        {
            Ok((version, record)) => {
                let label = record.version.label();
                let cause = Cause {
                    at: now,
                    by: Actor::FlowsFolder,
                    reason: format!("saved as {path}"),
                };
                shelf.imported = Some(digest);
                let version = Arc::new(version);
                let stored = self.take_in(tenant, key, &mut shelf, &version, record, &cause);
                if let Err(problem) = stored {
                    if let Some(served) = self.served.get_mut(&tenant)
                        && let Some(seen) = served.seen.get_mut(key)
                    {
                        seen.refused = Some(digest);
                    }
                    let problem = problem.about(&path);
                    self.refuse(tenant, key, &path, vec![problem]);
                    return;
                }
                for warning in &version.warnings {
                    tracing::warn!("{warning}");
                }
                tracing::info!(
                    path,
                    version = label,
                    took_ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX),
                    "A {} is live for the next contact.",
                    key.kind
                );
                self.tell(tenant, key);
                match key.kind {
                    PluginKind::Language => self.language_changed(tenant, &key.name),
                    _ => self.remark_on_languages(tenant),
                }
            }
            Err(problem) => {
                if let Some(served) = self.served.get_mut(&tenant)
                    && let Some(seen) = served.seen.get_mut(key)
                {
                    seen.refused = Some(digest);
                }
                self.refuse(tenant, key, &path, problem);
            }
        }
    }

    /// A plugin's files are gone. Twice in a row means that its author removed it; once may be an
    /// editor between deleting and renaming.
    fn miss(&mut self, tenant: TenantId, key: &Key) {
        let Some(served) = self.served.get_mut(&tenant) else {
            return;
        };
        let seen = served.seen.entry(key.clone()).or_default();
        seen.missing = seen.missing.saturating_add(1);
        if seen.missing != 2 {
            return;
        }
        seen.signature = Signature::default();
        seen.refused = None;
        let mut shelf = self.store.shelf(tenant, &key.to_text());
        let came_by_upload = |record: &Record| record.life.by != Actor::FlowsFolder;
        if shelf.imported.take().is_none() || shelf.live_record().is_some_and(came_by_upload) {
            // What is live has not come from there; only what was wrong with the file is over.
            self.store_shelf(tenant, key, &shelf);
            let path = self.catalogue.status(tenant, key).map(|status| status.path);
            if self
                .catalogue
                .note(tenant, key, &path.unwrap_or_default(), None)
            {
                self.tell(tenant, key);
            }
            return;
        }
        self.withdraw(tenant, key, shelf);
        tracing::info!(
            name = key.name,
            "The file of a {} was removed: new contacts no longer get it.",
            key.kind
        );
        self.tell(tenant, key);
        if key.kind == PluginKind::Language {
            self.language_changed(tenant, &key.name);
        }
    }

    fn refuse(&self, tenant: TenantId, key: &Key, path: &str, problem: Vec<Diagnostic>) {
        for diagnostic in &problem {
            match diagnostic.severity {
                Severity::Error => tracing::error!("{diagnostic}"),
                Severity::Warning => tracing::warn!("{diagnostic}"),
            }
        }
        match self.catalogue.live(tenant, key.kind, &key.name) {
            Some(version) => tracing::error!(
                live = version.identity.label(),
                "{path} was refused; the last good version stays live."
            ),
            None => tracing::error!("{path} was refused, and no earlier version is live."),
        }
        if self.catalogue.note(tenant, key, path, Some(problem)) {
            self.tell(tenant, key);
        }
    }

    fn tell(&self, tenant: TenantId, key: &Key) {
        if let Some(status) = self.catalogue.status(tenant, key) {
            let event = Event::Changed {
                tenant,
                status: Box::new(status),
            };
            if self.events.try_send(event).is_err() {
                tracing::warn!("An event about a plugin had no room; the catalogue has its state.");
            }
        }
    }
}

pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}
