//! Where a contact stands in its queue: the policy is asked on arrival and when attributes change;
//! until it answers, and if it fails, the contact stands in the built-in order.

use crate::call::Call;
use crate::questions::Subject;
use crate::queue::visit::{Ranking, Visit};
use crate::switchboard::Switchboard;
use hotline_vocabulary::Question;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{ContactId, VisitId};
use hotline_vocabulary::plugin::{PluginVersion, Usage};
use hotline_vocabulary::routing::{Order, VisitView};

impl Switchboard {
    pub(crate) fn ask_rank(&mut self, id: ContactId) {
        let Some((visit, policy)) = self.visit_and_policy(id) else {
            return;
        };
        let Some(view) = self.visit_view(id) else {
            return;
        };
        let subject = Subject::Rank {
            policy: policy.clone(),
            contact: id,
            visit,
        };
        let question = Question::Rank {
            policy,
            contact: id,
            visit: view,
        };
        self.ask(subject, question);
        self.set_ranking(id, Ranking::Asked);
    }

    /// What a policy may know of a contact's visit.
    pub(super) fn visit_view(&self, id: ContactId) -> Option<VisitView> {
        let now = self.desk.now();
        let contact = self.contacts.get(&id)?;
        let visit = contact.call.visit()?;
        let queue = self.queues.get(&visit.ticket.queue)?;
        Some(VisitView {
            interaction: contact.interaction(),
            queue: queue.view(&self.calendars, now),
            waited_ms: now.since(visit.entered),
            facts: visit.facts.clone(),
        })
    }

    /// What the policy may know of the contact has changed.
    pub(crate) fn rank_again(&mut self, id: ContactId) {
        let visit = self.contacts.get(&id).and_then(|c| c.call.visit());
        match visit.map(|visit| visit.ranking) {
            // It is asked in any case when all is known.
            _ if visit.is_some_and(Visit::is_gathering) => {}
            Some(Ranking::Settled) => self.ask_rank(id),
            Some(Ranking::Asked | Ranking::Outdated) => self.set_ranking(id, Ranking::Outdated),
            None => {}
        }
    }

    /// `order` is finite.
    pub(crate) fn ranked(
        &mut self,
        id: ContactId,
        visit: VisitId,
        order: Order,
        version: Option<PluginVersion>,
        usage: Usage,
    ) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let in_line = matches!(contact.call, Call::Queued(_));
        let Some(visit) = contact.call.visit_mut().filter(|v| v.id == visit) else {
            return;
        };
        self.desk.fact(
            id,
            What::QueueRanked {
                visit: visit.id,
                base: order.base,
                slope: order.slope,
                reasons: order.reasons.clone(),
                version,
                usage,
            },
        );
        if let Some(queue) = self.queues.get_mut(&visit.ticket.queue)
            && in_line
        {
            queue.step_out(id, visit);
            visit.order = order;
            queue.line_up(id, visit);
        } else {
            visit.order = order;
        }
        self.rank_settled(id);
    }

    pub(crate) fn rank_failed(&mut self, id: ContactId, visit: VisitId) {
        let current = self.contacts.get(&id).and_then(|c| c.call.visit());
        if current.is_some_and(|current| current.id == visit) {
            self.rank_settled(id);
        }
    }

    fn rank_settled(&mut self, id: ContactId) {
        let visit = self.contacts.get(&id).and_then(|c| c.call.visit());
        if let Some(Ranking::Outdated) = visit.map(|visit| visit.ranking) {
            self.ask_rank(id);
        } else {
            self.set_ranking(id, Ranking::Settled);
        }
    }

    fn set_ranking(&mut self, id: ContactId, ranking: Ranking) {
        if let Some(contact) = self.contacts.get_mut(&id)
            && let Some(visit) = contact.call.visit_mut()
        {
            visit.ranking = ranking;
        }
    }
}
