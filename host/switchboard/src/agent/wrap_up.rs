//! After-call work: begins when a contact's handling is over, ends by the agent or by the queue's
//! limit. Until then it counts as the contact did, in every queue.

use crate::agent::WrapUp;
use crate::call::talk::Talk;
use crate::desk::Alarm;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Millis;
use hotline_vocabulary::agent::WorkStage;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, ContactId};

impl Switchboard {
    /// The contact ended; `talk` was its last.
    pub(crate) fn wrap_up(&mut self, contact: ContactId, talk: &Talk) {
        let since = self.desk.now();
        let queue = self.queues.get(&talk.ticket.queue);
        let longest = queue.and_then(|queue| queue.config.wrap_up_ms);
        let stage = WorkStage::WrapUp {
            segment: talk.segment,
            since,
            until: longest.map(|longest| since + longest),
        };
        let id = talk.agent;
        self.change_agent(id, |agent| agent.take_up(contact, talk.medium, stage));
        self.gain_experience(contact, talk);
        let over = |longest| self.desk.after(longest, Alarm::WrapUpOver(id, contact));
        let wrap_up = WrapUp {
            queue: talk.ticket.queue,
            limit: longest.filter(|longest| *longest > Millis::ZERO).map(over),
        };
        if let Some(agent) = self.agents.get_mut(&id) {
            agent.wrap_ups.insert(contact, wrap_up);
        }
        if longest == Some(Millis::ZERO) {
            self.wrap_up_over(id, contact, None, String::new());
        }
    }

    pub(crate) fn dispose(
        &mut self,
        id: AgentId,
        contact: ContactId,
        disposition: String,
        note: String,
    ) -> Result<(), &'static str> {
        let agent = self.agents.get(&id).ok_or("unknown agent")?;
        agent
            .wrapping_up(contact)
            .ok_or("not wrapping up this contact")?;
        self.wrap_up_over(id, contact, Some(disposition), note);
        Ok(())
    }

    /// Nothing is left to do for the contact; a wrap-up of it, if there is one, ends.
    pub(crate) fn wrap_up_over(
        &mut self,
        id: AgentId,
        contact: ContactId,
        disposition: Option<String>,
        note: String,
    ) {
        self.end_wrap_up(id, contact, disposition, note);
        let now = self.desk.now();
        self.change_agent(id, |agent| agent.put_down(contact, now));
    }

    /// Writes the end of a wrap-up, if there is one; what the agent does next is the caller's to say.
    pub(super) fn end_wrap_up(
        &mut self,
        id: AgentId,
        contact: ContactId,
        disposition: Option<String>,
        note: String,
    ) {
        let Some(agent) = self.agents.get_mut(&id) else {
            return;
        };
        let Some((segment, since)) = agent.wrapping_up(contact) else {
            return;
        };
        let wrapped_ms = self.desk.now().since(since);
        if let Some(WrapUp { queue, limit }) = agent.wrap_ups.remove(&contact) {
            self.desk.cancel(limit);
            if let Some(queue) = self.queues.get_mut(&queue) {
                queue.figures.wrapped_up(wrapped_ms);
            }
        }
        self.desk.fact(
            (contact, id),
            What::WrapUpEnded {
                segment,
                wrapped_ms,
                disposition,
                note,
            },
        );
    }
}
