//! Random traffic: callers who press and leave, flows and policies that are late, wrong or silent,
//! agents who miss, reject and vanish, a house that is rebuilt in mid-call. Everything is drawn from
//! one seed, so that a failing run can be run again.

mod advisers;
mod house;

use crate::auditor::{Auditor, Counts, preference, wishes};
use crate::narrator::Names;
use crate::stage::{answer, fault};
use fastrand::Rng;
use hotline_switchboard::{Drained, Sabotage, Switchboard};
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{AgentState, Device, Work, WorkStage};
use hotline_vocabulary::configuration::{
    Agent, Calendar, CallbackRule, Capacity, Configuration, DayHours, Hours, LastAgentRule,
    Membership, Number, Otherwise, Queue, QueueRules, RecordingRule, Ring, Skill, SkillExpression,
    TenantLimits, Unavailability, Weekday,
};
use hotline_vocabulary::fact::{Epoch, What};
use hotline_vocabulary::flow::{self, Action, Collect, Command, Enqueue, Finding, FlowEvent};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, Minter, QuestionId, QueueId, TenantId};
use hotline_vocabulary::input::{AgentRequest, CallArrived, Task};
use hotline_vocabulary::media::{Digit, MediaStatistics, PlaybackOutcome, Prompt, PromptSource};
use hotline_vocabulary::question::{Answer, FlowStep, FlowStepped, Verdict};
use hotline_vocabulary::routing::{
    Batch, Decision, FoundFact, Invariant, Lookup, LookupSource, Order, Outcome,
};
use hotline_vocabulary::{Channel, Effect, EndReason, Input, Millis, Question, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const QUEUES: [&str; 3] = ["support", "sales", "vip"];
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
const BEGIN: Timestamp = Timestamp(1_000_000_000);
/// Sentences shown of a run that failed.
const LAST_WORDS: usize = 80;

/// What a run is like; drawn from its seed.
#[derive(Debug, Clone)]
pub struct Parameters {
    pub seed: u64,
    pub calls: u32,
    /// Mean time between calls.
    pub every: Millis,
    pub agents: u32,
    /// Chance that an adviser fails in some way, in percent.
    pub bad_advice: u32,
    /// Chance that an agent does something unhelpful, in percent.
    pub bad_agents: u32,
    /// Set-ups made over the run.
    pub rebuilds: u32,
    /// Ends in a stop of the host rather than in silence.
    pub stops: bool,
    /// Pieces of work that a program puts into queues.
    pub tasks: u32,
    /// How long anyone may be passed over.
    pub aged_after: Millis,
}

impl Parameters {
    pub fn of(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        Parameters {
            seed,
            calls: random.u32(60..140),
            every: Millis(random.u64(300..6_000)),
            agents: random.u32(1..9),
            bad_advice: random.u32(0..25),
            bad_agents: random.u32(0..35),
            rebuilds: random.u32(0..8),
            stops: random.bool(),
            tasks: random.u32(0..60),
            aged_after: Millis(random.u64(4_000..40_000)),
        }
    }
}

/// A run that did not hold.
#[derive(Debug)]
pub struct Failure {
    pub parameters: Parameters,
    pub finding: String,
    pub last_words: Vec<String>,
    /// Why each of those who wait does, in the switchboard's own words.
    pub waiting: Vec<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:?}", self.parameters)?;
        for sentence in &self.last_words {
            writeln!(f, "  {sentence}")?;
        }
        for sentence in &self.waiting {
            writeln!(f, "  {sentence}")?;
        }
        write!(f, "{}", self.finding)
    }
}

/// Runs a storm to its end.
///
/// # Errors
/// The first thing that did not hold, with what led to it.
pub fn run(parameters: Parameters) -> Result<Counts, Box<Failure>> {
    let mut storm = Storm::new(parameters);
    let finding = storm.rage();
    match finding {
        Ok(()) => Ok(storm.auditor.counts),
        Err(finding) => Err(Box::new(Failure {
            waiting: storm.why_they_wait(),
            parameters: storm.parameters,
            finding: storm.names.in_words(&finding),
            last_words: storm.told.into(),
        })),
    }
}

/// Runs a storm until a fault was planted in it and for a while after, without an auditor. Gives the
/// violations that the switchboard's own monitors wrote down of that invariant; none when there
/// never was anyone to plant it for.
pub fn sabotaged(parameters: Parameters, invariant: Invariant) -> Option<Vec<What>> {
    let mut storm = Storm::new(parameters);
    storm.sabotage = Some(Plot {
        fault: Sabotage(invariant),
        planted: false,
        found: Vec::new(),
    });
    drop(storm.rage());
    let plot = storm.sabotage?;
    plot.planted.then_some(plot.found)
}

/// A fault to be planted as soon as there is anyone to plant it for.
struct Plot {
    fault: Sabotage,
    planted: bool,
    found: Vec<What>,
}

/// Everything a storm led to, in order: for comparing two runs.
pub fn outcome(parameters: Parameters) -> Vec<Drained> {
    let mut storm = Storm::new(parameters);
    storm.kept = Some(Vec::new());
    drop(storm.rage());
    storm.kept.unwrap_or_default()
}

/// What is to come.
#[expect(clippy::large_enum_variant, reason = "most plans are inputs")]
enum Plan {
    Arrival,
    Task,
    Rebuild,
    Give(Input),
    /// Decided when it is due, by what the agent does then.
    Agent(AgentId),
}

impl Plot {
    /// Plants the fault where the house is busy enough for it to matter, and notes what is found.
    fn watch(&mut self, drained: &Drained, switchboard: &mut Switchboard) {
        let violations = drained.facts.iter().map(|fact| &fact.what).filter(
            |what| matches!(what, What::InvariantViolated { invariant, .. } if *invariant == self.fault.0),
        );
        self.found.extend(violations.cloned());
        let agent_comes = drained.facts.iter().any(|fact| {
            let to = match &fact.what {
                What::AgentStateChanged { to, .. } => to,
                _ => return false,
            };
            matches!(
                to,
                AgentState::Ready { .. } | AgentState::Offered { .. } | AgentState::Talking { .. }
            )
        });
        if agent_comes && self.found.is_empty() {
            self.planted |= switchboard.sabotage(self.fault);
        }
    }
}

struct Storm {
    parameters: Parameters,
    random: Rng,
    ids: Minter,
    now: Timestamp,
    switchboard: Switchboard,
    auditor: Auditor,
    house: Configuration,
    agents: BTreeMap<AgentId, AgentState>,
    /// Callbacks whose customers' phones ring.
    called: BTreeSet<ContactId>,
    plans: BTreeMap<(Timestamp, u64), Plan>,
    planned: u64,
    names: Names,
    told: VecDeque<String>,
    kept: Option<Vec<Drained>>,
    sabotage: Option<Plot>,
}

impl Storm {
    fn new(parameters: Parameters) -> Self {
        // Not the switchboard's own ids.
        let mut ids = Minter::new(parameters.seed ^ 0x1D5);
        let tenant: TenantId = ids.mint(BEGIN);
        Storm {
            random: Rng::with_seed(parameters.seed ^ 0x5707),
            switchboard: Switchboard::new(tenant, Epoch(1), parameters.seed),
            ids,
            now: BEGIN,
            auditor: Auditor::default(),
            house: Configuration::default(),
            agents: BTreeMap::new(),
            called: BTreeSet::new(),
            plans: BTreeMap::new(),
            planned: 0,
            names: Names {
                begin: BEGIN,
                ..Names::default()
            },
            told: VecDeque::new(),
            kept: None,
            sabotage: None,
            parameters,
        }
    }

    fn rage(&mut self) -> Result<(), String> {
        self.house = self.first_house();
        self.give(Input::Configured(self.house.clone()))?;
        for agent in self.names.agents.keys().copied().collect::<Vec<_>>() {
            self.agents.insert(agent, AgentState::SignedOut);
            self.plan_within(2_000, Plan::Agent(agent));
        }
        let mut arrival = self.now;
        for _ in 0..self.parameters.calls {
            arrival = arrival + Millis(self.random.u64(0..=2 * self.parameters.every.0));
            self.plan(arrival, Plan::Arrival);
        }
        let length = arrival.since(self.now).0;
        for _ in 0..self.parameters.tasks {
            self.plan_within(length, Plan::Task);
        }
        for _ in 0..self.parameters.rebuilds {
            self.plan_within(length, Plan::Rebuild);
        }
        // Time enough for those who are to be called back.
        let end = arrival + Millis::from_secs(90);
        while let Some(plan) = self.next_plan(end)? {
            match plan {
                Plan::Arrival => self.arrival()?,
                Plan::Task => self.task()?,
                Plan::Rebuild => self.rebuild()?,
                Plan::Give(input) => self.give(input)?,
                Plan::Agent(agent) => self.agent_acts(agent)?,
            }
        }
        if self.parameters.stops {
            self.give(Input::Stopping)?;
        } else {
            self.everyone_leaves()?;
        }
        // Long enough for every adviser to have been silent too long.
        self.pass_until(self.now + Millis::from_secs(10))?;
        match self.sabotage {
            Some(_) => Ok(()),
            None => self.auditor.close(),
        }
    }

    /// The next thing to come, once every timer due before it has rung: what comes of those may
    /// come first.
    fn next_plan(&mut self, end: Timestamp) -> Result<Option<Plan>, String> {
        loop {
            let due = self
                .plans
                .first_key_value()
                .map_or(end, |((due, _), _)| *due);
            let wake = self.switchboard.next_wake().filter(|wake| *wake <= due);
            match wake {
                Some(wake) if wake <= end => {
                    self.now = self.now.max(wake);
                    self.give(Input::Tick)?;
                }
                _ if due >= end => return Ok(None),
                _ => {
                    self.now = self.now.max(due);
                    return Ok(self.plans.pop_first().map(|(_, plan)| plan));
                }
            }
        }
    }

    fn everyone_leaves(&mut self) -> Result<(), String> {
        let legs: Vec<LegId> = self.names.legs.keys().copied().collect();
        for leg in legs {
            let reason = EndReason::CallerHungUp;
            self.give(Input::LegEnded { leg, reason })?;
        }
        // Whoever works on a task gives it back by that.
        for agent in self.agents.keys().copied().collect::<Vec<_>>() {
            self.give(Input::AgentSignedOut { agent })?;
        }
        // Also those that the switchboard made of messages.
        for contact in self.switchboard.live(self.now).contacts {
            let contact = contact.id;
            self.give(Input::TaskWithdrawn { contact })?;
        }
        Ok(())
    }

    fn plan(&mut self, at: Timestamp, plan: Plan) {
        self.planned += 1;
        self.plans.insert((at, self.planned), plan);
    }

    fn plan_within(&mut self, millis: u64, plan: Plan) {
        let at = self.now + Millis(self.random.u64(0..=millis));
        self.plan(at, plan);
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random.u32(0..100) < percent
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.random.usize(..of.len())]
    }

    fn pass_until(&mut self, at: Timestamp) -> Result<(), String> {
        while let Some(wake) = self.switchboard.next_wake().filter(|wake| *wake <= at) {
            self.now = self.now.max(wake);
            self.give(Input::Tick)?;
        }
        self.now = self.now.max(at);
        Ok(())
    }

    fn give(&mut self, input: Input) -> Result<(), String> {
        if self.sabotage.is_none() {
            self.auditor.hear(self.now, &input);
        }
        self.switchboard.handle(self.now, input);
        let drained = self.switchboard.drain();
        self.name(&drained);
        self.tell(&drained);
        let finding = match &mut self.sabotage {
            Some(plot) => {
                plot.watch(&drained, &mut self.switchboard);
                Ok(())
            }
            None => self.auditor.check(&drained, &self.switchboard),
        };
        for fact in &drained.facts {
            if let (Some(contact), What::ContactAnswered | What::SegmentEnded { .. }) =
                (fact.contact, &fact.what)
            {
                self.called.remove(&contact);
            }
            let Some(agent) = fact.agent else {
                continue;
            };
            match &fact.what {
                What::AgentStateChanged { to, .. } => {
                    self.agents.insert(agent, to.clone());
                }
                What::OfferMade { .. }
                | What::AgentConnected { .. }
                | What::SegmentEnded { .. } => {}
                _ => continue,
            }
            self.plan_within(8_000, Plan::Agent(agent));
        }
        for effect in &drained.effects {
            self.perform(effect);
        }
        if let Some(kept) = &mut self.kept {
            kept.push(drained);
        }
        finding
    }

    /// What comes of a contact has its name from there.
    fn name(&mut self, drained: &Drained) {
        for fact in &drained.facts {
            if let What::ContactStarted {
                parent: Some(parent),
                channel,
                ..
            } = &fact.what
                && let (Some(id), Some(name)) = (fact.contact, self.names.contacts.get(parent))
            {
                let name = format!("{name}'s {}", channel.as_str());
                self.names.contacts.insert(id, name);
            }
        }
        for effect in &drained.effects {
            if let Effect::DialCustomer { leg, contact, .. } = effect
                && let Some(name) = self.names.contacts.get(contact)
            {
                let name = format!("{name}'s phone");
                self.names.legs.insert(*leg, name);
            }
        }
    }

    fn tell(&mut self, drained: &Drained) {
        for fact in &drained.facts {
            self.told.push_back(self.names.fact(fact));
        }
        let effects = drained.effects.iter();
        self.told
            .extend(effects.filter_map(|effect| self.names.effect(effect)));
        while self.told.len() > LAST_WORDS {
            self.told.pop_front();
        }
    }

    fn why_they_wait(&self) -> Vec<String> {
        let contacts = self.names.contacts.iter();
        let waiting = contacts.filter_map(|(id, name)| {
            let why = self.switchboard.why_waiting(*id, self.now)?;
            let mut told = self.names.why(name, Some(&why));
            told.extend(why.deciding.then(|| format!("{name} is being decided")));
            Some(told)
        });
        waiting.flatten().collect()
    }

    fn all_agents(&self) -> Vec<AgentId> {
        self.names.agents.keys().copied().collect()
    }

    fn arrival(&mut self) -> Result<(), String> {
        let (contact, leg): (ContactId, LegId) = (self.ids.mint(self.now), self.ids.mint(self.now));
        let name = format!("c{}", self.names.contacts.len());
        self.names.contacts.insert(contact, name.clone());
        self.names.legs.insert(leg, name);
        let patience = self.random.u64(0..60_000);
        self.plan_within(
            patience,
            Plan::Give(Input::LegEnded {
                leg,
                reason: EndReason::CallerHungUp,
            }),
        );
        for _ in 0..self.random.u32(0..6) {
            if let Some(digit) = Digit::new(self.random.digit(10)) {
                self.plan_within(20_000, Plan::Give(Input::KeyPressed { leg, digit }));
            }
        }
        let nowhere = self.chance(3);
        // Few customers, who call often.
        let caller = match self.random.u8(0..6) {
            5 => "anonymous".to_owned(),
            number => format!("+4930{number}"),
        };
        self.give(Input::CallArrived(CallArrived {
            contact,
            leg,
            channel: Channel::Phone,
            caller: caller.into(),
            dialled: if nowhere { "999" } else { "100" }.to_owned(),
        }))
    }

    fn task(&mut self) -> Result<(), String> {
        let contact: ContactId = self.ids.mint(self.now);
        let name = format!("t{}", self.names.contacts.len());
        self.names.contacts.insert(contact, name);
        if self.chance(30) {
            self.plan_within(60_000, Plan::Give(Input::TaskWithdrawn { contact }));
        }
        // One in a queue that was removed is refused.
        let known: Vec<_> = self.names.queues.keys().copied().collect();
        let queue = *self.pick(&known);
        let priority = self.random.i32(0..4);
        self.give(Input::TaskCreated(Task {
            contact,
            customer: "ticket-7".into(),
            queue,
            priority,
            skills: wishes(contact),
            attributes: vec![("topic".to_owned(), "cards".to_owned())],
            parent: None,
        }))
    }

    fn agent_acts(&mut self, agent: AgentId) -> Result<(), String> {
        let bad = self.parameters.bad_agents;
        let request = |request| Input::AgentRequested { agent, request };
        if self.chance(bad / 3) {
            let device = *self.pick(&[Device::Browser, Device::DeskPhone]);
            let leg = self.ids.mint(self.now);
            let input = match self.random.u32(0..5) {
                0 => Input::DeviceDown { agent, device },
                1 => Input::AgentSignedOut { agent },
                2 => request(AgentRequest::Pause {
                    reason: "lunch".to_owned(),
                }),
                3 => request(AgentRequest::UseDevice { device }),
                _ => Input::DeviceUp {
                    agent,
                    device,
                    leg: (device == Device::Browser).then_some(leg),
                },
            };
            self.plan_within(8_000, Plan::Agent(agent));
            return self.give(input);
        }
        match self.agents.get(&agent).cloned() {
            None | Some(AgentState::SignedOut) => self.give(Input::AgentSignedIn { agent }),
            Some(AgentState::Paused { .. }) => {
                let leg = self.ids.mint(self.now);
                self.give(Input::DeviceUp {
                    agent,
                    device: Device::Browser,
                    leg: Some(leg),
                })?;
                self.give(Input::DeviceUp {
                    agent,
                    device: Device::DeskPhone,
                    leg: None,
                })?;
                let device = *self.pick(&[Device::Browser, Device::DeskPhone]);
                self.give(request(AgentRequest::UseDevice { device }))?;
                self.give(request(AgentRequest::Ready))
            }
            Some(AgentState::Ready { .. }) => Ok(()),
            Some(_) => self.agent_works(agent),
        }
    }

    /// Something about one of the contacts in hand.
    fn agent_works(&mut self, agent: AgentId) -> Result<(), String> {
        let bad = self.parameters.bad_agents;
        let request = |request| Input::AgentRequested { agent, request };
        let live = self.switchboard.live(self.now);
        let live = live.agents.into_iter().find(|live| live.id == agent);
        let work = live.map(|live| live.work).unwrap_or_default();
        if work.is_empty() {
            return Ok(());
        }
        let Work {
            contact,
            medium,
            stage,
        } = *self.pick(&work);
        // There may be more to do.
        if work.len() > 1 {
            self.plan_within(8_000, Plan::Agent(agent));
        }
        match stage {
            WorkStage::Offered { offer, .. } => {
                let passes = self.chance(bad);
                match passes {
                    true if self.random.bool() => Ok(()),
                    true => self.give(request(AgentRequest::RejectOffer { offer })),
                    false => self.give(request(AgentRequest::AcceptOffer { offer })),
                }
            }
            // Most agents wait while the customer's phone rings.
            WorkStage::Handling { .. }
                if self.chance(40) || self.called.contains(&contact) && !self.chance(bad) =>
            {
                self.plan_within(8_000, Plan::Agent(agent));
                Ok(())
            }
            WorkStage::Handling { .. } if medium == Medium::Voice => {
                self.give(request(AgentRequest::HangUp { contact }))
            }
            WorkStage::Handling { .. } if self.chance(bad) => {
                self.give(request(AgentRequest::GiveBack { contact }))
            }
            WorkStage::Handling { .. } => self.give(request(AgentRequest::Complete { contact })),
            WorkStage::WrapUp { .. } => self.give(request(AgentRequest::Dispose {
                contact,
                disposition: "done".to_owned(),
                note: String::new(),
            })),
        }
    }

    /// The world's part of an effect: what comes of it, and when.
    fn perform(&mut self, effect: &Effect) {
        match effect {
            Effect::Ask { question, ask } => self.ask(*question, ask),
            Effect::Play { leg, playback, .. } => {
                let outcome = *self.pick(&[
                    PlaybackOutcome::Completed,
                    PlaybackOutcome::Completed,
                    PlaybackOutcome::Interrupted,
                    PlaybackOutcome::Failed,
                ]);
                let (leg, playback) = (*leg, *playback);
                let ended = Input::PlaybackEnded {
                    leg,
                    playback,
                    outcome,
                };
                self.plan_within(5_000, Plan::Give(ended));
            }
            Effect::Dial { leg, .. } => {
                let leg = *leg;
                let reason = *self.pick(&[
                    EndReason::Busy,
                    EndReason::NoAnswer,
                    EndReason::FarEndFailed,
                    EndReason::AgentHungUp,
                    EndReason::MediaLost,
                ]);
                if !self.chance(self.parameters.bad_agents) {
                    self.plan_within(4_000, Plan::Give(Input::LegAnswered { leg }));
                }
                self.plan_within(30_000, Plan::Give(Input::LegEnded { leg, reason }));
            }
            Effect::DialCustomer { leg, contact, .. } => {
                self.called.insert(*contact);
                self.customer_is_called(*leg);
            }
            Effect::HangUp { leg, .. } | Effect::Reject { leg, .. } => {
                let statistics = MediaStatistics::default();
                let leg = *leg;
                self.plan_within(500, Plan::Give(Input::LegMeasured { leg, statistics }));
            }
            Effect::LookUp { contact, visit, .. } => {
                let fact = FoundFact {
                    id: "history".to_owned(),
                    value: "{}".to_owned(),
                };
                let (contact, visit) = (*contact, *visit);
                if !self.chance(self.parameters.bad_advice) {
                    let found = Input::LookedUp {
                        contact,
                        visit,
                        facts: vec![fact],
                        failed: Vec::new(),
                    };
                    self.plan_within(600, Plan::Give(found));
                }
            }
            Effect::LookUpForFlow {
                contact, lookup, ..
            } => {
                let (contact, lookup) = (*contact, *lookup);
                if !self.chance(self.parameters.bad_advice) {
                    let finding = match self.random.u8(0..3) {
                        0 => Finding::Found("{}".to_owned()),
                        1 => Finding::Nothing,
                        _ => Finding::Failed("as drawn".to_owned()),
                    };
                    let found = Input::FlowLookedUp {
                        contact,
                        lookup,
                        finding,
                    };
                    self.plan_within(3_000, Plan::Give(found));
                }
            }
            Effect::StopRecording { recording } => {
                let finished = Input::RecordingFinished {
                    recording: *recording,
                    length_ms: Millis(1),
                    bytes: 1,
                };
                self.plan_within(500, Plan::Give(finished));
            }
            _ => {}
        }
    }

    /// Who takes the call talks for a while; others are busy, or do not hear it.
    fn customer_is_called(&mut self, leg: LegId) {
        let ended = |reason| Plan::Give(Input::LegEnded { leg, reason });
        match self.random.u8(0..6) {
            0 => {}
            1 | 2 => self.plan_within(4_000, ended(EndReason::Busy)),
            _ => {
                self.plan_within(4_000, Plan::Give(Input::LegAnswered { leg }));
                self.plan_within(30_000, ended(EndReason::CallerHungUp));
            }
        }
    }

    fn ask(&mut self, question: QuestionId, ask: &Question) {
        let bad = self.chance(self.parameters.bad_advice);
        let kind = self.random.u32(0..5);
        let delay = match (bad, kind) {
            (true, 0) => return, // silent
            (true, 1) => self.random.u64(1_000..6_000),
            _ => self.random.u64(0..4),
        };
        let verdict = match (bad, kind) {
            (true, 2) => fault(),
            (true, 3) => answer(Answer::Rank(Order {
                base: f64::NAN,
                slope: 0.0,
                reasons: Vec::new(),
            })),
            _ => self.advice(ask, bad),
        };
        let at = self.now + Millis(delay);
        self.plan(at, Plan::Give(Input::Answered { question, verdict }));
    }
}
