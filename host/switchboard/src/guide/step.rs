//! A step of the flow: asked, then answered; or failed, and the built-in safe flow takes over.

use crate::call::Call;
use crate::fallback;
use crate::guide::{Author, Guide, Outstanding, summary};
use crate::questions::Subject;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Question;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault, PluginVersion, Usage};
use hotline_vocabulary::question::{FlowStep, FlowStepped};

impl Switchboard {
    pub(super) fn ask_flow(&mut self, id: ContactId, event: FlowEvent) {
        let now = self.desk.now();
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let guide = &mut contact.guide;
        // The last step is always granted: a flow may have something to bring in order.
        if !matches!(event, FlowEvent::HangUp { .. })
            && let Err(fault) = guide.pace.take(now, guide.steps)
        {
            return self.flow_failed(id, fault, None, Usage::default());
        }
        let label = summary::event(&event);
        let step = FlowStep {
            contact: id,
            flow: guide.flow.clone(),
            step: guide.steps,
            at: now,
            state: std::mem::take(&mut guide.state),
            interaction: contact.interaction(),
            event,
        };
        contact.guide.steps += 1;
        let question = self.ask(Subject::Flow(id), Question::FlowStep(step));
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.guide.outstanding = Some(Outstanding {
                question,
                event: label,
            });
        }
    }

    pub(crate) fn flow_stepped(
        &mut self,
        id: ContactId,
        stepped: FlowStepped,
        version: Option<PluginVersion>,
        usage: Usage,
    ) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let FlowStepped {
            state,
            actions,
            trace,
        } = stepped;
        let guide = &mut contact.guide;
        let step = guide.steps.saturating_sub(1);
        let event = guide.outstanding.take().map(|step| step.event);
        guide.state = state;
        let version = version.unwrap_or_else(|| unnamed(guide));
        let before = guide.version.replace(version.clone());
        let moved = before.filter(|before| before.name == version.name && *before != version);
        if let Some(from) = moved {
            let to = version.clone();
            self.desk.fact(id, What::FlowMoved { from, to });
        }
        self.desk.fact(
            id,
            What::FlowStepped {
                step,
                event: event.unwrap_or_default(),
                trace,
                actions: actions.iter().map(summary::action).collect(),
                version,
                usage,
            },
        );
        if let Call::Ending = contact.call {
            // Nothing can be done for this caller any more, but the flow is still to know.
            if !contact.guide.has_more_to_tell() {
                return self.forget(id);
            }
        } else if !actions.is_empty() && contact.guide.author == Author::Flow {
            // An answer that comes after the contact was sent elsewhere is too late.
            self.stop_running(id);
            if let Some(contact) = self.contacts.get_mut(&id) {
                contact.guide.replace(actions);
            }
        }
        self.advance(id);
    }

    /// The flow is out of action for this contact.
    pub(crate) fn flow_failed(
        &mut self,
        id: ContactId,
        fault: PluginFault,
        version: Option<PluginVersion>,
        usage: Usage,
    ) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        contact.guide.outstanding = None;
        self.desk.fact(
            id,
            What::PluginFaulted {
                plugin: contact.guide.flow.clone(),
                fault,
                version,
                usage,
            },
        );
        if let Call::Ending = contact.call {
            return self.forget(id);
        }
        if matches!(contact.guide.author, Author::Voicemail | Author::Callback) {
            return self.advance(id);
        }
        self.stop_running(id);
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        contact.guide.author = Author::SafeFlow;
        contact.guide.stop_all(&mut self.desk);
        if !matches!(contact.call, Call::Talking(_)) {
            self.desk.fact(id, What::SafeFlowEntered);
            contact
                .guide
                .replace(fallback::safe_flow(contact, &self.settings));
        }
        self.advance(id);
    }

    /// The flow neither treats its caller nor waits for anything: silence without end.
    pub(super) fn flow_stranded(&mut self, id: ContactId) {
        let fault = PluginFault {
            kind: FaultKind::Nonsense,
            message: "the flow left its caller with nothing running and nothing to wait for"
                .to_owned(),
        };
        self.flow_failed(id, fault, None, Usage::default());
    }

    /// What became of the contact in its queue.
    pub(crate) fn tell_flow_of_agent(&mut self, id: ContactId, what: &str) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.guide.tell(FlowEvent::Agent {
                what: what.to_owned(),
            });
            self.advance(id);
        }
    }
}

/// For an adviser that does not say which code it ran.
fn unnamed(guide: &Guide) -> PluginVersion {
    PluginVersion {
        name: guide.flow.clone(),
        component: Digest([0; 32]),
        artifact: None,
    }
}
