//! Who could serve whom, by the auditor's own reckoning.

use super::*;

impl Auditor {
    /// Whether this agent may be given this contact, whatever waits for them elsewhere.
    pub(super) fn suits(&self, id: AgentId, contact: &Contact, at: Timestamp) -> bool {
        let Some(visit) = &contact.visit else {
            return false;
        };
        let Some(member) = self.member(id, visit.queue) else {
            return false;
        };
        let waited = at.since(visit.entered);
        let alone = visit.preferred.filter(|(agent, until)| {
            at < *until
                && self.is_at_work(*agent, contact.medium)
                && self.qualifies(*agent, contact, waited)
        });
        match alone {
            Some((agent, _)) => agent == id,
            None => member.after_ms <= waited && self.qualifies(id, contact, waited),
        }
    }

    /// Whether the agent serves the queue and meets what one of the rings asks that are open.
    pub(super) fn qualifies(&self, id: AgentId, contact: &Contact, waited: Millis) -> bool {
        let Some(visit) = &contact.visit else {
            return false;
        };
        let Some(queue) = self.queue(visit.queue) else {
            return false;
        };
        let skills = self.house.agents.iter().find(|agent| agent.id == id);
        let level_of = |skill: &str| {
            let mut skills = skills.into_iter().flat_map(|agent| &agent.skills);
            let known = skills.find(|known| known.name == skill);
            known.map_or(0, |known| known.level)
        };
        let inner = queue.skills.is_met_by(&level_of) && contact.wishes.is_met_by(&level_of);
        let outer = queue.rules.rings.iter();
        let mut open = outer.take_while(|ring| ring.after_ms <= waited);
        self.member(id, visit.queue).is_some()
            && (inner || open.any(|ring| ring.skills.is_met_by(&level_of)))
    }

    pub(super) fn could_serve(&self, id: AgentId, contact: &Contact) -> bool {
        let Some(visit) = &contact.visit else {
            return false;
        };
        let Some(member) = self.member(id, visit.queue) else {
            return false;
        };
        self.could_take(id, contact.medium)
            && self.suits(id, contact, self.now)
            && !self.is_wanted_at_a_better_level(id, member.level)
    }

    /// Whether someone whom this agent may be given waits in a queue that comes first for them.
    pub(super) fn is_wanted_at_a_better_level(&self, id: AgentId, level: u8) -> bool {
        self.contacts.values().any(|other| {
            let Some(visit) = &other.visit else {
                return false;
            };
            let better = self
                .member(id, visit.queue)
                .is_some_and(|member| member.level < level);
            better
                && other.offer.is_none()
                && self.could_take(id, other.medium)
                && !visit.declined.contains(&id)
                && !self.is_kept(visit)
                && visit.gathers_until.is_none_or(|until| until <= self.now)
                && self.suits(id, other, self.now)
        })
    }

    pub(super) fn is_kept(&self, visit: &Visit) -> bool {
        let Some(queue) = self.queue(visit.queue) else {
            return false;
        };
        visit.kept.is_some_and(|kept| {
            kept.affairs == self.affairs(&queue.policy) && self.now < kept.until
        })
    }

    /// Takes contacts of this medium, at once or when what is in hand is done.
    pub(super) fn is_at_work(&self, id: AgentId, medium: Medium) -> bool {
        let Some(agent) = self.agents.get(&id) else {
            return false;
        };
        let house = self.house.agents.iter().find(|agent| agent.id == id);
        let takes_it = house.is_some_and(|house| house.at_once(medium) > 0);
        let waits = !agent.closed && (medium != Medium::Voice || agent.can_be_heard());
        takes_it && (!agent.hand.is_empty() || waits)
    }

    pub(super) fn member(&self, id: AgentId, queue: QueueId) -> Option<&Membership> {
        let agent = self.house.agents.iter().find(|agent| agent.id == id)?;
        let mut members = agent.queues.iter();
        members.find(|member| member.queue == queue)
    }

    pub(super) fn queue(&self, id: QueueId) -> Option<&configuration::Queue> {
        self.house.queues.iter().find(|queue| queue.id == id)
    }
}
