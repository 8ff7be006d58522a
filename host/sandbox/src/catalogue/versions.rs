//! Changes of what is live, each the swap of a pointer, and what is known of versions.

use super::{Catalogue, Key, VersionDetail};
use crate::limits::KEPT_COMPILED;
use crate::rollout::{Settings, State, Trial, TrialResults};
use crate::store::Shelf;
use crate::version::Version;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::Digest;
use std::sync::{Arc, Weak};

impl Catalogue {
    /// Puts a version into service. A trial of the same version is over with that.
    pub(crate) fn publish(
        &self,
        tenant: TenantId,
        key: &Key,
        version: &Arc<Version>,
        shelf: &Shelf,
        now: Timestamp,
    ) {
        self.with_plugin(tenant, key, |plugin| {
            plugin.problem = None;
            plugin.since = Some(now);
        });
        self.note_shelf(tenant, key, shelf);
        self.keep(tenant, key, version);
        self.swap(tenant, |live| live.activate(key, version, shelf.settings));
    }

    /// Puts a version that is kept compiled into service ahead of the keeper, which writes it down.
    /// Returns whether it was.
    pub(crate) fn publish_ahead(&self, tenant: TenantId, key: &Key, id: Digest) -> bool {
        let Some(version) = self.kept(tenant, key, id) else {
            return false;
        };
        let settings = self.settings(tenant, key);
        self.swap(tenant, |live| live.activate(key, &version, settings));
        true
    }

    /// Takes a plugin out of service for new contacts.
    pub(crate) fn retire(&self, tenant: TenantId, key: &Key, shelf: &Shelf) {
        self.swap(tenant, |live| {
            if let Some(plugins) = live.plugins.get_mut(&key.kind) {
                plugins.remove(&key.name);
            }
        });
        self.note_shelf(tenant, key, shelf);
        self.with_plugin(tenant, key, |plugin| {
            plugin.since = None;
            plugin.problem = None;
        });
    }

    /// Begins a trial, or ends the one that there is.
    pub(crate) fn set_trial(&self, tenant: TenantId, key: &Key, trial: Option<Trial>) {
        let trial = trial.map(Arc::new);
        self.swap(tenant, |live| {
            if let Some(service) = live.get_mut(key) {
                service.trial.clone_from(&trial);
            }
        });
    }

    /// From now on nobody is asked this version; or again.
    pub(crate) fn stop(&self, tenant: TenantId, id: Digest, stopped: bool) {
        self.swap(tenant, |live| {
            match stopped {
                true => live.stopped.insert(id),
                false => live.stopped.remove(&id),
            };
        });
    }

    /// Takes over what the store knows of a plugin.
    pub(crate) fn note_shelf(&self, tenant: TenantId, key: &Key, shelf: &Shelf) {
        self.with_plugin(tenant, key, |plugin| {
            if let Some(path) = shelf.live_record().map(|record| &record.path) {
                plugin.path.clone_from(path);
            } else if plugin.path.is_empty()
                && let Some(newest) = shelf.versions.last()
            {
                plugin.path.clone_from(&newest.path);
            }
            plugin.shelf.clone_from(shelf);
        });
        let recorded = shelf.settings.recording.is_on();
        self.swap(tenant, |live| {
            if let Some(service) = live.get_mut(key) {
                service.recorded = recorded;
            }
        });
    }

    /// Keeps a version compiled, in place of the one that was kept longest.
    pub(crate) fn keep(&self, tenant: TenantId, key: &Key, version: &Arc<Version>) {
        let forgotten = self.with_plugin(tenant, key, |plugin| {
            plugin.loaded.retain(|one| one.strong_count() > 0);
            if plugin
                .loaded
                .iter()
                .all(|one| one.as_ptr() != Arc::as_ptr(version))
            {
                plugin.loaded.push(Arc::downgrade(version));
            }
            plugin.kept.retain(|one| one.id != version.id);
            plugin.kept.push(version.clone());
            match plugin.kept.len() > KEPT_COMPILED + 1 {
                true => Some(plugin.kept.remove(0)),
                false => None,
            }
        });
        drop(forgotten);
    }

    /// A version that is compiled still.
    pub(crate) fn kept(&self, tenant: TenantId, key: &Key, id: Digest) -> Option<Arc<Version>> {
        self.with_known(tenant, key, |plugin| {
            let held = plugin.loaded.iter().filter_map(Weak::upgrade);
            plugin
                .kept
                .iter()
                .cloned()
                .chain(held)
                .find(|one| one.id == id)
        })?
    }

    /// What was chosen for a plugin; what is usual for one that is not known.
    pub(crate) fn settings(&self, tenant: TenantId, key: &Key) -> Settings {
        self.known_settings(tenant, key).unwrap_or_default()
    }

    pub(crate) fn known_settings(&self, tenant: TenantId, key: &Key) -> Option<Settings> {
        self.with_known(tenant, key, |plugin| plugin.shelf.settings)
    }

    /// What the store knows of a plugin.
    pub(crate) fn shelf(&self, tenant: TenantId, key: &Key) -> Option<Shelf> {
        self.with_known(tenant, key, |plugin| plugin.shelf.clone())
    }

    /// Versions that drain and have no contact left.
    pub(crate) fn drained(&self) -> Vec<(TenantId, Key, Digest)> {
        let mut drained = Vec::new();
        for (id, tenant) in self.tenants.load().iter() {
            for (key, plugin) in tenant.plugins.lock().iter() {
                let records = plugin.shelf.versions.iter();
                let draining = records.filter(|one| one.life.state == State::Draining);
                let empty = draining.filter(|one| plugin.pinned(one.id) == 0);
                drained.extend(empty.map(|one| (*id, key.clone(), one.id)));
            }
        }
        drained
    }

    /// Trials that found their candidate unfit, and why.
    pub(crate) fn failed(&self) -> Vec<(TenantId, Key, Digest, String)> {
        let mut failed = Vec::new();
        for (id, tenant) in self.tenants.load().iter() {
            for (kind, plugins) in &tenant.live.load().plugins {
                for (name, service) in plugins {
                    let Some(trial) = &service.trial else {
                        continue;
                    };
                    if let Some(why) = trial.failed() {
                        let key = Key {
                            kind: *kind,
                            name: name.clone(),
                        };
                        failed.push((*id, key, trial.candidate.id, why.to_owned()));
                    }
                }
            }
        }
        failed
    }

    /// What came of the trial that is under way.
    pub(crate) fn results(&self, tenant: TenantId, key: &Key) -> Option<TrialResults> {
        let service = self.in_service(tenant, key.kind, &key.name).ok()?;
        Some(service.trial?.results())
    }

    /// A version by its label or id.
    pub(crate) fn version(
        &self,
        tenant: TenantId,
        key: &Key,
        wanted: &str,
    ) -> Option<VersionDetail> {
        self.with_known(tenant, key, |plugin| {
            let record = plugin.shelf.find(wanted)?;
            Some(plugin.detail(key.kind, record))
        })?
    }
}
