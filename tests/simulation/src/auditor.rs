//! Watches a switchboard from outside. It keeps its own small truth, from inputs, facts and effects
//! alone, and after every input says what does not hold: that everything ends once, that nobody and
//! nothing is booked twice, that no one who could serve idles beside someone who waits.

mod callbacks;
mod effects;
mod eligibility;
mod facts;
mod holds;
mod rules;
mod standing;

use hotline_switchboard::{Drained, Switchboard};
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{AgentState, Device};
use hotline_vocabulary::configuration::{self, Configuration, Membership, SkillExpression};
use hotline_vocabulary::fact::{OfferEnd, VisitEnd, What};
use hotline_vocabulary::flow::Preferred;
use hotline_vocabulary::ids::{
    AgentId, ContactId, LegId, OfferId, QuestionId, QueueId, RecordingId, SegmentId, VisitId,
};
use hotline_vocabulary::input::AgentRequest;
use hotline_vocabulary::routing::Batch;
use hotline_vocabulary::{
    Address, Answer, Channel, Effect, EndReason, Fact, Input, Millis, Question, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// How long a question may stay open, whatever its adviser does.
const SILENCE_MS: Millis = Millis(3_000);
/// How long a policy's lookups may hold a contact back.
const LOOKUPS_MS: Millis = Millis(300);
/// Shorter rechecks are stretched to this.
const RECHECK_MS: Millis = Millis(100);

type Policy = Option<String>;
/// What does not hold, in a sentence.
type Finding = Result<(), String>;

#[derive(Debug, Default)]
pub struct Auditor {
    house: Configuration,
    now: Timestamp,
    sequence: u64,
    inputs: u64,
    contacts: BTreeMap<ContactId, Contact>,
    agents: BTreeMap<AgentId, Agent>,
    legs: BTreeMap<LegId, Leg>,
    bridges: BTreeMap<LegId, LegId>,
    recordings: BTreeMap<RecordingId, Recording>,
    /// Who spoke with which customer last, and when.
    last_spoke: BTreeMap<Address, (Timestamp, AgentId)>,
    /// Desk phones that we rang, for whom.
    desk_phones: BTreeMap<LegId, (ContactId, AgentId)>,
    questions: BTreeMap<QuestionId, Asked>,
    /// Counts, by policy, what makes contacts that it let wait worth another look.
    affairs: BTreeMap<Policy, u64>,
    /// What a policy has just answered, until it is known who was let wait beside whom.
    answer: Option<holds::Answered>,
    /// A device that an agent has asked to use, until it is known whether they may.
    wish: Option<(AgentId, Device)>,
    /// What an agent has asked to give back, in this input.
    gives_back: Option<(AgentId, ContactId)>,
    places: rules::Places,
    /// A callback that was promised and has not begun.
    promised: Option<callbacks::Owed>,
    stopped: bool,
    pub counts: Counts,
}

/// What a run was made of: a storm in which nothing happened proves nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Counts {
    pub contacts: u32,
    pub visits: u32,
    pub offers: u32,
    pub talks: u32,
    pub lost_in_talk: u32,
    pub safe_flows: u32,
    pub overruled: u32,
    pub overflows: u32,
    pub refused: u32,
    pub tasks_done: u32,
    /// Offers to agents who had something in hand.
    pub beside: u32,
    /// Calls offered to agents who worked on something else.
    pub interruptions: u32,
    /// By a policy, to another flow.
    pub sent_on: u32,
    pub held: u32,
    pub outer_rings: u32,
    pub refused_full: u32,
    pub refused_closed: u32,
    pub refused_empty: u32,
    pub timed_out: u32,
    pub turned_away: u32,
    /// Customers who called again and found their place kept.
    pub places_kept: u32,
    pub callbacks: u32,
    /// Callbacks whose customers took the call.
    pub reached: u32,
    pub tried_again: u32,
}

#[derive(Debug)]
struct Contact {
    leg: Option<LegId>,
    medium: Medium,
    admitted: bool,
    safe: bool,
    caller: Address,
    wishes: SkillExpression,
    preferred: Option<Preferred>,
    flow: String,
    visit: Option<Visit>,
    /// The visit that it left last, and in which input.
    left: Option<(u64, VisitId)>,
    offer: Option<(OfferId, AgentId)>,
    rings_until: Option<Timestamp>,
    segment: Option<(SegmentId, AgentId)>,
    handled_for: Option<QueueId>,
    /// The input in which its last talk ended.
    parted_in: u64,
    recording: Option<RecordingId>,
    owed: Option<callbacks::Owed>,
    step: u64,
    ended: bool,
    forgotten: bool,
}

impl Contact {
    /// On the line, under a number that is one customer's.
    fn is_on_a_known_line(&self) -> bool {
        self.leg.is_some() && self.caller.reveal() != "anonymous"
    }
}

#[derive(Debug)]
struct Visit {
    id: VisitId,
    queue: QueueId,
    entered: Timestamp,
    /// Since when its place counts.
    place_since: Timestamp,
    /// Its agent was lost in mid-talk: it is next, whoever waits.
    is_next: bool,
    /// Since then in line, with nothing ringing.
    in_line: Timestamp,
    /// Whom it waits for alone, until when.
    preferred: Option<(AgentId, Timestamp)>,
    /// Who missed or rejected it.
    declined: BTreeSet<AgentId>,
    kept: Option<Kept>,
    /// Since when its policy has held it back, offers aside.
    held_since: Option<Timestamp>,
    /// Its policy may look things up until then.
    gathers_until: Option<Timestamp>,
    /// Someone who could serve it has been free all the time since then.
    beside: Option<Timestamp>,
}

/// A policy let the visit wait on, and said when to look again.
#[derive(Debug, Clone, Copy)]
struct Kept {
    affairs: u64,
    until: Timestamp,
}

#[derive(Debug)]
struct Agent {
    state: AgentState,
    /// Not taking contacts, or not once what is in hand is done.
    closed: bool,
    hand: BTreeMap<ContactId, InHand>,
    /// By medium: whether the agent could be offered one after the latest input.
    could_take: [bool; Medium::ALL.len()],
    /// How many contacts the agent had in hand then.
    had: usize,
    browser: Option<LegId>,
    desk_phone: bool,
    uses: Device,
}

/// A contact that an agent has.
#[derive(Debug, Clone, Copy)]
struct InHand {
    medium: Medium,
    /// When its wrap-up ends by itself, once that has begun.
    wraps_up_until: Option<Timestamp>,
}

impl Agent {
    fn can_be_heard(&self) -> bool {
        match self.uses {
            Device::Browser => self.browser.is_some(),
            Device::DeskPhone => self.desk_phone,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leg {
    Ringing,
    Up,
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recording {
    Running,
    Paused,
    Stopped,
}

#[derive(Debug)]
struct Asked {
    at: Timestamp,
    affairs: u64,
    about: Subject,
}

#[derive(Debug)]
enum Subject {
    Step(ContactId),
    Plan(ContactId, VisitId),
    Rank,
    Decide(Policy, Vec<holds::Shown>),
}

/// The skills that a contact's flow asks for; the same for its whole life, so that the auditor can
/// know them without asking.
pub fn wishes(contact: ContactId) -> SkillExpression {
    use hotline_vocabulary::ids::Id;
    match contact.bits() % 4 {
        0 => SkillExpression::at_least("english", 3),
        _ => SkillExpression::Anyone,
    }
}

/// Whom a contact's flow wants it to wait for, if anyone; the same for its whole life.
pub fn preference(contact: ContactId, agents: &[AgentId]) -> Option<Preferred> {
    use hotline_vocabulary::ids::Id;
    let number = contact.bits() >> 8;
    let agent = *agents.get((number % 16) as usize)?;
    Some(Preferred {
        agent,
        wait_ms: Millis((number % 7) as u64 * 1_500),
    })
}

fn hold(truth: bool, otherwise: impl FnOnce() -> String) -> Finding {
    if truth { Ok(()) } else { Err(otherwise()) }
}

impl Auditor {
    /// Before an input is given.
    pub fn hear(&mut self, now: Timestamp, input: &Input) {
        self.now = now;
        self.inputs += 1;
        self.gives_back = None;
        // What is overdue is closed before the input is taken.
        self.close_silent();
        match input {
            Input::Configured(house) => {
                // By the rules that held until now, then by those that hold from now on.
                self.forget_places();
                self.house = house.clone();
                self.forget_places();
                for policy in house.queues.iter().map(|queue| &queue.policy) {
                    *self.affairs.entry(policy.clone()).or_default() += 1;
                }
                for agent in &house.agents {
                    self.agents.entry(agent.id).or_insert(Agent {
                        state: AgentState::SignedOut,
                        closed: true,
                        hand: BTreeMap::new(),
                        could_take: Default::default(),
                        had: 0,
                        browser: None,
                        desk_phone: false,
                        uses: Device::Browser,
                    });
                }
            }
            Input::CallArrived(call) => drop(self.legs.insert(call.leg, Leg::Ringing)),
            Input::LegEnded { leg, .. } => {
                if let Some(life) = self.legs.get_mut(leg) {
                    *life = Leg::Over;
                }
            }
            Input::LegAnswered { leg } => {
                if let Some(life @ Leg::Ringing) = self.legs.get_mut(leg) {
                    *life = Leg::Up;
                }
            }
            Input::DeviceUp { agent, device, leg } => {
                if let Some(agent) = self.agents.get_mut(agent) {
                    match device {
                        Device::DeskPhone => agent.desk_phone = true,
                        Device::Browser => agent.browser = leg.or(agent.browser),
                    }
                    if let (Device::Browser, Some(leg)) = (device, leg) {
                        self.legs.insert(*leg, Leg::Up);
                    }
                }
            }
            Input::DeviceDown { agent, device } => {
                if let Some(agent) = self.agents.get_mut(agent) {
                    match device {
                        Device::DeskPhone => agent.desk_phone = false,
                        Device::Browser => agent.browser = None,
                    }
                }
            }
            Input::Answered { question, verdict } => {
                let Some(asked) = self.questions.remove(question) else {
                    return;
                };
                match (asked.about, &verdict.outcome) {
                    (Subject::Decide(_, shown), Ok(Answer::Decide(outcomes))) => {
                        self.answer = Some(holds::Answered::new(shown, outcomes, asked.affairs));
                    }
                    (Subject::Plan(..), Ok(Answer::Plan(lookups))) if !lookups.is_empty() => {}
                    (Subject::Plan(contact, visit), _) => self.note_gathered(contact, visit),
                    _ => {}
                }
            }
            Input::AgentRequested {
                agent,
                request: AgentRequest::UseDevice { device },
            } => self.wish = Some((*agent, *device)),
            Input::AgentRequested {
                agent,
                request: AgentRequest::GiveBack { contact },
            } => self.gives_back = Some((*agent, *contact)),
            Input::LookedUp { contact, visit, .. } => self.note_gathered(*contact, *visit),
            Input::Stopping => self.stopped = true,
            _ => {}
        }
    }

    fn close_silent(&mut self) {
        let now = self.now;
        self.questions
            .retain(|_, asked| now.since(asked.at) < SILENCE_MS);
    }

    /// All that the policy wanted to know is in.
    fn note_gathered(&mut self, contact: ContactId, of: VisitId) {
        if let Some(contact) = self.contacts.get_mut(&contact)
            && let Some(visit) = &mut contact.visit
            && visit.id == of
        {
            visit.gathers_until = None;
        }
    }

    fn in_queue(&self, queue: QueueId) -> usize {
        let visits = self.contacts.values().filter_map(|c| c.visit.as_ref());
        visits.filter(|visit| visit.queue == queue).count()
    }

    /// After an input is taken.
    ///
    /// # Errors
    /// What does not hold.
    pub fn check(&mut self, drained: &Drained, switchboard: &Switchboard) -> Finding {
        self.grant_the_wish(drained);
        for fact in &drained.facts {
            self.note_kept_before(fact);
            self.fact(fact)
                .map_err(|finding| format!("{finding}, at {:?}", fact.what))?;
        }
        self.note_kept();
        self.note_who_became_free();
        for effect in &drained.effects {
            self.effect(effect)
                .map_err(|finding| format!("{finding}, at {effect:?}"))?;
        }
        self.nothing_is_overdue()?;
        self.nobody_waits_against_the_rules()?;
        self.callbacks_are_kept()?;
        self.no_phone_rings_for_nobody()?;
        self.who_talks_is_heard_and_recorded()?;
        self.nobody_idles_beside_a_waiting_contact()?;
        self.the_monitors_agree(switchboard)?;
        self.live_tells_the_same(switchboard)
    }
}

impl Counts {
    pub fn add(&mut self, other: &Counts) {
        self.contacts += other.contacts;
        self.visits += other.visits;
        self.offers += other.offers;
        self.talks += other.talks;
        self.lost_in_talk += other.lost_in_talk;
        self.safe_flows += other.safe_flows;
        self.overruled += other.overruled;
        self.overflows += other.overflows;
        self.refused += other.refused;
        self.tasks_done += other.tasks_done;
        self.beside += other.beside;
        self.interruptions += other.interruptions;
        self.sent_on += other.sent_on;
        self.held += other.held;
        self.outer_rings += other.outer_rings;
        self.refused_full += other.refused_full;
        self.refused_closed += other.refused_closed;
        self.refused_empty += other.refused_empty;
        self.timed_out += other.timed_out;
        self.turned_away += other.turned_away;
        self.places_kept += other.places_kept;
        self.callbacks += other.callbacks;
        self.reached += other.reached;
        self.tried_again += other.tried_again;
    }
}
