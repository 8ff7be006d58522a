//! Whom a policy holds back beside an agent who is free for them: by its answer alone, and by who
//! was free once everyone it gave away was given.

use super::*;
use hotline_vocabulary::routing::{Decision, Outcome};

/// A contact that a policy was asked about, and those it could be given.
#[derive(Debug)]
pub(super) struct Shown {
    contact: ContactId,
    candidates: Vec<AgentId>,
}

/// What became of those, by the policy's word.
#[derive(Debug)]
pub(super) struct Answered {
    affairs: u64,
    /// In order of service.
    order: Vec<ContactId>,
    /// Given to an agent whom they could be given.
    given: BTreeMap<ContactId, AgentId>,
    /// Told to wait, with a time to look again. The latest to be looked at comes first.
    told_to_wait: Vec<ToldToWait>,
}

#[derive(Debug)]
struct ToldToWait {
    contact: ContactId,
    /// Those of its candidates to whom the same answer gave nothing.
    passed_over: Vec<AgentId>,
    after: Millis,
}

impl Shown {
    pub(super) fn all(batch: &Batch) -> Vec<Shown> {
        let contacts = batch.contacts.iter();
        let shown = contacts.map(|view| Shown {
            contact: view.contact,
            candidates: batch.candidates_of(view).collect(),
        });
        shown.collect()
    }
}

impl Answered {
    pub(super) fn new(shown: Vec<Shown>, outcomes: &[Outcome], affairs: u64) -> Self {
        // The first outcome for a contact is the one that counts.
        let said = |contact| {
            let mut outcomes = outcomes.iter();
            outcomes.find(move |outcome: &&Outcome| outcome.contact == contact)
        };
        let mut given = BTreeMap::new();
        let mut named = BTreeSet::new();
        for outcome in outcomes {
            let of = shown.iter().find(|shown| shown.contact == outcome.contact);
            if let (Some(of), Decision::Assign(agent)) = (of, &outcome.decision)
                && of.candidates.contains(agent)
                && said(of.contact) == Some(outcome)
                && named.insert(*agent)
            {
                given.insert(of.contact, *agent);
            }
        }
        let order = shown.iter().map(|shown| shown.contact).collect();
        let told = shown.into_iter().rev().filter_map(|shown| {
            let outcome = said(shown.contact)?;
            let after = outcome.recheck_after_ms?;
            let candidates = shown.candidates.into_iter();
            (outcome.decision == Decision::KeepWaiting).then(|| ToldToWait {
                contact: shown.contact,
                passed_over: candidates.filter(|one| !named.contains(one)).collect(),
                after,
            })
        });
        Answered {
            affairs,
            order,
            told_to_wait: told.collect(),
            given,
        }
    }

    /// The next to be looked at, if that is before `until`.
    fn next_before(&mut self, until: Option<ContactId>) -> Option<ToldToWait> {
        let place = |contact| self.order.iter().position(|one| *one == contact);
        let end = match until {
            Some(contact) => place(contact)?,
            None => self.order.len(),
        };
        let next = self.told_to_wait.last()?;
        (place(next.contact)? < end)
            .then(|| self.told_to_wait.pop())
            .flatten()
    }
}

impl Auditor {
    /// Whoever the policy gave to nobody is looked at in order of service, once all others have
    /// theirs: one of them may get an agent against its word, and the next is held back by fewer.
    pub(super) fn note_kept_before(&mut self, fact: &Fact) {
        let (What::OfferMade { .. }, Some(contact), Some(answer)) =
            (&fact.what, fact.contact, &self.answer)
        else {
            return;
        };
        if answer.given.get(&contact).copied() != fact.agent {
            self.note_kept_until(Some(contact));
        }
    }

    pub(super) fn note_kept(&mut self) {
        self.note_kept_until(None);
        self.answer = None;
    }

    fn note_kept_until(&mut self, end: Option<ContactId>) {
        let Some(mut answer) = self.answer.take() else {
            return;
        };
        while let Some(told) = answer.next_before(end) {
            let affairs = answer.affairs;
            let Some(contact) = self.contacts.get(&told.contact) else {
                continue;
            };
            let mut passed_over = told.passed_over.iter();
            // Beside nobody who is free, it is not held back: that is how things are.
            if contact.offer.is_some() || !passed_over.any(|id| self.could_serve(*id, contact)) {
                continue;
            }
            let longest = self.house.limits.hold_ms;
            let visit = self.contacts.get_mut(&told.contact);
            if let Some(visit) = visit.and_then(|contact| contact.visit.as_mut()) {
                let since = *visit.held_since.get_or_insert(self.now);
                let until = (self.now + told.after.max(RECHECK_MS)).min(since + longest);
                visit.kept = Some(Kept { affairs, until });
            }
        }
        self.answer = Some(answer);
    }
}
