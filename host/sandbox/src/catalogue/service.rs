//! Who answers: the active version, or the candidate of a trial; and whom a contact stays with.

use super::{Catalogue, Key};
use crate::call::fault;
use crate::kinds::PluginKind;
use crate::rollout::{Arm, Settings, Trial};
use crate::version::Version;
use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault};
use hotline_vocabulary::question::{FlowStep, Question};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug, Default, Clone)]
pub(super) struct Live {
    pub(super) plugins: HashMap<PluginKind, HashMap<String, InService>>,
    /// Quarantined versions: not even their own contacts are asked of them.
    pub(super) stopped: HashSet<Digest>,
}

/// What contacts get of one plugin.
#[derive(Debug, Clone)]
pub(super) struct InService {
    pub(super) active: Arc<Version>,
    pub(super) trial: Option<Arc<Trial>>,
    pub(super) recorded: bool,
}

/// Who shall answer a question.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) version: Arc<Version>,
    pub(crate) part: Part,
    /// Whether the call is to be recorded.
    pub(crate) recorded: bool,
    /// The version in service, which the contact is not on and which may take it over: to be asked
    /// first.
    pub(crate) offer_to: Option<Arc<Version>>,
}

/// The part that a version has in a trial.
#[derive(Debug)]
pub(crate) enum Part {
    Alone,
    /// Another one answers beside it.
    Shadowed(Arc<Trial>),
    /// It is what the canary is compared with.
    Control(Arc<Trial>),
    Canary {
        trial: Arc<Trial>,
        /// Stands in when it fails.
        previous: Arc<Version>,
    },
}

/// Keeps a contact on a version.
#[derive(Debug)]
pub(super) struct Pin {
    version: Arc<Version>,
    /// Under which it was given to a canary.
    pub(super) trial: Option<Arc<Trial>>,
    /// Whether the flow has sent the contact on: then no other version may begin anew with it.
    committed: AtomicBool,
    /// The version that did not take it over, or could not.
    left_by: Option<Digest>,
}

impl Pin {
    fn new(version: Arc<Version>, trial: Option<Arc<Trial>>) -> Self {
        version.contacts.fetch_add(1, Ordering::Relaxed);
        Pin {
            version,
            trial,
            committed: AtomicBool::new(false),
            left_by: None,
        }
    }
}

impl Pin {
    /// A contact of a canary stays with it.
    fn may_move_to(&self, active: &Version) -> bool {
        self.trial.is_none()
            && active.id != self.version.id
            && active.migrates()
            && self.left_by != Some(active.id)
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.version.contacts.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Live {
    pub(super) fn get(&self, kind: PluginKind, name: &str) -> Option<&InService> {
        self.plugins.get(&kind)?.get(name)
    }
}

impl Catalogue {
    /// The version that shall answer; pins a contact at its first question.
    pub(crate) fn choose(
        &self,
        tenant: TenantId,
        question: &Question,
    ) -> Result<Chosen, PluginFault> {
        match question {
            Question::FlowStep(step) => self.choose_flow(tenant, step, question),
            Question::Migrate(asked) => {
                let service = self.in_service(tenant, PluginKind::Flow, &asked.flow)?;
                Ok(service.choose(question))
            }
            Question::Plan { policy, .. }
            | Question::Rank { policy, .. }
            | Question::Decide { policy, .. } => match policy {
                None => Ok(Chosen {
                    version: self.shipped_policy.clone(),
                    part: Part::Alone,
                    recorded: false,
                    offer_to: None,
                }),
                Some(name) => {
                    let service = self.in_service(tenant, PluginKind::Policy, name)?;
                    Ok(service.choose(question))
                }
            },
            Question::Qa { rule, .. } => {
                let service = self.in_service(tenant, PluginKind::Qa, rule)?;
                Ok(service.choose(question))
            }
            Question::Connector { connector, .. } => {
                let service = self.in_service(tenant, PluginKind::Connector, connector)?;
                Ok(service.choose(question))
            }
        }
    }

    fn choose_flow(
        &self,
        tenant: TenantId,
        step: &FlowStep,
        question: &Question,
    ) -> Result<Chosen, PluginFault> {
        let service = self.in_service(tenant, PluginKind::Flow, &step.flow);
        let mut pins = self.pins.lock();
        if let Some(pin) = pins.get(&(tenant, step.contact))
            && pin.version.identity.name == step.flow
        {
            if self.is_stopped(tenant, pin.version.id) {
                return Err(quarantined(&pin.version));
            }
            let part = match (&pin.trial, &service) {
                (Some(trial), Ok(service)) => Part::Canary {
                    trial: trial.clone(),
                    previous: service.active.clone(),
                },
                (None, Ok(service)) if service.active.id == pin.version.id => {
                    service.part_of_pinned()
                }
                _ => Part::Alone,
            };
            let is_over = matches!(step.event, FlowEvent::HangUp { .. });
            let offer_to = service.as_ref().ok().map(|service| &service.active);
            let offer_to = offer_to.filter(|active| !is_over && pin.may_move_to(active));
            return Ok(Chosen {
                version: pin.version.clone(),
                part,
                offer_to: offer_to.cloned(),
                recorded: service.is_ok_and(|service| service.recorded),
            });
        }
        let chosen = service?.choose(question);
        let trial = match &chosen.part {
            Part::Canary { trial, .. } => Some(trial.clone()),
            _ => None,
        };
        let pin = Pin::new(chosen.version.clone(), trial);
        pins.insert((tenant, step.contact), pin);
        Ok(chosen)
    }

    pub(super) fn in_service(
        &self,
        tenant: TenantId,
        kind: PluginKind,
        name: &str,
    ) -> Result<InService, PluginFault> {
        let tenants = self.tenants.load();
        tenants
            .get(&tenant)
            .and_then(|tenant| tenant.live.load().get(kind, name).cloned())
            .ok_or_else(|| not_loaded(kind, name))
    }

    fn is_stopped(&self, tenant: TenantId, id: Digest) -> bool {
        let tenants = self.tenants.load();
        tenants
            .get(&tenant)
            .is_some_and(|tenant| tenant.live.load().stopped.contains(&id))
    }

    /// The contact's flow has sent it on.
    pub(crate) fn commit(&self, tenant: TenantId, contact: ContactId) {
        if let Some(pin) = self.pins.lock().get(&(tenant, contact)) {
            pin.committed.store(true, Ordering::Relaxed);
        }
    }

    /// Moves a contact to another version of its flow, unless its flow has sent it on, or it ended.
    pub(crate) fn move_to(
        &self,
        tenant: TenantId,
        contact: ContactId,
        version: &Arc<Version>,
    ) -> bool {
        let mut pins = self.pins.lock();
        let Some(pin) = pins.get_mut(&(tenant, contact)) else {
            return false;
        };
        if pin.committed.load(Ordering::Relaxed) {
            return false;
        }
        let before = std::mem::replace(pin, Pin::new(version.clone(), None));
        drop(pins);
        drop(before);
        true
    }
}

impl Catalogue {
    /// Another version of its flow takes a contact over from the one that it is on. Returns false
    /// when it is not on that any more.
    pub(crate) fn take_over(
        &self,
        tenant: TenantId,
        contact: ContactId,
        (from, to): (&Version, &Arc<Version>),
    ) -> bool {
        let mut pins = self.pins.lock();
        let pin = pins.get_mut(&(tenant, contact));
        let Some(pin) = pin.filter(|pin| pin.version.id == from.id) else {
            return false;
        };
        let moved = Pin::new(to.clone(), None);
        moved
            .committed
            .store(pin.committed.load(Ordering::Relaxed), Ordering::Relaxed);
        let before = std::mem::replace(pin, moved);
        drop(pins);
        // Freeing a version takes longer than the lock should be held.
        drop(before);
        true
    }

    /// The contact stays where it is, as far as this version is concerned.
    pub(crate) fn leave(&self, tenant: TenantId, contact: ContactId, version: Digest) {
        if let Some(pin) = self.pins.lock().get_mut(&(tenant, contact)) {
            pin.left_by = Some(version);
        }
    }
}

impl Live {
    pub(super) fn get_mut(&mut self, key: &Key) -> Option<&mut InService> {
        self.plugins.get_mut(&key.kind)?.get_mut(&key.name)
    }

    pub(super) fn activate(&mut self, key: &Key, version: &Arc<Version>, settings: Settings) {
        let plugins = self.plugins.entry(key.kind).or_default();
        let before = plugins.get(&key.name);
        let service = InService {
            active: version.clone(),
            trial: before
                .and_then(|before| before.trial.clone())
                .filter(|trial| trial.candidate.id != version.id),
            recorded: settings.recording.is_on(),
        };
        plugins.insert(key.name.clone(), service);
    }
}

impl InService {
    fn choose(&self, question: &Question) -> Chosen {
        let part = self.part_for(question);
        let (version, part) = match part {
            Part::Canary { trial, previous } => {
                (trial.version.clone(), Part::Canary { trial, previous })
            }
            part => (self.active.clone(), part),
        };
        Chosen {
            version,
            part,
            recorded: self.recorded,
            offer_to: None,
        }
    }

    fn part_for(&self, question: &Question) -> Part {
        let Some(trial) = &self.trial else {
            return Part::Alone;
        };
        if trial.is_shadow() {
            return Part::Shadowed(trial.clone());
        }
        match trial.arm(question) {
            None => Part::Alone,
            Some(Arm::Control) => Part::Control(trial.clone()),
            Some(Arm::Canary) => Part::Canary {
                trial: trial.clone(),
                previous: self.active.clone(),
            },
        }
    }

    /// For a contact that is on the active version and stays there.
    fn part_of_pinned(&self) -> Part {
        match &self.trial {
            Some(trial) if trial.is_shadow() => Part::Shadowed(trial.clone()),
            Some(trial) => Part::Control(trial.clone()),
            None => Part::Alone,
        }
    }
}

fn quarantined(version: &Version) -> PluginFault {
    let message = format!("{} was quarantined", version.identity.label());
    fault(FaultKind::NotLoaded, message)
}

fn not_loaded(kind: PluginKind, name: &str) -> PluginFault {
    fault(
        FaultKind::NotLoaded,
        format!("no {kind} named `{name}` is live"),
    )
}
