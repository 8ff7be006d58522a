//! A decision comes in: each of its outcomes is checked again against the truth as it is now. What
//! was true when the policy was asked may not be any more, and what it says may never have been.

use crate::agent::pool::Standing;
use crate::desk::Alarm;
use crate::fallback;
use crate::limits::{OVERFLOWS, RECHECK_AFTER_AT_LEAST_MS};
use crate::queue::visit::{Ticket, Visit};
use crate::routing::Policy;
use crate::routing::explain::Explanation;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Millis;
use hotline_vocabulary::ids::{AgentId, ContactId, QueueId, VisitId};
use hotline_vocabulary::plugin::{FaultKind, PluginFault, PluginVersion, Usage};
use hotline_vocabulary::routing::{Decision, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// What a policy was asked to decide, and when.
#[derive(Debug)]
pub(crate) struct Considered {
    pub(super) affairs: u64,
    pub(super) contacts: Vec<Candidacy>,
}

/// One contact of a decision and whom it could be given.
#[derive(Debug)]
pub(crate) struct Candidacy {
    pub(super) contact: ContactId,
    pub(super) visit: VisitId,
    pub(super) candidates: Vec<AgentId>,
}

/// A proposal that holds.
enum Ruling {
    Assign(AgentId),
    Overflow(QueueId),
    Keep,
}

/// A proposal that does not.
enum Objection {
    /// It did when it was made.
    Stale(String),
    /// It never did.
    Bad(String),
}

impl Switchboard {
    pub(crate) fn decided(
        &mut self,
        policy: Policy,
        considered: Considered,
        outcomes: Vec<Outcome>,
        version: Option<PluginVersion>,
        usage: Usage,
    ) {
        self.routing.closed(&policy);
        let affairs = considered.affairs;
        let mut undecided: BTreeMap<ContactId, Candidacy> = considered
            .contacts
            .into_iter()
            .map(|candidacy| (candidacy.contact, candidacy))
            .collect();
        let mut assigned = BTreeSet::new();
        let mut overruled = Vec::new();
        for outcome in outcomes {
            let Some(candidacy) = undecided.remove(&outcome.contact) else {
                let why = "an outcome for a contact that was not asked about, or a second one";
                self.policy_overruled(None, &policy, why, version.as_ref(), usage);
                continue;
            };
            let Some(visit) = self.still_waiting(&candidacy) else {
                continue;
            };
            let id = candidacy.contact;
            let ruling = self.judge(&outcome.decision, visit, &candidacy, &assigned, id);
            let explanation = Explanation::of(outcome.reasons, outcome.scores, &version, usage);
            match ruling {
                Ok(Ruling::Assign(agent)) => {
                    assigned.insert(agent);
                    self.explain(&candidacy, Some(agent), explanation);
                    self.offer(id, agent);
                }
                Ok(Ruling::Overflow(queue)) => {
                    self.explain(&candidacy, None, explanation);
                    self.overflow(id, queue);
                }
                Ok(Ruling::Keep) => {
                    if self.keep_waiting(id, affairs, outcome.recheck_after_ms, &explanation) {
                        self.explain(&candidacy, None, explanation);
                    }
                }
                // Still eligible: decided anew right after this.
                Err(Objection::Stale(why)) => {
                    self.explain(&candidacy, None, explanation.overruled(why));
                }
                Err(Objection::Bad(why)) => overruled.push((candidacy, why)),
            }
        }
        // After everyone whom the policy did assign: they come first.
        for (candidacy, why) in overruled {
            let contact = Some(candidacy.contact);
            self.policy_overruled(contact, &policy, &why, version.as_ref(), usage);
            self.assign_built_in(&candidacy, &why);
        }
        for id in undecided.into_keys() {
            let silent = Explanation::built_in(Vec::new());
            self.keep_waiting(id, affairs, None, &silent);
        }
    }

    /// The policy failed: highest priority then oldest contact, each with the longest idle agent.
    pub(crate) fn decide_built_in(&mut self, policy: &Policy, considered: Considered, why: &str) {
        self.routing.closed(policy);
        let mut contacts: Vec<_> = considered
            .contacts
            .into_iter()
            .filter_map(|candidacy| {
                let visit = self.still_waiting(&candidacy)?;
                Some(((visit.ticket.priority, visit.place_since), candidacy))
            })
            .collect();
        contacts.sort_by(|(a, _), (b, _)| fallback::served_first(*a, *b));
        for (_, candidacy) in contacts {
            self.assign_built_in(&candidacy, why);
        }
    }

    fn assign_built_in(&mut self, candidacy: &Candidacy, why: &str) {
        let Some(visit) = self.still_waiting(candidacy) else {
            return;
        };
        let Some(queue) = self.queues.get(&visit.ticket.queue) else {
            return;
        };
        let pool = queue.pools.of(visit.needs.medium());
        let mut qualified = pool.qualified(&visit.needs);
        let fresh = pool
            .qualified(&visit.needs)
            .find(|agent| !visit.declined.contains(agent));
        if let Some(agent) = fresh.or_else(|| qualified.next()) {
            drop(qualified);
            let reasons = vec![
                why.to_owned(),
                "built-in order: the longest idle qualified agent".to_owned(),
            ];
            self.explain(candidacy, Some(agent), Explanation::built_in(reasons));
            self.offer(candidacy.contact, agent);
        }
    }

    /// The visit, unless it ended, or rings somewhere, since the policy was asked.
    fn still_waiting(&self, candidacy: &Candidacy) -> Option<&Visit> {
        let contact = self.contacts.get(&candidacy.contact)?;
        let visit = contact.call.waiting()?;
        (visit.id == candidacy.visit).then_some(visit)
    }

    fn judge(
        &self,
        decision: &Decision,
        visit: &Visit,
        candidacy: &Candidacy,
        assigned: &BTreeSet<AgentId>,
        id: ContactId,
    ) -> Result<Ruling, Objection> {
        match decision {
            Decision::KeepWaiting => Ok(Ruling::Keep),
            Decision::Assign(agent) => {
                if !candidacy.candidates.contains(agent) {
                    return Err(Objection::Bad(format!(
                        "assigned {}, who is no candidate",
                        self.name_of(*agent)
                    )));
                }
                if assigned.contains(agent) {
                    return Err(Objection::Bad(format!(
                        "assigned {} twice",
                        self.name_of(*agent)
                    )));
                }
                match self.is_free_for(*agent, visit) {
                    true => Ok(Ruling::Assign(*agent)),
                    false => Err(Objection::Stale(format!(
                        "overruled: {} is not free for this any more",
                        self.name_of(*agent)
                    ))),
                }
            }
            Decision::Invalid(why) => Err(Objection::Bad(why.clone())),
            Decision::Flow(_) | Decision::Callback | Decision::Voicemail => Err(Objection::Bad(
                "decided something that this host can not do yet".to_owned(),
            )),
            Decision::Overflow(name) => {
                let Some(queue) = self.settings.queue_named(name) else {
                    return Err(Objection::Bad(format!(
                        "overflowed to {name:?}, which is no queue"
                    )));
                };
                let overflows = self.contacts.get(&id).map_or(0, |c| c.overflows);
                if queue == visit.ticket.queue || overflows >= OVERFLOWS {
                    return Err(Objection::Bad(format!(
                        "overflowed to {name:?} without end"
                    )));
                }
                let ticket = Ticket {
                    queue,
                    ..visit.ticket.clone()
                };
                Ok(match self.refusal(visit.needs.medium(), &ticket) {
                    Some(_) => Ruling::Keep,
                    None => Ruling::Overflow(queue),
                })
            }
        }
    }

    /// For people to read.
    fn name_of(&self, agent: AgentId) -> String {
        match self.agents.get(&agent) {
            Some(agent) => agent.config.name.clone(),
            None => agent.to_string(),
        }
    }

    pub(super) fn is_free_for(&self, agent: AgentId, visit: &Visit) -> bool {
        let medium = visit.needs.medium();
        let standing = self
            .agents
            .get(&agent)
            .map(|one| one.standings().of(medium));
        let Some(Standing::Free(spare)) = standing else {
            return false;
        };
        self.queues.get(&visit.ticket.queue).is_some_and(|queue| {
            let pool = queue.pools.of(medium);
            pool.is_qualified((spare, agent), &visit.needs)
        })
    }

    /// Says whether there is something new to write down about it.
    fn keep_waiting(
        &mut self,
        id: ContactId,
        affairs: u64,
        recheck_after: Option<Millis>,
        explanation: &Explanation,
    ) -> bool {
        let visit = self
            .contacts
            .get_mut(&id)
            .and_then(|contact| contact.call.visit_mut());
        let Some(visit) = visit else {
            return false;
        };
        visit.kept_waiting_at = Some(affairs);
        self.desk.cancel(visit.recheck.take());
        visit.recheck = recheck_after.map(|after| {
            self.desk
                .after(after.max(RECHECK_AFTER_AT_LEAST_MS), Alarm::RecheckDue(id))
        });
        let new = !explanation.reasons.is_empty() && explanation.reasons != visit.kept_waiting_for;
        if new {
            visit.kept_waiting_for.clone_from(&explanation.reasons);
        }
        new
    }

    fn policy_overruled(
        &mut self,
        contact: Option<ContactId>,
        policy: &Policy,
        why: &str,
        version: Option<&PluginVersion>,
        usage: Usage,
    ) {
        let fault = PluginFault {
            kind: FaultKind::Nonsense,
            message: why.to_owned(),
        };
        self.policy_faulted(contact, policy.clone(), fault, version.cloned(), usage);
    }
}
