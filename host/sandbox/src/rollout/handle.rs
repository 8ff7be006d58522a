//! The sandbox's handle, as far as versions and their rollout are concerned.

use super::life::Cause;
use super::replay::{ReplayReport, replay};
use super::settings::Settings;
use super::trial::{TrialResults, VisitOutcome};
use super::upload::{Upload, UploadError};
use super::wish::{ChangeError, Wish};
use crate::Handle;
use crate::catalogue::{Key, PluginStatus, VersionDetail};
use crate::faults::KeptFault;
use crate::invocation::Invocation;
use crate::keeper::Command;
use crate::kinds::PluginKind;
use crate::limits::WORKER_STACK_BYTES;
use crate::metering::Account;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::question::Verdict;
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A replay that takes longer is broken off, and says so.
const REPLAY_AT_MOST: Duration = Duration::from_secs(60);

/// Why recorded calls were not replayed, or not read.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("no version `{0}` of this plugin is kept")]
    UnknownVersion(String),
    #[error("no version of this plugin is active whose calls could have been recorded")]
    NothingActive,
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error("the recorded calls can not be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("another replay is under way")]
    UnderWay,
    #[error("the sandbox is stopping or overloaded")]
    Unavailable,
}

impl Handle {
    /// Receives a version: admits, compiles and tries it. What comes of it is `compiled`, or
    /// `rejected` with its report. A version that is known already is given as it stands.
    ///
    /// # Errors
    /// It was not even looked at.
    pub async fn upload(
        &self,
        tenant: TenantId,
        upload: Upload,
        cause: Cause,
    ) -> Result<VersionDetail, UploadError> {
        upload.check()?;
        let permit = self.uploads.clone().try_acquire_owned();
        let permit = permit.map_err(|_| UploadError::Busy)?;
        let (reply, answer) = oneshot::channel();
        let reception = self.reception.clone();
        std::thread::Builder::new()
            .name("plugin-upload".to_owned())
            .stack_size(WORKER_STACK_BYTES)
            .spawn(move || {
                crate::priority::step_behind(10);
                reception.receive(tenant, upload, cause, reply);
                drop(permit);
            })?;
        answer.await.map_err(|_| UploadError::Unavailable)?
    }

    /// Changes where a version stands; `version` is its label or its id. A version that is compiled
    /// still goes into service at once, whatever the keeper is busy with.
    pub async fn change(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
        version: &str,
        wish: Wish,
        cause: Cause,
    ) -> Result<VersionDetail, ChangeError> {
        wish.check()?;
        let key = key(kind, name);
        if wish == Wish::Active {
            self.swap_ahead(tenant, &key, version);
        }
        let (reply, answer) = oneshot::channel();
        self.tell_keeper(Command::Change {
            tenant,
            key,
            version: version.to_owned(),
            wish,
            cause,
            reply,
        })
        .await
        .map_err(|_| ChangeError::Unavailable)?;
        answer.await.map_err(|_| ChangeError::Unavailable)?
    }

    /// Makes the version active that was so before, or the one that is named.
    pub async fn roll_back(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
        version: Option<&str>,
        cause: Cause,
    ) -> Result<VersionDetail, ChangeError> {
        let wanted = match version {
            Some(version) => version.to_owned(),
            None => self
                .catalogue
                .shelf(tenant, &key(kind, name))
                .and_then(|shelf| shelf.previous().map(|record| record.id.to_string()))
                .ok_or(ChangeError::NothingBefore)?,
        };
        self.change(tenant, kind, name, &wanted, Wish::Active, cause)
            .await
    }

    /// A rollback does not wait for a keeper that compiles a script or looks through folders.
    fn swap_ahead(&self, tenant: TenantId, key: &Key, version: &str) {
        use super::state::State;
        let Some(shelf) = self.catalogue.shelf(tenant, key) else {
            return;
        };
        if let Some(record) = shelf.find(version)
            && matches!(record.life.state, State::Draining | State::Retired)
        {
            self.catalogue.publish_ahead(tenant, key, record.id);
        }
    }

    pub fn plugin(&self, tenant: TenantId, kind: PluginKind, name: &str) -> Option<PluginStatus> {
        self.catalogue.status(tenant, &key(kind, name))
    }

    /// A version by its label or id.
    pub fn version(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
        version: &str,
    ) -> Option<VersionDetail> {
        self.catalogue.version(tenant, &key(kind, name), version)
    }

    /// What came of the trial that is under way; none when there is none.
    pub fn trial(&self, tenant: TenantId, kind: PluginKind, name: &str) -> Option<TrialResults> {
        self.catalogue.results(tenant, &key(kind, name))
    }

    /// How a contact's stay in a queue ended: what a canary is judged by.
    pub fn visit_ended(&self, tenant: TenantId, contact: ContactId, outcome: VisitOutcome) {
        self.catalogue.visit_ended(tenant, contact, outcome);
    }

    /// Chooses what of a plugin is recorded, and what its versions must pass.
    pub async fn configure(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
        settings: Settings,
    ) -> Result<(), ChangeError> {
        settings
            .check()
            .map_err(|(field, message)| ChangeError::Invalid { field, message })?;
        let (reply, answer) = oneshot::channel();
        self.tell_keeper(Command::Configure {
            tenant,
            key: key(kind, name),
            settings,
            reply,
        })
        .await
        .map_err(|_| ChangeError::Unavailable)?;
        answer.await.map_err(|_| ChangeError::Unavailable)?
    }

    /// Runs a version on the last recorded calls of the active one, and keeps the summary with it.
    pub async fn replay(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
        version: &str,
    ) -> Result<ReplayReport, ReplayError> {
        let key = key(kind, name);
        let permit = self.replays.clone().try_acquire_owned();
        let permit = permit.map_err(|_| ReplayError::UnderWay)?;
        let unknown = || ReplayError::UnknownVersion(version.to_owned());
        let shelf = self.catalogue.shelf(tenant, &key).ok_or_else(unknown)?;
        let id = shelf.find(version).ok_or_else(unknown)?.id;
        let active = shelf.live.ok_or(ReplayError::NothingActive)?;
        let (reply, loaded) = oneshot::channel();
        self.tell_keeper(Command::Load {
            tenant,
            key: key.clone(),
            id,
            reply,
        })
        .await
        .map_err(|_| ReplayError::Unavailable)?;
        let candidate = loaded.await.map_err(|_| ReplayError::Unavailable)??;
        let (reply, report) = oneshot::channel();
        let (recorder, ticker, of) = (self.recorder.clone(), self.ticker.clone(), key.clone());
        let (recording, books) = (shelf.settings.recording, self.workers.books().clone());
        std::thread::Builder::new()
            .name("plugin-replay".to_owned())
            .stack_size(WORKER_STACK_BYTES)
            .spawn(move || {
                crate::priority::step_behind(19);
                let now = crate::clock::now();
                let deadline = Instant::now() + REPLAY_AT_MOST;
                let charge = |verdict: &Verdict| {
                    let account = Account::of_tenant(tenant, &candidate, Purpose::Replay);
                    let fault = verdict.outcome.as_ref().err().map(|fault| fault.kind);
                    books.take_down(account, verdict.usage, fault);
                };
                let replayed = recorder.last(tenant, &of, recording, now).map(|calls| {
                    replay(&candidate, &ticker, calls, (now, active), deadline, charge)
                });
                drop(permit);
                // Who asked may have gone.
                let _ = reply.send(replayed);
            })?;
        let report = report.await.map_err(|_| ReplayError::Unavailable)??;
        let (reply, noted) = oneshot::channel();
        self.tell_keeper(Command::Replayed {
            tenant,
            key,
            id,
            summary: report.summary.clone(),
            reply,
        })
        .await
        .map_err(|_| ReplayError::Unavailable)?;
        noted.await.map_err(|_| ReplayError::Unavailable)??;
        Ok(report)
    }

    /// The last recorded calls of a plugin, oldest first.
    pub async fn recorded(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
    ) -> Result<Vec<Invocation>, ReplayError> {
        let key = key(kind, name);
        let recording = self.catalogue.settings(tenant, &key).recording;
        let recorder = self.recorder.clone();
        let read = tokio::task::spawn_blocking(move || {
            recorder.last(tenant, &key, recording, crate::clock::now())
        });
        Ok(read.await.map_err(|_| ReplayError::Unavailable)??)
    }

    /// The last calls in which a plugin broke down, the newest first.
    pub async fn faults(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
    ) -> std::io::Result<Vec<KeptFault>> {
        let (recorder, key) = (self.recorder.clone(), key(kind, name));
        let read = tokio::task::spawn_blocking(move || recorder.faults(tenant, &key));
        read.await.map_err(std::io::Error::other)?
    }

    /// One of them whole, an [`Invocation`] as JSON; none when it is not kept.
    pub async fn fault(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
        id: &str,
    ) -> std::io::Result<Option<Vec<u8>>> {
        let (recorder, key, id) = (self.recorder.clone(), key(kind, name), id.to_owned());
        let read = tokio::task::spawn_blocking(move || recorder.fault(tenant, &key, &id));
        read.await.map_err(std::io::Error::other)?
    }

    /// Waits for room in the keeper's line, without holding up a thread.
    async fn tell_keeper(&self, command: Command) -> Result<(), ()> {
        match self.commands.try_send(command) {
            Ok(()) => Ok(()),
            Err(TrySendError::Disconnected(_)) => Err(()),
            Err(TrySendError::Full(command)) => {
                let commands = self.commands.clone();
                let sent = tokio::task::spawn_blocking(move || commands.send(command).is_ok());
                match sent.await {
                    Ok(true) => Ok(()),
                    _ => Err(()),
                }
            }
        }
    }
}

fn key(kind: PluginKind, name: &str) -> Key {
    Key {
        kind,
        name: name.to_owned(),
    }
}
