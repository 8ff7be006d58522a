//! The thread that keeps the catalogue in step with the flows folder and the store. Compiling and
//! trial runs happen here, never where questions are answered.

mod command;
mod compiling;
mod languages;
mod looking;
mod versions;

pub(crate) use command::{Command, Received};

use crate::catalogue::{Catalogue, Key, PluginStatus};
use crate::clock::now;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::Signature;
use crate::limits::Plans;
use crate::loading::Loader;
use crate::store::Store;
use crate::watch::{LOOK_AGAIN, Watch};
use compiling::Awaiting;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::Digest;
use looking::Seen;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Instant;
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
