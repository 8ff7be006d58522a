//! A version on trial beside the active one, and what came of it so far. Counted since the trial
//! began or the host started, whichever came later.

use super::about::about;
use super::difference::{Difference, differences};
use super::follow::Following;
use super::judge::{CanaryLimits, Group, judge};
use super::split::Split;
use crate::engine::Ticker;
use crate::keeper::Command;
use crate::version::Version;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::plugin::{Digest, FaultKind, Usage};
use hotline_vocabulary::question::{Answer, Question, Verdict};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, OnceLock};

/// Differences that are listed; all are counted.
const LISTED: usize = 200;
/// Contacts that are told apart; of further ones only the differences are counted.
const CONTACTS: usize = 20_000;

/// Which version is on trial, and how. Kept in the index of versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Candidate {
    pub(crate) id: Digest,
    pub(crate) stage: Stage,
    pub(crate) since: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = TrialStage))]
pub enum Stage {
    Shadow,
    Canary { split: Split, limits: CanaryLimits },
}

/// How a contact's stay in a queue ended, as far as a canary is judged by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitOutcome {
    Answered { in_time: bool },
    Abandoned,
}

#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) version: Arc<Version>,
    pub(crate) candidate: Candidate,
    /// Of one call, in units.
    fuel_limit: u64,
    /// Why it was found unfit: from then on nobody new gets it.
    failed: OnceLock<String>,
    tally: Mutex<Tally>,
    wake: SyncSender<Command>,
}

#[derive(Debug, Default)]
struct Tally {
    shadow: ShadowCounts,
    contacts: HashSet<ContactId>,
    differing: HashSet<ContactId>,
    differences: Vec<Difference>,
    following: Following,
    canary: Group,
    control: Group,
    /// Who is in which group, oldest first.
    members: HashMap<ContactId, Arm>,
    order: VecDeque<ContactId>,
}

/// The two groups of a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arm {
    Canary,
    Control,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ShadowCounts {
    /// Questions that both answered.
    pub compared: u64,
    /// Of those: decided otherwise.
    pub differed: u64,
    /// Of those: the candidate failed.
    pub faults: u64,
    /// Questions that it was not asked because too many waited.
    pub dropped: u64,
    /// Steps that it could not be asked: the contact began before the trial, or had gone another
    /// way already.
    pub not_comparable: u64,
    /// Fuel of its costliest call.
    pub highest_fuel: u64,
}

/// What came of a trial so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TrialResults {
    /// The version on trial.
    pub id: Digest,
    pub label: String,
    pub stage: Stage,
    pub since: Timestamp,
    pub shadow: ShadowCounts,
    /// Contacts that both decided about in shadow.
    pub contacts: u64,
    /// Of those: decided about otherwise.
    pub contacts_differing: u64,
    /// The first of them.
    pub differences: Vec<Difference>,
    pub canary: Group,
    /// Contacts of the active version in the same time.
    pub control: Group,
    /// What one call may use, in units.
    pub fuel_limit: u64,
    /// Why it rolls itself back.
    pub failed: Option<String>,
}

impl Trial {
    pub(crate) fn new(
        version: Arc<Version>,
        candidate: Candidate,
        wake: SyncSender<Command>,
    ) -> Trial {
        Trial {
            fuel_limit: version.fuel_limit(),
            version,
            candidate,
            failed: OnceLock::new(),
            tally: Mutex::default(),
            wake,
        }
    }

    pub(crate) fn is_shadow(&self) -> bool {
        matches!(self.candidate.stage, Stage::Shadow)
    }

    /// Why it was found unfit.
    pub(crate) fn failed(&self) -> Option<&str> {
        self.failed.get().map(String::as_str)
    }

    /// The group of a question's contact; none in shadow and after a failure.
    pub(crate) fn arm(&self, question: &Question) -> Option<Arm> {
        let Stage::Canary { split, .. } = &self.candidate.stage else {
            return None;
        };
        if self.failed.get().is_some() {
            return None;
        }
        let subject = about(question);
        let contact = subject.contact?;
        let arm = match split.takes(self.candidate.id, contact, subject.caller) {
            true => Arm::Canary,
            false => Arm::Control,
        };
        // Who merely stands first in line for a decision is not all that the decision is about.
        if !matches!(question, Question::Decide { .. }) {
            self.tally.lock().join(contact, arm);
        }
        Some(arm)
    }

    /// One of a canary's two versions answered.
    pub(crate) fn answered(&self, arm: Arm, verdict: &Verdict) {
        let fault = verdict.outcome.as_ref().err().map(|fault| fault.kind);
        // Not asked at all: for want of workers, or because of the faults that are counted already.
        if matches!(fault, Some(FaultKind::Overloaded | FaultKind::Suspended)) {
            return;
        }
        let mut tally = self.tally.lock();
        let group = tally.group(arm);
        group.calls += 1;
        group.faults += u64::from(fault.is_some());
        group.fuel = group.fuel.saturating_add(verdict.usage.fuel);
        group.highest_fuel = group.highest_fuel.max(verdict.usage.fuel);
        self.judge(&tally);
    }

    /// A contact of the tenant left a queue.
    pub(crate) fn visit_ended(&self, contact: ContactId, outcome: VisitOutcome) {
        let mut tally = self.tally.lock();
        let Some(arm) = tally.members.get(&contact).copied() else {
            return;
        };
        let group = tally.group(arm);
        group.visits += 1;
        match outcome {
            VisitOutcome::Answered { in_time } => group.answered_in_time += u64::from(in_time),
            VisitOutcome::Abandoned => group.abandoned += 1,
        }
        self.judge(&tally);
    }

    fn judge(&self, tally: &Tally) {
        let Stage::Canary { limits, .. } = &self.candidate.stage else {
            return;
        };
        if self.failed.get().is_none()
            && let Some(why) = judge(limits, self.fuel_limit, &tally.canary, &tally.control)
        {
            // Only the first reason counts; whoever else found one says the same.
            let _ = self.failed.set(why);
            // With a full line the keeper is awake and looks anyway.
            let _ = self.wake.try_send(Command::Look);
        }
    }

    pub(crate) fn shadow_dropped(&self) {
        self.tally.lock().shadow.dropped += 1;
    }

    /// Puts to the candidate what the active version has answered, and compares. Runs the guest on
    /// this thread. Gives what that used and how it failed; nothing when it was not asked.
    pub(crate) fn follow(
        &self,
        ticker: &Ticker,
        mut question: Question,
        active: &Answer,
    ) -> Option<(Usage, Option<FaultKind>)> {
        {
            let mut tally = self.tally.lock();
            if !tally.following.enter(&mut question) {
                tally.shadow.not_comparable += 1;
                return None;
            }
        }
        let verdict = self.version.answer(ticker, &question);
        let found = differences(&question, active, &verdict.outcome);
        let fault = verdict.outcome.as_ref().err().map(|fault| fault.kind);
        let used = (verdict.usage, fault);
        let mut tally = self.tally.lock();
        tally.shadow.compared += 1;
        tally.shadow.differed += u64::from(!found.is_empty());
        tally.shadow.faults += u64::from(verdict.outcome.is_err());
        tally.shadow.highest_fuel = tally.shadow.highest_fuel.max(verdict.usage.fuel);
        if let Some(contact) = about(&question).contact
            && tally.contacts.len() < CONTACTS
        {
            tally.contacts.insert(contact);
        }
        if let (true, Ok(answer)) = (found.is_empty(), verdict.outcome) {
            tally.following.went_along(&question, answer);
        }
        for difference in found {
            if let Some(contact) = difference.contact
                && tally.differing.len() < CONTACTS
            {
                tally.contacts.insert(contact);
                tally.differing.insert(contact);
            }
            if tally.differences.len() < LISTED {
                tally.differences.push(difference);
            }
        }
        Some(used)
    }

    /// A contact has ended.
    pub(crate) fn forget(&self, contact: ContactId) {
        self.tally.lock().following.forget(contact);
    }

    pub(crate) fn results(&self) -> TrialResults {
        let tally = self.tally.lock();
        TrialResults {
            id: self.candidate.id,
            label: self.version.identity.label(),
            stage: self.candidate.stage.clone(),
            since: self.candidate.since,
            shadow: tally.shadow,
            contacts: tally.contacts.len() as u64,
            contacts_differing: tally.differing.len() as u64,
            differences: tally.differences.clone(),
            canary: tally.canary,
            control: tally.control,
            fuel_limit: self.fuel_limit,
            failed: self.failed.get().cloned(),
        }
    }
}

impl Tally {
    fn group(&mut self, arm: Arm) -> &mut Group {
        match arm {
            Arm::Canary => &mut self.canary,
            Arm::Control => &mut self.control,
        }
    }

    fn join(&mut self, contact: ContactId, arm: Arm) {
        if self.members.insert(contact, arm).is_some() {
            return;
        }
        self.group(arm).contacts += 1;
        self.order.push_back(contact);
        if self.order.len() > CONTACTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.members.remove(&oldest);
        }
    }
}
