//! What happens to versions, applied: the states decide whether, the store is written, and only then
//! the catalogue changes.

use super::{Keeper, Received};
use crate::catalogue::{Key, VersionDetail};
use crate::clock::now;
use crate::diagnostic::Diagnostic;
use crate::kinds::PluginKind;
use crate::rollout::{
    Actor, Candidate, Cause, ChangeError, Event, Gate, Life, PermissionChanges, Refusal, Replayed,
    Settings, Stage, State, Trial, UploadError, Wish,
};
use crate::store::{Record, Shelf};
use crate::version::Version;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::Digest;
use std::io;
use std::sync::Arc;
use std::time::Instant;

const ACTIVATE: Event<'static> = Event::Activate { gate: Gate::Open };
const STAGE: Event<'static> = Event::Stage { unaccepted: &[] };

/// Why a file that is good did not go live.
#[derive(Debug)]
pub(super) enum NotTaken {
    Refused(Refusal),
    Store(io::Error),
}

impl NotTaken {
    pub(super) fn about(self, path: &str) -> Diagnostic {
        match self {
            NotTaken::Refused(refusal) => {
                Diagnostic::of_file("rollout.state", path, refusal.to_string())
                    .hint("stage this version again, or save another")
            }
            NotTaken::Store(error) => {
                Diagnostic::of_file("store.write", path, format!("could not be stored: {error}"))
                    .hint("see to the disk of the data folder")
            }
        }
    }
}

/// Why a version that was live is not live again.
pub(super) fn not_back(record: &Record, error: ChangeError) -> Vec<Diagnostic> {
    match error {
        ChangeError::NotLoaded(problem) => problem,
        error => vec![Diagnostic::of_file(
            "store.read",
            &record.path,
            format!("its stored version could not be loaded: {error}"),
        )],
    }
}

/// What leads from a state to service, as far as nobody need be asked.
fn to_active(state: State) -> &'static [Event<'static>] {
    match state {
        State::Uploaded => &[Event::Admit, Event::Compile, STAGE, ACTIVATE],
        State::Admitted => &[Event::Compile, STAGE, ACTIVATE],
        State::Compiled => &[STAGE, ACTIVATE],
        State::Active => &[],
        State::Staged
        | State::Shadow
        | State::Canary
        | State::Draining
        | State::Retired
        | State::Rejected
        | State::Quarantined => &[ACTIVATE],
    }
}

impl Keeper {
    /// A saved file proved good: it goes live, as whoever can write there wishes.
    pub(super) fn take_in(
        &mut self,
        tenant: TenantId,
        key: &Key,
        shelf: &mut Shelf,
        version: &Arc<Version>,
        record: Record,
        cause: &Cause,
    ) -> Result<(), NotTaken> {
        let id = record.id;
        let begun = Record {
            life: Life {
                permissions: record.life.permissions.clone(),
                by: record.life.by.clone(),
                ..Life::begin(cause)
            },
            ..record
        };
        shelf.add(begun);
        self.make_active(shelf, id, ACTIVATE, cause)
            .map_err(NotTaken::Refused)?;
        self.store
            .set_shelf(tenant, &key.to_text(), shelf.clone())
            .map_err(NotTaken::Store)?;
        self.put_in_service(tenant, key, version, shelf);
        Ok(())
    }

    /// Makes a version of the shelf the active one; `last` is the event that does.
    fn make_active(
        &self,
        shelf: &mut Shelf,
        id: Digest,
        last: Event<'_>,
        cause: &Cause,
    ) -> Result<(), Refusal> {
        let before = shelf.live.filter(|before| *before != id);
        let Some(record) = shelf.record_mut(id) else {
            return Ok(());
        };
        match to_active(record.life.state) {
            [] => {}
            [way @ .., _] => {
                let events: Vec<Event<'_>> = way.iter().copied().chain([last]).collect();
                record.life.changes(&events, cause)?;
            }
        }
        if let Some(before) = before.and_then(|before| shelf.record_mut(before)) {
            before.life.change(Event::Supersede, cause)?;
        }
        shelf.live = Some(id);
        if shelf.candidate.as_ref().is_some_and(|one| one.id == id) {
            shelf.candidate = None;
        }
        Ok(())
    }

    fn put_in_service(
        &mut self,
        tenant: TenantId,
        key: &Key,
        version: &Arc<Version>,
        shelf: &Shelf,
    ) {
        self.catalogue.stop(tenant, version.id, false);
        self.catalogue.publish(tenant, key, version, shelf, now());
        self.retire_drained();
    }

    /// Takes a plugin out of service. What was on trial beside it waits.
    pub(super) fn withdraw(&mut self, tenant: TenantId, key: &Key, mut shelf: Shelf) {
        let cause = Cause {
            at: now(),
            by: Actor::FlowsFolder,
            reason: "its file was removed".to_owned(),
        };
        self.end_trial(&mut shelf, &cause);
        if let Some(live) = shelf.live.take().and_then(|live| shelf.record_mut(live)) {
            // It is active, and only that.
            let _ = live.life.change(Event::Supersede, &cause);
        }
        self.store_shelf(tenant, key, &shelf);
        self.catalogue.set_trial(tenant, key, None);
        self.catalogue.retire(tenant, key, &shelf);
        self.retire_drained();
    }

    pub(super) fn store_shelf(&mut self, tenant: TenantId, key: &Key, shelf: &Shelf) {
        let stored = self.store.set_shelf(tenant, &key.to_text(), shelf.clone());
        if let Err(error) = stored {
            tracing::error!(%error, "The index of versions could not be stored.");
        }
    }

    /// An upload was looked at.
    pub(super) fn receive(&mut self, received: Received) {
        let Received {
            tenant,
            key,
            record,
            version,
            cause,
            reply,
        } = received;
        let id = record.id;
        let mut shelf = self.store.shelf(tenant, &key.to_text());
        let is_known = shelf
            .record(id)
            .is_some_and(|known| known.life.state != State::Rejected);
        if !is_known {
            shelf.versions.retain(|known| known.id != id);
            let mut life = Life::begin(&cause);
            life.report = match &version {
                Some(version) => version.warnings.clone(),
                None => record.life.report.clone(),
            };
            life.permissions.clone_from(&record.life.permissions);
            let events: &[Event<'_>] = match &version {
                Some(_) => &[Event::Admit, Event::Compile],
                None => &[Event::Refuse],
            };
            // From the beginning both lead on.
            let _ = life.changes(events, &cause);
            shelf.add(Record { life, ..record });
        }
        let stored = self.store.set_shelf(tenant, &key.to_text(), shelf.clone());
        let answer = stored.map_err(UploadError::Store).and_then(|()| {
            self.catalogue.note_shelf(tenant, &key, &shelf);
            if let Some(version) = version {
                self.catalogue.keep(tenant, &key, &Arc::new(version));
            }
            self.detail(tenant, &key, id)
                .ok_or(UploadError::Unavailable)
        });
        if let Ok(detail) = &answer {
            tracing::info!(
                version = detail.status.label,
                state = %detail.status.state,
                by = %cause.by,
                "A {} was uploaded.",
                key.kind
            );
        }
        self.tell(tenant, &key);
        // Who asked may have gone; the list has it.
        let _ = reply.send(answer);
    }

    fn detail(&self, tenant: TenantId, key: &Key, id: Digest) -> Option<VersionDetail> {
        self.catalogue.version(tenant, key, &id.to_string())
    }

    /// A version of the shelf, ready to be asked, and its id: another one when it is a script that
    /// another interpreter compiled.
    pub(super) fn loaded(
        &self,
        tenant: TenantId,
        key: &Key,
        shelf: &mut Shelf,
        id: Digest,
    ) -> Result<(Arc<Version>, Digest), ChangeError> {
        if let Some(version) = self.catalogue.kept(tenant, key, id) {
            return Ok((version, id));
        }
        let unknown = || ChangeError::UnknownVersion(id.to_string());
        let record = shelf.record(id).cloned().ok_or_else(unknown)?;
        let (plan, log) = (self.catalogue.plan(tenant), self.catalogue.log(tenant, key));
        let (version, mut restored) = self
            .loader
            .restore(self.store.content(), key.kind, &record, plan, log)
            .map_err(ChangeError::NotLoaded)?;
        let version = Arc::new(version);
        if restored.id != id {
            // The same script by today's interpreter: it goes on with the life of the old one.
            restored.life = record.life;
            let now_id = restored.id;
            shelf.versions.retain(|known| known.id != id);
            shelf.add(restored);
            self.catalogue.keep(tenant, key, &version);
            return Ok((version, now_id));
        }
        self.catalogue.keep(tenant, key, &version);
        Ok((version, id))
    }

    /// Begins again the trial that was under way when the host ended.
    pub(super) fn resume_trial(&mut self, tenant: TenantId, key: &Key, shelf: &mut Shelf) {
        let Some(mut candidate) = shelf.candidate.clone() else {
            return;
        };
        match self.loaded(tenant, key, shelf, candidate.id) {
            Ok((version, id)) => {
                if candidate.id != id {
                    candidate.id = id;
                    shelf.candidate = Some(candidate.clone());
                    self.store_shelf(tenant, key, shelf);
                }
                let trial = Trial::new(version, candidate, self.commands.clone());
                self.catalogue.set_trial(tenant, key, Some(trial));
            }
            Err(error) => {
                tracing::error!(name = key.name, %error, "A trial could not be resumed.");
                let cause = Cause {
                    at: now(),
                    by: Actor::Host,
                    reason: format!("it could not be loaded: {error}"),
                };
                self.end_trial(shelf, &cause);
                self.store_shelf(tenant, key, shelf);
            }
        }
        self.catalogue.note_shelf(tenant, key, shelf);
    }

    /// Takes the candidate back, if there is one.
    fn end_trial(&self, shelf: &mut Shelf, cause: &Cause) {
        if let Some(candidate) = shelf.candidate.take()
            && let Some(record) = shelf.record_mut(candidate.id)
        {
            // It is on trial, from where that leads back.
            let _ = record.life.change(STAGE, cause);
        }
    }

    pub(super) fn change(
        &mut self,
        tenant: TenantId,
        key: &Key,
        wanted: &str,
        wish: Wish,
        cause: &Cause,
    ) -> Result<VersionDetail, ChangeError> {
        let mut shelf = self.store.shelf(tenant, &key.to_text());
        let unknown = || ChangeError::UnknownVersion(wanted.to_owned());
        let id = shelf.find(wanted).ok_or_else(unknown)?.id;
        let changed = match wish {
            Wish::Staged { accept } => self.stage(tenant, key, &mut shelf, id, &accept, cause),
            Wish::Shadow => self.try_out(tenant, key, &mut shelf, id, Stage::Shadow, cause),
            Wish::Canary { split, limits } => {
                let stage = Stage::Canary { split, limits };
                self.try_out(tenant, key, &mut shelf, id, stage, cause)
            }
            Wish::Active => self.activate(tenant, key, &mut shelf, id, cause),
            Wish::Quarantined => self.quarantine(tenant, key, &mut shelf, id, cause),
        };
        if changed.is_err() && shelf.live.is_some() {
            self.undo_swap(tenant, key);
        }
        let id = changed?;
        match key.kind {
            PluginKind::Language => {
                self.language_changed(tenant, &key.name);
                self.look(tenant, Instant::now());
            }
            _ => self.remark_on_languages(tenant),
        }
        let detail = self.detail(tenant, key, id).ok_or_else(unknown)?;
        tracing::info!(
            version = detail.status.label,
            state = %detail.status.state,
            by = %cause.by,
            reason = cause.reason,
            "A {} changed its state.",
            key.kind
        );
        self.tell(tenant, key);
        Ok(detail)
    }

    /// A change that was made ahead and then could not be written down: what the store says counts.
    fn undo_swap(&self, tenant: TenantId, key: &Key) {
        let shelf = self.store.shelf(tenant, &key.to_text());
        let live = self.catalogue.live(tenant, key.kind, &key.name);
        if let Some(id) = shelf.live
            && live.is_none_or(|version| version.id != id)
        {
            self.catalogue.publish_ahead(tenant, key, id);
        }
    }

    fn stage(
        &mut self,
        tenant: TenantId,
        key: &Key,
        shelf: &mut Shelf,
        id: Digest,
        accept: &[String],
        cause: &Cause,
    ) -> Result<Digest, ChangeError> {
        let of_active = shelf
            .live_record()
            .map(|record| record.life.permissions.clone())
            .unwrap_or_default();
        let unknown = || ChangeError::UnknownVersion(id.to_string());
        let life = &mut shelf.record_mut(id).ok_or_else(unknown)?.life;
        let changes = PermissionChanges::between(&of_active, &life.permissions);
        let is_new = |one: &&String| {
            !life.accepted.contains(one) && life.permissions.iter().any(|known| known.id == **one)
        };
        let accepted: Vec<String> = accept.iter().filter(is_new).cloned().collect();
        life.accepted.extend(accepted);
        let unaccepted = changes.unaccepted(&life.accepted);
        let event = Event::Stage {
            unaccepted: &unaccepted,
        };
        life.change(event, cause)?;
        let was_on_trial = shelf.candidate.as_ref().is_some_and(|one| one.id == id);
        if was_on_trial {
            shelf.candidate = None;
        }
        self.store
            .set_shelf(tenant, &key.to_text(), shelf.clone())?;
        self.catalogue.stop(tenant, id, false);
        if was_on_trial {
            self.catalogue.set_trial(tenant, key, None);
        }
        self.catalogue.note_shelf(tenant, key, shelf);
        Ok(id)
    }

    fn try_out(
        &mut self,
        tenant: TenantId,
        key: &Key,
        shelf: &mut Shelf,
        id: Digest,
        stage: Stage,
        cause: &Cause,
    ) -> Result<Digest, ChangeError> {
        if key.kind == PluginKind::Language {
            return Err(ChangeError::NotTried);
        }
        if shelf.live.is_none() {
            return Err(ChangeError::NothingActive);
        }
        let (version, id) = self.loaded(tenant, key, shelf, id)?;
        if shelf.candidate.as_ref().is_some_and(|one| one.id != id) {
            let instead = Cause {
                reason: format!("{} is on trial instead", version.identity.label()),
                ..cause.clone()
            };
            self.end_trial(shelf, &instead);
        }
        let event = match stage {
            Stage::Shadow => Event::Shadow,
            Stage::Canary { .. } => Event::Canary,
        };
        let unknown = || ChangeError::UnknownVersion(id.to_string());
        let record = shelf.record_mut(id).ok_or_else(unknown)?;
        record.life.change(event, cause)?;
        let candidate = Candidate {
            id,
            stage,
            since: cause.at,
        };
        shelf.candidate = Some(candidate.clone());
        self.store
            .set_shelf(tenant, &key.to_text(), shelf.clone())?;
        let trial = Trial::new(version, candidate, self.commands.clone());
        self.catalogue.set_trial(tenant, key, Some(trial));
        self.catalogue.note_shelf(tenant, key, shelf);
        Ok(id)
    }

    fn activate(
        &mut self,
        tenant: TenantId,
        key: &Key,
        shelf: &mut Shelf,
        id: Digest,
        cause: &Cause,
    ) -> Result<Digest, ChangeError> {
        if shelf.live == Some(id) {
            return Ok(id);
        }
        let (version, id) = self.loaded(tenant, key, shelf, id)?;
        let unknown = || ChangeError::UnknownVersion(id.to_string());
        let record = shelf.record(id).ok_or_else(unknown)?;
        // Only whoever saves a file needs nobody's leave to stage it.
        if matches!(
            record.life.state,
            State::Uploaded | State::Admitted | State::Compiled
        ) {
            record.life.state.after(ACTIVATE)?;
        }
        let gate = shelf.settings.gate;
        let shut =
            gate.and_then(|gate| gate.passes(record.life.replayed.as_ref(), shelf.live).err());
        let gate = shut.as_deref().map_or(Gate::Open, Gate::Shut);
        self.make_active(shelf, id, Event::Activate { gate }, cause)?;
        self.store
            .set_shelf(tenant, &key.to_text(), shelf.clone())?;
        self.put_in_service(tenant, key, &version, shelf);
        Ok(id)
    }

    fn quarantine(
        &mut self,
        tenant: TenantId,
        key: &Key,
        shelf: &mut Shelf,
        id: Digest,
        cause: &Cause,
    ) -> Result<Digest, ChangeError> {
        let unknown = || ChangeError::UnknownVersion(id.to_string());
        let record = shelf.record_mut(id).ok_or_else(unknown)?;
        record.life.change(Event::Quarantine, cause)?;
        let label = record.version.label();
        // At once; what follows may take a moment.
        self.catalogue.stop(tenant, id, true);
        if shelf.candidate.as_ref().is_some_and(|one| one.id == id) {
            shelf.candidate = None;
            self.catalogue.set_trial(tenant, key, None);
        }
        if shelf.live == Some(id) {
            shelf.live = None;
            let instead = Cause {
                by: Actor::Host,
                reason: format!("{label} was quarantined"),
                ..cause.clone()
            };
            self.replace_active(tenant, key, shelf, &instead);
        }
        self.store
            .set_shelf(tenant, &key.to_text(), shelf.clone())?;
        self.catalogue.note_shelf(tenant, key, shelf);
        Ok(id)
    }

    /// The version before the one that went out of service takes over; without one, nothing does
    /// and contacts get the built-in safe flow.
    fn replace_active(&mut self, tenant: TenantId, key: &Key, shelf: &mut Shelf, cause: &Cause) {
        let previous = shelf.previous().map(|record| record.id);
        let loaded = previous.map(|id| self.loaded(tenant, key, shelf, id));
        match loaded {
            Some(Ok((version, id))) if self.make_active(shelf, id, ACTIVATE, cause).is_ok() => {
                self.catalogue.publish(tenant, key, &version, shelf, now());
            }
            _ => {
                self.end_trial(shelf, cause);
                self.catalogue.set_trial(tenant, key, None);
                self.catalogue.retire(tenant, key, shelf);
            }
        }
    }

    /// Ends the trials whose candidates were found unfit. Their contacts end on them; nobody new
    /// gets them since.
    pub(super) fn end_failed_trials(&mut self) {
        for (tenant, key, id, why) in self.catalogue.failed() {
            let mut shelf = self.store.shelf(tenant, &key.to_text());
            let cause = Cause {
                at: now(),
                by: Actor::Host,
                reason: format!("rolled back: {why}"),
            };
            if shelf.candidate.as_ref().is_some_and(|one| one.id == id) {
                shelf.candidate = None;
                if let Some(record) = shelf.record_mut(id) {
                    // A canary can always be.
                    let _ = record.life.change(Event::Quarantine, &cause);
                }
                self.store_shelf(tenant, &key, &shelf);
            }
            self.catalogue.set_trial(tenant, &key, None);
            self.catalogue.note_shelf(tenant, &key, &shelf);
            tracing::error!(name = key.name, why, "A canary was rolled back.");
            self.tell(tenant, &key);
        }
    }

    /// Versions whose last contact has ended.
    pub(super) fn retire_drained(&mut self) {
        for (tenant, key, id) in self.catalogue.drained() {
            let mut shelf = self.store.shelf(tenant, &key.to_text());
            let cause = Cause {
                at: now(),
                by: Actor::Host,
                reason: "its last contact ended".to_owned(),
            };
            if let Some(record) = shelf.record_mut(id)
                && record.life.change(Event::Drain, &cause).is_ok()
            {
                self.store_shelf(tenant, &key, &shelf);
                self.catalogue.note_shelf(tenant, &key, &shelf);
                self.tell(tenant, &key);
            }
        }
    }

    pub(super) fn configure(
        &mut self,
        tenant: TenantId,
        key: &Key,
        settings: Settings,
    ) -> Result<(), ChangeError> {
        let mut shelf = self.store.shelf(tenant, &key.to_text());
        shelf.settings = settings;
        self.store
            .set_shelf(tenant, &key.to_text(), shelf.clone())?;
        self.catalogue.note_shelf(tenant, key, &shelf);
        self.tell(tenant, key);
        Ok(())
    }

    /// Keeps with a version what its replay came to.
    pub(super) fn replayed(
        &mut self,
        tenant: TenantId,
        key: &Key,
        id: Digest,
        summary: Replayed,
    ) -> Result<(), ChangeError> {
        let mut shelf = self.store.shelf(tenant, &key.to_text());
        let unknown = || ChangeError::UnknownVersion(id.to_string());
        shelf.record_mut(id).ok_or_else(unknown)?.life.replayed = Some(summary);
        self.store
            .set_shelf(tenant, &key.to_text(), shelf.clone())?;
        self.catalogue.note_shelf(tenant, key, &shelf);
        Ok(())
    }
}
