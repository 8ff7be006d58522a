//! One replication: the production switchboard with virtual time, and people who behave as planned.

mod callbacks;
mod flow;
mod workforce;

use crate::agenda::{Act, Agenda};
use crate::contact::{ContactPlan, contact_id, leg_id};
use crate::control::{Control, Stopped};
use crate::observation::Observations;
use crate::observer::Observer;
use crate::pauses::{BREAK, SHIFT_OVER};
use crate::plan::{FLOW, NUMBER, Plan};
use crate::policy::{Arm, SkillUse};
use hotline_switchboard::Switchboard;
use hotline_vocabulary::configuration::{Configuration, Number, SkillExpression};
use hotline_vocabulary::fact::{Epoch, VisitEnd, What};
use hotline_vocabulary::flow::Finding;
use hotline_vocabulary::ids::{AgentId, ContactId, Id, LegId, TenantId};
use hotline_vocabulary::input::{AgentRequest, CallArrived};
use hotline_vocabulary::{Channel, Effect, EndReason, Fact, Input, Timestamp};
use std::collections::{HashMap, VecDeque};
use workforce::Agent;
/// Acts between two looks at whether to stop.
const ACTS_UNNOTICED: u32 = 256;

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
