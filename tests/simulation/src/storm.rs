//! Random traffic: callers who press and leave, flows and policies that are late, wrong or silent,
//! agents who miss, reject and vanish, a house that is rebuilt in mid-call. Everything is drawn from
//! one seed, so that a failing run can be run again.

mod advisers;
mod house;
mod people;
mod plot;
mod world;

pub(crate) use house::ZONES;

use crate::auditor::{Auditor, Counts};
use crate::narrator::Names;
use fastrand::Rng;
use hotline_switchboard::{Drained, Sabotage, Switchboard};
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::configuration::Configuration;
use hotline_vocabulary::fact::{Epoch, What};
use hotline_vocabulary::ids::{AgentId, ContactId, Minter, TenantId};
use hotline_vocabulary::routing::Invariant;
use hotline_vocabulary::{Effect, Input, Millis, Timestamp};
use plot::Plot;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

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
}
