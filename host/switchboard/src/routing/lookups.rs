//! What a policy wants to know of a contact before it ranks it: planned by the policy, fetched by the
//! host. The contact is given to nobody meanwhile, for at most [`LOOKUPS_WITHIN_MS`]; what comes
//! later ranks it again.

use crate::desk::Alarm;
use crate::limits::LOOKUPS_WITHIN_MS;
use crate::questions::Subject;
use crate::queue::visit::{Gathering, Visit};
use crate::switchboard::Switchboard;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{ContactId, VisitId};
use hotline_vocabulary::routing::{FoundFact, Lookup};
use hotline_vocabulary::{Effect, Question};

impl Switchboard {
    /// A visit begins: its policy may look things up, then it is ranked. The shipped policy looks
    /// nothing up and is not asked.
    pub(crate) fn gather(&mut self, id: ContactId) {
        let now = self.desk.now();
        let Some((visit, policy)) = self.visit_and_policy(id) else {
            return;
        };
        if policy.is_none() {
            return self.ask_rank(id);
        }
        let Some(view) = self.visit_view(id) else {
            return;
        };
        let overdue = self
            .desk
            .after(LOOKUPS_WITHIN_MS, Alarm::LookupsOverdue(id));
        self.set_gathering(
            id,
            Gathering::Pending {
                since: now,
                overdue,
            },
        );
        let subject = Subject::Plan {
            policy: policy.clone(),
            contact: id,
            visit,
        };
        let question = Question::Plan {
            policy,
            contact: id,
            visit: view,
        };
        self.ask(subject, question);
    }

    /// Nothing is planned by a policy that failed, either.
    pub(crate) fn planned(&mut self, id: ContactId, visit: VisitId, lookups: Vec<Lookup>) {
        if !self.is_current(id, visit) {
            return;
        }
        if lookups.is_empty() {
            return self.gathered(id);
        }
        if let Some(contact) = self.contacts.get(&id) {
            self.desk.effect(Effect::LookUp {
                contact: id,
                visit,
                customer: contact.caller.clone(),
                lookups,
            });
        }
    }

    pub(crate) fn looked_up(
        &mut self,
        id: ContactId,
        visit: VisitId,
        facts: Vec<FoundFact>,
        failed: Vec<(String, String)>,
    ) {
        let now = self.desk.now();
        let contact = self.contacts.get_mut(&id);
        let current = contact.and_then(|contact| contact.call.visit_mut());
        let Some(current) = current.filter(|current| current.id == visit) else {
            return;
        };
        let late = !current.is_gathering();
        let since = match current.gathering {
            Gathering::Pending { since, .. } => Some(since),
            Gathering::Done { since } => since,
        };
        let found = facts.iter().map(|fact| fact.id.clone()).collect();
        current.facts = facts;
        let what = What::LookedUp {
            visit,
            found,
            failed,
            took_ms: now.since(since.unwrap_or(now)),
            late,
        };
        self.desk.fact(id, what);
        if late {
            self.rank_again(id);
            self.look_again_for(id);
        } else {
            self.gathered(id);
        }
    }

    pub(crate) fn lookups_overdue(&mut self, id: ContactId) {
        self.gathered(id);
    }

    /// All that is waited for is known: the contact is ranked, and may be given to someone.
    fn gathered(&mut self, id: ContactId) {
        let contact = self.contacts.get_mut(&id);
        let Some(visit) = contact.and_then(|contact| contact.call.visit_mut()) else {
            return;
        };
        let Gathering::Pending { since, overdue } = visit.gathering else {
            return;
        };
        visit.gathering = Gathering::Done { since: Some(since) };
        self.desk.cancel(overdue);
        self.ask_rank(id);
        self.look_again_for(id);
    }

    /// A policy may decide otherwise by what it knows now.
    fn look_again_for(&mut self, id: ContactId) {
        let contact = self.contacts.get_mut(&id);
        let Some(visit) = contact.and_then(|contact| contact.call.visit_mut()) else {
            return;
        };
        visit.kept_waiting_at = None;
        if let Some(queue) = self.queues.get(&visit.ticket.queue) {
            self.routing.want(&queue.config.policy);
        }
    }

    fn is_current(&self, id: ContactId, visit: VisitId) -> bool {
        let contact = self.contacts.get(&id);
        let current = contact.and_then(|contact| contact.call.visit());
        current.is_some_and(|current: &Visit| current.id == visit)
    }

    pub(super) fn visit_and_policy(&self, id: ContactId) -> Option<(VisitId, Option<String>)> {
        let visit = self.contacts.get(&id)?.call.visit()?;
        let queue = self.queues.get(&visit.ticket.queue)?;
        Some((visit.id, queue.config.policy.clone()))
    }

    fn set_gathering(&mut self, id: ContactId, gathering: Gathering) {
        let contact = self.contacts.get_mut(&id);
        if let Some(visit) = contact.and_then(|contact| contact.call.visit_mut()) {
            visit.gathering = gathering;
        }
    }
}
