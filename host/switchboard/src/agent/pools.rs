//! A queue's agents, apart by medium: free for one is not free for all. Beside them the counts of
//! the queue's agents as a whole.

use crate::agent::pool::{Pool, Standing, Tier};
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::skills::Skill;

/// What an agent is to their queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standings {
    /// Free is who has nothing to do at all.
    pub(crate) overall: Standing,
    /// In the order of [`Medium::ALL`]; absent where the agent takes nothing of it.
    pub(crate) by_medium: [Standing; Medium::ALL.len()],
}

impl Standings {
    pub(crate) const fn of(&self, medium: Medium) -> Standing {
        self.by_medium[medium as usize]
    }
}

#[derive(Debug, Default)]
pub(crate) struct Pools {
    /// In the order of [`Medium::ALL`].
    by_medium: [Pool; Medium::ALL.len()],
    free: u32,
    busy: u32,
    paused: u32,
}

impl Pools {
    /// Those who take contacts of this medium.
    pub(crate) const fn of(&self, medium: Medium) -> &Pool {
        &self.by_medium[medium as usize]
    }

    pub(crate) fn put_in(
        &mut self,
        agent: AgentId,
        tier: Tier,
        skills: &[Skill],
        standings: &Standings,
    ) {
        for (pool, standing) in self.by_medium.iter_mut().zip(standings.by_medium) {
            pool.put_in(agent, tier, skills, standing);
        }
        if let Some(count) = self.count(standings.overall) {
            *count += 1;
        }
    }

    /// `standings` are those that the agent was put in with.
    pub(crate) fn take_out(
        &mut self,
        agent: AgentId,
        tier: Tier,
        skills: &[Skill],
        standings: &Standings,
    ) {
        for (pool, standing) in self.by_medium.iter_mut().zip(standings.by_medium) {
            pool.take_out(agent, tier, skills, standing);
        }
        if let Some(count) = self.count(standings.overall) {
            *count -= 1;
        }
    }

    fn count(&mut self, standing: Standing) -> Option<&mut u32> {
        match standing {
            Standing::Absent => None,
            Standing::Free(_) => Some(&mut self.free),
            Standing::Busy => Some(&mut self.busy),
            Standing::Paused => Some(&mut self.paused),
        }
    }

    /// Agents who take contacts and have none.
    pub(crate) const fn free(&self) -> u32 {
        self.free
    }

    /// Agents who have a contact, of whatever medium.
    pub(crate) const fn busy(&self) -> u32 {
        self.busy
    }

    pub(crate) const fn paused(&self) -> u32 {
        self.paused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::pool::Spare;
    use hotline_vocabulary::ids::Id;
    use hotline_vocabulary::skills::SkillExpression;
    use hotline_vocabulary::{Millis, Timestamp};

    #[test]
    fn an_agent_on_a_task_is_free_for_another_and_not_for_a_call() {
        let mut pools = Pools::default();
        let agent = AgentId::from_bits(1);
        let tier = Tier {
            level: 1,
            after: Millis::ZERO,
        };
        let idle = Standing::Free(Spare::idle(Timestamp(5)));
        let idle = Standings {
            overall: idle,
            by_medium: [idle, Standing::Absent, Standing::Absent, idle],
        };
        let loaded = Standing::Free(Spare {
            load: 1,
            since: Timestamp(9),
        });
        let working = Standings {
            overall: Standing::Busy,
            by_medium: [Standing::Busy, Standing::Absent, Standing::Absent, loaded],
        };
        pools.put_in(agent, tier, &[], &idle);
        assert_eq!((pools.free(), pools.busy()), (1, 0));
        pools.take_out(agent, tier, &[], &idle);
        pools.put_in(agent, tier, &[], &working);
        assert_eq!((pools.free(), pools.busy()), (0, 1));
        let free_for = |medium| {
            let free = pools.of(medium).tiers();
            let mut agents = free.flat_map(|(_, free)| free.qualified(&SkillExpression::Anyone));
            agents.next().is_some_and(|(_, one)| one == agent)
        };
        assert_eq!(Medium::ALL.map(free_for), [false, false, false, true]);
    }
}
