//! Signing in and out. Signing out lets go of everything at once: the next agent takes over.

use crate::agent::experience::Experience;
use crate::agent::{Availability, SIGNED_IN};
use crate::switchboard::Switchboard;
use hotline_vocabulary::Millis;
use hotline_vocabulary::agent::WorkStage;
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
        agent.experience = Experience::default();
        self.change_agent(id, |agent| {
            agent.set_availability(Availability::paused(SIGNED_IN), now);
        });
    }

    pub(crate) fn agent_signed_out(&mut self, id: AgentId) {
        let Some(agent) = self.agents.get(&id) else {
            return;
        };
        for work in agent.work.clone() {
            match work.stage {
                WorkStage::Offered { .. } => {
                    self.offer_failed(work.contact, OfferEnd::DeviceFailed);
                }
                WorkStage::Handling { .. } => self.agent_lost(work.contact),
                WorkStage::WrapUp { .. } => {}
            }
            // Also of a contact that ended just now, for want of a queue to go back to.
            self.end_wrap_up(id, work.contact, None, String::new());
        }
        let now = self.desk.now();
        self.change_agent(id, |agent| {
            agent.work.clear();
            agent.set_availability(Availability::SignedOut, now);
        });
    }
}
