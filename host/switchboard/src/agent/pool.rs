//! Who of a queue's agents is free, longest idle first, and with which skills: so that a decision
//! reads its candidates and never walks through everyone.

use crate::queue::visit::Needs;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::skills::{Skill, SkillExpression};
use std::collections::{BTreeMap, BTreeSet};

/// What an agent is to a queue, as far as contacts of one medium are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Absent,
    Free(Spare),
    Busy,
    Paused,
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

#[derive(Debug, Default)]
pub(crate) struct Pool {
    free: BTreeSet<Idle>,
    /// The free agents again, by skill, each with their level.
    skilled: BTreeMap<String, BTreeMap<Idle, u8>>,
    busy: BTreeSet<AgentId>,
    paused: BTreeSet<AgentId>,
}

impl Pool {
    pub(crate) fn put_in(&mut self, agent: AgentId, skills: &[Skill], standing: Standing) {
        match standing {
            Standing::Absent => {}
            Standing::Busy => drop(self.busy.insert(agent)),
            Standing::Paused => drop(self.paused.insert(agent)),
            Standing::Free(since) => {
                let idle = (since, agent);
                self.free.insert(idle);
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
        }
    }

    pub(crate) fn take_out(&mut self, agent: AgentId, skills: &[Skill], standing: Standing) {
        match standing {
            Standing::Absent => {}
            Standing::Busy => drop(self.busy.remove(&agent)),
            Standing::Paused => drop(self.paused.remove(&agent)),
            Standing::Free(since) => {
                let idle = (since, agent);
                self.free.remove(&idle);
                for Skill { name, .. } in skills {
                    if let Some(agents) = self.skilled.get_mut(name) {
                        agents.remove(&idle);
                    }
                }
            }
        }
    }

    /// The free agents who meet these needs, longest idle first. Reads through the rarest of the
    /// skills and checks the others.
    pub(crate) fn qualified(&self, needs: &Needs) -> impl Iterator<Item = AgentId> {
        let holders = |skill: &str| self.skilled.get(skill);
        let rarest = needs
            .musts()
            .min_by_key(|skill| holders(skill).map_or(0, BTreeMap::len));
        let idle: Box<dyn Iterator<Item = &Idle>> = match rarest {
            None => Box::new(self.free.iter()),
            Some(skill) => Box::new(holders(skill).into_iter().flat_map(BTreeMap::keys)),
        };
        idle.filter(move |idle| self.meets(idle, needs))
            .map(|(_, agent)| *agent)
    }

    pub(crate) fn is_qualified(&self, idle: Idle, needs: &Needs) -> bool {
        self.free.contains(&idle) && self.meets(&idle, needs)
    }

    /// Whether a free agent meets these needs.
    fn meets(&self, idle: &Idle, needs: &Needs) -> bool {
        needs
            .expression()
            .is_met_by(&|skill| self.level(idle, skill))
    }

    fn level(&self, idle: &Idle, skill: &str) -> u8 {
        let holders = self.skilled.get(skill);
        holders
            .and_then(|agents| agents.get(idle))
            .map_or(0, |level| *level)
    }

    /// Free agents who do not meet these needs, each with the part that they do not meet, among the
    /// `of` longest idle.
    pub(crate) fn unqualified<'n>(
        &self,
        needs: &'n Needs,
        of: usize,
    ) -> impl Iterator<Item = (AgentId, &'n SkillExpression)> {
        self.free.iter().take(of).filter_map(move |idle| {
            let unmet = needs.expression().unmet(&|skill| self.level(idle, skill))?;
            Some((idle.1, unmet))
        })
    }

    pub(crate) fn engaged(&self) -> impl Iterator<Item = AgentId> {
        self.busy.iter().chain(&self.paused).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::address::Medium;
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

    fn needs(text: &str) -> Needs {
        Needs::of(
            Medium::Voice,
            &text.parse().expect("an expression"),
            &SkillExpression::Anyone,
        )
    }

    #[test]
    fn the_qualified_come_longest_idle_first_and_meet_every_need() {
        let mut pool = Pool::default();
        let both = skills(&[("english", 5), ("cards", 3)]);
        pool.put_in(agent(1), &both, Standing::Free(Spare::idle(Timestamp(30))));
        pool.put_in(agent(2), &both, Standing::Free(Spare::idle(Timestamp(10))));
        let english = skills(&[("english", 9)]);
        pool.put_in(
            agent(3),
            &english,
            Standing::Free(Spare::idle(Timestamp(0))),
        );
        pool.put_in(agent(4), &both, Standing::Busy);

        let qualified = |text: &str| pool.qualified(&needs(text)).collect::<Vec<AgentId>>();
        assert_eq!(qualified(""), [agent(3), agent(2), agent(1)]);
        assert_eq!(
            qualified("english >= 4 and cards >= 2"),
            [agent(2), agent(1)]
        );
        assert_eq!(qualified("english >= 6"), [agent(3)]);
        assert_eq!(qualified("not cards or english < 2"), [agent(3)]);
        assert_eq!(qualified("french"), []);
        let lacking: Vec<_> = pool
            .unqualified(&needs("english and cards"), 10)
            .map(|(agent, unmet)| (agent, unmet.to_string()))
            .collect();
        assert_eq!(lacking, [(agent(3), "cards >= 1".to_owned())]);
    }
}
