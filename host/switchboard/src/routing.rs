//! Who gets this call. A policy is asked on the event, never by polling: when a contact begins to
//! wait, when an agent becomes free, when a recheck is due, when the set-up changes. One decision
//! at a time is open for each policy; what changes meanwhile is decided right after it. So a free
//! agent and a waiting contact whom they could serve never coexist longer than a decision takes.

mod batch;
mod eligible;
mod explain;
pub(crate) mod familiar;
mod hold;
mod lookups;
mod rank;
pub(crate) mod verdict;
mod why;
pub(crate) mod widening;

use crate::questions::Subject;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Question;
use hotline_vocabulary::ids::{ContactId, QueueId};
use std::collections::{BTreeMap, BTreeSet};

/// A routing policy by its name; none is the shipped one.
pub(crate) type Policy = Option<String>;

#[derive(Debug, Default)]
pub(crate) struct Routing {
    desks: BTreeMap<Policy, PolicyDesk>,
    /// Whether any desk may want a decision: spares the search on most inputs.
    wanted: bool,
}

/// The queues that one policy decides for.
#[derive(Debug, Default)]
struct PolicyDesk {
    queues: BTreeSet<QueueId>,
    decision: DecisionState,
    /// Contacts to be shown even if nobody is free for them.
    unseen: BTreeSet<ContactId>,
    /// Counts the changes after which contacts that the policy let wait are worth another look.
    affairs: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum DecisionState {
    #[default]
    Settled,
    Wanted,
    Open,
    /// Open, and something changed since it was asked.
    OpenAndWanted,
}

impl Routing {
    /// Something changed that is worth another look even at those whom the policy let wait: an agent
    /// became free, or the set-up changed.
    pub(crate) fn look_again(&mut self, policy: &Policy) {
        if let Some(desk) = self.desks.get_mut(policy) {
            desk.affairs += 1;
        }
        self.want(policy);
    }

    pub(crate) fn want(&mut self, policy: &Policy) {
        if let Some(desk) = self.desks.get_mut(policy) {
            desk.decision = match desk.decision {
                DecisionState::Settled | DecisionState::Wanted => DecisionState::Wanted,
                DecisionState::Open | DecisionState::OpenAndWanted => DecisionState::OpenAndWanted,
            };
            self.wanted = true;
        }
    }

    pub(crate) fn want_all(&mut self, policies: &BTreeSet<Policy>) {
        for policy in policies {
            self.want(policy);
        }
    }

    /// Someone waits whom the policy has not seen, or wished to see again.
    pub(crate) fn introduce(&mut self, policy: &Policy, contact: ContactId) {
        if let Some(desk) = self.desks.get_mut(policy) {
            desk.unseen.insert(contact);
        }
        self.want(policy);
    }

    pub(crate) fn affairs(&self, policy: &Policy) -> u64 {
        self.desks.get(policy).map_or(0, |desk| desk.affairs)
    }

    /// New queues, policies, skills: everything is worth another look.
    pub(crate) fn set_up(&mut self, queues: impl Iterator<Item = (QueueId, Policy)>) {
        for desk in self.desks.values_mut() {
            desk.queues.clear();
        }
        for (queue, policy) in queues {
            self.desks.entry(policy).or_default().queues.insert(queue);
        }
        // A policy that nobody uses any more stays until its last answer is in.
        self.desks.retain(|_, desk| {
            !desk.queues.is_empty()
                || matches!(
                    desk.decision,
                    DecisionState::Open | DecisionState::OpenAndWanted
                )
        });
        let policies: Vec<Policy> = self.desks.keys().cloned().collect();
        for policy in policies {
            self.look_again(&policy);
        }
    }

    pub(crate) fn is_deciding(&self, policy: &Policy) -> bool {
        let decision = self.desks.get(policy).map(|desk| desk.decision);
        matches!(
            decision,
            Some(DecisionState::Open | DecisionState::OpenAndWanted)
        )
    }

    #[cfg(feature = "sabotage")]
    pub(crate) fn forget_wishes(&mut self) {
        self.wanted = false;
        for desk in self.desks.values_mut() {
            desk.decision = DecisionState::Settled;
        }
    }

    fn next_wanted(&mut self) -> Option<Policy> {
        if !self.wanted {
            return None;
        }
        let next = self
            .desks
            .iter_mut()
            .find(|(_, desk)| desk.decision == DecisionState::Wanted);
        let Some((policy, desk)) = next else {
            self.wanted = false;
            return None;
        };
        desk.decision = DecisionState::Settled;
        Some(policy.clone())
    }

    fn opened(&mut self, policy: &Policy) {
        if let Some(desk) = self.desks.get_mut(policy) {
            desk.decision = DecisionState::Open;
        }
    }

    /// The answer is in. What it left undone is looked at once more: that costs nothing when there
    /// is nothing to decide.
    fn closed(&mut self, policy: &Policy) {
        if let Some(desk) = self.desks.get_mut(policy) {
            desk.decision = DecisionState::Settled;
        }
        self.want(policy);
    }
}

impl Switchboard {
    /// Asks each policy that has something to decide and is not deciding already.
    pub(crate) fn decide_where_wanted(&mut self) {
        while let Some(policy) = self.routing.next_wanted() {
            let batch = self.batch(&policy);
            let shown = batch
                .as_ref()
                .map_or(&[][..], |(batch, _)| batch.contacts.as_slice());
            let most_contacts = self.settings.limits.batch_contacts.max(1) as usize;
            if let Some(desk) = self.routing.desks.get_mut(&policy) {
                if shown.len() < most_contacts {
                    // Whoever was not shown is gone, or is shown with candidates.
                    desk.unseen.clear();
                } else {
                    for view in shown {
                        desk.unseen.remove(&view.contact);
                    }
                }
            }
            if let Some((batch, considered)) = batch {
                self.routing.opened(&policy);
                let subject = Subject::Decide {
                    policy: policy.clone(),
                    considered,
                };
                self.ask(subject, Question::Decide { policy, batch });
            }
        }
    }

    pub(crate) fn recheck_due(&mut self, id: ContactId) {
        if let Some(contact) = self.contacts.get_mut(&id)
            && let Some(visit) = contact.call.visit_mut()
        {
            visit.recheck = None;
            visit.kept_waiting_at = None;
            if let Some(queue) = self.queues.get(&visit.ticket.queue) {
                self.routing.introduce(&queue.config.policy, id);
            }
        }
    }
}
