//! What goes on beside an answer: a candidate in shadow is asked the same, a canary is counted and
//! stood in for when it fails, and the call is recorded.

use super::trial::{Arm, Trial};
use crate::Handle;
use crate::catalogue::{Chosen, Part};
use crate::version::Version;
use crate::workers::{Job, Reply};
use hotline_vocabulary::flow::{Command, FlowEvent};
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::question::{Answer, FlowStep, Question, Verdict};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Instant;

impl Handle {
    /// The reply with which the chosen version is asked.
    pub(crate) fn accompany(
        &self,
        tenant: TenantId,
        chosen: &Chosen,
        question: &Question,
        reply: Reply,
    ) -> Reply {
        let reply = match chosen.recorded {
            true => self
                .recorder
                .beside(tenant, &chosen.version, question, reply),
            false => reply,
        };
        match &chosen.part {
            Part::Alone => reply,
            Part::Shadowed(trial) => self.shadow.beside(trial.clone(), question.clone(), reply),
            Part::Control(trial) => {
                let trial = trial.clone();
                Box::new(move |verdict| {
                    trial.answered(Arm::Control, &verdict);
                    reply(verdict);
                })
            }
            Part::Canary { trial, previous } => {
                let canary = Canary {
                    handle: self.clone(),
                    tenant,
                    trial: trial.clone(),
                    previous: previous.clone(),
                    question: question.clone(),
                };
                Box::new(move |verdict| canary.answered(verdict, reply))
            }
        }
    }
}

/// A canary that was asked, and who stands in for it.
struct Canary {
    handle: Handle,
    tenant: TenantId,
    trial: Arc<Trial>,
    previous: Arc<Version>,
    question: Question,
}

impl Canary {
    fn answered(self, verdict: Verdict, reply: Reply) {
        self.trial.answered(Arm::Canary, &verdict);
        match &verdict.outcome {
            Ok(answer) => {
                if let Question::FlowStep(step) = &self.question
                    && commits(answer)
                {
                    self.handle.catalogue.commit(self.tenant, step.contact);
                }
                reply(verdict);
            }
            // Want of a worker is no failure of the plugin, and the other would have none either.
            Err(fault) if fault.kind == FaultKind::Overloaded => reply(verdict),
            Err(fault) => {
                tracing::warn!(
                    candidate = self.trial.version.identity.label(),
                    fault = fault.message,
                    "A canary failed; the version before it answers."
                );
                self.stand_in(verdict, reply);
            }
        }
    }

    fn stand_in(self, verdict: Verdict, reply: Reply) {
        let Some(question) = self.question_again() else {
            return reply(verdict);
        };
        // Given back when there is no room for the job.
        let waiting = Arc::new(Mutex::new(Some(reply)));
        let answered = waiting.clone();
        let job = Job {
            version: self.previous,
            question,
            reply: Box::new(move |verdict| {
                let reply = answered.lock().take();
                if let Some(reply) = reply {
                    reply(verdict);
                }
            }),
            since: Instant::now(),
        };
        if self.handle.workers.submit(self.tenant, job).is_err() {
            let reply = waiting.lock().take();
            if let Some(reply) = reply {
                reply(verdict);
            }
        }
    }

    /// What the version before is asked. A policy the same. A flow begins anew for its contact: it
    /// can not read what the candidate remembers. None where that would undo what the contact has
    /// reached; the switchboard's safe flow leaves a place in a queue alone.
    fn question_again(&self) -> Option<Question> {
        let Question::FlowStep(step) = &self.question else {
            return Some(self.question.clone());
        };
        let may_begin_anew = matches!(
            step.event,
            FlowEvent::Started | FlowEvent::Done { .. } | FlowEvent::Input(_) | FlowEvent::Timer(_)
        );
        let moved = may_begin_anew
            && self
                .handle
                .catalogue
                .move_to(self.tenant, step.contact, &self.previous);
        moved.then(|| {
            Question::FlowStep(FlowStep {
                state: Vec::new(),
                event: FlowEvent::Started,
                ..step.clone()
            })
        })
    }
}

/// Whether a flow has sent its contact somewhere that a new beginning would take it away from.
fn commits(answer: &Answer) -> bool {
    let Answer::FlowStep(stepped) = answer else {
        return false;
    };
    stepped.actions.iter().any(|action| {
        matches!(
            action.command,
            Command::Enqueue(_) | Command::Callback { .. } | Command::Voicemail(_)
        )
    })
}
