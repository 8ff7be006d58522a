//! The house in which a story happens: its queues and its agents.

use super::Stage;
use crate::script::{AgentDeed, Instead, Line, Serves, Trait};
use hotline_vocabulary::configuration::{
    self, CallbackRule, LastAgentRule, Membership, Otherwise, QueueRules, Ring, Skill,
    SkillExpression,
};
use hotline_vocabulary::fact::QueueRefusal;
use hotline_vocabulary::{Input, Millis};
use std::collections::VecDeque;

impl Stage {
    pub(super) fn queue(&mut self, name: String, traits: Vec<Trait>) {
        let known = self.house.queues.iter().position(|q| q.name == name);
        let mut queue = match known {
            Some(place) => self.house.queues.remove(place),
            None => configuration::Queue {
                wrap_up_ms: Some(Millis::ZERO),
                progress_every_ms: Millis::from_secs(3600),
                max_waiting: 100,
                rules: QueueRules {
                    first_progress_ms: Some(Millis::from_secs(3600)),
                    ..QueueRules::default()
                },
                ..configuration::Queue::named(self.ids.mint(self.now), &name)
            },
        };
        for each in traits {
            match each {
                Trait::Needs(skill, at_least) => {
                    queue.skills = queue.skills.and(SkillExpression::at_least(skill, at_least));
                }
                Trait::Rings(time) => queue.ring_timeout_ms = time,
                Trait::WrapsUp(time) => queue.wrap_up_ms = Some(time),
                Trait::Tells(time) => {
                    queue.progress_every_ms = time;
                    queue.rules.first_progress_ms = Some(time);
                }
                Trait::TellsFirst(time) => queue.rules.first_progress_ms = Some(time),
                Trait::Opens(calendar) => queue.rules.hours = Some(calendar),
                Trait::RefusesWhen(all) => queue.rules.refuse_when = all,
                Trait::LosesThemWhen(all) => queue.rules.leave_when = all,
                Trait::Waits(time) => queue.rules.max_wait_ms = Some(time),
                Trait::When(why, instead) => {
                    let otherwise = self.otherwise(instead);
                    match why {
                        QueueRefusal::Full => queue.rules.on_full = otherwise,
                        QueueRefusal::Closed => queue.rules.on_closed = otherwise,
                        QueueRefusal::Empty => queue.rules.on_empty = otherwise,
                        QueueRefusal::TimedOut => queue.rules.on_max_wait = otherwise,
                    }
                }
                Trait::KeepsPlaces(time) => queue.rules.redial_within_ms = time,
                Trait::CallsBack(attempts, retry_after_ms) => {
                    self.house.dials_out = true;
                    queue.rules.callback = Some(CallbackRule {
                        attempts,
                        retry_after_ms,
                        ring_timeout_ms: Millis::from_secs(25),
                    });
                }
                Trait::Holds(most) => queue.max_waiting = most,
                Trait::Widens(after_ms, to) => queue.rules.rings.push(Ring {
                    after_ms,
                    skills: to.map_or(SkillExpression::Anyone, |(skill, level)| {
                        SkillExpression::at_least(skill, level)
                    }),
                }),
                Trait::WantsLastAgent { within, wait } => {
                    queue.rules.last_agent = Some(LastAgentRule {
                        within_ms: within,
                        wait_ms: wait,
                    });
                }
            }
        }
        self.names.queues.insert(queue.id, name);
        self.house.queues.push(queue);
    }

    fn otherwise(&self, instead: Instead) -> Otherwise {
        match instead {
            Instead::TellFlow => Otherwise::TellFlow,
            Instead::Queue(name) => Otherwise::Queue(self.queue_named(&name)),
            Instead::Callback => Otherwise::Callback,
            Instead::Voicemail => Otherwise::Voicemail,
            Instead::HangUp => Otherwise::HangUp,
        }
    }

    pub(super) fn agent(
        &mut self,
        name: String,
        queues: &[Serves],
        skills: Vec<(String, u8)>,
        away: bool,
        rest: &mut VecDeque<Line>,
    ) {
        let known = self.names.agents.iter().find(|(_, known)| **known == name);
        let (id, new) = match known {
            Some((id, _)) => (*id, false),
            None => (self.ids.mint(self.now), true),
        };
        let before = self.house.agents.iter().find(|agent| agent.id == id);
        let capacity = before
            .map(|agent| agent.capacity.clone())
            .unwrap_or_default();
        self.house.agents.retain(|agent| agent.id != id);
        self.house.agents.push(configuration::Agent {
            id,
            name: name.clone(),
            skills: skills
                .into_iter()
                .map(|(name, level)| Skill { name, level })
                .collect(),
            queues: queues
                .iter()
                .map(|serves| Membership {
                    queue: self.queue_named(&serves.queue),
                    level: serves.level,
                    after_ms: serves.after,
                })
                .collect(),
            capacity,
        });
        self.names.agents.insert(id, name.clone());
        if new && !away {
            // Everyone is at work before the story begins, in the order they are named.
            self.give(Input::Configured(self.house.clone()), rest);
            for deed in [AgentDeed::SignsIn, AgentDeed::BrowserUp, AgentDeed::Ready] {
                self.agent_deed(&name, deed, rest);
            }
            self.now = self.now + Millis(1);
            self.told.clear();
        }
    }

    /// Everything before the first deed was set-up, and not part of the story.
    pub(super) fn open_house(&mut self, rest: &mut VecDeque<Line>) {
        if !self.open {
            self.open = true;
            self.give(Input::Configured(self.house.clone()), rest);
            self.told.clear();
        }
    }
}
