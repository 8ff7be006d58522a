//! Questions to advisers: each is open until answered or until its adviser has been silent too
//! long, whichever comes first. An answer to a closed question changes nothing.

use crate::desk::Alarm;
use crate::limits::ADVISER_SILENCE_MS;
use crate::routing::verdict::Considered;
use crate::switchboard::Switchboard;
use crate::timers::TimerId;
use hotline_vocabulary::ids::{ContactId, QuestionId, VisitId};
use hotline_vocabulary::plugin::{FaultKind, PluginFault, Usage};
use hotline_vocabulary::question::Verdict;
use hotline_vocabulary::{Answer, Effect, Question};

#[derive(Debug)]
pub(crate) struct Asked {
    subject: Subject,
    silent: TimerId,
}

/// What a question was about: enough to judge its answer by.
#[derive(Debug)]
pub(crate) enum Subject {
    Flow(ContactId),
    Plan {
        policy: Option<String>,
        contact: ContactId,
        visit: VisitId,
    },
    Rank {
        policy: Option<String>,
        contact: ContactId,
        visit: VisitId,
    },
    Decide {
        policy: Option<String>,
        considered: Considered,
    },
}

impl Switchboard {
    pub(crate) fn ask(&mut self, subject: Subject, ask: Question) -> QuestionId {
        let question = self.desk.mint();
        let silent = self
            .desk
            .after(ADVISER_SILENCE_MS, Alarm::AdviserSilent(question));
        self.questions.insert(question, Asked { subject, silent });
        self.desk.effect(Effect::Ask { question, ask });
        question
    }

    pub(crate) fn answered(&mut self, question: QuestionId, verdict: Verdict) {
        let Some(asked) = self.questions.remove(&question) else {
            return;
        };
        self.desk.cancel(asked.silent);
        let Verdict {
            outcome,
            version,
            usage,
        } = verdict;
        match (asked.subject, outcome) {
            (Subject::Flow(contact), Ok(Answer::FlowStep(stepped))) => {
                self.flow_stepped(contact, stepped, version, usage);
            }
            (Subject::Plan { contact, visit, .. }, Ok(Answer::Plan(lookups))) => {
                self.planned(contact, visit, lookups);
            }
            (Subject::Rank { contact, visit, .. }, Ok(Answer::Rank(order)))
                if order.base.is_finite() && order.slope.is_finite() =>
            {
                self.ranked(contact, visit, order, version, usage);
            }
            (Subject::Decide { policy, considered }, Ok(Answer::Decide(outcomes))) => {
                self.decided(policy, considered, outcomes, version, usage);
            }
            (subject, Ok(_)) => {
                let fault = PluginFault {
                    kind: FaultKind::Nonsense,
                    message: "the answer does not fit the question".to_owned(),
                };
                self.fall_back(subject, fault, version, usage);
            }
            (subject, Err(fault)) => self.fall_back(subject, fault, version, usage),
        }
    }

    pub(crate) fn adviser_silent(&mut self, question: QuestionId) {
        if let Some(asked) = self.questions.remove(&question) {
            let fault = PluginFault {
                kind: FaultKind::TimedOut,
                message: format!("no answer within {ADVISER_SILENCE_MS}"),
            };
            self.fall_back(asked.subject, fault, None, Usage::default());
        }
    }

    /// Its answer is not wanted any more.
    pub(crate) fn drop_question(&mut self, question: QuestionId) {
        if let Some(asked) = self.questions.remove(&question) {
            self.desk.cancel(asked.silent);
        }
    }
}
