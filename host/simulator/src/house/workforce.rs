//! Agents: their shifts and breaks, and what they do with a contact.

use super::{House, Stage};
use crate::agenda::Act;
use crate::pauses::{MISSED_OFFERS, SHIFT_OVER};
use hotline_vocabulary::agent::{AgentState, Device};
use hotline_vocabulary::ids::{AgentId, Id, LegId, OfferId};
use hotline_vocabulary::input::AgentRequest;
use hotline_vocabulary::{Input, Millis};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

#[derive(Debug, Default)]
pub(super) struct Agent {
    pub(super) at_work: bool,
    pub(super) on_break: bool,
}

/// After so long an agent who missed too many offers takes contacts again.
const COMES_BACK_AFTER: Millis = Millis::from_secs(300);

impl House<'_> {
    pub(super) fn begin_shift(&mut self, place: usize) {
        self.agents[place].at_work = true;
        let agent = self.plan.agents[place].id;
        self.give(Input::AgentSignedIn { agent });
        self.give(Input::DeviceUp {
            agent,
            device: Device::Browser,
            leg: Some(LegId::from_bits(agent.bits())),
        });
        self.come_back(place);
    }

    pub(super) fn pause(&mut self, place: usize, reason: &str) {
        let agent = self.plan.agents[place].id;
        let reason = reason.to_owned();
        self.request(agent, AgentRequest::Pause { reason });
    }

    pub(super) fn come_back(&mut self, place: usize) {
        let Agent { at_work, on_break } = self.agents[place];
        if at_work && !on_break {
            self.request(self.plan.agents[place].id, AgentRequest::Ready);
        }
    }

    pub(super) fn request(&mut self, agent: AgentId, request: AgentRequest) {
        self.give(Input::AgentRequested { agent, request });
    }

    pub(super) fn agent_hears(&mut self, place: usize, agent: AgentId, offer: OfferId) {
        let Some(at) = self.places.get(&agent) else {
            return;
        };
        let sampler = &self.plan.agents[*at].answers_after;
        let after = if sampler.is_nothing() {
            Millis::ZERO
        } else {
            // The same for all policies: by the contact, and by the agent who is asked.
            let seed =
                self.contacts[place].plan.luck ^ (*at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            sampler.draw(&mut ChaCha8Rng::seed_from_u64(seed))
        };
        self.agenda
            .plan(self.now + after, Act::AnswerOffer(agent, offer));
    }

    pub(super) fn connected(&mut self, place: usize, agent: AgentId) {
        let lacks_skills = self.lacks_skills(agent, place);
        let contact = &mut self.contacts[place];
        contact.stage = Stage::Talking;
        let plan = &contact.plan;
        let (after, act) = match plan.kind.transfer {
            Some(transfer)
                if lacks_skills && !plan.transferred && plan.transfer_luck < transfer.share =>
            {
                let part = plan.handle.0 as f64 * transfer.after_share;
                (Millis(part as u64), Act::PassOn(place))
            }
            _ => (plan.handle, Act::HangUp(place)),
        };
        self.agenda.plan(self.now + after, act);
    }

    pub(super) fn wraps_up(&mut self, place: usize, agent: AgentId) {
        let plan = &self.contacts[place].plan;
        let queue = &self.plan.configuration.queues[plan.kind.queue];
        // Without after-call work the queue's own rule has ended it already.
        if queue.wrap_up_ms != Some(Millis::ZERO) {
            self.open += 1;
            self.agenda
                .plan(self.now + plan.wrap_up, Act::EndWrapUp(agent, place));
        }
    }

    fn lacks_skills(&self, agent: AgentId, place: usize) -> bool {
        let kind = &self.contacts[place].plan.kind;
        let configuration = &self.plan.configuration;
        let Some(agent) = self.places.get(&agent).map(|at| &configuration.agents[*at]) else {
            return false;
        };
        let level_of = |name: &str| {
            let skill = agent.skills.iter().find(|skill| skill.name == name);
            skill.map_or(0, |skill| skill.level)
        };
        !configuration.queues[kind.queue].skills.is_met_by(&level_of)
            || !kind.skills.is_met_by(&level_of)
    }

    pub(super) fn agent_is(&mut self, agent: AgentId, state: &AgentState) {
        let Some(place) = self.places.get(&agent).copied() else {
            return;
        };
        if let AgentState::Paused { reason, .. } = state {
            if reason == SHIFT_OVER {
                self.agenda.plan(self.now, Act::SignOut(place));
            } else if reason == MISSED_OFFERS && self.agents[place].at_work {
                self.agenda
                    .plan(self.now + COMES_BACK_AFTER, Act::ComeBack(place));
            }
        }
    }
}
