//! One replication: the production switchboard with virtual time, and people who behave as planned.

mod callbacks;

use crate::agenda::{Act, Agenda};
use crate::control::{Control, Stopped};
use crate::observation::{Observations, Observer};
use crate::plan::{ContactPlan, FLOW, NUMBER, Plan, contact_id, leg_id, place_of};
use crate::policy::{Arm, SkillUse, not_a_policys, verdict};
use hotline_switchboard::Switchboard;
use hotline_vocabulary::agent::{AgentState, Device};
use hotline_vocabulary::configuration::{Configuration, Number, SkillExpression};
use hotline_vocabulary::fact::{Epoch, VisitEnd, What};
use hotline_vocabulary::flow::{Action, Command, Enqueue, Finding, FlowEvent};
use hotline_vocabulary::ids::{AgentId, ContactId, Id, LegId, OfferId, TenantId};
use hotline_vocabulary::input::{AgentRequest, CallArrived};
use hotline_vocabulary::question::{FlowStep, FlowStepped, Verdict};
use hotline_vocabulary::{
    Answer, Channel, Effect, EndReason, Fact, Input, Millis, Question, Timestamp,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::{HashMap, VecDeque};

const SHIFT_OVER: &str = "shift over";
const BREAK: &str = "break";
/// After so long an agent who missed too many offers takes contacts again.
const COMES_BACK_AFTER: Millis = Millis::from_secs(300);
/// Acts between two looks at whether to stop.
const ACTS_UNNOTICED: u32 = 256;

/// The place of the enqueue among the actions of a contact's first step.
const ENQUEUE: u32 = 2;

/// The switchboard's own reasons for a pause; the others are the agents'.
const IMPOSED: [&str; 3] = ["signed in", "device", MISSED_OFFERS];
const MISSED_OFFERS: &str = "missed offers";

/// Whether an agent paused for this by their own wish.
pub(crate) fn is_a_break(reason: &str) -> bool {
    !IMPOSED.contains(&reason)
}

pub(crate) struct House<'a> {
    plan: &'a Plan,
    arm: &'a Arm,
    switchboard: Switchboard,
    now: Timestamp,
    contacts: Vec<Contact>,
    /// The place of the next contact that arrives by plan; those behind the planned ones came of
    /// others and are on the agenda.
    next_arrival: usize,
    planned: usize,
    agents: Vec<Agent>,
    places: HashMap<AgentId, usize>,
    agenda: Agenda,
    /// Contacts that the switchboard made to call customers back, by their places.
    called_back: HashMap<ContactId, usize>,
    effects: VecDeque<Effect>,
    observer: Observer,
    listener: &'a mut dyn FnMut(&Fact),
    /// Contacts and wrap-ups that have not ended.
    open: usize,
}

struct Contact {
    id: ContactId,
    plan: ContactPlan,
    /// Of one who is called back, the one that was called last.
    leg: LegId,
    stage: Stage,
    /// How often the customer was called.
    calls: u64,
    /// The customer took such a call.
    reached: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Coming,
    InFlow,
    Waiting,
    /// Hears that they will be called back.
    Promised,
    /// The customer's phone rings, and this agent waits.
    Called(AgentId),
    Talking,
    Over,
}

#[derive(Debug, Default)]
struct Agent {
    at_work: bool,
    on_break: bool,
}

/// Plays one replication to its end. `listener` hears every fact, in order.
pub(crate) fn play(
    plan: &Plan,
    arm: &Arm,
    replication: u32,
    control: &Control,
    listener: &mut dyn FnMut(&Fact),
) -> Result<Observations, Stopped> {
    let mut house = House::new(plan, arm, replication, listener);
    let mut unnoticed = 0;
    while let Some(at) = house.next_instant() {
        unnoticed += 1;
        if unnoticed == ACTS_UNNOTICED {
            control.check()?;
            unnoticed = 0;
        }
        house.live_until(at);
        if house.is_over() {
            break;
        }
    }
    Ok(house.observer.finish())
}

impl<'a> House<'a> {
    fn new(
        plan: &'a Plan,
        arm: &'a Arm,
        replication: u32,
        listener: &'a mut dyn FnMut(&Fact),
    ) -> Self {
        let contacts = plan.source.contacts(plan.midnight, plan.seed, replication);
        let observer = Observer::new(plan, &contacts);
        let mut agenda = Agenda::default();
        for (place, agent) in plan.agents.iter().enumerate() {
            for shift in &agent.shifts {
                agenda.plan(shift.from, Act::BeginShift(place));
                if let Some(to) = shift.to {
                    agenda.plan(to, Act::EndShift(place));
                }
            }
            for pause in &agent.breaks {
                agenda.plan(pause.from, Act::BeginBreak(place));
                if let Some(to) = pause.to {
                    agenda.plan(to, Act::EndBreak(place));
                }
            }
        }
        let seed = plan.seed ^ u64::from(replication) << 32;
        let mut house = House {
            plan,
            arm,
            switchboard: Switchboard::new(TenantId::from_bits(1), Epoch(1), seed),
            now: plan.midnight,
            next_arrival: 0,
            planned: contacts.len(),
            contacts: Vec::with_capacity(contacts.len()),
            agents: plan.agents.iter().map(|_| Agent::default()).collect(),
            places: plan.agents.iter().map(|agent| agent.id).zip(0..).collect(),
            agenda,
            called_back: HashMap::new(),
            effects: VecDeque::new(),
            observer,
            listener,
            open: 0,
        };
        let warm_up = plan.counting.warm_up_contacts;
        for (place, mut contact) in contacts.into_iter().enumerate() {
            contact.counted = place >= warm_up;
            house.add(contact, None);
        }
        house.give(Input::Configured(configured(plan, arm)));
        house
    }

    fn add(&mut self, plan: ContactPlan, parent: Option<usize>) -> usize {
        let place = self.contacts.len();
        self.observer.add(&plan, parent);
        self.contacts.push(Contact {
            id: contact_id(plan.arrives, place),
            leg: leg_id(plan.arrives, place),
            plan,
            stage: Stage::Coming,
            calls: 0,
            reached: false,
        });
        place
    }

    /// Contacts that came of others: redials and transfers.
    fn add_later(&mut self, plan: ContactPlan, parent: usize) {
        let at = plan.arrives;
        let place = self.add(plan, Some(parent));
        self.open += 1;
        self.agenda.plan(at, Act::Arrive(place));
    }

    fn next_planned_arrival(&self) -> Option<Timestamp> {
        let planned = self.next_arrival < self.planned;
        planned.then(|| self.contacts[self.next_arrival].plan.arrives)
    }

    fn next_instant(&self) -> Option<Timestamp> {
        let people = [self.next_planned_arrival(), self.agenda.next_due()];
        people
            .into_iter()
            .flatten()
            .chain(self.switchboard.next_wake())
            .min()
    }

    fn is_over(&self) -> bool {
        self.open == 0 && self.next_arrival == self.planned
    }

    /// The switchboard's own timers come before the people of the same instant, as they do in
    /// [`Switchboard::handle`].
    fn live_until(&mut self, at: Timestamp) {
        self.now = self.now.max(at);
        if self.next_planned_arrival() == Some(at) {
            let place = self.next_arrival;
            self.next_arrival += 1;
            self.open += 1;
            self.arrive(place);
        } else if self.agenda.next_due() == Some(at) {
            if let Some(act) = self.agenda.take() {
                self.act(act);
            }
        } else {
            self.give(Input::Tick);
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Arrive(place) => self.arrive(place),
            Act::GiveUp(place) => {
                if self.contacts[place].stage == Stage::Waiting {
                    self.leg_ends(place);
                }
            }
            Act::HangUp(place) => {
                if self.contacts[place].stage == Stage::Talking {
                    self.leg_ends(place);
                }
            }
            Act::PassOn(place) => {
                if self.contacts[place].stage == Stage::Talking {
                    self.pass_on(place);
                }
            }
            Act::EndWrapUp(agent, place) => {
                self.open -= 1;
                let contact = self.contacts[place].id;
                self.request(
                    agent,
                    AgentRequest::Dispose {
                        contact,
                        disposition: String::new(),
                        note: String::new(),
                    },
                );
            }
            Act::AnswerOffer(agent, offer) => {
                self.request(agent, AgentRequest::AcceptOffer { offer });
            }
            Act::PickUp(place, leg) => self.picks_up(place, leg),
            Act::BeginShift(place) => self.begin_shift(place),
            Act::EndShift(place) => {
                self.agents[place].at_work = false;
                self.pause(place, SHIFT_OVER);
            }
            Act::BeginBreak(place) => {
                self.agents[place].on_break = true;
                if self.agents[place].at_work {
                    self.pause(place, BREAK);
                }
            }
            Act::EndBreak(place) => {
                self.agents[place].on_break = false;
                self.come_back(place);
            }
            Act::ComeBack(place) => self.come_back(place),
            Act::SignOut(place) => {
                if !self.agents[place].at_work {
                    let agent = self.plan.agents[place].id;
                    self.give(Input::AgentSignedOut { agent });
                }
            }
        }
    }

    fn begin_shift(&mut self, place: usize) {
        self.agents[place].at_work = true;
        let agent = self.plan.agents[place].id;
        self.give(Input::AgentSignedIn { agent });
        self.give(Input::DeviceUp {
            agent,
            device: Device::Browser,
            leg: Some(LegId::from_bits(agent.bits())),
        });
        self.come_back(place);
    }

    fn pause(&mut self, place: usize, reason: &str) {
        let agent = self.plan.agents[place].id;
        let reason = reason.to_owned();
        self.request(agent, AgentRequest::Pause { reason });
    }

    fn come_back(&mut self, place: usize) {
        let Agent { at_work, on_break } = self.agents[place];
        if at_work && !on_break {
            self.request(self.plan.agents[place].id, AgentRequest::Ready);
        }
    }

    fn arrive(&mut self, place: usize) {
        let contact = &mut self.contacts[place];
        contact.stage = Stage::InFlow;
        let arrived = CallArrived {
            contact: contact.id,
            leg: contact.leg,
            channel: contact.plan.kind.channel,
            caller: format!("+49{:07}", contact.plan.customer).into(),
            dialled: NUMBER.to_owned(),
        };
        self.give(Input::CallArrived(arrived));
    }

    /// The customer hangs up.
    fn leg_ends(&mut self, place: usize) {
        let leg = self.contacts[place].leg;
        let reason = EndReason::CallerHungUp;
        self.give(Input::LegEnded { leg, reason });
    }

    fn pass_on(&mut self, place: usize) {
        let plan = ContactPlan {
            arrives: self.now,
            transferred: true,
            redial_after: None,
            ..self.contacts[place].plan.clone()
        };
        self.leg_ends(place);
        self.add_later(plan, place);
    }

    fn request(&mut self, agent: AgentId, request: AgentRequest) {
        self.give(Input::AgentRequested { agent, request });
    }

    fn give(&mut self, input: Input) {
        self.switchboard.handle(self.now, input);
        loop {
            let drained = self.switchboard.drain();
            for fact in &drained.facts {
                self.notice(fact);
            }
            self.effects.extend(drained.effects);
            let Some(effect) = self.effects.pop_front() else {
                return;
            };
            let input = match effect {
                Effect::Ask { question, ask } => {
                    let verdict = self.answer(&ask);
                    Input::Answered { question, verdict }
                }
                // A simulated house has no records to look into.
                Effect::LookUp { contact, visit, .. } => Input::LookedUp {
                    contact,
                    visit,
                    facts: Vec::new(),
                    failed: Vec::new(),
                },
                Effect::LookUpForFlow {
                    contact, lookup, ..
                } => Input::FlowLookedUp {
                    contact,
                    lookup,
                    finding: Finding::Nothing,
                },
                Effect::Play { leg, playback, .. } => match self.hears_the_promise(leg, playback) {
                    Some(input) => input,
                    None => continue,
                },
                Effect::DialCustomer { leg, contact, .. } => {
                    self.is_called(contact, leg);
                    continue;
                }
                _ => continue,
            };
            self.switchboard.handle(self.now, input);
        }
    }

    fn answer(&self, question: &Question) -> Verdict {
        match question {
            Question::FlowStep(step) => verdict(Ok(Answer::FlowStep(self.flow_step(step)))),
            Question::Plan { .. } | Question::Rank { .. } | Question::Decide { .. } => {
                self.arm.policy.answer(question)
            }
            Question::Migrate(_) | Question::Qa { .. } | Question::Connector { .. } => {
                not_a_policys()
            }
        }
    }

    /// The flow of a simulated house: into the queue, and goodbye if the queue will not have it.
    fn flow_step(&self, step: &FlowStep) -> FlowStepped {
        let commands = match &step.event {
            FlowEvent::Started => self.queueing(place_of(step.contact)),
            FlowEvent::Done { action, outcome } if *action == ENQUEUE && outcome != "queued" => {
                vec![(ENQUEUE + 1, Command::HangUp)]
            }
            FlowEvent::Agent { what } if what != "connected" => {
                vec![(ENQUEUE + 1, Command::HangUp)]
            }
            _ => Vec::new(),
        };
        let action = |(id, command)| Action { id, command };
        FlowStepped {
            state: Vec::new(),
            actions: commands.into_iter().map(action).collect(),
            trace: Vec::new(),
        }
    }

    fn queueing(&self, place: usize) -> Vec<(u32, Command)> {
        let Some(Contact { plan, .. }) = self.contacts.get(place) else {
            return vec![(ENQUEUE, Command::HangUp)];
        };
        let kind = &plan.kind;
        let queue = &self.plan.configuration.queues[kind.queue];
        let skills = match (self.arm.skills, plan.transferred) {
            (SkillUse::AsConfigured, _) => kind.skills.clone(),
            (SkillUse::Ignored, true) => queue.skills.clone().and(kind.skills.clone()),
            (SkillUse::Ignored, false) => SkillExpression::Anyone,
        };
        let mut commands = Vec::with_capacity(2);
        if !kind.attributes.is_empty() {
            let attributes = kind.attributes.clone();
            commands.push((ENQUEUE - 1, Command::SetAttributes(attributes)));
        }
        let enqueue = Enqueue {
            queue: queue.name.clone(),
            priority: kind.priority,
            skills,
            preferred: None,
        };
        commands.push((ENQUEUE, Command::Enqueue(enqueue)));
        commands
    }

    /// What is now history moves the people on.
    fn notice(&mut self, fact: &Fact) {
        if let (
            What::ContactStarted {
                channel: Channel::Callback,
                parent: Some(parent),
                ..
            },
            Some(callback),
        ) = (&fact.what, fact.contact)
        {
            self.is_owed(callback, *parent);
        }
        let place = fact.contact.and_then(|contact| self.place(contact));
        self.observer.notice(fact, place);
        (self.listener)(fact);
        match (&fact.what, place, fact.agent) {
            (What::QueueEntered { .. }, Some(place), _) => {
                let contact = &mut self.contacts[place];
                // Patience runs from the first queue on.
                if contact.stage == Stage::InFlow
                    && let Some(patience) = contact.plan.patience
                {
                    self.agenda.plan(self.now + patience, Act::GiveUp(place));
                }
                contact.stage = Stage::Waiting;
            }
            (What::QueueLeft { how, .. }, Some(place), _) => match how {
                VisitEnd::Abandoned => self.redials(place),
                // Stays within reach of its patience.
                VisitEnd::Overflowed | VisitEnd::Dequeued => {}
                _ => {}
            },
            (What::OfferMade { offer, .. }, Some(place), Some(agent)) => {
                self.agent_hears(place, agent, *offer);
            }
            (What::CallbackBooked { .. }, Some(place), _) => {
                self.contacts[place].stage = Stage::Promised;
            }
            (What::AgentConnected { .. }, Some(place), Some(agent)) => {
                self.agent_accepted(place, agent);
            }
            (What::ContactAnswered, Some(place), _) => self.is_reached(place),
            (What::SegmentEnded { .. }, Some(place), Some(agent)) => {
                match self.contacts[place].stage {
                    // Nobody took the call: there is nothing to wrap up.
                    Stage::Called(_) => self.contacts[place].stage = Stage::Waiting,
                    _ => self.wraps_up(place, agent),
                }
            }
            (What::ContactEnded { .. }, Some(place), _) => {
                self.contacts[place].stage = Stage::Over;
                self.open -= 1;
            }
            (What::AgentStateChanged { to, .. }, _, Some(agent)) => self.agent_is(agent, to),
            _ => {}
        }
    }

    fn redials(&mut self, place: usize) {
        let plan = &self.contacts[place].plan;
        if let Some(after) = plan.redial_after {
            let again = ContactPlan {
                arrives: self.now + after,
                redial_after: None,
                ..plan.clone()
            };
            self.add_later(again, place);
        }
    }

    fn agent_hears(&mut self, place: usize, agent: AgentId, offer: OfferId) {
        let Some(at) = self.places.get(&agent) else {
            return;
        };
        let sampler = &self.plan.agents[*at].answers_after;
        let after = if sampler.is_nothing() {
            Millis::ZERO
        } else {
            // The same for all policies: by the contact, and by the agent who is asked.
            let seed =
                self.contacts[place].plan.luck ^ (*at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            sampler.draw(&mut ChaCha8Rng::seed_from_u64(seed))
        };
        self.agenda
            .plan(self.now + after, Act::AnswerOffer(agent, offer));
    }

    fn connected(&mut self, place: usize, agent: AgentId) {
        let lacks_skills = self.lacks_skills(agent, place);
        let contact = &mut self.contacts[place];
        contact.stage = Stage::Talking;
        let plan = &contact.plan;
        let (after, act) = match plan.kind.transfer {
            Some(transfer)
                if lacks_skills && !plan.transferred && plan.transfer_luck < transfer.share =>
            {
                let part = plan.handle.0 as f64 * transfer.after_share;
                (Millis(part as u64), Act::PassOn(place))
            }
            _ => (plan.handle, Act::HangUp(place)),
        };
        self.agenda.plan(self.now + after, act);
    }

    fn wraps_up(&mut self, place: usize, agent: AgentId) {
        let plan = &self.contacts[place].plan;
        let queue = &self.plan.configuration.queues[plan.kind.queue];
        // Without after-call work the queue's own rule has ended it already.
        if queue.wrap_up_ms != Some(Millis::ZERO) {
            self.open += 1;
            self.agenda
                .plan(self.now + plan.wrap_up, Act::EndWrapUp(agent, place));
        }
    }

    fn lacks_skills(&self, agent: AgentId, place: usize) -> bool {
        let kind = &self.contacts[place].plan.kind;
        let configuration = &self.plan.configuration;
        let Some(agent) = self.places.get(&agent).map(|at| &configuration.agents[*at]) else {
            return false;
        };
        let level_of = |name: &str| {
            let skill = agent.skills.iter().find(|skill| skill.name == name);
            skill.map_or(0, |skill| skill.level)
        };
        !configuration.queues[kind.queue].skills.is_met_by(&level_of)
            || !kind.skills.is_met_by(&level_of)
    }

    fn agent_is(&mut self, agent: AgentId, state: &AgentState) {
        let Some(place) = self.places.get(&agent).copied() else {
            return;
        };
        if let AgentState::Paused { reason, .. } = state {
            if reason == SHIFT_OVER {
                self.agenda.plan(self.now, Act::SignOut(place));
            } else if reason == MISSED_OFFERS && self.agents[place].at_work {
                self.agenda
                    .plan(self.now + COMES_BACK_AFTER, Act::ComeBack(place));
            }
        }
    }
}

/// The house as this arm sees it.
fn configured(plan: &Plan, arm: &Arm) -> Configuration {
    let mut configuration = plan.configuration.clone();
    configuration.dials_out = true;
    configuration.numbers = vec![Number {
        dialled: NUMBER.to_owned(),
        flow: FLOW.to_owned(),
        click_to_call: false,
    }];
    for queue in &mut configuration.queues {
        queue.policy = None;
        if arm.skills == SkillUse::Ignored {
            queue.skills = SkillExpression::Anyone;
            queue.rules.rings.clear();
        }
    }
    configuration
}
