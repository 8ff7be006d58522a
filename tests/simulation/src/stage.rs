//! Plays a story against a real switchboard, and tells what came of it.

mod advice;
mod deeds;
mod house;

pub(crate) use advice::{answer, fault};

use crate::narrator::Names;
use crate::script::{Line, parse};
use hotline_switchboard::Switchboard;
use hotline_vocabulary::configuration::{Configuration, Number};
use hotline_vocabulary::fact::{Epoch, What};
use hotline_vocabulary::ids::{
    AgentId, ContactId, LegId, LookupId, Minter, OfferId, PlaybackId, QuestionId, TenantId,
};
use hotline_vocabulary::live::{HoursLive, RefusedLive};
use hotline_vocabulary::routing::Batch;
use hotline_vocabulary::{Effect, Input, Millis, Question, Timestamp};
use std::collections::{BTreeMap, VecDeque};

/// When the story begins; everyone is at work a little before.
const BEGIN: Timestamp = Timestamp(1_000_000);

/// The number that every story's customers call.
const NUMBER: &str = "100";

/// The story's outcome: a sentence for each fact and each effect, in order.
///
/// # Panics
/// When the story does not parse or names somebody who is not in it.
pub fn play(script: &str) -> String {
    let mut stage = Stage::new();
    let mut lines: VecDeque<Line> = parse(script).into();
    while let Some(line) = lines.pop_front() {
        stage.line(line, &mut lines);
    }
    stage.told.join("\n")
}

struct Stage {
    switchboard: Switchboard,
    ids: Minter,
    now: Timestamp,
    house: Configuration,
    /// The customer's leg that was dialled last.
    called: Option<LegId>,
    names: Names,
    /// What each contact hears.
    playbacks: BTreeMap<LegId, PlaybackId>,
    questions: VecDeque<(QuestionId, Question)>,
    /// What flows have looked up, unanswered.
    lookups: VecDeque<(ContactId, LookupId)>,
    /// A decision that the story leaves for later.
    late: Option<(QuestionId, Batch)>,
    told: Vec<String>,
    open: bool,
}

impl Stage {
    fn new() -> Self {
        let mut ids = Minter::new(1);
        let tenant: TenantId = ids.mint(Timestamp(0));
        Stage {
            switchboard: Switchboard::new(tenant, Epoch(1), 2),
            ids,
            now: BEGIN - Millis::from_secs(1),
            called: None,
            house: Configuration {
                numbers: vec![Number {
                    dialled: NUMBER.to_owned(),
                    flow: "main".to_owned(),
                    click_to_call: true,
                }],
                language: "en".to_owned(),
                ..Configuration::default()
            },
            names: Names {
                begin: BEGIN,
                ..Names::default()
            },
            playbacks: BTreeMap::new(),
            questions: VecDeque::new(),
            lookups: VecDeque::new(),
            late: None,
            told: Vec::new(),
            open: false,
        }
    }

    fn line(&mut self, line: Line, rest: &mut VecDeque<Line>) {
        match line {
            Line::Calendar(calendar) => {
                let known = &mut self.house.calendars;
                known.retain(|known| known.name != calendar.name);
                known.push(calendar);
            }
            Line::Queue { name, traits } => self.queue(name, traits),
            Line::Agent {
                name,
                queues,
                skills,
                away,
            } => self.agent(name, &queues, skills, away, rest),
            Line::Capacity(name, capacity) => {
                let id = self.agent_named(&name);
                let mut agents = self.house.agents.iter_mut();
                if let Some(agent) = agents.find(|agent| agent.id == id) {
                    agent.capacity = capacity;
                }
            }
            Line::DefaultQueue(name) => {
                self.house.default_queue = name.map(|name| self.queue_named(&name));
            }
            Line::Language(language) => self.house.language = language,
            Line::AtMost(contacts) => self.house.limits.concurrent_contacts = contacts,
            Line::At(at, deed) => {
                self.open_house(rest);
                self.pass_until(BEGIN + at, rest);
                self.deed(deed, rest);
            }
            Line::Flow(says) => panic!("no question for the flow to answer with {says:?}"),
            Line::Routing(says) => panic!("no question for routing to answer with {says:?}"),
        }
    }

    /// Hours, and what was refused, of one queue.
    fn wallboard(&mut self, name: &str) {
        let live = self.switchboard.live(self.now);
        let queue = live.queues.into_iter().find(|queue| queue.name == name);
        let queue = queue.expect("a queue on the wallboard");
        let time = |until: Option<Timestamp>| {
            until.map_or_else(String::new, |until| {
                format!(" until {}", self.names.time(until))
            })
        };
        let hours = match queue.hours {
            HoursLive::Always => "always open".to_owned(),
            HoursLive::Open { until } => format!("open{}", time(until)),
            HoursLive::Closed { until } => format!("closed{}", time(until)),
            HoursLive::Unknown { why } => format!("open, as {why}"),
        };
        let RefusedLive {
            full,
            closed,
            empty,
            timed_out,
        } = queue.refused;
        let now = self.names.time(self.now);
        self.told.push(format!(
            "{now:>6}  {name}: {hours}; refused {full} full, {closed} closed, {empty} empty, {timed_out} timed out"
        ));
    }

    fn pass_until(&mut self, at: Timestamp, rest: &mut VecDeque<Line>) {
        while let Some(wake) = self.switchboard.next_wake().filter(|wake| *wake <= at) {
            self.now = self.now.max(wake);
            self.give(Input::Tick, rest);
        }
        self.now = self.now.max(at);
    }

    fn give(&mut self, input: Input, rest: &mut VecDeque<Line>) {
        self.switchboard.handle(self.now, input);
        self.drain();
        while let Some((question, ask)) = self.questions.pop_front() {
            if let Some(verdict) = self.advise(question, ask, rest) {
                self.switchboard
                    .handle(self.now, Input::Answered { question, verdict });
                self.drain();
            }
        }
    }

    fn drain(&mut self) {
        let drained = self.switchboard.drain();
        for fact in &drained.facts {
            // A contact that came from another has its name from there.
            if let (
                Some(id),
                What::ContactStarted {
                    parent: Some(parent),
                    channel,
                    ..
                },
            ) = (fact.contact, &fact.what)
                && let Some(name) = self.names.contacts.get(parent)
            {
                let name = format!("{name}'s {}", channel.as_str());
                self.names.contacts.insert(id, name);
            }
        }
        for effect in &drained.effects {
            match effect {
                Effect::Dial { leg, agent, .. } => {
                    let name = format!("{}'s desk phone", self.names.agents[agent]);
                    self.names.legs.insert(*leg, name);
                }
                Effect::DialCustomer { leg, contact, .. } => {
                    let name = format!("{}'s phone", self.names.contacts[contact]);
                    self.names.legs.insert(*leg, name);
                    self.called = Some(*leg);
                }
                Effect::Play { leg, playback, .. } => {
                    self.playbacks.insert(*leg, *playback);
                }
                Effect::LookUpForFlow {
                    contact, lookup, ..
                } => self.lookups.push_back((*contact, *lookup)),
                Effect::Ask { question, ask } => {
                    self.questions.push_back((*question, ask.clone()));
                }
                _ => {}
            }
        }
        let facts = drained.facts.iter().filter(|fact| is_told(&fact.what));
        self.told.extend(facts.map(|fact| self.names.fact(fact)));
        let effects = drained.effects.iter();
        self.told
            .extend(effects.filter_map(|effect| self.names.effect(effect)));
    }

    fn agent_named(&self, name: &str) -> AgentId {
        let found = self.names.agents.iter().find(|(_, known)| *known == name);
        *found.unwrap_or_else(|| panic!("no agent {name}")).0
    }

    fn queue_named(&self, name: &str) -> hotline_vocabulary::ids::QueueId {
        let found = self.names.queues.iter().find(|(_, known)| *known == name);
        *found.unwrap_or_else(|| panic!("no queue {name}")).0
    }

    fn contact_named(&self, name: &str) -> ContactId {
        let mut contacts = self.names.contacts.iter();
        let found = contacts.find(|(_, known)| *known == name);
        *found.unwrap_or_else(|| panic!("no contact {name}")).0
    }

    fn offer_of(&self, agent: AgentId, name: &str) -> OfferId {
        let contact = self.contact_named(name);
        let live = self.switchboard.live(self.now);
        let live = live.agent(agent).expect("an agent who is known");
        let offer = live.offers.iter().find(|offer| offer.contact == contact);
        offer.expect("an offer of this contact").offer
    }

    fn leg_named(&self, name: &str) -> LegId {
        let found = self.names.legs.iter().find(|(_, known)| *known == name);
        *found.unwrap_or_else(|| panic!("no customer {name}")).0
    }
}

/// What a story leaves out: each call's ranking is the same.
fn is_told(what: &What) -> bool {
    !matches!(what, What::QueueRanked { .. })
}
