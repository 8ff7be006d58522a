//! A contact that is on another version of its flow than the one in service is offered to that one,
//! before its next event is told: then it goes on there, or stays.

use crate::catalogue::Chosen;
use crate::job::{Job, Reply};
use crate::version::Version;
use crate::{Handle, unanswered};
use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::question::{Answer, FlowStep, Migrate, Migrated, Question, Verdict};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Instant;

/// A step that waits for whose it is.
struct Waiting {
    handle: Handle,
    tenant: TenantId,
    from: Arc<Version>,
    to: Arc<Version>,
    step: FlowStep,
    reply: Reply,
}

impl Handle {
    /// Asks `to` whether the contact of a step may go on in it, and then has the step answered by
    /// whom it is on. Gives the step back when `to` can not be asked.
    pub(crate) fn offer(
        &self,
        tenant: TenantId,
        (chosen, to): (&Chosen, Arc<Version>),
        question: Arc<Question>,
        reply: Reply,
    ) -> Result<(), Box<(Arc<Question>, Reply)>> {
        let Question::FlowStep(step) = &*question else {
            return Err(Box::new((question, reply)));
        };
        let asked = Arc::new(Question::Migrate(Migrate {
            contact: step.contact,
            flow: step.flow.clone(),
            at: step.at,
            interaction: step.interaction.clone(),
            from: chosen.version.identity.clone(),
            state: step.state.clone(),
        }));
        let waiting = Waiting {
            handle: self.clone(),
            tenant,
            from: chosen.version.clone(),
            to: to.clone(),
            step: step.clone(),
            reply,
        };
        let waiting = Arc::new(Mutex::new(Some(waiting)));
        let answered = waiting.clone();
        let heard: Reply = Box::new(move |verdict| {
            let waiting = answered.lock().take();
            if let Some(waiting) = waiting {
                waiting.go_on(&verdict);
            }
        });
        let reply = match chosen.recorded {
            true => self.recorder.beside(tenant, &to, &asked, heard),
            false => heard,
        };
        let job = Job {
            version: to,
            question: asked,
            reply,
            since: Instant::now(),
        };
        if self.workers.submit(tenant, job).is_ok() {
            return Ok(());
        }
        let waiting = waiting.lock().take();
        match waiting {
            Some(Waiting { reply, .. }) => Err(Box::new((question, reply))),
            None => Ok(()),
        }
    }
}

impl Waiting {
    fn go_on(mut self, verdict: &Verdict) {
        let (contact, label) = (self.step.contact, self.to.identity.label());
        let (state, begins) = match &verdict.outcome {
            Ok(Answer::Migrate(Migrated::State(state))) => (Some(state), false),
            Ok(Answer::Migrate(Migrated::Restart(state))) => (Some(state), true),
            Ok(_) => (None, false),
            Err(fault) => {
                tracing::warn!(
                    version = label,
                    fault = fault.message,
                    "A flow could not take a contact over; it stays on its version."
                );
                (None, false)
            }
        };
        let catalogue = &self.handle.catalogue;
        let is_moved =
            state.is_some() && catalogue.take_over(self.tenant, contact, (&self.from, &self.to));
        match state.filter(|_| is_moved) {
            Some(state) => {
                tracing::debug!(version = label, %contact, "A contact goes on in another version.");
                self.step.state.clone_from(state);
                if begins {
                    self.step.event = FlowEvent::Started;
                }
            }
            // Who had no worker for it asks again with the next event.
            None if is_overloaded(verdict) => {}
            None => catalogue.leave(self.tenant, contact, self.to.id),
        }
        let Waiting {
            handle,
            tenant,
            step,
            reply,
            ..
        } = self;
        let question = Arc::new(Question::FlowStep(step));
        let chosen = match handle.catalogue.choose(tenant, &question) {
            Ok(chosen) => chosen,
            Err(fault) => return reply(unanswered(fault, None)),
        };
        let waiting = Arc::new(Mutex::new(Some(reply)));
        let answered = waiting.clone();
        let reply: Reply = Box::new(move |verdict| {
            let reply = answered.lock().take();
            if let Some(reply) = reply {
                reply(verdict);
            }
        });
        if let Err(verdict) = handle.put_to(tenant, chosen, question, reply) {
            let reply = waiting.lock().take();
            if let Some(reply) = reply {
                reply(*verdict);
            }
        }
    }
}

fn is_overloaded(verdict: &Verdict) -> bool {
    matches!(&verdict.outcome, Err(fault) if fault.kind == FaultKind::Overloaded)
}
