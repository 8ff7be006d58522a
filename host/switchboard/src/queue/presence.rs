//! Whether there is someone in a queue to wait for: its agents, signed in or not, by what speaks
//! against each, in Asterisk's words. Kept only for queues whose rules ask.

use crate::agent::pool::Standing;
use crate::agent::{Agent, DEVICE};
use crate::desk::Alarm;
use crate::limits::LOST_A_MOMENT_AGO_MS;
use crate::queue::Queue;
use crate::queue::visit::Needs;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::configuration::Unavailability;
use hotline_vocabulary::fact::QueueRefusal;
use hotline_vocabulary::ids::{AgentId, ContactId, QueueId};
use hotline_vocabulary::skills::SkillExpression;
use std::collections::{BTreeMap, BTreeSet};

/// A set of [`Unavailability`], for each medium: an agent may be busy for one and free for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Conditions(u32);

impl Conditions {
    /// What is true of an agent now, whatever the contact needs.
    fn of(agent: &Agent, now: Timestamp) -> Self {
        let standings = agent.standings();
        let each = Medium::ALL.map(|medium| {
            let true_of_them = match standings.of(medium) {
                Standing::Absent if agent.is_signed_in() => EVERY,
                Standing::Absent => &[Unavailability::Invalid],
                Standing::Paused => paused(agent, now),
                Standing::Free(_) => &[],
                Standing::Busy => match agent.state() {
                    AgentState::Offered { .. } => &[Unavailability::Ringing],
                    AgentState::WrapUp { .. } => &[Unavailability::WrapUp],
                    _ => &[Unavailability::InUse],
                },
            };
            Conditions::in_medium(medium, true_of_them)
        });
        Conditions(each.iter().fold(0, |all, one| all | one.0))
    }

    fn in_medium(medium: Medium, all: &[Unavailability]) -> Self {
        let bit = |one: &Unavailability| 1 << (*one as usize * Medium::ALL.len() + medium as usize);
        Conditions(all.iter().map(bit).fold(0, |set: u32, bit: u32| set | bit))
    }

    const fn has_any_of(self, others: Conditions) -> bool {
        self.0 & others.0 != 0
    }
}

/// Of somebody who takes nothing of a medium.
const EVERY: &[Unavailability] = &[
    Unavailability::Paused,
    Unavailability::Penalty,
    Unavailability::InUse,
    Unavailability::Ringing,
    Unavailability::Unavailable,
    Unavailability::Invalid,
    Unavailability::Unknown,
    Unavailability::WrapUp,
];

/// A pause that the agent or the switchboard asked for, or a device that is gone.
fn paused(agent: &Agent, now: Timestamp) -> &'static [Unavailability] {
    let reachable = agent.is_up(agent.device);
    match agent.state() {
        AgentState::Paused { reason, since } if reason == DEVICE && !reachable => {
            match now.since(since) < LOST_A_MOMENT_AGO_MS {
                true => &[Unavailability::Unknown],
                false => &[Unavailability::Unavailable],
            }
        }
        _ if reachable => &[Unavailability::Paused],
        _ => &[Unavailability::Paused, Unavailability::Unavailable],
    }
}

#[derive(Debug, Default)]
pub(crate) struct Presence {
    agents: BTreeMap<AgentId, Conditions>,
    /// The same the other way round.
    by_conditions: BTreeMap<Conditions, BTreeSet<AgentId>>,
}

impl Presence {
    fn note(&mut self, agent: AgentId, conditions: Conditions) {
        let before = self.agents.insert(agent, conditions);
        if before == Some(conditions) {
            return;
        }
        if let Some(before) = before
            && let Some(agents) = self.by_conditions.get_mut(&before)
        {
            agents.remove(&agent);
        }
        self.by_conditions
            .entry(conditions)
            .or_default()
            .insert(agent);
    }

    /// Those of whom none of these is true.
    fn without(&self, conditions: Conditions) -> impl Iterator<Item = AgentId> {
        self.by_conditions
            .iter()
            .filter(move |(theirs, _)| !theirs.has_any_of(conditions))
            .flat_map(|(_, agents)| agents.iter().copied())
    }
}

impl Queue {
    fn watches_its_agents(&self) -> bool {
        let rules = &self.config.rules;
        !rules.refuse_when.is_empty() || !rules.leave_when.is_empty()
    }
}

impl Switchboard {
    /// What an agent does, or can be reached on, may have changed.
    pub(crate) fn presence_changed(&mut self, id: AgentId) {
        let now = self.desk.now();
        let Some(agent) = self.agents.get(&id) else {
            return;
        };
        let conditions = Conditions::of(agent, now);
        let mut watched = false;
        for membership in &agent.config.queues {
            if let Some(queue) = self.queues.get_mut(&membership.queue)
                && queue.watches_its_agents()
            {
                watched = true;
                queue.presence.note(id, conditions);
                self.emptied.insert(membership.queue);
            }
        }
        self.desk.cancel(self.lost_agents.remove(&id));
        if let AgentState::Paused { since, .. } = agent.state()
            && watched
            && paused(agent, now) == [Unavailability::Unknown]
        {
            let due = since + LOST_A_MOMENT_AGO_MS;
            let timer = self.desk.at(due, Alarm::LostForGood(id));
            self.lost_agents.insert(id, timer);
        }
    }

    /// Everyone anew: queues, memberships or rules changed.
    pub(crate) fn presence_anew(&mut self) {
        for (id, queue) in &mut self.queues {
            queue.presence = Presence::default();
            self.emptied.insert(*id);
        }
        let agents: Vec<AgentId> = self.agents.keys().copied().collect();
        for agent in agents {
            self.presence_changed(agent);
        }
    }

    /// Whether every agent of the queue falls under one of these conditions. Never, of none.
    pub(crate) fn is_empty(
        &self,
        queue: &Queue,
        needs: &Needs,
        conditions: &[Unavailability],
    ) -> bool {
        if conditions.is_empty() {
            return false;
        }
        let against = Conditions::in_medium(needs.medium(), conditions);
        let mut there = queue.presence.without(against);
        if conditions.contains(&Unavailability::Penalty) {
            !there.any(|agent| self.qualifies_in_some_ring(agent, queue, needs))
        } else {
            there.next().is_none()
        }
    }

    fn qualifies_in_some_ring(&self, agent: AgentId, queue: &Queue, needs: &Needs) -> bool {
        let Some(agent) = self.agents.get(&agent) else {
            return false;
        };
        let level = |name: &str| {
            let known = agent.config.skills.iter().find(|skill| skill.name == name);
            known.map_or(0, |skill| skill.level)
        };
        let meets = |expression: &SkillExpression| expression.is_met_by(&level);
        let rings = &queue.config.rules.rings;
        meets(needs.expression()) || rings.iter().any(|ring| meets(&ring.skills))
    }

    /// Those whose queue has nobody to wait for any more leave it.
    pub(crate) fn leave_empty_queues(&mut self) {
        while let Some(queue) = self.emptied.pop_first() {
            for contact in self.with_nobody_to_wait_for(queue) {
                self.turn_out(contact, QueueRefusal::Empty);
            }
        }
    }

    /// In order of service.
    fn with_nobody_to_wait_for(&self, queue: QueueId) -> Vec<ContactId> {
        let Some(queue) = self.queues.get(&queue) else {
            return Vec::new();
        };
        let rules = &queue.config.rules;
        if rules.leave_when.is_empty() {
            return Vec::new();
        }
        let empty: BTreeSet<&Needs> = queue
            .lines()
            .map(|(class, _)| &class.needs)
            .filter(|needs| self.is_empty(queue, needs, &rules.leave_when))
            .collect();
        if empty.is_empty() {
            return Vec::new();
        }
        queue
            .in_order(self.desk.now())
            .filter(|contact| {
                // Who is called back does not hold the line meanwhile.
                let contact = self.contacts.get(contact).filter(|c| c.callback.is_none());
                let visit = contact.and_then(|contact| contact.call.waiting());
                visit.is_some_and(|visit| empty.contains(&visit.needs))
            })
            .collect()
    }
}
