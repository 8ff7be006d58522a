//! Who of a queue's agents is free for contacts of one medium, longest idle first, and with which
//! skills: so that a decision reads its candidates and never walks through everyone.

use hotline_vocabulary::configuration::Membership;
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::skills::{Skill, SkillExpression};
use hotline_vocabulary::{Millis, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What an agent is to a queue, as far as contacts of one medium are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Absent,
    Free(Spare),
    Busy,
    Paused,
}

impl Standing {
    /// Free at last, or with less in hand: not merely free still, with one more.
    pub(crate) fn is_freer_than(&self, before: &Standing) -> bool {
        match (self, before) {
            (Standing::Free(now), Standing::Free(then)) => now.load < then.load,
            (Standing::Free(_), _) => true,
            _ => false,
        }
    }
}

/// How readily an agent takes one more: least loaded first, then longest idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spare {
    /// Contacts that the agent has already, of whatever medium.
    pub(crate) load: u8,
    /// Idle since then; with a load, when the latest of it came.
    pub(crate) since: Timestamp,
}

impl Spare {
    pub(crate) const fn idle(since: Timestamp) -> Self {
        Spare { load: 0, since }
    }
}

/// Sorts who is to be asked first.
type Idle = (Spare, AgentId);

/// What a queue is to its agents: those for whom it is the same stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tier {
    /// 1 comes first for the agent.
    pub(crate) level: u8,
    /// Only contacts that have waited this long.
    pub(crate) after: Millis,
}

impl From<&Membership> for Tier {
    fn from(membership: &Membership) -> Self {
        Tier {
            level: membership.level,
            after: membership.after_ms,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Pool {
    tiers: BTreeMap<Tier, Free>,
    busy: BTreeSet<AgentId>,
    paused: BTreeSet<AgentId>,
}

/// Free agents of one tier.
#[derive(Debug, Default)]
pub(crate) struct Free {
    all: BTreeSet<Idle>,
    /// Again, by skill, each with their level.
    skilled: BTreeMap<String, BTreeMap<Idle, u8>>,
}

impl Pool {
    pub(crate) fn put_in(
        &mut self,
        agent: AgentId,
        tier: Tier,
        skills: &[Skill],
        standing: Standing,
    ) {
        match standing {
            Standing::Absent => {}
            Standing::Busy => drop(self.busy.insert(agent)),
            Standing::Paused => drop(self.paused.insert(agent)),
            Standing::Free(spare) => {
                let free = self.tiers.entry(tier).or_default();
                free.put_in((spare, agent), skills);
            }
        }
    }

    pub(crate) fn take_out(
        &mut self,
        agent: AgentId,
        tier: Tier,
        skills: &[Skill],
        standing: Standing,
    ) {
        match standing {
            Standing::Absent => {}
            Standing::Busy => drop(self.busy.remove(&agent)),
            Standing::Paused => drop(self.paused.remove(&agent)),
            Standing::Free(spare) => {
                if let Some(free) = self.tiers.get_mut(&tier) {
                    free.take_out((spare, agent), skills);
                    if free.all.is_empty() {
                        self.tiers.remove(&tier);
                    }
                }
            }
        }
    }

    /// The tiers that have someone free.
    pub(crate) fn tiers(&self) -> impl Iterator<Item = (Tier, &Free)> {
        self.tiers.iter().map(|(tier, free)| (*tier, free))
    }

    pub(crate) fn has_free(&self) -> bool {
        !self.tiers.is_empty()
    }

    pub(crate) fn engaged(&self) -> impl Iterator<Item = AgentId> {
        self.busy.iter().chain(&self.paused).copied()
    }
}

impl Free {
    fn put_in(&mut self, idle: Idle, skills: &[Skill]) {
        self.all.insert(idle);
        for Skill { name, level } in skills {
            match self.skilled.get_mut(name) {
                Some(agents) => drop(agents.insert(idle, *level)),
                None => drop(
                    self.skilled
                        .insert(name.clone(), BTreeMap::from([(idle, *level)])),
                ),
            }
        }
    }

    fn take_out(&mut self, idle: Idle, skills: &[Skill]) {
        self.all.remove(&idle);
        for Skill { name, .. } in skills {
            if let Some(agents) = self.skilled.get_mut(name) {
                agents.remove(&idle);
            }
        }
    }

    /// Those who meet `needs`, the first to be asked first. Reads through the rarest of the skills
    /// without which no one qualifies, and checks the others.
    pub(crate) fn qualified(&self, needs: &SkillExpression) -> impl Iterator<Item = Idle> {
        let holders = |skill: &str| self.skilled.get(skill);
        let rarest = musts(needs).min_by_key(|skill| holders(skill).map_or(0, BTreeMap::len));
        let idle: Box<dyn Iterator<Item = &Idle>> = match rarest {
            None => Box::new(self.all.iter()),
            Some(skill) => Box::new(holders(skill).into_iter().flat_map(BTreeMap::keys)),
        };
        idle.filter(move |idle| self.meets(idle, needs)).copied()
    }

    pub(crate) fn longest_idle(&self, of: usize) -> impl Iterator<Item = AgentId> {
        self.all.iter().take(of).map(|(_, agent)| *agent)
    }

    fn meets(&self, idle: &Idle, needs: &SkillExpression) -> bool {
        needs.is_met_by(&|skill| {
            let holders = self.skilled.get(skill);
            let level = holders.and_then(|agents| agents.get(idle));
            level.copied().unwrap_or_default()
        })
    }
}

/// Skills without which no one meets it.
fn musts(needs: &SkillExpression) -> impl Iterator<Item = &str> {
    let parts = match needs {
        SkillExpression::All(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    parts.iter().filter_map(|part| match part {
        SkillExpression::Level { skill, least, .. } if *least > 0 => Some(skill.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    fn agent(bits: u128) -> AgentId {
        AgentId::from_bits(bits)
    }

    fn skills(list: &[(&str, u8)]) -> Vec<Skill> {
        list.iter()
            .map(|(name, level)| Skill {
                name: (*name).to_owned(),
                level: *level,
            })
            .collect()
    }

    #[test]
    fn the_qualified_come_longest_idle_first_and_meet_every_need() {
        let mut pool = Pool::default();
        let tier = Tier {
            level: 1,
            after: Millis::ZERO,
        };
        let free = |since| Standing::Free(Spare::idle(Timestamp(since)));
        let both = skills(&[("english", 5), ("cards", 3)]);
        pool.put_in(agent(1), tier, &both, free(30));
        pool.put_in(agent(2), tier, &both, free(10));
        let english = skills(&[("english", 9)]);
        pool.put_in(agent(3), tier, &english, free(0));
        pool.put_in(agent(4), tier, &both, Standing::Busy);

        let [(_, free)] = pool.tiers().collect::<Vec<_>>()[..] else {
            panic!("one tier");
        };
        let needs = |text: &str| text.parse::<SkillExpression>().expect("an expression");
        let qualified = |text: &str| {
            let needs = needs(text);
            let idle = free.qualified(&needs).map(|(_, agent)| agent);
            idle.collect::<Vec<AgentId>>()
        };
        assert_eq!(qualified(""), [agent(3), agent(2), agent(1)]);
        assert_eq!(
            qualified("english >= 4 and cards >= 2"),
            [agent(2), agent(1)]
        );
        assert_eq!(qualified("english >= 6"), [agent(3)]);
        assert_eq!(qualified("not cards or english < 2"), [agent(3)]);
        assert_eq!(qualified("french"), []);
    }
}
