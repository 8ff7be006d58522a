//! A policy lets a contact wait. Where nobody is free for it, that is how things are. Beside someone
//! who is free it is deliberate: allowed only with a time to look again, and only so long in all.

use crate::desk::Alarm;
use crate::limits::{RECHECK_AFTER_AT_LEAST_MS, RECHECK_WITHOUT_CANDIDATES_MS};
use crate::queue::visit::Hold;
use crate::routing::verdict::{Author, Candidacy};
use crate::switchboard::Switchboard;
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::routing::Outcome;
use hotline_vocabulary::{Millis, Timestamp};
use std::collections::BTreeSet;

impl Switchboard {
    /// `named` are the agents whom the same answer gave something to do: the policy did not leave
    /// those idle.
    ///
    /// # Errors
    /// Why the contact may not be kept waiting.
    pub(super) fn keep_waiting(
        &mut self,
        candidacy: &Candidacy,
        outcome: Option<Outcome>,
        affairs: u64,
        named: &BTreeSet<AgentId>,
        author: &Author,
    ) -> Result<(), String> {
        let now = self.desk.now();
        let Some(visit) = self.still_waiting(candidacy) else {
            return Ok(());
        };
        let recheck = outcome
            .as_ref()
            .and_then(|outcome| outcome.recheck_after_ms);
        let mut candidates = candidacy.candidates.iter().map(|one| one.agent);
        let idle =
            candidates.find(|agent| !named.contains(agent) && self.may_be_given(*agent, visit));
        let Some(idle) = idle else {
            let wait = recheck.map(|after| after.max(RECHECK_WITHOUT_CANDIDATES_MS));
            self.look_again_at(candidacy, wait.map(|wait| now + wait));
            return Ok(());
        };
        let longest = self.settings.limits.hold_ms;
        let from = visit.hold.map_or(now, |hold| hold.from);
        let until = match recheck {
            None => {
                return Err(format!(
                    "kept a contact waiting beside {}, who is free, without a time to look again",
                    self.name_of(idle)
                ));
            }
            Some(_) if now.since(from) >= longest => {
                return Err(format!(
                    "held a contact back for {longest}, which is as long as a policy may"
                ));
            }
            Some(after) => (now + after.max(RECHECK_AFTER_AT_LEAST_MS)).min(from + longest),
        };
        self.look_again_at(candidacy, Some(until));
        self.hold(candidacy, Hold { from, until }, affairs);
        if let Some(outcome) = outcome {
            self.write_hold(candidacy, until, outcome, author);
        }
        Ok(())
    }

    fn look_again_at(&mut self, candidacy: &Candidacy, due: Option<Timestamp>) {
        let id = candidacy.contact;
        let visit = self.contacts.get_mut(&id).and_then(|c| c.call.visit_mut());
        if let Some(visit) = visit {
            self.desk.cancel(visit.recheck.take());
            visit.recheck = due.map(|due| self.desk.at(due, Alarm::RecheckDue(id)));
        }
    }

    fn hold(&mut self, candidacy: &Candidacy, hold: Hold, affairs: u64) {
        let contact = self.contacts.get_mut(&candidacy.contact);
        if let Some(visit) = contact.and_then(|contact| contact.call.visit_mut()) {
            visit.hold = Some(hold);
            visit.kept_waiting_at = Some(affairs);
            let queue = visit.ticket.queue;
            self.better_queue_shrank(queue);
        }
    }

    /// Once for each new reason.
    fn write_hold(
        &mut self,
        candidacy: &Candidacy,
        until: Timestamp,
        outcome: Outcome,
        author: &Author,
    ) {
        let contact = self.contacts.get_mut(&candidacy.contact);
        let Some(visit) = contact.and_then(|contact| contact.call.visit_mut()) else {
            return;
        };
        let first = visit.hold.is_some_and(|hold| hold.from == self.desk.now());
        if first || outcome.reasons != visit.kept_waiting_for {
            visit.kept_waiting_for.clone_from(&outcome.reasons);
            let explanation = author.explains(outcome).held(until);
            self.explain(candidacy, None, explanation);
        }
    }
}

/// How long a hold has lasted, for people who ask.
impl Hold {
    pub(super) fn is_in_force(self, now: Timestamp) -> bool {
        self.until.since(now) > Millis::ZERO
    }
}
