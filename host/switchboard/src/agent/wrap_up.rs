//! After-call work: begins when a talk is over, ends by the agent or by the queue's limit.

use crate::desk::Alarm;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Millis;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, ContactId, QueueId, SegmentId};

impl Switchboard {
    pub(crate) fn wrap_up(
        &mut self,
        id: AgentId,
        contact: ContactId,
        segment: SegmentId,
        queue: QueueId,
    ) {
        let since = self.desk.now();
        let longest = self.queues.get(&queue).and_then(|q| q.config.wrap_up_ms);
        self.set_agent_state(
            id,
            AgentState::WrapUp {
                contact,
                segment,
                since,
                until: longest.map(|longest| since + longest),
            },
        );
        match longest {
            Some(Millis::ZERO) => self.wrap_up_over(id, None, String::new()),
            Some(longest) => {
                let timer = self.desk.after(longest, Alarm::WrapUpOver(id));
                if let Some(agent) = self.agents.get_mut(&id) {
                    agent.wrapping_up = Some(timer);
                }
            }
            None => {}
        }
    }

    pub(crate) fn dispose(
        &mut self,
        id: AgentId,
        wanted: ContactId,
        disposition: String,
        note: String,
    ) -> Result<(), &'static str> {
        match self.agents.get(&id).map(|agent| &agent.state) {
            Some(AgentState::WrapUp { contact, .. }) if *contact == wanted => {
                self.wrap_up_over(id, Some(disposition), note);
                Ok(())
            }
            _ => Err("not wrapping up this contact"),
        }
    }

    pub(crate) fn wrap_up_over(&mut self, id: AgentId, disposition: Option<String>, note: String) {
        if self.end_wrap_up(id, disposition, note) {
            self.settle(id);
        }
    }

    /// Writes the end of a wrap-up, if there is one; what the agent does next is the caller's to say.
    pub(super) fn end_wrap_up(
        &mut self,
        id: AgentId,
        disposition: Option<String>,
        note: String,
    ) -> bool {
        let Some(agent) = self.agents.get_mut(&id) else {
            return false;
        };
        let AgentState::WrapUp {
            contact,
            segment,
            since,
            ..
        } = agent.state
        else {
            return false;
        };
        self.desk.cancel(agent.wrapping_up.take());
        let wrapped_ms = self.desk.now().since(since);
        self.desk.fact(
            (contact, id),
            What::WrapUpEnded {
                segment,
                wrapped_ms,
                disposition,
                note,
            },
        );
        true
    }
}
