//! An agent: what they do, with which device, whom they could serve. One door for every change of
//! state, so that the pools of free agents and the history can not disagree.

pub(crate) mod devices;
pub(crate) mod offers;
pub(crate) mod pool;
pub(crate) mod pools;
mod requests;
mod sign_in;
mod wrap_up;

use crate::switchboard::Switchboard;
use crate::timers::TimerId;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{AgentState, Device};
use hotline_vocabulary::configuration;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, LegId};
use hotline_vocabulary::{Millis, Timestamp};
use pool::{Spare, Standing};
use pools::Standings;

/// Pauses that the switchboard itself gives a reason for.
pub(crate) const SIGNED_IN: &str = "signed in";
pub(crate) const DEVICE: &str = "device";
pub(crate) const MISSED_OFFERS: &str = "missed offers";

#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) config: configuration::Agent,
    pub(crate) state: AgentState,
    /// The device that contacts are offered on.
    pub(crate) device: Device,
    /// The browser's standing leg.
    pub(crate) browser: Option<LegId>,
    pub(crate) desk_phone_up: bool,
    /// A pause that begins when the agent is next free.
    pub(crate) pause_next: Option<String>,
    /// Offers missed since the last one accepted.
    pub(crate) missed: u32,
    /// Runs while a wrap-up has a limit.
    wrapping_up: Option<TimerId>,
    /// When the idle time began that the latest offer interrupted.
    idle_before: Timestamp,
    signed_in: Timestamp,
    /// Talking and wrapping up since then, up to the last change of state.
    busy: Millis,
}

impl Agent {
    pub(crate) fn new(config: configuration::Agent) -> Self {
        Agent {
            config,
            state: AgentState::SignedOut,
            device: Device::Browser,
            browser: None,
            desk_phone_up: false,
            pause_next: None,
            missed: 0,
            wrapping_up: None,
            idle_before: Timestamp::default(),
            signed_in: Timestamp::default(),
            busy: Millis::ZERO,
        }
    }

    pub(crate) const fn is_up(&self, device: Device) -> bool {
        match device {
            Device::Browser => self.browser.is_some(),
            Device::DeskPhone => self.desk_phone_up,
        }
    }

    pub(crate) const fn is_signed_in(&self) -> bool {
        !matches!(self.state, AgentState::SignedOut)
    }

    /// What the agent is to their queues.
    pub(crate) const fn standings(&self) -> Standings {
        let voice = match self.state {
            AgentState::SignedOut => Standing::Absent,
            AgentState::Paused { .. } => Standing::Paused,
            AgentState::Ready { since } => Standing::Free(Spare::idle(since)),
            AgentState::Offered { .. } | AgentState::Talking { .. } | AgentState::WrapUp { .. } => {
                Standing::Busy
            }
        };
        let mut by_medium = [Standing::Absent; Medium::ALL.len()];
        by_medium[Medium::Voice as usize] = voice;
        Standings {
            overall: voice,
            by_medium,
        }
    }

    /// Busy share of the time since sign-in, from 0 to 1.
    pub(crate) fn occupancy(&self, now: Timestamp) -> f32 {
        let signed_in = now.since(self.signed_in).0;
        let busy = self.busy.0 + busy_since(&self.state).map_or(0, |since| now.since(since).0);
        if signed_in == 0 {
            0.0
        } else {
            (busy as f64 / signed_in as f64).min(1.0) as f32
        }
    }
}

const fn busy_since(state: &AgentState) -> Option<Timestamp> {
    match state {
        AgentState::Talking { since, .. } | AgentState::WrapUp { since, .. } => Some(*since),
        _ => None,
    }
}

impl Switchboard {
    /// The one door: pools, history and the wish for a decision follow.
    pub(crate) fn set_agent_state(&mut self, id: AgentId, to: AgentState) {
        let now = self.desk.now();
        let Some(agent) = self.agents.get_mut(&id) else {
            return;
        };
        if agent.state == to {
            return;
        }
        if let Some(since) = busy_since(&agent.state) {
            agent.busy = agent.busy + now.since(since);
        }
        let before = agent.standings();
        let from = std::mem::replace(&mut agent.state, to.clone());
        let after = agent.standings();
        if let AgentState::Ready { since } = from {
            agent.idle_before = since;
        }
        for queue in &agent.config.queues {
            if let Some(queue) = self.queues.get_mut(&queue.queue) {
                queue.pools.take_out(id, &agent.config.skills, &before);
                queue.pools.put_in(id, &agent.config.skills, &after);
            }
        }
        self.desk.fact(
            id,
            What::AgentStateChanged {
                from: from.name().to_owned(),
                to,
            },
        );
        if after
            .by_medium
            .iter()
            .any(|standing| matches!(standing, Standing::Free(_)))
        {
            for queue in &agent.config.queues {
                if let Some(queue) = self.queues.get(&queue.queue) {
                    self.routing.look_again(&queue.config.policy);
                }
            }
        }
        self.presence_changed(id);
    }

    pub(crate) fn paused(&self, reason: &str) -> AgentState {
        AgentState::Paused {
            reason: reason.to_owned(),
            since: self.desk.now(),
        }
    }

    /// What an agent does who has nothing to do: the pause asked for, else taking contacts if the
    /// device can.
    pub(crate) fn settle(&mut self, id: AgentId) {
        self.settle_idle_since(id, self.desk.now());
    }

    /// As if the offer had not been: its customer left, which is not the agent's doing.
    pub(crate) fn settle_as_before(&mut self, id: AgentId) {
        if let Some(idle_before) = self.agents.get(&id).map(|agent| agent.idle_before) {
            self.settle_idle_since(id, idle_before);
        }
    }

    fn settle_idle_since(&mut self, id: AgentId, idle_since: Timestamp) {
        let since = self.desk.now();
        let Some(agent) = self.agents.get_mut(&id) else {
            return;
        };
        let to = match agent.pause_next.take() {
            Some(reason) => AgentState::Paused { reason, since },
            None if agent.is_up(agent.device) => AgentState::Ready { since: idle_since },
            None => self.paused(DEVICE),
        };
        self.set_agent_state(id, to);
    }
}
