//! A decision comes in: each of its outcomes is checked again against the truth as it is now. What
//! was true when the policy was asked may not be any more, and what it says may never have been.
//! Whatever it says, no contact is left beside an agent who is free for it, but for a hold that ends.

use crate::fallback;
use crate::limits::OVERFLOWS;
use crate::queue::visit::{Place, Ticket, Visit};
use crate::routing::Policy;
use crate::routing::batch::Listed;
use crate::routing::explain::Explanation;
use crate::switchboard::Switchboard;
use hotline_vocabulary::configuration::Otherwise;
use hotline_vocabulary::fact::VisitEnd;
use hotline_vocabulary::ids::{AgentId, ContactId, QueueId, VisitId};
use hotline_vocabulary::plugin::{FaultKind, PluginFault, PluginVersion, Usage};
use hotline_vocabulary::routing::{Decision, Outcome, PolicySaid};
use std::collections::{BTreeMap, BTreeSet};

/// What a policy was asked to decide, and when.
#[derive(Debug)]
pub(crate) struct Considered {
    pub(super) affairs: u64,
    /// In order of service.
    pub(super) contacts: Vec<Candidacy>,
}

/// One contact of a decision and whom it could be given.
#[derive(Debug)]
pub(crate) struct Candidacy {
    pub(super) contact: ContactId,
    pub(super) visit: VisitId,
    pub(super) candidates: Vec<Listed>,
    /// How many there were, shown or not.
    pub(super) total: u32,
}

impl Candidacy {
    pub(super) fn names(&self, agent: AgentId) -> bool {
        self.candidates.iter().any(|one| one.agent == agent)
    }
}

/// Who says it.
#[derive(Debug)]
pub(super) struct Author {
    pub(super) policy: Policy,
    pub(super) version: Option<PluginVersion>,
    pub(super) usage: Usage,
}

/// A proposal that holds.
enum Ruling {
    Assign(AgentId),
    Overflow(QueueId),
    Flow(String),
    Callback,
    Voicemail,
    Keep,
}

/// A proposal that does not.
enum Objection {
    /// It did when it was made.
    Stale(String),
    /// It never did.
    Bad(String),
    /// Nobody's fault: it can not be had now.
    Refused(String),
}

/// A contact that the policy did not give to anyone; decided once all others are.
struct Left {
    candidacy: Candidacy,
    how: HowLeft,
}

enum HowLeft {
    /// Told to wait, or not told anything.
    Kept(Option<Outcome>),
    Overruled {
        why: String,
        fault: bool,
    },
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
        let author = Author {
            policy,
            version,
            usage,
        };
        let affairs = considered.affairs;
        let mut undecided: BTreeMap<ContactId, (usize, Candidacy)> = (0..)
            .zip(considered.contacts)
            .map(|(place, candidacy)| (candidacy.contact, (place, candidacy)))
            .collect();
        // Agents whom the policy has given something to do, whatever came of it.
        let mut named = BTreeSet::new();
        let mut left = BTreeMap::new();
        for outcome in outcomes {
            let Some((place, candidacy)) = undecided.remove(&outcome.contact) else {
                let why = "an outcome for a contact that was not asked about, or a second one";
                self.policy_overruled(None, &author, why);
                continue;
            };
            let Some(visit) = self.still_waiting(&candidacy) else {
                if let Decision::Assign(agent) = outcome.decision {
                    named.insert(agent);
                }
                continue;
            };
            let ruling = self.judge(&outcome.decision, visit, &candidacy, &named);
            self.note(&candidacy, Some(&outcome), &author);
            match ruling {
                Ok(Ruling::Keep) => {
                    let how = HowLeft::Kept(Some(outcome));
                    left.insert(place, Left { candidacy, how });
                }
                Ok(ruling) => {
                    if let Ruling::Assign(agent) = &ruling {
                        named.insert(*agent);
                    }
                    if let Some(why) = self.carry_out(&candidacy, ruling, outcome, &author) {
                        let how = HowLeft::Overruled { why, fault: true };
                        left.insert(place, Left { candidacy, how });
                    }
                }
                // Still eligible: decided anew right after this.
                Err(Objection::Stale(why)) => {
                    if let Decision::Assign(agent) = outcome.decision {
                        named.insert(agent);
                    }
                    let explanation = author.explains(outcome).overruled(why);
                    self.explain(&candidacy, None, explanation);
                }
                Err(objection) => {
                    let how = match objection {
                        Objection::Stale(why) | Objection::Refused(why) => {
                            HowLeft::Overruled { why, fault: false }
                        }
                        Objection::Bad(why) => HowLeft::Overruled { why, fault: true },
                    };
                    left.insert(place, Left { candidacy, how });
                }
            }
        }
        for (place, candidacy) in undecided.into_values() {
            self.note(&candidacy, None, &author);
            let how = HowLeft::Kept(None);
            left.insert(place, Left { candidacy, how });
        }
        // After everyone whom the policy did decide about: they come first.
        for Left { candidacy, how } in left.into_values() {
            let (why, fault) = match how {
                HowLeft::Kept(outcome) => {
                    match self.keep_waiting(&candidacy, outcome, affairs, &named, &author) {
                        Ok(()) => continue,
                        Err(why) => (why, true),
                    }
                }
                HowLeft::Overruled { why, fault } => (why, fault),
            };
            if fault {
                self.policy_overruled(Some(candidacy.contact), &author, &why);
            }
            self.assign_built_in(candidacy, &why);
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
            self.assign_built_in(candidacy, why);
        }
    }

    /// The longest idle agent of the innermost ring, those who declined last.
    fn assign_built_in(&mut self, mut candidacy: Candidacy, why: &str) {
        let Some(visit) = self.still_waiting(&candidacy) else {
            return;
        };
        let Some(queue) = self.queues.get(&visit.ticket.queue) else {
            return;
        };
        let waited = self.desk.now().since(visit.entered);
        let first = |passed_over: &[AgentId]| {
            let candidates = self.candidates(queue, &visit.class(), passed_over, 1);
            candidates.after(waited).next().copied()
        };
        let fresh = first(&visit.declined);
        let Some(chosen) = fresh.or_else(|| first(&[])) else {
            return;
        };
        // Who has come free since the policy was asked may be another's, who was not shown to it:
        // that is decided right after this.
        let may_be_passed_over = matches!(visit.place, Place::Ranked | Place::Since(_));
        if may_be_passed_over && self.is_owed_to_the_aged(chosen.agent, queue) {
            return;
        }
        let order = match queue.config.rules.rings.is_empty() {
            true => "built-in order: the longest idle qualified agent".to_owned(),
            false => format!(
                "built-in order: the longest idle qualified agent of ring {}",
                chosen.ring
            ),
        };
        if !candidacy.names(chosen.agent) {
            candidacy.candidates.insert(0, chosen);
            candidacy.total = candidacy.total.max(1);
        }
        let explanation = Explanation::built_in(vec![why.to_owned(), order]);
        self.explain(&candidacy, Some(chosen.agent), explanation);
        self.offer(candidacy.contact, chosen.agent);
    }

    /// The visit, unless it ended, or rings somewhere, since the policy was asked.
    pub(super) fn still_waiting(&self, candidacy: &Candidacy) -> Option<&Visit> {
        let contact = self.contacts.get(&candidacy.contact)?;
        let visit = contact.call.waiting()?;
        (visit.id == candidacy.visit).then_some(visit)
    }

    /// Whether this agent may be given this visit now.
    pub(super) fn may_be_given(&self, agent: AgentId, visit: &Visit) -> bool {
        let agent = self.agents.get(&agent);
        agent.is_some_and(|agent| self.keeps_out(agent, visit, self.desk.now()).is_none())
    }

    fn judge(
        &self,
        decision: &Decision,
        visit: &Visit,
        candidacy: &Candidacy,
        named: &BTreeSet<AgentId>,
    ) -> Result<Ruling, Objection> {
        match decision {
            Decision::KeepWaiting => Ok(Ruling::Keep),
            Decision::Invalid(why) => Err(Objection::Bad(why.clone())),
            Decision::Assign(agent) => {
                let name = self.name_of(*agent);
                if !candidacy.names(*agent) {
                    return Err(Objection::Bad(format!(
                        "assigned {name}, who is no candidate"
                    )));
                }
                if named.contains(agent) {
                    return Err(Objection::Bad(format!("assigned {name} twice")));
                }
                match self.may_be_given(*agent, visit) {
                    true => Ok(Ruling::Assign(*agent)),
                    false => Err(Objection::Stale(format!(
                        "overruled: {name} is not free for this any more"
                    ))),
                }
            }
            Decision::Overflow(name) => {
                let Some(queue) = self.settings.queue_named(name) else {
                    return Err(Objection::Bad(format!(
                        "overflowed to {name:?}, which is no queue"
                    )));
                };
                if queue == visit.ticket.queue || !self.may_be_sent_on(candidacy.contact) {
                    return Err(Objection::Bad(format!(
                        "overflowed to {name:?} without end"
                    )));
                }
                let ticket = Ticket {
                    queue,
                    ..visit.ticket.clone()
                };
                match self.refusal(visit.needs.medium(), &ticket) {
                    Some(why) => Err(Objection::Refused(format!("{name}: {}", why.as_str()))),
                    None => Ok(Ruling::Overflow(queue)),
                }
            }
            Decision::Flow(_) if !self.is_on_the_line(candidacy.contact) => Err(
                Objection::Refused("a flow has nobody to speak with".to_owned()),
            ),
            Decision::Flow(name) => match self.may_be_sent_on(candidacy.contact) {
                true => Ok(Ruling::Flow(name.clone())),
                false => Err(Objection::Bad(format!(
                    "sent on to the flow {name:?} without end"
                ))),
            },
            Decision::Callback => Ok(Ruling::Callback),
            Decision::Voicemail => Ok(Ruling::Voicemail),
        }
    }

    fn may_be_sent_on(&self, id: ContactId) -> bool {
        let contact = self.contacts.get(&id);
        contact.is_some_and(|contact| contact.overflows < OVERFLOWS)
    }

    /// Does what a ruling says. Gives what is wrong with it if it can not be done after all.
    fn carry_out(
        &mut self,
        candidacy: &Candidacy,
        ruling: Ruling,
        outcome: Outcome,
        author: &Author,
    ) -> Option<String> {
        let id = candidacy.contact;
        let decision = outcome.decision.clone();
        let explanation = author.explains(outcome);
        let chosen = match ruling {
            Ruling::Assign(agent) => Some(agent),
            _ => None,
        };
        self.explain(candidacy, chosen, explanation);
        let visit = self.still_waiting(candidacy);
        let ticket = visit.map(|visit| visit.ticket.clone());
        let elsewhere =
            |this: &mut Self, to| ticket.is_some_and(|ticket| this.goes_elsewhere(id, &ticket, to));
        let done = match ruling {
            Ruling::Assign(agent) => {
                self.offer(id, agent);
                true
            }
            Ruling::Overflow(queue) => {
                self.overflow(id, queue);
                true
            }
            Ruling::Flow(flow) => {
                self.leave_queue(id, VisitEnd::Overflowed);
                self.go_on_in(id, flow);
                true
            }
            Ruling::Callback => elsewhere(self, Otherwise::Callback),
            Ruling::Voicemail => elsewhere(self, Otherwise::Voicemail),
            Ruling::Keep => true,
        };
        (!done).then(|| format!("decided {decision:?}, which this contact can not be given"))
    }

    fn note(&mut self, candidacy: &Candidacy, outcome: Option<&Outcome>, author: &Author) {
        let at = self.desk.now();
        let visit = self
            .contacts
            .get_mut(&candidacy.contact)
            .and_then(|contact| contact.call.visit_mut());
        if let Some(visit) = visit.filter(|visit| visit.id == candidacy.visit) {
            visit.said = Some(PolicySaid {
                at,
                decision: outcome.map(|outcome| outcome.decision.clone()),
                reasons: outcome.map_or_else(Vec::new, |outcome| outcome.reasons.clone()),
                version: author.version.clone(),
                usage: author.usage,
            });
        }
    }

    /// For people to read.
    pub(super) fn name_of(&self, agent: AgentId) -> String {
        match self.agents.get(&agent) {
            Some(agent) => agent.config.name.clone(),
            None => agent.to_string(),
        }
    }

    fn policy_overruled(&mut self, contact: Option<ContactId>, author: &Author, why: &str) {
        let fault = PluginFault {
            kind: FaultKind::Nonsense,
            message: why.to_owned(),
        };
        let Author {
            policy,
            version,
            usage,
        } = author;
        self.policy_faulted(contact, policy.clone(), fault, version.clone(), *usage);
    }
}

impl Author {
    pub(super) fn explains(&self, outcome: Outcome) -> Explanation {
        Explanation::of(outcome.reasons, outcome.scores, &self.version, self.usage)
    }
}
