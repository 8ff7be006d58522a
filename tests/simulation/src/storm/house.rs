//! The set-up that a storm draws, and changes while it rages.

use super::{BEGIN, Storm};
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::configuration::{
    Agent, Calendar, CallbackRule, Capacity, Configuration, DayHours, Hours, LastAgentRule,
    Membership, Number, Otherwise, Queue, QueueRules, RecordingRule, Ring, Skill, SkillExpression,
    TenantLimits, Unavailability, Weekday,
};
use hotline_vocabulary::ids::{AgentId, QueueId};
use hotline_vocabulary::{Input, Millis};

pub(super) const QUEUES: [&str; 3] = ["support", "sales", "vip"];
/// The last is one that queues name and nobody keeps.
const CALENDARS: [&str; 3] = ["office", "night", "lost"];
/// Time zones of calendars, with their hours ahead of UTC on the day of the storms, in January.
pub(crate) const ZONES: [(&str, u32); 3] = [("UTC", 0), ("Asia/Shanghai", 8), ("Europe/Berlin", 1)];
const EVERY_DAY: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

impl Storm {
    pub(super) fn first_house(&mut self) -> Configuration {
        let mut queues: Vec<Queue> = QUEUES.map(|name| self.queue(name)).into();
        // Only now is there somewhere to send those whom a queue will not have.
        for queue in &mut queues {
            queue.rules = self.rules();
        }
        let agents = (0..self.parameters.agents).map(|number| {
            let id = self.ids.mint(BEGIN);
            self.names.agents.insert(id, format!("agent-{number}"));
            id
        });
        let agents: Vec<AgentId> = agents.collect();
        let mut house = Configuration {
            numbers: vec![Number {
                dialled: "100".to_owned(),
                flow: "main".to_owned(),
                click_to_call: false,
            }],
            calendars: self.calendars(),
            default_queue: queues.first().map(|queue| queue.id),
            queues,
            agents: Vec::new(),
            language: "en".to_owned(),
            recording: RecordingRule::Always,
            // In those that end in silence, nobody would be left to be called.
            dials_out: self.parameters.stops,
            limits: TenantLimits {
                concurrent_contacts: 60,
                contact_length_ms: Millis::from_secs(200),
                batch_contacts: 4,
                batch_agents: 3,
                missed_offers: 2,
                hold_ms: Millis(self.random.u64(0..9_000)),
                aged_after_ms: self.parameters.aged_after,
            },
        };
        house.agents = agents.iter().map(|id| self.skilled(*id, &house)).collect();
        house
    }

    pub(super) fn queue(&mut self, name: &str) -> Queue {
        let id = self.ids.mint(BEGIN);
        self.names.queues.insert(id, name.to_owned());
        Queue {
            policy: (name == "vip").then(|| "gold".to_owned()),
            ring_timeout_ms: Millis(self.random.u64(500..6_000)),
            wrap_up_ms: self
                .random
                .bool()
                .then(|| Millis(self.random.u64(0..4_000))),
            progress_every_ms: Millis(self.random.u64(0..9_000)),
            max_waiting: self.random.u32(1..10),
            rules: self.rules(),
            ..Queue::named(id, name)
        }
    }

    pub(super) fn rules(&mut self) -> QueueRules {
        let mut after = 0;
        let rings = (0..self.random.u32(0..3)).map(|_| {
            after += self.random.u64(0..6_000);
            Ring {
                after_ms: Millis(after),
                skills: match self.random.u8(0..3) {
                    0 => SkillExpression::Anyone,
                    level => SkillExpression::at_least("english", level),
                },
            }
        });
        QueueRules {
            rings: rings.collect(),
            last_agent: self.random.bool().then(|| LastAgentRule {
                within_ms: Millis(self.random.u64(0..60_000)),
                wait_ms: Millis(self.random.u64(0..6_000)),
            }),
            hours: match self.random.usize(0..6) {
                place @ 0..3 => Some(CALENDARS[place].to_owned()),
                _ => None,
            },
            refuse_when: self.conditions(),
            leave_when: self.conditions(),
            max_wait_ms: self.maybe(2_000..20_000),
            first_progress_ms: self.maybe(0..3_000),
            redial_within_ms: Millis(self.random.u64(0..60_000)),
            callback: self.callback(),
            on_full: self.otherwise(),
            on_closed: self.otherwise(),
            on_empty: self.otherwise(),
            on_max_wait: self.otherwise(),
        }
    }

    fn callback(&mut self) -> Option<CallbackRule> {
        (self.random.u8(0..5) > 0).then(|| CallbackRule {
            attempts: self.random.u32(1..5),
            retry_after_ms: Millis(self.random.u64(500..8_000)),
            ring_timeout_ms: Millis(self.random.u64(1_000..8_000)),
        })
    }

    fn maybe(&mut self, range: std::ops::Range<u64>) -> Option<Millis> {
        (self.random.u8(0..3) == 0).then(|| Millis(self.random.u64(range)))
    }

    /// Mostly none: a queue that refuses everyone is soon out of the storm.
    fn conditions(&mut self) -> Vec<Unavailability> {
        const ALL: [Unavailability; 8] = [
            Unavailability::Paused,
            Unavailability::Penalty,
            Unavailability::InUse,
            Unavailability::Ringing,
            Unavailability::Unavailable,
            Unavailability::Invalid,
            Unavailability::Unknown,
            Unavailability::WrapUp,
        ];
        match self.random.u8(0..4) {
            0 => {
                let some = ALL.into_iter().filter(|_| self.random.bool());
                some.collect()
            }
            _ => Vec::new(),
        }
    }

    fn otherwise(&mut self) -> Otherwise {
        let queues: Vec<QueueId> = self.names.queues.keys().copied().collect();
        match self.random.u8(0..10) {
            0 | 1 => Otherwise::TellFlow,
            2..5 => Otherwise::Queue(*self.pick(&queues)),
            5 | 6 => Otherwise::HangUp,
            7 => Otherwise::Voicemail,
            _ => Otherwise::Callback,
        }
    }

    /// Hours around the time of the storm, open for some minutes of each day.
    fn calendars(&mut self) -> Vec<Calendar> {
        // Storms begin at 13:46 UTC.
        const BEGIN_HOUR: u32 = 13;
        let kept = CALENDARS.iter().take(2);
        kept.map(|name| {
            let (zone, ahead) = *self.pick(&ZONES);
            let hour = BEGIN_HOUR + ahead;
            let opens = self.random.u32(30..48);
            let closes = self.random.u32(47..=59).max(opens + 1);
            let time = |minute| format!("{hour:02}:{minute:02}").parse().ok();
            let hours = time(opens).zip(time(closes));
            Calendar {
                name: (*name).to_owned(),
                time_zone: zone.to_owned(),
                weekly: vec![DayHours {
                    days: EVERY_DAY.to_vec(),
                    hours: hours
                        .map(|(from, to)| Hours { from, to })
                        .into_iter()
                        .collect(),
                }],
                exceptions: Vec::new(),
            }
        })
        .collect()
    }

    pub(super) fn skilled(&mut self, id: AgentId, house: &Configuration) -> Agent {
        let serves = house.queues.iter().filter(|_| self.random.u32(0..3) > 0);
        Agent {
            id,
            name: self.names.agents[&id].clone(),
            queues: serves
                .map(|queue| queue.id)
                .collect::<Vec<_>>()
                .into_iter()
                .map(|queue| Membership {
                    queue,
                    level: self.random.u8(1..3),
                    after_ms: Millis(self.random.u64(0..3) * self.random.u64(0..4_000)),
                })
                .collect(),
            capacity: self.capacity(),
            skills: vec![Skill {
                name: "english".to_owned(),
                level: self.random.u8(1..6),
            }],
        }
    }

    /// Calls alone, calls and others, or no calls at all.
    pub(super) fn capacity(&mut self) -> Vec<Capacity> {
        let calls = Capacity {
            medium: Medium::Voice,
            at_once: self.random.u8(1..3),
            interrupted_by: Vec::new(),
        };
        let interrupted = self.chance(60);
        let tasks = Capacity {
            medium: Medium::Task,
            at_once: self.random.u8(1..5),
            interrupted_by: interrupted.then_some(Medium::Voice).into_iter().collect(),
        };
        match self.random.u32(0..5) {
            0 | 1 => Vec::new(),
            2 => vec![tasks],
            _ => vec![calls, tasks],
        }
    }

    /// Changes skills, needs, limits, and now and then whether a queue exists at all.
    pub(super) fn rebuild(&mut self) -> Result<(), String> {
        let all: Vec<AgentId> = self.names.agents.keys().copied().collect();
        for name in QUEUES {
            let known = self
                .house
                .queues
                .iter()
                .position(|queue| queue.name == name);
            match known {
                Some(place) if self.chance(15) => drop(self.house.queues.remove(place)),
                Some(place) => {
                    let level = self.random.u8(1..4);
                    self.house.queues[place].skills = SkillExpression::at_least("english", level);
                    self.house.queues[place].max_waiting = self.random.u32(1..10);
                    self.house.queues[place].rules = self.rules();
                }
                None => {
                    let queue = self.queue(name);
                    self.house.queues.push(queue);
                }
            }
        }
        if self.chance(40) {
            self.house.calendars = self.calendars();
        }
        self.house.default_queue = match self.chance(80) {
            true => self.house.queues.first().map(|queue| queue.id),
            false => None,
        };
        let house = self.house.clone();
        self.house.agents = all
            .into_iter()
            .filter(|_| self.random.u32(0..10) > 0)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|id| self.skilled(id, &house))
            .collect();
        self.give(Input::Configured(self.house.clone()))
    }
}
