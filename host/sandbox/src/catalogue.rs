//! What is live, a tenant at a time. New code goes live by one swap of a pointer; a contact takes its
//! flow's version at its first step and stays on it until it is forgotten; policies change with the
//! next question. Of the versions that are not live a few stay compiled; the others are freed when
//! their last contact ends.

mod service;
mod status;
mod versions;

pub(crate) use service::{Chosen, Part};
pub use status::{CandidateStatus, PluginStatus, VersionDetail, VersionStatus};

use crate::diagnostic::Diagnostic;
use crate::kinds::PluginKind;
use crate::kinds::flow_language::{Interpreter, LanguageName};
use crate::limits::{NamedPlan, PlanInForce};
use crate::log::{Line, PluginLog};
use crate::rollout::{Trial, VisitOutcome};
use crate::store::Shelf;
use crate::version::{Code, Version};
use arc_swap::ArcSwap;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{ContactId, TenantId};
use parking_lot::Mutex;
use service::{InService, Live, Pin};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};

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
        Some(Key {
            kind: PluginKind::parse(kind)?,
            name: name.to_owned(),
        })
    }
}

#[derive(Debug)]
pub(crate) struct Catalogue {
    tenants: ArcSwap<HashMap<TenantId, Arc<Tenant>>>,
    shipped_policy: Arc<Version>,
    pins: Mutex<HashMap<(TenantId, ContactId), Pin>>,
    plans: Mutex<HashMap<TenantId, (Option<String>, PlanInForce)>>,
}

#[derive(Debug, Default)]
struct Tenant {
    live: ArcSwap<Live>,
    plugins: Mutex<BTreeMap<Key, Plugin>>,
}

#[derive(Debug)]
struct Plugin {
    path: String,
    log: Arc<PluginLog>,
    since: Option<Timestamp>,
    problem: Option<Vec<Diagnostic>>,
    /// What its author should know besides, though the live version is good.
    remarks: Vec<Diagnostic>,
    shelf: Shelf,
    /// Versions that were loaded since the start, as far as somebody still holds them.
    loaded: Vec<Weak<Version>>,
    /// Stay compiled, oldest first.
    kept: Vec<Arc<Version>>,
}

impl Catalogue {
    pub(crate) fn new(shipped_policy: Version) -> Self {
        Catalogue {
            tenants: ArcSwap::default(),
            shipped_policy: Arc::new(shipped_policy),
            pins: Mutex::new(HashMap::new()),
            plans: Mutex::default(),
        }
    }

    /// Every call that begins after it is held to it.
    pub(crate) fn set_plan(&self, tenant: TenantId, plan: NamedPlan) {
        let mut plans = self.plans.lock();
        let (name, in_force) = plans.entry(tenant).or_default();
        *name = plan.name;
        in_force.replace(plan.limits);
    }

    /// What the tenant's plugins may use.
    pub(crate) fn plan(&self, tenant: TenantId) -> PlanInForce {
        self.plans.lock().entry(tenant).or_default().1.clone()
    }

    /// What the tenant's plugins may use now, and what that is called.
    pub(crate) fn named_plan(&self, tenant: TenantId) -> NamedPlan {
        let mut plans = self.plans.lock();
        let (name, in_force) = plans.entry(tenant).or_default();
        NamedPlan {
            name: name.clone(),
            limits: *in_force.now(),
        }
    }

    pub(crate) fn forget(&self, tenant: TenantId, contact: ContactId) {
        let pin = self.pins.lock().remove(&(tenant, contact));
        // Freeing a version takes longer than the lock should be held.
        drop(pin);
    }

    /// A contact of the tenant left a queue.
    pub(crate) fn visit_ended(&self, tenant: TenantId, contact: ContactId, outcome: VisitOutcome) {
        for trial in self.trials(tenant) {
            trial.visit_ended(contact, outcome);
        }
    }

    /// The trials of a tenant that are under way.
    pub(crate) fn trials(&self, tenant: TenantId) -> Vec<Arc<Trial>> {
        let tenants = self.tenants.load();
        let Some(tenant) = tenants.get(&tenant) else {
            return Vec::new();
        };
        let live = tenant.live.load();
        let services = live.plugins.values().flat_map(HashMap::values);
        services.filter_map(|one| one.trial.clone()).collect()
    }

    pub(crate) fn live(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
    ) -> Option<Arc<Version>> {
        let service = self.in_service(tenant, kind, name).ok()?;
        Some(service.active)
    }

    /// The interpreter in service of a language of the tenant's own.
    pub(crate) fn interpreter(
        &self,
        tenant: TenantId,
        language: &LanguageName,
    ) -> Option<Arc<Interpreter>> {
        let version = self.live(tenant, PluginKind::Language, language.as_str())?;
        match &version.code {
            Code::Language(interpreter) => Some(interpreter.clone()),
            _ => None,
        }
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

    /// Puts these beside the live version's own warnings. Returns whether that is news.
    pub(crate) fn remark(&self, tenant: TenantId, key: &Key, remarks: Vec<Diagnostic>) -> bool {
        self.with_plugin(tenant, key, |plugin| {
            let news = plugin.remarks != remarks;
            plugin.remarks = remarks;
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
        let service = tenant.live.load().get(key.kind, &key.name).cloned();
        let (live, trial) = match service {
            Some(InService { active, trial, .. }) => (Some(active), trial),
            None => (None, None),
        };
        let plugins = tenant.plugins.lock();
        let plugin = plugins.get(key)?;
        let records = plugin.shelf.versions.iter().rev();
        Some(PluginStatus {
            name: key.name.clone(),
            kind: key.kind,
            path: plugin.path.clone(),
            label: live.as_ref().map(|version| version.identity.label()),
            since: live.as_ref().and(plugin.since),
            versions: records.map(|record| plugin.version(record)).collect(),
            problem: plugin.problem.clone(),
            warnings: live
                .iter()
                .flat_map(|version| &version.warnings)
                .chain(&plugin.remarks)
                .cloned()
                .collect(),
            picture: live
                .as_ref()
                .map(|version| version.picture.clone())
                .unwrap_or_default(),
            live: live.map(|version| version.identity.clone()),
            candidate: trial.map(|trial| CandidateStatus {
                id: trial.candidate.id,
                label: trial.version.identity.label(),
                stage: trial.candidate.stage.clone(),
                since: trial.candidate.since,
            }),
            settings: plugin.shelf.settings,
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
            remarks: Vec::new(),
            shelf: Shelf::default(),
            loaded: Vec::new(),
            kept: Vec::new(),
        });
        Some(change(plugin))
    }

    /// None when the tenant is not served, or has no such plugin.
    fn with_known<T>(
        &self,
        tenant: TenantId,
        key: &Key,
        look: impl FnOnce(&Plugin) -> T,
    ) -> Option<T> {
        let tenants = self.tenants.load();
        let plugins = tenants.get(&tenant)?.plugins.lock();
        plugins.get(key).map(look)
    }
}
