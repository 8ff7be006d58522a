//! Plays a story against a real switchboard, and tells what came of it.

use crate::narrator::Names;
use crate::says::command;
use crate::script::{
    AgentDeed, ContactDeed, Deed, FlowSays, Instead, Line, RoutingSays, Says, Serves, Trait, parse,
};
use hotline_switchboard::Switchboard;
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::configuration::{
    self, CallbackRule, Configuration, LastAgentRule, Membership, Number, Otherwise, QueueRules,
    Ring, Skill, SkillExpression,
};
use hotline_vocabulary::fact::{Epoch, QueueRefusal, What};
use hotline_vocabulary::flow::{Action, Command, Enqueue, Preferred};
use hotline_vocabulary::ids::{
    AgentId, ContactId, LegId, LookupId, Minter, OfferId, PlaybackId, QuestionId, TenantId,
};
use hotline_vocabulary::input::{AgentRequest, CallArrived, Task};
use hotline_vocabulary::live::{HoursLive, RefusedLive};
use hotline_vocabulary::media::{Digit, PlaybackOutcome};
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault, PluginVersion, Usage};
use hotline_vocabulary::question::{Answer, FlowStepped, Verdict};
use hotline_vocabulary::routing::{Batch, Decision, Order, Outcome};
use hotline_vocabulary::{Channel, Effect, EndReason, Input, Millis, Question, Timestamp};
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

    fn queue(&mut self, name: String, traits: Vec<Trait>) {
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

    fn agent(
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
    fn open_house(&mut self, rest: &mut VecDeque<Line>) {
        if !self.open {
            self.open = true;
            self.give(Input::Configured(self.house.clone()), rest);
            self.told.clear();
        }
    }

    fn pass_until(&mut self, at: Timestamp, rest: &mut VecDeque<Line>) {
        while let Some(wake) = self.switchboard.next_wake().filter(|wake| *wake <= at) {
            self.now = self.now.max(wake);
            self.give(Input::Tick, rest);
        }
        self.now = self.now.max(at);
    }

    fn deed(&mut self, deed: Deed, rest: &mut VecDeque<Line>) {
        match deed {
            Deed::Call {
                contact,
                number,
                caller,
            } => {
                let (id, leg): (ContactId, LegId) =
                    (self.ids.mint(self.now), self.ids.mint(self.now));
                self.names.contacts.insert(id, contact.clone());
                self.names.legs.insert(leg, contact);
                self.give(
                    Input::CallArrived(CallArrived {
                        contact: id,
                        leg,
                        channel: Channel::Phone,
                        caller: caller.into(),
                        dialled: number,
                    }),
                    rest,
                );
            }
            Deed::Task { contact, queue } => {
                let id: ContactId = self.ids.mint(self.now);
                self.names.contacts.insert(id, contact);
                let task = Task {
                    contact: id,
                    customer: "ticket-7".into(),
                    queue: self.queue_named(&queue),
                    priority: 0,
                    skills: SkillExpression::Anyone,
                    attributes: Vec::new(),
                    parent: None,
                };
                self.give(Input::TaskCreated(task), rest);
            }
            Deed::Withdraw(name) => {
                let contact = self.contact_named(&name);
                self.give(Input::TaskWithdrawn { contact }, rest);
            }
            Deed::Contact(name, deed) => {
                let leg = self.leg_named(&name);
                match deed {
                    ContactDeed::HangsUp => self.give(
                        Input::LegEnded {
                            leg,
                            reason: EndReason::CallerHungUp,
                        },
                        rest,
                    ),
                    ContactDeed::Presses(keys) => {
                        for digit in keys.chars().filter_map(Digit::new) {
                            self.give(Input::KeyPressed { leg, digit }, rest);
                        }
                    }
                    ContactDeed::HearsItAll => {
                        let playback = self.playbacks.remove(&leg).expect("nothing plays");
                        let outcome = PlaybackOutcome::Completed;
                        self.give(
                            Input::PlaybackEnded {
                                leg,
                                playback,
                                outcome,
                            },
                            rest,
                        );
                    }
                }
            }
            Deed::Agent(name, deed) => self.agent_deed(&name, deed, rest),
            Deed::Reconfigure => self.give(Input::Configured(self.house.clone()), rest),
            Deed::Why(name) => {
                let contact = self
                    .names
                    .contacts
                    .iter()
                    .find(|(_, known)| **known == name);
                let contact = *contact.unwrap_or_else(|| panic!("no customer {name}")).0;
                let why = self.switchboard.why_waiting(contact, self.now);
                self.told.extend(self.names.why(&name, why.as_ref()));
            }
            Deed::RoutingAnswers(says) => {
                let (question, batch) = self.late.take().expect("a question left for later");
                let verdict = self.decide(&batch, Some(says)).expect("an answer");
                self.give(Input::Answered { question, verdict }, rest);
            }
            Deed::LookupAnswers(finding) => {
                let lookup = self.lookups.pop_front();
                let (contact, lookup) = lookup.expect("something was looked up");
                let found = Input::FlowLookedUp {
                    contact,
                    lookup,
                    finding,
                };
                self.give(found, rest);
            }
            Deed::RemoveQueue(name) => {
                self.house.queues.retain(|queue| queue.name != name);
                self.give(Input::Configured(self.house.clone()), rest);
            }
            Deed::Wallboard(queue) => self.wallboard(&queue),
            Deed::CustomerAnswers => {
                let leg = self.called.expect("a customer who was called");
                self.give(Input::LegAnswered { leg }, rest);
            }
            Deed::CustomerBusy => {
                let leg = self.called.expect("a customer who was called");
                let reason = EndReason::Busy;
                self.give(Input::LegEnded { leg, reason }, rest);
            }
            Deed::Stop => self.give(Input::Stopping, rest),
            Deed::Nothing => self.give(Input::Tick, rest),
        }
    }

    fn agent_deed(&mut self, name: &str, deed: AgentDeed, rest: &mut VecDeque<Line>) {
        let agent = self.agent_named(name);
        let desk_leg = |stage: &Stage| {
            let desk_phone = format!("{name}'s desk phone");
            let mut legs = stage.names.legs.iter().rev();
            legs.find(|(_, leg)| **leg == desk_phone)
                .map(|(leg, _)| *leg)
                .expect("a desk phone that was dialled")
        };
        let device = Device::Browser;
        let live = self.switchboard.live(self.now);
        let live = live.agents.into_iter().find(|live| live.id == agent);
        let offer = live.as_ref().and_then(|live| live.offers.first());
        let offer = offer.map(|offer| offer.offer);
        let contact = live.and_then(|live| match live.state {
            hotline_vocabulary::agent::AgentState::Talking { contact, .. }
            | hotline_vocabulary::agent::AgentState::WrapUp { contact, .. } => Some(contact),
            _ => None,
        });
        let request = |request| Input::AgentRequested { agent, request };
        let input = match deed {
            AgentDeed::SignsIn => Input::AgentSignedIn { agent },
            AgentDeed::SignsOut => Input::AgentSignedOut { agent },
            AgentDeed::Ready => request(AgentRequest::Ready),
            AgentDeed::Pauses(reason) => request(AgentRequest::Pause { reason }),
            AgentDeed::Accepts => request(AgentRequest::AcceptOffer {
                offer: offer.expect("an offer to accept"),
            }),
            AgentDeed::Rejects => request(AgentRequest::RejectOffer {
                offer: offer.expect("an offer to reject"),
            }),
            AgentDeed::HangsUp => request(AgentRequest::HangUp {
                contact: contact.expect("a talk to end"),
            }),
            AgentDeed::Disposes(disposition) => request(AgentRequest::Dispose {
                contact: contact.expect("a contact to dispose of"),
                disposition,
                note: String::new(),
            }),
            AgentDeed::AcceptsOne(name) => request(AgentRequest::AcceptOffer {
                offer: self.offer_of(agent, &name),
            }),
            AgentDeed::RejectsOne(name) => request(AgentRequest::RejectOffer {
                offer: self.offer_of(agent, &name),
            }),
            AgentDeed::Completes(name) => request(AgentRequest::Complete {
                contact: self.contact_named(&name),
            }),
            AgentDeed::GivesBack(name) => request(AgentRequest::GiveBack {
                contact: self.contact_named(&name),
            }),
            AgentDeed::DisposesOf(disposition, name) => request(AgentRequest::Dispose {
                contact: self.contact_named(&name),
                disposition,
                note: String::new(),
            }),
            AgentDeed::UsesDeskPhone => request(AgentRequest::UseDevice {
                device: Device::DeskPhone,
            }),
            AgentDeed::BrowserUp => {
                let leg = self.ids.mint(self.now);
                self.names.legs.insert(leg, format!("{name}'s browser"));
                Input::DeviceUp {
                    agent,
                    device,
                    leg: Some(leg),
                }
            }
            AgentDeed::BrowserDown => Input::DeviceDown { agent, device },
            AgentDeed::DeskPhoneUp => Input::DeviceUp {
                agent,
                device: Device::DeskPhone,
                leg: None,
            },
            AgentDeed::DeskPhoneDown => Input::DeviceDown {
                agent,
                device: Device::DeskPhone,
            },
            AgentDeed::PicksUp => Input::LegAnswered {
                leg: desk_leg(self),
            },
            AgentDeed::DeskPhoneBusy => Input::LegEnded {
                leg: desk_leg(self),
                reason: EndReason::Busy,
            },
            AgentDeed::DeskPhoneHangsUp => Input::LegEnded {
                leg: desk_leg(self),
                reason: EndReason::AgentHungUp,
            },
        };
        self.give(input, rest);
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

    /// The answer that the story's next line gives, or the usual one; none for an adviser that is
    /// silent.
    fn advise(
        &mut self,
        question: QuestionId,
        ask: Question,
        rest: &mut VecDeque<Line>,
    ) -> Option<Verdict> {
        match ask {
            Question::FlowStep(_) => {
                let says = match rest.pop_front_if(|next| matches!(next, Line::Flow(_))) {
                    Some(Line::Flow(says)) => says,
                    _ => FlowSays::Actions(Vec::new()),
                };
                match says {
                    FlowSays::Silent => None,
                    FlowSays::Fails => Some(fault()),
                    FlowSays::Actions(says) => {
                        let actions = (1u32..).zip(says).map(|(id, says)| Action {
                            id,
                            command: self.command(says),
                        });
                        Some(answer(Answer::FlowStep(FlowStepped {
                            state: Vec::new(),
                            actions: actions.collect(),
                            trace: Vec::new(),
                        })))
                    }
                }
            }
            Question::Plan { .. } => Some(answer(Answer::Plan(Vec::new()))),
            Question::Rank { visit, .. } => Some(answer(Answer::Rank(Order {
                base: f64::from(visit.interaction.priority),
                slope: 1.0 / 60_000.0,
                reasons: Vec::new(),
            }))),
            Question::Decide { batch, .. } => {
                let says = match rest.pop_front_if(|next| matches!(next, Line::Routing(_))) {
                    Some(Line::Routing(says)) => Some(says),
                    _ => None,
                };
                if says == Some(RoutingSays::Later) {
                    self.late = Some((question, batch));
                    return None;
                }
                self.decide(&batch, says)
            }
            Question::Migrate(_) | Question::Qa { .. } | Question::Connector { .. } => {
                Some(fault())
            }
        }
    }

    fn decide(&self, batch: &Batch, says: Option<RoutingSays>) -> Option<Verdict> {
        let mut free: Vec<AgentId> = batch.agents.iter().map(|agent| agent.id).collect();
        let decisions = batch.contacts.iter().map(|contact| {
            let decision = match &says {
                None => {
                    let mut candidates = batch.candidates_of(contact);
                    let candidate = candidates.find(|id| free.contains(id));
                    candidate.map_or(Decision::KeepWaiting, Decision::Assign)
                }
                Some(RoutingSays::Offer(name)) => Decision::Assign(self.agent_named(name)),
                Some(RoutingSays::Overflow(queue)) => Decision::Overflow(queue.clone()),
                Some(RoutingSays::Flow(name)) => Decision::Flow(name.clone()),
                Some(RoutingSays::Callback) => Decision::Callback,
                Some(RoutingSays::Voicemail) => Decision::Voicemail,
                Some(_) => Decision::KeepWaiting,
            };
            if let Decision::Assign(agent) = decision {
                free.retain(|id| *id != agent);
            }
            Outcome {
                contact: contact.contact,
                decision,
                reasons: vec!["as told".to_owned()],
                scores: Vec::new(),
                recheck_after_ms: match says {
                    Some(RoutingSays::Keep(recheck)) => recheck,
                    _ => None,
                },
            }
        });
        match says {
            Some(RoutingSays::Silent) => None,
            Some(RoutingSays::Fails) => Some(fault()),
            _ => Some(answer(Answer::Decide(decisions.collect()))),
        }
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

impl Stage {
    fn command(&self, says: Says) -> Command {
        match says {
            Says::EnqueuePreferring { queue, agent, wait } => Command::Enqueue(Enqueue {
                queue,
                priority: 0,
                skills: SkillExpression::Anyone,
                preferred: Some(Preferred {
                    agent: self.agent_named(&agent),
                    wait_ms: wait,
                }),
            }),
            says => command(says),
        }
    }
}

pub(crate) fn answer(answer: Answer) -> Verdict {
    Verdict {
        outcome: Ok(answer),
        version: Some(PluginVersion {
            name: "told".to_owned(),
            component: Digest([7; 32]),
            artifact: None,
        }),
        usage: Usage::default(),
    }
}

pub(crate) fn fault() -> Verdict {
    Verdict {
        outcome: Err(PluginFault {
            kind: FaultKind::Trapped,
            message: "unreachable".to_owned(),
        }),
        version: None,
        usage: Usage::default(),
    }
}
