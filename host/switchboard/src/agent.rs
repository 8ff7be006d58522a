//! An agent: whether they take contacts, which they have in hand, with which device. One door for
//! every change, so that the pools of free agents and the history can not disagree.

pub(crate) mod devices;
pub(crate) mod experience;
pub(crate) mod offers;
pub(crate) mod pool;
pub(crate) mod pools;
mod requests;
mod sign_in;
mod work;
mod wrap_up;

use crate::switchboard::Switchboard;
use crate::timers::TimerId;
use experience::Experience;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{Device, Work};
use hotline_vocabulary::configuration;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, QueueId};
use hotline_vocabulary::{Millis, Timestamp};
use pool::Tier;
use std::collections::BTreeMap;

/// Pauses that the switchboard itself gives a reason for.
pub(crate) const SIGNED_IN: &str = "signed in";
pub(crate) const DEVICE: &str = "device";
pub(crate) const MISSED_OFFERS: &str = "missed offers";

/// Whether an agent may be offered contacts, whatever they have in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Availability {
    SignedOut,
    /// Nothing new; what is in hand is kept.
    Paused {
        reason: String,
    },
    Ready,
}

impl Availability {
    pub(crate) fn paused(reason: &str) -> Self {
        Availability::Paused {
            reason: reason.to_owned(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) config: configuration::Agent,
    pub(crate) availability: Availability,
    /// In the order in which they came.
    pub(crate) work: Vec<Work>,
    /// Since when the agent has been ready, or paused, with nothing in hand.
    resting_since: Timestamp,
    /// The device that calls are offered on.
    pub(crate) device: Device,
    /// The browser's standing leg.
    pub(crate) browser: Option<LegId>,
    pub(crate) desk_phone_up: bool,
    /// Offers missed since the last one accepted.
    pub(crate) missed: u32,
    /// What is wrapped up.
    wrap_ups: BTreeMap<ContactId, WrapUp>,
    /// Since sign-in.
    pub(crate) experience: Experience,
    signed_in: Timestamp,
    /// Time with a contact handled or wrapped up since then, up to `occupied_since`.
    busy: Millis,
    occupied_since: Option<Timestamp>,
}

#[derive(Debug)]
struct WrapUp {
    /// Where the contact waited.
    queue: QueueId,
    /// Runs while it has a limit.
    limit: Option<TimerId>,
}

impl Agent {
    pub(crate) fn new(config: configuration::Agent) -> Self {
        Agent {
            config,
            availability: Availability::SignedOut,
            work: Vec::new(),
            resting_since: Timestamp::default(),
            device: Device::Browser,
            browser: None,
            desk_phone_up: false,
            missed: 0,
            wrap_ups: BTreeMap::new(),
            experience: Experience::default(),
            signed_in: Timestamp::default(),
            busy: Millis::ZERO,
            occupied_since: None,
        }
    }

    pub(crate) const fn is_up(&self, device: Device) -> bool {
        match device {
            Device::Browser => self.browser.is_some(),
            Device::DeskPhone => self.desk_phone_up,
        }
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.availability != Availability::SignedOut
    }

    /// Whether the agent can take nothing for want of a device: calls are all they take.
    pub(crate) fn is_mute(&self) -> bool {
        let silent = |medium: &Medium| *medium != Medium::Voice;
        let mut others = Medium::ALL.into_iter().filter(silent);
        !self.is_up(self.device) && others.all(|medium| self.config.at_once(medium) == 0)
    }

    /// How long the agent has been ready with nothing in hand.
    pub(crate) fn idle(&self, now: Timestamp) -> Millis {
        match self.availability {
            Availability::Ready if self.work.is_empty() => now.since(self.resting_since),
            _ => Millis::ZERO,
        }
    }

    /// Busy share of the time since sign-in, from 0 to 1.
    pub(crate) fn occupancy(&self, now: Timestamp) -> f32 {
        let signed_in = now.since(self.signed_in).0;
        let busy = self.busy.0 + self.occupied_since.map_or(0, |since| now.since(since).0);
        if signed_in == 0 {
            0.0
        } else {
            (busy as f64 / signed_in as f64).min(1.0) as f32
        }
    }

    pub(crate) fn set_availability(&mut self, to: Availability, now: Timestamp) {
        if self.availability != to {
            self.availability = to;
            self.resting_since = now;
        }
    }

    fn count_occupied(&mut self, now: Timestamp) {
        match (self.occupied_since, self.is_occupied()) {
            (None, true) => self.occupied_since = Some(now),
            (Some(since), false) => {
                self.busy = self.busy + now.since(since);
                self.occupied_since = None;
            }
            _ => {}
        }
    }
}

impl Switchboard {
    /// The one door: pools, history and the wish for a decision follow.
    pub(crate) fn change_agent(&mut self, id: AgentId, change: impl FnOnce(&mut Agent)) {
        let now = self.desk.now();
        let Some(agent) = self.agents.get_mut(&id) else {
            return;
        };
        let (from, standings) = (agent.state(), agent.standings());
        let pause_next = agent.pause_next().map(str::to_owned);
        change(agent);
        if agent.availability == Availability::Ready && agent.work.is_empty() && agent.is_mute() {
            agent.set_availability(Availability::paused(DEVICE), now);
        }
        agent.count_occupied(now);

        let (to, after) = (agent.state(), agent.standings());
        if after != standings {
            for queue in &agent.config.queues {
                let tier = Tier::from(queue);
                if let Some(queue) = self.queues.get_mut(&queue.queue) {
                    let skills = &agent.config.skills;
                    queue.pools.take_out(id, tier, skills, &standings);
                    queue.pools.put_in(id, tier, skills, &after);
                }
            }
        }
        if to != from {
            let from = from.name().to_owned();
            self.desk.fact(id, What::AgentStateChanged { from, to });
        }
        // A pause that begins with the work's end is told by the state.
        if !agent.work.is_empty() && agent.pause_next() != pause_next.as_deref() {
            let reason = agent.pause_next().map(str::to_owned);
            self.desk.fact(id, What::PauseNext { reason });
        }
        let mut changed = after.by_medium.iter().zip(&standings.by_medium);
        let freer = changed.any(|(after, before)| after.is_freer_than(before));
        for queue in &agent.config.queues {
            if let Some(queue) = self.queues.get(&queue.queue) {
                if freer {
                    self.routing.look_again(&queue.config.policy);
                } else if after != standings {
                    // Whoever waits for this agent alone may not do so any longer.
                    self.routing.want(&queue.config.policy);
                }
                if after != standings {
                    self.routing.want_all(&queue.members.below);
                }
            }
        }
        self.presence_changed(id);
    }
}
