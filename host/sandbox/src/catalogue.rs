//! What is live, a tenant at a time. New code goes live by one swap of a pointer; a contact takes its
//! flow's version at its first step and stays on it until it is forgotten; policies change with the
//! next question. A version is freed when its last contact ends.

use crate::call::fault;
use crate::diagnostic::Diagnostic;
use crate::kinds::PluginKind;
use crate::kinds::ivr::Node;
use crate::log::{Line, PluginLog};
use crate::store::{Record, Shelf};
use crate::version::Version;
use arc_swap::ArcSwap;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault, PluginVersion};
use hotline_vocabulary::question::Question;
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

/// What the API and the console show of a plugin.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PluginStatus {
    pub name: String,
    pub kind: PluginKind,
    /// Below the flows root, e.g. `demo/main.flow.yaml`.
    pub path: String,
    /// What new contacts get; none when nothing good was ever loaded, or its file was removed.
    pub live: Option<PluginVersion>,
    /// `name@digest` of the live version.
    pub label: Option<String>,
    pub since: Option<Timestamp>,
    /// Newest first.
    pub versions: Vec<VersionStatus>,
    /// Why the file as it is now was refused; the live version is an older one then.
    pub problem: Option<Vec<Diagnostic>>,
    /// About the live version.
    pub warnings: Vec<Diagnostic>,
    /// Of the live version; empty when it draws none.
    pub picture: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VersionStatus {
    /// `name@digest`: what a rollback is told.
    pub label: String,
    pub version: PluginVersion,
    pub imported_at: Timestamp,
    pub live: bool,
    /// Contacts that are on it now.
    pub contacts: u32,
}

/// Names a plugin within its tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) kind: PluginKind,
    pub(crate) name: String,
}

impl Key {
    /// As the store's index writes it.
    pub(crate) fn to_text(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }

    pub(crate) fn parse(text: &str) -> Option<Key> {
        let (kind, name) = text.split_once('/')?;
        let kind = match kind {
            "flow" => PluginKind::Flow,
            "policy" => PluginKind::Policy,
            _ => return None,
        };
        Some(Key {
            kind,
            name: name.to_owned(),
        })
    }
}

#[derive(Debug)]
pub(crate) struct Catalogue {
    tenants: ArcSwap<HashMap<TenantId, Arc<Tenant>>>,
    shipped_policy: Arc<Version>,
    pins: Mutex<HashMap<(TenantId, ContactId), Pin>>,
}

#[derive(Debug, Default)]
struct Tenant {
    live: ArcSwap<Live>,
    plugins: Mutex<BTreeMap<Key, Plugin>>,
}

#[derive(Debug, Default, Clone)]
struct Live {
    flows: HashMap<String, Arc<Version>>,
    policies: HashMap<String, Arc<Version>>,
}

#[derive(Debug)]
struct Plugin {
    path: String,
    log: Arc<PluginLog>,
    since: Option<Timestamp>,
    problem: Option<Vec<Diagnostic>>,
    records: Vec<Record>,
    /// Versions that were live since the start, as far as somebody still holds them.
    loaded: Vec<Weak<Version>>,
}

/// Keeps a contact on a version.
#[derive(Debug)]
struct Pin(Arc<Version>);

impl Pin {
    fn new(version: Arc<Version>) -> Self {
        version.contacts.fetch_add(1, Ordering::Relaxed);
        Pin(version)
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.contacts.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Live {
    fn of(&self, kind: PluginKind) -> &HashMap<String, Arc<Version>> {
        match kind {
            PluginKind::Flow => &self.flows,
            PluginKind::Policy => &self.policies,
        }
    }

    fn of_mut(&mut self, kind: PluginKind) -> &mut HashMap<String, Arc<Version>> {
        match kind {
            PluginKind::Flow => &mut self.flows,
            PluginKind::Policy => &mut self.policies,
        }
    }
}

impl Catalogue {
    pub(crate) fn new(shipped_policy: Version) -> Self {
        Catalogue {
            tenants: ArcSwap::default(),
            shipped_policy: Arc::new(shipped_policy),
            pins: Mutex::new(HashMap::new()),
        }
    }

    /// The version that shall answer; pins a contact at its first question.
    pub(crate) fn choose(
        &self,
        tenant: TenantId,
        question: &Question,
    ) -> Result<Arc<Version>, PluginFault> {
        match question {
            Question::FlowStep(step) => {
                let mut pins = self.pins.lock();
                if let Some(Pin(version)) = pins.get(&(tenant, step.contact))
                    && version.identity.name == step.flow
                {
                    return Ok(version.clone());
                }
                let version = self
                    .live(tenant, PluginKind::Flow, &step.flow)
                    .ok_or_else(|| not_loaded(PluginKind::Flow, &step.flow))?;
                pins.insert((tenant, step.contact), Pin::new(version.clone()));
                Ok(version)
            }
            Question::Plan { policy, .. }
            | Question::Rank { policy, .. }
            | Question::Decide { policy, .. } => match policy {
                None => Ok(self.shipped_policy.clone()),
                Some(name) => self
                    .live(tenant, PluginKind::Policy, name)
                    .ok_or_else(|| not_loaded(PluginKind::Policy, name)),
            },
        }
    }

    pub(crate) fn forget(&self, tenant: TenantId, contact: ContactId) {
        let pin = self.pins.lock().remove(&(tenant, contact));
        // Freeing a version takes longer than the lock should be held.
        drop(pin);
    }

    pub(crate) fn live(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
    ) -> Option<Arc<Version>> {
        let tenants = self.tenants.load();
        tenants
            .get(&tenant)?
            .live
            .load()
            .of(kind)
            .get(name)
            .cloned()
    }

    /// Serves these tenants and no others. Tenants that were served before keep what they have.
    pub(crate) fn serve(&self, tenants: &[TenantId]) {
        let before = self.tenants.load_full();
        let now = tenants
            .iter()
            .map(|tenant| (*tenant, before.get(tenant).cloned().unwrap_or_default()))
            .collect();
        self.tenants.store(Arc::new(now));
    }

    /// The log of a plugin, over all its versions.
    pub(crate) fn log(&self, tenant: TenantId, key: &Key) -> Arc<PluginLog> {
        self.with_plugin(tenant, key, |plugin| plugin.log.clone())
            .unwrap_or_else(|| Arc::new(PluginLog::new()))
    }

    pub(crate) fn log_lines(&self, tenant: TenantId, key: &Key) -> Vec<Line> {
        let tenants = self.tenants.load();
        let Some(tenant) = tenants.get(&tenant) else {
            return Vec::new();
        };
        let plugins = tenant.plugins.lock();
        plugins
            .get(key)
            .map(|plugin| plugin.log.lines())
            .unwrap_or_default()
    }

    /// Puts a version into service.
    pub(crate) fn publish(
        &self,
        tenant: TenantId,
        key: &Key,
        path: &str,
        version: Version,
        shelf: &Shelf,
        now: Timestamp,
    ) {
        let version = Arc::new(version);
        self.with_plugin(tenant, key, |plugin| {
            plugin.path = path.to_owned();
            plugin.problem = None;
            plugin.since = Some(now);
            plugin.records.clone_from(&shelf.versions);
            plugin.loaded.retain(|version| version.strong_count() > 0);
            plugin.loaded.push(Arc::downgrade(&version));
        });
        self.swap(tenant, |live| {
            live.of_mut(key.kind)
                .insert(key.name.clone(), version.clone());
        });
    }

    /// Takes a plugin out of service for new contacts.
    pub(crate) fn retire(&self, tenant: TenantId, key: &Key) {
        self.swap(tenant, |live| {
            live.of_mut(key.kind).remove(&key.name);
        });
        self.with_plugin(tenant, key, |plugin| {
            plugin.since = None;
            plugin.problem = None;
        });
    }

    /// Notes why a file was refused, or that it is good again. Returns whether that is news.
    pub(crate) fn note(
        &self,
        tenant: TenantId,
        key: &Key,
        path: &str,
        problem: Option<Vec<Diagnostic>>,
    ) -> bool {
        self.with_plugin(tenant, key, |plugin| {
            let news = plugin.problem != problem;
            if news {
                path.clone_into(&mut plugin.path);
                plugin.problem = problem;
            }
            news
        })
        .unwrap_or(false)
    }

    /// The plugins that are known, live or not.
    pub(crate) fn keys(&self, tenant: TenantId) -> Vec<Key> {
        let tenants = self.tenants.load();
        tenants
            .get(&tenant)
            .map(|tenant| tenant.plugins.lock().keys().cloned().collect())
            .unwrap_or_default()
    }

    pub(crate) fn statuses(&self, tenant: TenantId) -> Vec<PluginStatus> {
        self.keys(tenant)
            .iter()
            .filter_map(|key| self.status(tenant, key))
            .collect()
    }

    pub(crate) fn status(&self, tenant: TenantId, key: &Key) -> Option<PluginStatus> {
        let tenants = self.tenants.load();
        let tenant = tenants.get(&tenant)?;
        let live = tenant.live.load().of(key.kind).get(&key.name).cloned();
        let plugins = tenant.plugins.lock();
        let plugin = plugins.get(key)?;
        Some(PluginStatus {
            name: key.name.clone(),
            kind: key.kind,
            path: plugin.path.clone(),
            label: live.as_ref().map(|version| version.identity.label()),
            since: live.as_ref().and(plugin.since),
            versions: plugin.versions(live.as_ref().map(|version| version.id)),
            problem: plugin.problem.clone(),
            warnings: live
                .as_ref()
                .map(|version| version.warnings.clone())
                .unwrap_or_default(),
            picture: live
                .as_ref()
                .map(|version| version.picture.clone())
                .unwrap_or_default(),
            live: live.map(|version| version.identity.clone()),
        })
    }

    fn swap(&self, tenant: TenantId, change: impl Fn(&mut Live)) {
        if let Some(tenant) = self.tenants.load().get(&tenant) {
            tenant.live.rcu(|live| {
                let mut live = Live::clone(live);
                change(&mut live);
                live
            });
        }
    }

    /// None when the tenant is not served; an unknown plugin is made known.
    fn with_plugin<T>(
        &self,
        tenant: TenantId,
        key: &Key,
        change: impl FnOnce(&mut Plugin) -> T,
    ) -> Option<T> {
        let tenants = self.tenants.load();
        let mut plugins = tenants.get(&tenant)?.plugins.lock();
        let plugin = plugins.entry(key.clone()).or_insert_with(|| Plugin {
            path: String::new(),
            log: Arc::new(PluginLog::new()),
            since: None,
            problem: None,
            records: Vec::new(),
            loaded: Vec::new(),
        });
        Some(change(plugin))
    }
}

impl Plugin {
    fn versions(&self, live: Option<Digest>) -> Vec<VersionStatus> {
        let pinned = |id: Digest| -> u32 {
            self.loaded
                .iter()
                .filter_map(Weak::upgrade)
                .filter(|version| version.id == id)
                .map(|version| version.pinned())
                .sum()
        };
        self.records
            .iter()
            .rev()
            .map(|record| VersionStatus {
                label: record.version.label(),
                version: record.version.clone(),
                imported_at: record.imported_at,
                live: Some(record.id) == live,
                contacts: pinned(record.id),
            })
            .collect()
    }
}

fn not_loaded(kind: PluginKind, name: &str) -> PluginFault {
    fault(
        FaultKind::NotLoaded,
        format!("no {kind} named `{name}` is live"),
    )
}
