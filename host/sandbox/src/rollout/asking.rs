//! What goes on beside an answer: a candidate in shadow is asked the same, a canary is counted and
//! stood in for when it fails, and the call is recorded.

use super::trial::{Arm, Trial};
use crate::Handle;
use crate::catalogue::{Chosen, Part};
use crate::job::{Job, Reply};
use crate::version::Version;
use hotline_vocabulary::flow::{Command, FlowEvent, Source};
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::{FaultKind, PluginFault};
use hotline_vocabulary::question::{Answer, FlowStep, Question, Verdict};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Instant;

/// How a version is asked.
pub(crate) struct Ask {
    pub(crate) reply: Reply,
    /// Who answers when the version can not even be asked.
    pub(crate) instead: Option<Instead>,
}

impl Handle {
    /// The reply with which the chosen version is asked.
    pub(crate) fn accompany(
        &self,
        tenant: TenantId,
        chosen: &Chosen,
        question: &Arc<Question>,
        reply: Reply,
    ) -> Ask {
        let reply = match chosen.recorded {
            true => self
                .recorder
                .beside(tenant, &chosen.version, question, reply),
            false => reply,
        };
        let reply = match &chosen.part {
            Part::Alone => reply,
            Part::Shadowed(trial) => {
                let (trial, question) = (trial.clone(), question.clone());
                self.shadow.beside(tenant, trial, question, reply)
            }
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
                let instead = Instead(Arc::new(Mutex::new(Some((canary, reply)))));
                let answered = instead.clone();
                return Ask {
                    reply: Box::new(move |verdict| {
                        if let Some((canary, reply)) = answered.take() {
                            canary.answered(verdict, reply);
                        }
                    }),
                    instead: Some(instead),
                };
            }
        };
        Ask {
            reply,
            instead: None,
        }
    }
}

/// A canary's question, until somebody has taken it up.
#[derive(Clone)]
pub(crate) struct Instead(Arc<Mutex<Option<(Canary, Reply)>>>);

impl Instead {
    fn take(&self) -> Option<(Canary, Reply)> {
        self.0.lock().take()
    }

    /// The canary could not be asked. Returns whether the version before it is.
    pub(crate) fn stand_in(&self, fault: &PluginFault) -> bool {
        match self.take() {
            Some((canary, reply)) if fault.kind != FaultKind::Overloaded => {
                canary.stand_in(reply).is_ok()
            }
            _ => false,
        }
    }
}

/// A canary that is asked, and who stands in for it.
pub(crate) struct Canary {
    handle: Handle,
    tenant: TenantId,
    trial: Arc<Trial>,
    previous: Arc<Version>,
    question: Arc<Question>,
}

impl Canary {
    fn answered(self, verdict: Verdict, reply: Reply) {
        self.trial.answered(Arm::Canary, &verdict);
        match &verdict.outcome {
            Ok(answer) => {
                if let Question::FlowStep(step) = &*self.question
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
                if let Err(reply) = self.stand_in(reply) {
                    reply(verdict);
                }
            }
        }
    }

    /// Has the version before asked; gives the reply back when that can not be.
    fn stand_in(self, reply: Reply) -> Result<(), Reply> {
        let Some(question) = self.question_again() else {
            return Err(reply);
        };
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
        if self.handle.workers.submit(self.tenant, job).is_ok() {
            return Ok(());
        }
        let reply = waiting.lock().take();
        reply.map_or(Ok(()), Err)
    }

    /// What the version before is asked. A policy the same. A flow begins anew for its contact: it
    /// can not read what the candidate remembers. None where that would undo what the contact has
    /// reached; the switchboard's safe flow leaves a place in a queue alone.
    fn question_again(&self) -> Option<Arc<Question>> {
        let Question::FlowStep(step) = &*self.question else {
            return Some(self.question.clone());
        };
        let may_begin_anew = matches!(
            step.event,
            FlowEvent::Started
                | FlowEvent::Done { .. }
                | FlowEvent::Input(_)
                | FlowEvent::LookedUp(_)
                | FlowEvent::Timer(_)
        );
        let catalogue = &self.handle.catalogue;
        let moved = may_begin_anew && catalogue.move_to(self.tenant, step.contact, &self.previous);
        moved.then(|| {
            Arc::new(Question::FlowStep(FlowStep {
                state: Vec::new(),
                event: FlowEvent::Started,
                ..step.clone()
            }))
        })
    }
}

/// Operations of connectors that change nothing in the other system.
const READS: [&str; 2] = ["find-contact", "picklist"];

/// Whether a flow has sent its contact somewhere that a new beginning would take it away from, or had
/// something done elsewhere that it would have done again.
fn commits(answer: &Answer) -> bool {
    let Answer::FlowStep(stepped) = answer else {
        return false;
    };
    stepped.actions.iter().any(|action| match &action.command {
        Command::Enqueue(_)
        | Command::Callback { .. }
        | Command::Voicemail(_)
        | Command::Transfer { .. } => true,
        Command::LookUp(wanted) => match &wanted.source {
            Source::Host(_) => false,
            Source::Connector(asked) => !READS.contains(&asked.operation.as_str()),
        },
        _ => false,
    })
}
