//! Signing in and out. Signing out lets go of everything at once: the next agent takes over.

use crate::agent::SIGNED_IN;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Millis;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::fact::OfferEnd;
use hotline_vocabulary::ids::AgentId;

impl Switchboard {
    pub(crate) fn agent_signed_in(&mut self, id: AgentId) {
        let now = self.desk.now();
        let Some(agent) = self.agents.get_mut(&id) else {
            return self.refuse(id, "sign_in", "unknown agent");
        };
        if agent.is_signed_in() {
            return;
        }
        agent.signed_in = now;
        agent.busy = Millis::ZERO;
        agent.missed = 0;
        agent.pause_next = None;
        let paused = self.paused(SIGNED_IN);
        self.set_agent_state(id, paused);
    }

    pub(crate) fn agent_signed_out(&mut self, id: AgentId) {
        let Some(agent) = self.agents.get_mut(&id) else {
            return;
        };
        agent.pause_next = None;
        match agent.state {
            AgentState::SignedOut => return,
            AgentState::Offered { contact, .. } => {
                self.offer_failed(contact, OfferEnd::DeviceFailed);
            }
            AgentState::Talking { contact, .. } => {
                self.agent_lost(contact, AgentState::SignedOut);
            }
            AgentState::WrapUp { .. } | AgentState::Paused { .. } | AgentState::Ready { .. } => {}
        }
        self.end_wrap_up(id, None, String::new());
        self.set_agent_state(id, AgentState::SignedOut);
    }
}
