//! Who may be given whom. [`Switchboard::keeps_out`] is the definition, for one agent and one visit,
//! from their own states; [`Switchboard::candidates`] finds the same people by the queue's indexes,
//! without looking at everyone.

use crate::agent::Agent;
use crate::agent::pool::{Spare, Standing, Tier};
use crate::limits::COUNTED_CANDIDATES;
use crate::queue::Queue;
use crate::queue::visit::{Class, Place, Visit};
use crate::switchboard::Switchboard;
use hotline_vocabulary::configuration::Membership;
use hotline_vocabulary::ids::{AgentId, ContactId, QueueId};
use hotline_vocabulary::routing::Exclusion;
use hotline_vocabulary::{Millis, Timestamp};
use std::collections::BTreeSet;

/// Someone who may be given a visit. Sorts by ring, then who is to be asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    /// The innermost that the agent belongs to.
    pub(super) ring: u8,
    pub(super) spare: Spare,
    pub(super) agent: AgentId,
    pub(super) tier: Tier,
}

/// The candidates of one class of visits.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// The first of each tier, in order.
    first: Vec<Candidate>,
    /// How many there are in all, by tier; counted up to [`COUNTED_CANDIDATES`] each.
    totals: Vec<(Tier, u32)>,
    /// Whom these visits wait for alone: no delay applies.
    alone: bool,
}

impl Candidates {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.first.len()
    }

    /// Those for a visit that has waited this long.
    pub(super) fn after(&self, waited: Millis) -> impl Iterator<Item = &Candidate> {
        let joined = move |one: &&Candidate| self.alone || one.tier.after <= waited;
        self.first.iter().filter(joined)
    }

    pub(super) fn total_after(&self, waited: Millis) -> u32 {
        let joined = self.totals.iter();
        let joined = joined.filter(|(tier, _)| self.alone || tier.after <= waited);
        joined.map(|(_, total)| total).sum()
    }
}

impl Switchboard {
    /// The free agents who may be given visits of this class, but for those passed over: at most
    /// `most` of each tier.
    pub(super) fn candidates(
        &self,
        queue: &Queue,
        class: &Class,
        passed_over: &[AgentId],
        most: usize,
    ) -> Candidates {
        if let Some(agent) = self.awaited(queue, class) {
            return self.only(agent, queue, class, passed_over);
        }
        let mut candidates = Candidates::default();
        for (tier, free) in queue.pools.of(class.needs.medium()).tiers() {
            let mut seen = BTreeSet::new();
            let mut total = 0;
            for ring in 1..=class.ring {
                for (spare, agent) in free.qualified(queue.ring_needs(class, ring)) {
                    let new = class.ring == 1 || seen.insert(agent);
                    if !new || passed_over.contains(&agent) || self.is_held_back(agent, tier) {
                        continue;
                    }
                    if (total as usize) < most {
                        let candidate = Candidate {
                            ring,
                            spare,
                            agent,
                            tier,
                        };
                        candidates.first.push(candidate);
                    }
                    total += 1;
                    if total >= COUNTED_CANDIDATES {
                        break;
                    }
                }
            }
            if total > 0 {
                candidates.totals.push((tier, total));
            }
        }
        candidates.first.sort_unstable();
        candidates
    }

    /// The one agent whom a class waits for, if they may be given it now.
    fn only(
        &self,
        agent: &Agent,
        queue: &Queue,
        class: &Class,
        passed_over: &[AgentId],
    ) -> Candidates {
        let mut candidates = Candidates {
            alone: true,
            ..Candidates::default()
        };
        let id = agent.config.id;
        let Some(tier) = agent.member_of(queue.config.id).map(Tier::from) else {
            return candidates;
        };
        if let Standing::Free(spare) = agent.standings().of(class.needs.medium())
            && let Some(ring) = queue.innermost(class, &|skill| agent.level(skill))
            && !passed_over.contains(&id)
            && !self.is_held_back(id, tier)
        {
            candidates.first.push(Candidate {
                ring,
                spare,
                agent: id,
                tier,
            });
            candidates.totals.push((tier, 1));
        }
        candidates
    }

    /// Whom visits of this class wait for alone: as long as that agent is signed in, not paused,
    /// and qualifies.
    pub(super) fn awaited(&self, queue: &Queue, class: &Class) -> Option<&Agent> {
        let agent = self.agents.get(&class.preferred?)?;
        agent.member_of(queue.config.id)?;
        let standing = agent.standings().of(class.needs.medium());
        let ring = queue.innermost(class, &|skill| agent.level(skill))?;
        let may_come = matches!(standing, Standing::Free(_) | Standing::Busy);
        (may_come && ring <= class.ring).then_some(agent)
    }

    fn is_held_back(&self, agent: AgentId, tier: Tier) -> bool {
        let agent = self.agents.get(&agent);
        agent.is_some_and(|agent| self.better(agent, tier.level).is_some())
    }

    /// Someone whom this free agent may be given from a queue of a better level.
    fn better(&self, agent: &Agent, level: u8) -> Option<(QueueId, ContactId)> {
        let better = agent.config.queues.iter();
        let mut better = better.filter(|member| member.level < level);
        better.find_map(|member| {
            let queue = self.queues.get(&member.queue)?;
            let anyone = |_: &Visit| true;
            Some((member.queue, self.served_by(agent, member, queue, anyone)?))
        })
    }

    /// Whether someone of a queue whom this free agent may be given has waited as long as anyone
    /// may be passed over.
    pub(super) fn is_owed_to_the_aged(&self, agent: AgentId, queue: &Queue) -> bool {
        let agent = self.agents.get(&agent);
        let member = agent.and_then(|agent| Some((agent, agent.member_of(queue.config.id)?)));
        let aged = |visit: &Visit| visit.place == Place::Aged;
        member.is_some_and(|(agent, member)| self.served_by(agent, member, queue, aged).is_some())
    }

    /// Someone of a queue whom this agent may be given, whatever waits for them elsewhere.
    fn served_by(
        &self,
        agent: &Agent,
        member: &Membership,
        queue: &Queue,
        wanted: impl Fn(&Visit) -> bool,
    ) -> Option<ContactId> {
        let id = agent.config.id;
        let affairs = self.routing.affairs(&queue.config.policy);
        let standings = agent.standings();
        queue.lines().find_map(|(class, line)| {
            let Standing::Free(_) = standings.of(class.needs.medium()) else {
                return None;
            };
            let ring = queue.innermost(class, &|skill| agent.level(skill))?;
            let awaited = self.awaited(queue, class).map(|one| one.config.id);
            if ring > class.ring || awaited.is_some_and(|one| one != id) {
                return None;
            }
            let mut ranks = line.ranks();
            let found = ranks.find(|rank| {
                let visit = self.contacts.get(&rank.contact);
                let visit = visit.and_then(|contact| contact.call.waiting());
                visit.is_some_and(|visit| {
                    let waited = self.desk.now().since(visit.entered);
                    wanted(visit)
                        && (awaited.is_some() || member.after_ms <= waited)
                        && visit.is_open_to(affairs)
                        && !visit.is_gathering()
                        && !visit.declined.contains(&id)
                })
            })?;
            Some(found.contact)
        })
    }

    /// What keeps an agent of its queue from being given this visit now; none if nothing does.
    /// Whether others are to be asked again first is not looked at.
    pub(crate) fn keeps_out(
        &self,
        agent: &Agent,
        visit: &Visit,
        now: Timestamp,
    ) -> Option<Exclusion> {
        let hindrance = agent.hindrance(visit.needs.medium());
        hindrance.or_else(|| self.does_not_suit(agent, visit, now))
    }

    /// The same, whatever the agent does now.
    pub(crate) fn does_not_suit(
        &self,
        agent: &Agent,
        visit: &Visit,
        now: Timestamp,
    ) -> Option<Exclusion> {
        let queue = self.queues.get(&visit.ticket.queue)?;
        let class = visit.class();
        let Some(member) = agent.member_of(queue.config.id) else {
            return Some(Exclusion::State("elsewhere".to_owned()));
        };
        let level_of = |skill: &str| agent.level(skill);
        let Some(ring) = queue.innermost(&class, &level_of) else {
            let unmet = class.needs.expression().unmet(&level_of)?;
            return Some(Exclusion::Skill(unmet.to_string()));
        };
        let waited = now.since(visit.entered);
        if ring > queue.ring_after(waited) {
            let opens_at = queue.ring_opens(ring, visit).unwrap_or(visit.entered);
            return Some(Exclusion::Ring { ring, opens_at });
        }
        let awaited = self.awaited(queue, &class).map(|one| one.config.id);
        if let (Some(awaited), Some((_, until))) = (awaited, visit.preferred)
            && awaited != agent.config.id
            && now < until
        {
            return Some(Exclusion::Preferred {
                agent: awaited,
                until,
            });
        }
        if awaited.is_none() && member.after_ms > waited {
            let until = visit.entered + member.after_ms;
            return Some(Exclusion::Delay { until });
        }
        let (queue, contact) = self.better(agent, member.level)?;
        Some(Exclusion::Level { queue, contact })
    }
}

impl Agent {
    pub(crate) fn member_of(&self, queue: QueueId) -> Option<&Membership> {
        let mut members = self.config.queues.iter();
        members.find(|member| member.queue == queue)
    }

    /// 0 for a skill that they lack.
    pub(crate) fn level(&self, skill: &str) -> u8 {
        let known = self.config.skills.iter().find(|known| known.name == skill);
        known.map_or(0, |known| known.level)
    }
}
