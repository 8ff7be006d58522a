//! A visit that waits becomes easier to serve: rings open, agents who take only those who have
//! waited join, the wait for one agent alone ends; and in the end it comes before everyone. Each of
//! these has its time, so that the decision it allows is asked for then and not later.

use crate::desk::Alarm;
use crate::queue::Queue;
use crate::queue::visit::{Class, Place, Visit};
use crate::routing::Policy;
use crate::switchboard::Switchboard;
use hotline_vocabulary::configuration::TenantLimits;
use hotline_vocabulary::ids::{ContactId, QueueId};
use hotline_vocabulary::skills::SkillExpression;
use hotline_vocabulary::{Millis, Timestamp};
use std::collections::BTreeSet;

/// What a queue is to its agents, beside other queues of theirs.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// The waits after which some of them join, but for zero.
    pub(crate) delays: BTreeSet<Millis>,
    /// The policies of queues that some of them serve only while nobody waits here.
    pub(crate) below: BTreeSet<Policy>,
}

impl Queue {
    /// The outermost ring that is open after this wait, from 1.
    pub(crate) fn ring_after(&self, waited: Millis) -> u8 {
        let outer = &self.config.rules.rings;
        let open = outer.iter().take_while(|ring| ring.after_ms <= waited);
        u8::try_from(open.count() + 1).unwrap_or(u8::MAX)
    }

    /// When this ring opens for a visit; for the first, and for one that is not, there is no time.
    pub(crate) fn ring_opens(&self, ring: u8, visit: &Visit) -> Option<Timestamp> {
        let outer = usize::from(ring.checked_sub(2)?);
        let after = self.config.rules.rings.get(..=outer)?;
        let latest = after.iter().map(|ring| ring.after_ms).max()?;
        Some(visit.entered + latest)
    }

    /// What the agents of one ring meet.
    pub(crate) fn ring_needs<'a>(&'a self, class: &'a Class, ring: u8) -> &'a SkillExpression {
        let outer = usize::from(ring).checked_sub(2);
        match outer.and_then(|place| self.config.rules.rings.get(place)) {
            Some(ring) => &ring.skills,
            None => class.needs.expression(),
        }
    }

    /// The innermost ring that someone with these levels belongs to, open or not.
    pub(crate) fn innermost(&self, class: &Class, level_of: &dyn Fn(&str) -> u8) -> Option<u8> {
        let rings = u8::try_from(self.config.rules.rings.len() + 1).unwrap_or(u8::MAX);
        (1..=rings).find(|ring| self.ring_needs(class, *ring).is_met_by(level_of))
    }

    /// When someone else may serve this visit, or it has aged.
    pub(crate) fn next_change(
        &self,
        visit: &Visit,
        now: Timestamp,
        limits: &TenantLimits,
    ) -> Option<Timestamp> {
        let waited = now.since(visit.entered);
        let ring = self.ring_opens(visit.ring.saturating_add(1), visit);
        let later = std::ops::Bound::Excluded(waited);
        let delay = self
            .members
            .delays
            .range((later, std::ops::Bound::Unbounded))
            .next()
            .map(|after| visit.entered + *after);
        let alone = visit.preferred.map(|(_, until)| until);
        let ages = !matches!(visit.place, Place::Aged | Place::Front);
        let aged = ages.then(|| visit.entered + limits.aged_after_ms);
        let changes = [ring, delay, alone, aged].into_iter().flatten();
        changes.filter(|due| *due > now).min()
    }
}

impl Switchboard {
    /// Which queues come before which, and after which waits agents join.
    pub(crate) fn relate_queues(&mut self) {
        for queue in self.queues.values_mut() {
            queue.members = Members::default();
        }
        for agent in self.agents.values() {
            for member in &agent.config.queues {
                let worse = agent.config.queues.iter();
                let worse = worse.filter(|other| other.level > member.level);
                let below: Vec<Policy> = worse
                    .filter_map(|other| self.queues.get(&other.queue))
                    .map(|queue| queue.config.policy.clone())
                    .collect();
                if let Some(queue) = self.queues.get_mut(&member.queue) {
                    queue.members.below.extend(below);
                    if member.after_ms > Millis::ZERO {
                        queue.members.delays.insert(member.after_ms);
                    }
                }
            }
        }
    }

    /// Brings a visit to where its wait has taken it, and asks for a decision where that matters.
    pub(crate) fn mature(&mut self, id: ContactId) {
        let now = self.desk.now();
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let waits = contact.call.waiting().is_some();
        let Some(visit) = contact.call.visit_mut() else {
            return;
        };
        let Some(queue) = self.queues.get_mut(&visit.ticket.queue) else {
            return;
        };
        if waits {
            queue.step_out(id, visit);
        }
        let waited = now.since(visit.entered);
        visit.ring = queue.ring_after(waited);
        let alone_until_now = visit.preferred.take_if(|(_, until)| *until <= now);
        // Who lost an agent in mid-talk comes before the aged already.
        if waited >= self.settings.limits.aged_after_ms && visit.place != Place::Front {
            visit.place = Place::Aged;
        }
        visit.kept_waiting_at = None;
        if waits {
            queue.line_up(id, visit);
        }
        self.desk.cancel(visit.matures.take());
        let due = queue.next_change(visit, now, &self.settings.limits);
        visit.matures = due.map(|due| self.desk.at(due, Alarm::VisitMatures(id)));
        self.routing.want(&queue.config.policy);
        // The one whom it waited for may take others only later, and is held back for it no longer.
        if alone_until_now.is_some() {
            self.routing.want_all(&queue.members.below);
        }
    }

    /// Someone does not wait in this queue any longer: agents whom that held back from queues that
    /// come after it may be free for those now.
    pub(crate) fn better_queue_shrank(&mut self, queue: QueueId) {
        if let Some(queue) = self.queues.get(&queue) {
            self.routing.want_all(&queue.members.below);
        }
    }
}
