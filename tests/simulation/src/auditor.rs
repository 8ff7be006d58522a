//! Watches a switchboard from outside. It keeps its own small truth, from inputs, facts and effects
//! alone, and after every input says what does not hold: that everything ends once, that nobody and
//! nothing is booked twice, that no one who could serve idles beside someone who waits.

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
use hotline_vocabulary::routing::{Batch, Decision, Outcome};
use hotline_vocabulary::{
    Address, Answer, Effect, EndReason, Fact, Input, Millis, Question, Timestamp,
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
    /// A device that an agent has asked to use, until it is known whether they may.
    wish: Option<(AgentId, Device)>,
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
    offer: Option<(OfferId, AgentId)>,
    rings_until: Option<Timestamp>,
    segment: Option<(SegmentId, AgentId)>,
    handled_for: Option<QueueId>,
    recording: Option<RecordingId>,
    step: u64,
    ended: bool,
    forgotten: bool,
}

#[derive(Debug)]
struct Visit {
    id: VisitId,
    queue: QueueId,
    entered: Timestamp,
    /// Since then in line, with nothing ringing.
    in_line: Timestamp,
    /// Whom it waits for alone, until when.
    preferred: Option<(AgentId, Timestamp)>,
    /// Who missed or rejected it.
    declined: BTreeSet<AgentId>,
    kept: Option<Kept>,
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
    Decide(Policy, Vec<ContactId>),
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
        // What is overdue is closed before the input is taken.
        self.close_silent();
        match input {
            Input::Configured(house) => {
                self.house = house.clone();
                for policy in house.queues.iter().map(|queue| &queue.policy) {
                    *self.affairs.entry(policy.clone()).or_default() += 1;
                }
                for agent in &house.agents {
                    self.agents.entry(agent.id).or_insert(Agent {
                        state: AgentState::SignedOut,
                        closed: true,
                        hand: BTreeMap::new(),
                        could_take: Default::default(),
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
                    (Subject::Decide(_, contacts), Ok(Answer::Decide(outcomes))) => {
                        self.note_kept(&contacts, outcomes, asked.affairs);
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

    /// A contact may only be kept waiting with a time to look again.
    fn note_kept(&mut self, asked: &[ContactId], outcomes: &[Outcome], affairs: u64) {
        for id in asked {
            // The first outcome for a contact is the one that counts.
            let Some(outcome) = outcomes.iter().find(|outcome| outcome.contact == *id) else {
                continue;
            };
            if let Decision::KeepWaiting = outcome.decision
                && let Some(after) = outcome.recheck_after_ms
                && let Some(contact) = self.contacts.get_mut(id)
                && contact.offer.is_none()
                && let Some(visit) = &mut contact.visit
            {
                let until = self.now + after.max(RECHECK_MS);
                visit.kept = Some(Kept { affairs, until });
            }
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
            self.fact(fact)
                .map_err(|finding| format!("{finding}, at {:?}", fact.what))?;
        }
        self.note_who_became_free();
        for effect in &drained.effects {
            self.effect(effect)
                .map_err(|finding| format!("{finding}, at {effect:?}"))?;
        }
        self.nothing_is_overdue()?;
        self.no_phone_rings_for_nobody()?;
        self.who_talks_is_heard_and_recorded()?;
        self.nobody_idles_beside_a_waiting_contact()?;
        self.the_monitors_agree(switchboard)?;
        self.live_tells_the_same(switchboard)
    }

    fn fact(&mut self, fact: &Fact) -> Finding {
        self.sequence += 1;
        hold(fact.sequence.0 == self.sequence, || {
            "a gap in history".to_owned()
        })?;
        hold(fact.at == self.now, || "a fact out of its time".to_owned())?;
        if let What::ContactStarted {
            leg,
            flow,
            channel,
            caller,
            ..
        } = &fact.what
        {
            let id = fact.contact.ok_or("a contact without id")?;
            self.counts.contacts += 1;
            let contact = Contact {
                leg: *leg,
                medium: channel.medium(),
                admitted: !flow.is_empty() || leg.is_none(),
                safe: false,
                caller: caller.clone(),
                wishes: SkillExpression::Anyone,
                preferred: None,
                flow: flow.clone(),
                visit: None,
                offer: None,
                rings_until: None,
                segment: None,
                handled_for: None,
                recording: None,
                step: 0,
                ended: false,
                forgotten: false,
            };
            let before = self.contacts.insert(id, contact);
            return hold(before.is_none(), || "started twice".to_owned());
        }
        match fact.contact {
            Some(id) => self.contact_fact(id, fact),
            None => self.agent_fact(fact),
        }
    }

    fn contact_fact(&mut self, id: ContactId, fact: &Fact) -> Finding {
        let now = self.now;
        let contact = self.contacts.get_mut(&id).ok_or("an unknown contact")?;
        let epilogue = matches!(
            fact.what,
            What::FlowStepped { .. }
                | What::PluginFaulted { .. }
                | What::LegMeasured { .. }
                | What::RecordingFinished { .. }
                | What::WrapUpEnded { .. }
        );
        hold(!contact.ended || epilogue, || {
            "something happened to a contact after its end".to_owned()
        })?;
        let agent = fact.agent;
        match &fact.what {
            What::ContactEnded { reason } => {
                contact.ended = true;
                self.counts.tasks_done += u32::from(*reason == EndReason::Completed);
                self.counts.refused += u32::from(!contact.admitted);
                hold(
                    contact.visit.is_none() && contact.offer.is_none() && contact.segment.is_none(),
                    || "a contact ended and left something open".to_owned(),
                )
            }
            What::SafeFlowEntered => {
                self.counts.safe_flows += 1;
                contact.safe = true;
                if contact.visit.is_none() {
                    contact.wishes = SkillExpression::Anyone;
                    contact.preferred = None;
                }
                Ok(())
            }
            What::PluginFaulted { fault, .. } => {
                let overruled = fault.message.starts_with("assigned");
                self.counts.overruled += u32::from(overruled);
                Ok(())
            }
            What::RoutingDecided(decided) => {
                let outer = decided.chosen_ring.is_some_and(|ring| ring > 1);
                self.counts.outer_rings += u32::from(outer);
                self.counts.held += u32::from(decided.held_until.is_some());
                Ok(())
            }
            What::QueueEntered {
                visit,
                queue,
                skills,
                ..
            } => {
                self.counts.visits += 1;
                if contact.leg.is_none() {
                    contact.wishes = skills.clone();
                } else if !contact.safe {
                    contact.wishes = wishes(id);
                    let agents: Vec<AgentId> = self.agents.keys().copied().collect();
                    contact.preferred = preference(id, &agents);
                }
                // Whoever handled it until now was lost.
                for agent in self.agents.values_mut() {
                    agent.hand.remove(&id);
                }
                let rule = self.house.queues.iter().find(|known| known.id == *queue);
                let rule = rule.and_then(|queue| queue.rules.last_agent.as_ref());
                let last = self.last_spoke.get(&contact.caller);
                let last = rule.zip(last).filter(|_| contact.leg.is_some());
                let last = last.and_then(|(rule, (at, agent))| {
                    let lately = now.since(*at) <= rule.within_ms;
                    lately.then_some((*agent, rule.wait_ms))
                });
                let preferred = contact.preferred.map(|one| (one.agent, one.wait_ms));
                let preferred = preferred.or(last);
                let before = contact.visit.replace(Visit {
                    id: *visit,
                    queue: *queue,
                    entered: now,
                    in_line: now,
                    preferred: preferred.map(|(agent, wait)| (agent, now + wait)),
                    declined: BTreeSet::new(),
                    kept: None,
                    gathers_until: None,
                    beside: None,
                });
                hold(before.is_none() && contact.segment.is_none(), || {
                    "in two places at once".to_owned()
                })
            }
            What::QueueLeft { visit, how, .. } => {
                self.counts.overflows += u32::from(*how == VisitEnd::Overflowed);
                let left = contact.visit.take();
                hold(left.is_some_and(|left| left.id == *visit), || {
                    "left a queue it was not in".to_owned()
                })?;
                hold(contact.offer.is_none(), || {
                    "left a queue while it rings".to_owned()
                })
            }
            What::OfferMade {
                offer,
                ring_timeout_ms,
                visit,
                ..
            } => {
                self.counts.offers += 1;
                let agent = agent.ok_or("an offer to nobody")?;
                let in_visit = contact.visit.as_mut().filter(|open| open.id == *visit);
                let in_visit = in_visit.ok_or("an offer outside its visit")?;
                in_visit.kept = None;
                in_visit.beside = None;
                let before = contact.offer.replace((*offer, agent));
                contact.rings_until = Some(now + *ring_timeout_ms);
                hold(before.is_none(), || "offered twice".to_owned())?;
                let medium = contact.medium;
                let open = &self.contacts[&id];
                hold(self.suits(agent, open, now), || {
                    format!("offered to {agent}, who may not be given it")
                })?;
                self.the_aged_come_first(id, agent)?;
                hold(self.could_take(agent, medium), || {
                    format!("{agent} is offered one {medium:?} too many")
                })?;
                let known = self.agents.get_mut(&agent).ok_or("an unknown agent")?;
                let others = known.hand.values().any(|other| other.medium != medium);
                self.counts.beside += u32::from(!known.hand.is_empty());
                self.counts.interruptions += u32::from(medium == Medium::Voice && others);
                let in_hand = InHand {
                    medium,
                    wraps_up_until: None,
                };
                let twice = known.hand.insert(id, in_hand);
                hold(twice.is_none(), || {
                    format!("{agent} has it in hand already")
                })
            }
            What::OfferEnded { offer, how, .. } => {
                let agent = agent.ok_or("an offer to nobody")?;
                let known = self.agents.get_mut(&agent).ok_or("an unknown agent")?;
                contact.rings_until = None;
                let over = contact.offer.take();
                if let Some(visit) = &mut contact.visit {
                    visit.in_line = now;
                    if !matches!(how, OfferEnd::Accepted | OfferEnd::Abandoned) {
                        visit.declined.insert(agent);
                        visit.preferred = visit.preferred.filter(|(one, _)| *one != agent);
                    }
                }
                // An accepted one is talked about, in the same breath.
                if *how != OfferEnd::Accepted {
                    known.hand.remove(&id);
                }
                hold(over == Some((*offer, agent)), || {
                    "an offer ended that was not open".to_owned()
                })
            }
            What::AgentConnected { segment, queue, .. } => {
                self.counts.talks += 1;
                contact.handled_for = Some(*queue);
                let agent = agent.ok_or("a talk with nobody")?;
                let before = contact.segment.replace((*segment, agent));
                hold(before.is_none() && contact.visit.is_none(), || {
                    "talks while elsewhere".to_owned()
                })
            }
            What::SegmentEnded { segment, .. } => {
                let agent = agent.ok_or("a talk with nobody")?;
                let over = contact.segment.take();
                self.last_spoke.insert(contact.caller.clone(), (now, agent));
                let queue = contact.handled_for.take();
                let contact_is_kept = contact.medium == Medium::Task;
                hold(over == Some((*segment, agent)), || {
                    "a talk ended that was not open".to_owned()
                })?;
                let queue = queue.and_then(|queue| self.queue(queue));
                let longest = queue.and_then(|queue| queue.wrap_up_ms);
                let known = self.agents.get_mut(&agent).ok_or("an unknown agent")?;
                // A host that stops lets go of tasks, which nobody wraps up.
                if self.stopped && contact_is_kept {
                    known.hand.remove(&id);
                    return Ok(());
                }
                let in_hand = known.hand.get_mut(&id).ok_or("a talk out of hand")?;
                in_hand.wraps_up_until = longest.map(|longest| now + longest);
                Ok(())
            }
            What::WrapUpEnded { .. } => {
                let agent = agent.ok_or("a wrap-up by nobody")?;
                let known = self.agents.get_mut(&agent).ok_or("an unknown agent")?;
                let done = known.hand.remove(&id);
                hold(done.is_some(), || {
                    format!("{agent} wrapped up what was not in hand")
                })
            }
            _ => Ok(()),
        }
    }

    fn agent_fact(&mut self, fact: &Fact) -> Finding {
        let Some(id) = fact.agent else {
            return Ok(());
        };
        let agent = self.agents.get_mut(&id).ok_or("an unknown agent")?;
        if let What::PauseNext { reason } = &fact.what {
            agent.closed = reason.is_some();
            return Ok(());
        }
        let What::AgentStateChanged { from, to } = &fact.what else {
            return Ok(());
        };
        let was = std::mem::replace(&mut agent.state, to.clone());
        hold(was.name() == from, || format!("{id} was {}", was.name()))?;
        if let (AgentState::Talking { .. }, AgentState::Paused { .. } | AgentState::SignedOut) =
            (&was, to)
        {
            self.counts.lost_in_talk += 1;
        }
        match to {
            AgentState::SignedOut => {
                agent.closed = true;
                agent.hand.clear();
                Ok(())
            }
            AgentState::Paused { .. } | AgentState::Ready { .. } => {
                agent.closed = matches!(to, AgentState::Paused { .. });
                hold(agent.hand.is_empty(), || {
                    format!("{id} rests with {:?} in hand", agent.hand)
                })?;
                let could = Medium::ALL.map(|medium| self.could_take(id, medium));
                let known = self.house.agents.iter().any(|agent| agent.id == id);
                let ready = matches!(to, AgentState::Ready { .. });
                hold(!ready || !known || could.contains(&true), || {
                    format!("{id} is ready for nothing")
                })
            }
            AgentState::Offered { offer, contact, .. } => {
                let open = self.contacts.get(contact).and_then(|c| c.offer);
                hold(open == Some((*offer, id)), || {
                    format!("{id} rings for nobody")
                })
            }
            AgentState::Talking {
                contact, segment, ..
            } => {
                let open = self.contacts.get(contact).and_then(|c| c.segment);
                hold(open == Some((*segment, id)), || {
                    format!("{id} talks to nobody")
                })
            }
            _ => Ok(()),
        }
    }

    /// A device that an agent asked to use is in use, unless that was refused.
    fn grant_the_wish(&mut self, drained: &Drained) {
        let refused = |fact: &Fact| matches!(fact.what, What::RequestRefused { .. });
        if let Some((agent, device)) = self.wish.take()
            && !drained.facts.iter().any(refused)
            && let Some(agent) = self.agents.get_mut(&agent)
        {
            agent.uses = device;
        }
    }

    /// Whether an agent takes contacts of a medium and has room for one more: no more of it than
    /// they take at once, and nothing in hand that it may not come on top of.
    fn could_take(&self, id: AgentId, medium: Medium) -> bool {
        let Some(agent) = self.agents.get(&id) else {
            return false;
        };
        let Some(house) = self.house.agents.iter().find(|agent| agent.id == id) else {
            return false;
        };
        let listed = |of: Medium| house.capacity.iter().find(|one| one.medium == of);
        let most = match (house.capacity.is_empty(), medium) {
            (true, Medium::Voice) => 1,
            (true, _) => 0,
            (false, _) => listed(medium).map_or(0, |one| usize::from(one.at_once)),
        };
        let most = if medium == Medium::Voice {
            most.min(1)
        } else {
            most
        };
        let of_it = agent.hand.values().filter(|other| other.medium == medium);
        let on_top = |other: &InHand| {
            other.medium == medium
                || listed(other.medium).is_some_and(|one| one.interrupted_by.contains(&medium))
        };
        !agent.closed
            && of_it.count() < most
            && agent.hand.values().all(on_top)
            && (medium != Medium::Voice || agent.can_be_heard())
    }

    fn note_who_became_free(&mut self) {
        let agents: Vec<AgentId> = self.agents.keys().copied().collect();
        for id in agents {
            let could = Medium::ALL.map(|medium| self.could_take(id, medium));
            let Some(agent) = self.agents.get_mut(&id) else {
                continue;
            };
            let before = std::mem::replace(&mut agent.could_take, could);
            let freer = could
                .iter()
                .zip(before)
                .any(|(now, before)| *now && !before);
            if freer {
                self.became_free(id);
            }
        }
    }

    fn became_free(&mut self, id: AgentId) {
        let agent = self.house.agents.iter().find(|agent| agent.id == id);
        for queue in agent.into_iter().flat_map(|agent| &agent.queues) {
            if let Some(policy) = self.queue(queue.queue).map(|queue| queue.policy.clone()) {
                *self.affairs.entry(policy).or_default() += 1;
            }
        }
    }

    fn affairs(&self, policy: &Policy) -> u64 {
        self.affairs.get(policy).copied().unwrap_or_default()
    }

    fn effect(&mut self, effect: &Effect) -> Finding {
        match effect {
            Effect::Answer { leg } => self.leg(*leg, Leg::Ringing, Leg::Up),
            Effect::Reject { leg, .. } => self.leg(*leg, Leg::Ringing, Leg::Over),
            Effect::HangUp { leg, .. } => {
                let life = self.legs.insert(*leg, Leg::Over);
                hold(matches!(life, Some(Leg::Ringing | Leg::Up)), || {
                    "hung up what was over".to_owned()
                })
            }
            Effect::Dial {
                leg,
                agent,
                contact,
                ..
            } => {
                self.desk_phones.insert(*leg, (*contact, *agent));
                let before = self.legs.insert(*leg, Leg::Ringing);
                hold(before.is_none(), || "dialled twice".to_owned())
            }
            Effect::DialCustomer { leg, .. } => {
                let before = self.legs.insert(*leg, Leg::Ringing);
                hold(before.is_none(), || "dialled twice".to_owned())
            }
            Effect::Play { leg, .. }
            | Effect::PlayMusic { leg, .. }
            | Effect::StopPlaying { leg } => {
                self.leg(*leg, Leg::Up, Leg::Up)?;
                hold(!self.bridges.contains_key(leg), || {
                    "played into a talk".to_owned()
                })
            }
            Effect::Bridge { customer, agent } => {
                self.leg(*customer, Leg::Up, Leg::Up)?;
                let taken = self.bridges.values().any(|other| other == agent);
                let before = self.bridges.insert(*customer, *agent);
                hold(before.is_none() && !taken, || {
                    "one leg in two bridges".to_owned()
                })
            }
            Effect::Unbridge { customer, agent } => {
                let before = self.bridges.remove(customer);
                hold(before == Some(*agent), || "parted strangers".to_owned())
            }
            Effect::StartRecording {
                recording,
                leg,
                contact,
            } => {
                let contact = self.contacts.get_mut(contact).ok_or("an unknown contact")?;
                contact.recording = Some(*recording);
                self.leg(*leg, Leg::Up, Leg::Up)?;
                let before = self.recordings.insert(*recording, Recording::Running);
                hold(before.is_none(), || "recorded twice".to_owned())
            }
            Effect::PauseRecording { recording } => {
                self.recording(*recording, &[Recording::Running], Recording::Paused)
            }
            Effect::ResumeRecording { recording } => {
                self.recording(*recording, &[Recording::Paused], Recording::Running)
            }
            Effect::StopRecording { recording } => {
                let open = [Recording::Running, Recording::Paused];
                self.recording(*recording, &open, Recording::Stopped)
            }
            Effect::Ask { question, ask } => self.asked(*question, ask),
            Effect::LookUp { contact, visit, .. } => {
                let contact = self.contacts.get(contact).ok_or("an unknown contact")?;
                let current = contact.visit.as_ref().map(|current| current.id);
                hold(current == Some(*visit), || {
                    "a lookup for another visit".to_owned()
                })
            }
            Effect::Forget { contact } => {
                self.questions
                    .retain(|_, asked| !matches!(asked.about, Subject::Step(id) if id == *contact));
                let contact = self.contacts.get_mut(contact).ok_or("an unknown contact")?;
                let twice = std::mem::replace(&mut contact.forgotten, true);
                let over = contact.ended || contact.medium == Medium::Task && self.stopped;
                hold(over && !twice, || {
                    "forgotten before its end, or twice".to_owned()
                })
            }
        }
    }

    fn leg(&mut self, leg: LegId, from: Leg, to: Leg) -> Finding {
        let life = self.legs.insert(leg, to);
        hold(life == Some(from), || {
            format!("a leg that is {life:?}, not {from:?}")
        })
    }

    fn recording(&mut self, id: RecordingId, from: &[Recording], to: Recording) -> Finding {
        let before = self.recordings.insert(id, to);
        hold(before.is_some_and(|before| from.contains(&before)), || {
            format!("a recording that is {before:?}")
        })
    }

    fn asked(&mut self, question: QuestionId, ask: &Question) -> Finding {
        let mut affairs = 0;
        let about = match ask {
            Question::FlowStep(step) => {
                let contact = self
                    .contacts
                    .get_mut(&step.contact)
                    .ok_or("an unknown contact")?;
                if step.flow != contact.flow {
                    // A policy sent it on to another flow: what was asked of the first is void.
                    contact.flow.clone_from(&step.flow);
                    contact.step = 0;
                    contact.safe = false;
                    self.counts.sent_on += 1;
                    self.questions.retain(
                        |_, asked| !matches!(asked.about, Subject::Step(id) if id == step.contact),
                    );
                }
                let steps =
                    |asked: &Asked| matches!(asked.about, Subject::Step(id) if id == step.contact);
                hold(!self.questions.values().any(steps), || {
                    "two steps at once".to_owned()
                })?;
                let contact = self
                    .contacts
                    .get_mut(&step.contact)
                    .ok_or("an unknown contact")?;
                hold(!contact.forgotten && step.step == contact.step, || {
                    "a step out of order".to_owned()
                })?;
                contact.step += 1;
                Subject::Step(step.contact)
            }
            Question::Plan { contact, .. } => {
                let planned = self.contacts.get_mut(contact).ok_or("an unknown contact")?;
                let visit = planned.visit.as_mut().ok_or("a plan for no visit")?;
                visit.gathers_until = Some(self.now + LOOKUPS_MS);
                Subject::Plan(*contact, visit.id)
            }
            Question::Rank { .. } => Subject::Rank,
            Question::Decide { policy, batch } => {
                hold(!self.is_deciding(policy), || {
                    "two decisions at once".to_owned()
                })?;
                self.batch_is_true(batch)?;
                affairs = self.affairs(policy);
                let contacts = batch.contacts.iter().map(|view| view.contact).collect();
                Subject::Decide(policy.clone(), contacts)
            }
        };
        let asked = Asked {
            at: self.now,
            affairs,
            about,
        };
        self.questions.insert(question, asked);
        Ok(())
    }

    fn is_deciding(&self, policy: &Policy) -> bool {
        let deciding =
            |asked: &Asked| matches!(&asked.about, Subject::Decide(of, _) if of == policy);
        self.questions.values().any(deciding)
    }

    fn batch_is_true(&self, batch: &Batch) -> Finding {
        let limits = &self.house.limits;
        hold(
            !batch.contacts.is_empty()
                && batch.contacts.len() <= limits.batch_contacts as usize
                && batch.agents.len() <= limits.batch_agents as usize,
            || "a batch out of bounds".to_owned(),
        )?;
        for view in &batch.contacts {
            let contact = self.contacts.get(&view.contact).ok_or("unknown contact")?;
            hold(contact.visit.is_some() && contact.offer.is_none(), || {
                "asked about a contact that does not wait".to_owned()
            })?;
            let candidates: Vec<_> = batch.candidates_of(view).collect();
            hold(candidates.len() == view.candidates.len(), || {
                "a candidate who is not shown".to_owned()
            })?;
            for id in candidates {
                hold(self.could_serve(id, contact), || {
                    format!(
                        "a candidate, {id}, who could not serve {} in {:?}",
                        view.contact, contact.visit
                    )
                })?;
            }
        }
        Ok(())
    }

    /// Whether this agent may be given this contact, whatever waits for them elsewhere.
    fn suits(&self, id: AgentId, contact: &Contact, at: Timestamp) -> bool {
        let Some(visit) = &contact.visit else {
            return false;
        };
        let Some(member) = self.member(id, visit.queue) else {
            return false;
        };
        let waited = at.since(visit.entered);
        let alone = visit.preferred.filter(|(agent, until)| {
            at < *until
                && self.is_at_work(*agent, contact.medium)
                && self.qualifies(*agent, contact, waited)
        });
        match alone {
            Some((agent, _)) => agent == id,
            None => member.after_ms <= waited && self.qualifies(id, contact, waited),
        }
    }

    /// Whether the agent serves the queue and meets what one of the rings asks that are open.
    fn qualifies(&self, id: AgentId, contact: &Contact, waited: Millis) -> bool {
        let Some(visit) = &contact.visit else {
            return false;
        };
        let Some(queue) = self.queue(visit.queue) else {
            return false;
        };
        let skills = self.house.agents.iter().find(|agent| agent.id == id);
        let level_of = |skill: &str| {
            let mut skills = skills.into_iter().flat_map(|agent| &agent.skills);
            let known = skills.find(|known| known.name == skill);
            known.map_or(0, |known| known.level)
        };
        let inner = queue.skills.is_met_by(&level_of) && contact.wishes.is_met_by(&level_of);
        let outer = queue.rules.rings.iter();
        let mut open = outer.take_while(|ring| ring.after_ms <= waited);
        self.member(id, visit.queue).is_some()
            && (inner || open.any(|ring| ring.skills.is_met_by(&level_of)))
    }

    fn could_serve(&self, id: AgentId, contact: &Contact) -> bool {
        let Some(visit) = &contact.visit else {
            return false;
        };
        let Some(member) = self.member(id, visit.queue) else {
            return false;
        };
        self.could_take(id, contact.medium)
            && self.suits(id, contact, self.now)
            && !self.is_wanted_at_a_better_level(id, member.level)
    }

    /// Whether someone whom this agent may be given waits in a queue that comes first for them.
    fn is_wanted_at_a_better_level(&self, id: AgentId, level: u8) -> bool {
        self.contacts.values().any(|other| {
            let Some(visit) = &other.visit else {
                return false;
            };
            let better = self
                .member(id, visit.queue)
                .is_some_and(|member| member.level < level);
            better
                && other.offer.is_none()
                && self.could_take(id, other.medium)
                && !visit.declined.contains(&id)
                && !self.is_kept(visit)
                && visit.gathers_until.is_none_or(|until| until <= self.now)
                && self.suits(id, other, self.now)
        })
    }

    fn is_kept(&self, visit: &Visit) -> bool {
        let Some(queue) = self.queue(visit.queue) else {
            return false;
        };
        visit.kept.is_some_and(|kept| {
            kept.affairs == self.affairs(&queue.policy) && self.now < kept.until
        })
    }

    /// Takes contacts of this medium, at once or when what is in hand is done.
    fn is_at_work(&self, id: AgentId, medium: Medium) -> bool {
        let Some(agent) = self.agents.get(&id) else {
            return false;
        };
        let house = self.house.agents.iter().find(|agent| agent.id == id);
        let takes_it = house.is_some_and(|house| house.at_once(medium) > 0);
        let waits = !agent.closed && (medium != Medium::Voice || agent.can_be_heard());
        takes_it && (!agent.hand.is_empty() || waits)
    }

    fn member(&self, id: AgentId, queue: QueueId) -> Option<&Membership> {
        let agent = self.house.agents.iter().find(|agent| agent.id == id)?;
        let mut members = agent.queues.iter();
        members.find(|member| member.queue == queue)
    }

    fn queue(&self, id: QueueId) -> Option<&configuration::Queue> {
        self.house.queues.iter().find(|queue| queue.id == id)
    }

    fn nothing_is_overdue(&self) -> Finding {
        let is_over = |until: Option<Timestamp>| until.is_some_and(|until| until < self.now);
        for (id, contact) in &self.contacts {
            hold(!is_over(contact.rings_until), || {
                format!("{id} rings longer than allowed")
            })?;
        }
        for (id, agent) in &self.agents {
            let late = |one: &InHand| is_over(one.wraps_up_until);
            hold(!agent.hand.values().any(late), || {
                format!("{id} wraps up longer than allowed")
            })?;
        }
        Ok(())
    }

    fn no_phone_rings_for_nobody(&self) -> Finding {
        for (leg, (contact, agent)) in &self.desk_phones {
            let Some(contact) = self.contacts.get(contact) else {
                continue;
            };
            let wanted = contact.offer.is_some_and(|(_, offered)| offered == *agent)
                || contact
                    .segment
                    .is_some_and(|(_, talking)| talking == *agent);
            let over = self.legs.get(leg) == Some(&Leg::Over);
            hold(wanted || over, || {
                format!("the desk phone of {agent} rings or talks to nobody")
            })?;
        }
        Ok(())
    }

    fn who_talks_is_heard_and_recorded(&self) -> Finding {
        for (id, contact) in &self.contacts {
            let talks = contact.segment.is_some();
            let Some(leg) = contact.leg else {
                continue;
            };
            hold(talks == self.bridges.contains_key(&leg), || {
                format!("{id} talks without a bridge, or has one without a talk")
            })?;
            let recording = contact.recording.and_then(|id| self.recordings.get(&id));
            hold(!talks || recording == Some(&Recording::Running), || {
                format!("{id} talks, and its recording is {recording:?}")
            })?;
        }
        Ok(())
    }

    fn nobody_idles_beside_a_waiting_contact(&mut self) -> Finding {
        if self.stopped {
            return Ok(());
        }
        let mut beside = Vec::new();
        for (id, contact) in &self.contacts {
            let (Some(visit), None) = (&contact.visit, contact.offer) else {
                continue;
            };
            let Some(policy) = self.queue(visit.queue).map(|queue| &queue.policy) else {
                return Err(format!("{id} waits in a queue that is gone"));
            };
            // Until its policy knows what it asked for, nobody is given to it.
            if visit.gathers_until.is_some_and(|until| self.now < until) {
                beside.push((*id, false));
                continue;
            }
            let mut agents = self.agents.keys();
            let idle = agents.find(|agent| self.could_serve(**agent, contact));
            beside.push((*id, idle.is_some()));
            let Some(idle) = idle else {
                continue;
            };
            let deciding = self.is_deciding(policy);
            hold(deciding || self.is_kept(visit), || {
                format!(
                    "{idle} idles while {id} waits in {}, and nobody is asked ({:?})",
                    visit.queue, visit.kept
                )
            })?;
            // A policy may hold a contact back, but not for ever.
            let longest = Millis(self.house.limits.hold_ms.0 + 2 * SILENCE_MS.0);
            let since = visit.beside.unwrap_or(self.now);
            hold(self.now.since(since) <= longest, || {
                format!("{id} is held back beside {idle} since {since:?}")
            })?;
        }
        for (id, beside) in beside {
            let visit = self.contacts.get_mut(&id).and_then(|c| c.visit.as_mut());
            if let Some(visit) = visit {
                visit.beside = beside.then(|| visit.beside.unwrap_or(self.now));
            }
        }
        Ok(())
    }

    /// Nobody gets an agent while someone waits for that agent who is older than anyone may be.
    fn the_aged_come_first(&self, id: ContactId, agent: AgentId) -> Finding {
        // When the policy was asked at the earliest.
        let asked = Timestamp(self.now.0 - 2 * SILENCE_MS.0 as i64);
        let aged = |visit: &Visit, at: Timestamp| {
            at.since(visit.entered) >= self.house.limits.aged_after_ms
        };
        let Some(served) = self.contacts.get(&id).and_then(|c| c.visit.as_ref()) else {
            return Ok(());
        };
        if aged(served, self.now) {
            return Ok(());
        }
        let medium = self
            .contacts
            .get(&id)
            .map_or(Medium::Voice, |contact| contact.medium);
        for (other, contact) in &self.contacts {
            let Some(visit) = &contact.visit else {
                continue;
            };
            // Of the same medium: who has a task in hand may have room for another and for no call.
            let passed_over = visit.queue == served.queue
                && contact.medium == medium
                && contact.offer.is_none()
                && aged(visit, asked)
                && visit.in_line < asked
                && !visit.declined.contains(&agent)
                && visit.kept.is_none_or(|kept| kept.until < asked)
                && self.suits(agent, contact, asked)
                && self.suits(agent, contact, self.now);
            hold(!passed_over, || {
                format!("{other} has waited longest, and {agent} rings for {id}")
            })?;
        }
        Ok(())
    }

    /// The switchboard's own monitors have found nothing, and do look.
    fn the_monitors_agree(&self, switchboard: &Switchboard) -> Finding {
        for monitor in switchboard.monitors() {
            hold(monitor.violated == 0, || {
                format!("a monitor found a violation of {:?}", monitor.invariant)
            })?;
        }
        Ok(())
    }

    /// What the wallboard shows is what history says.
    fn live_tells_the_same(&self, switchboard: &Switchboard) -> Finding {
        let live = switchboard.live(self.now);
        let open = self.contacts.values();
        let open = open.filter(|contact| !contact.ended && !self.outlives_the_host(contact));
        hold(live.contacts.len() == open.count(), || {
            "live shows other contacts".to_owned()
        })?;
        for queue in &live.queues {
            hold(queue.waiting as usize == self.in_queue(queue.id), || {
                format!("live shows {} waiting in {}", queue.waiting, queue.name)
            })?;
        }
        for shown in &live.agents {
            let known = self.agents.get(&shown.id).ok_or("an unknown agent")?;
            hold(shown.state == known.state, || {
                format!("live shows {} as {:?}", shown.name, shown.state)
            })?;
            let hand: BTreeSet<_> = known.hand.keys().copied().collect();
            let work: BTreeSet<_> = shown.work.iter().map(|work| work.contact).collect();
            hold(hand == work && shown.work.len() == work.len(), || {
                format!("live shows {} with {:?}", shown.name, shown.work)
            })?;
        }
        Ok(())
    }

    /// A task that a host leaves open when it stops, with nothing under way.
    fn outlives_the_host(&self, contact: &Contact) -> bool {
        let idle = contact.visit.is_none() && contact.offer.is_none() && contact.segment.is_none();
        self.stopped && contact.medium == Medium::Task && idle
    }

    /// When everything is said to be over.
    ///
    /// # Errors
    /// What is still open.
    pub fn close(&self) -> Finding {
        for (id, contact) in &self.contacts {
            hold(contact.ended || self.outlives_the_host(contact), || {
                format!("{id} never ended")
            })?;
            hold(contact.forgotten == contact.admitted, || {
                format!("{id} was never forgotten")
            })?;
            let Some(leg) = contact.leg else {
                continue;
            };
            let leg = self.legs.get(&leg);
            hold(leg == Some(&Leg::Over), || {
                format!("the leg of {id} is {leg:?}")
            })?;
        }
        hold(self.bridges.is_empty(), || {
            "somebody still talks".to_owned()
        })?;
        let running = |recording: &Recording| *recording != Recording::Stopped;
        hold(!self.recordings.values().any(running), || {
            "something still records".to_owned()
        })
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
    }
}
