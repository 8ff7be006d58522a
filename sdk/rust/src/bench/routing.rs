//! Batches for a routing policy, and what it made of them.

use crate::bench::{MONDAY_TEN_O_CLOCK, caller, with_surroundings};
use crate::routing::{
    Agents, Batch, Candidate, ContactView, Decision, Fact, Fault, Interaction, Need, Outcome,
    QueueView, Visit,
};
use std::fmt::Write as _;

/// A free agent, before [`batch`] puts them into its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct FreeAgent {
    pub id: String,
    pub idle_ms: u32,
    /// In percent.
    pub occupancy: u8,
    pub skills: Vec<(String, u8)>,
}

/// A waiting contact, before [`batch`] gives names their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    pub interaction: Interaction,
    pub waited_ms: u64,
    pub attempt: u32,
    pub ring: u8,
    /// Skills at the least level of 1.
    pub needs: Vec<String>,
    /// Those beyond the batch's agents count for nothing.
    pub candidates: Vec<Candidate>,
    pub preferred: Option<u32>,
    pub facts: Vec<Fact>,
}

/// A free agent with these skills and levels.
pub fn agent(id: &str, idle_s: u32, skills: &[(&str, u8)]) -> FreeAgent {
    let skills = skills.iter();
    FreeAgent {
        id: id.to_owned(),
        idle_ms: idle_s * 1_000,
        occupancy: 0,
        skills: skills
            .map(|(name, level)| ((*name).to_owned(), *level))
            .collect(),
    }
}

impl FreeAgent {
    /// Busy for this share of the time since sign-in, 0 to 1.
    #[must_use]
    pub fn busy(mut self, share: f32) -> Self {
        self.occupancy = (share * 100.0).round() as u8;
        self
    }
}

/// A contact that has waited for 10 s in `support` for these skills, and could be given to the agents
/// at these places of the batch, all of ring 1.
pub fn waiting(id: &str, needs: &[&str], candidates: &[u32]) -> Waiting {
    let mut interaction = caller();
    interaction.id = id.to_owned();
    let candidates = candidates.iter();
    Waiting {
        interaction,
        waited_ms: 10_000,
        attempt: 0,
        ring: 1,
        needs: needs.iter().map(|name| (*name).to_owned()).collect(),
        candidates: candidates
            .map(|agent| Candidate {
                agent: *agent,
                ring: 1,
            })
            .collect(),
        preferred: None,
        facts: Vec::new(),
    }
}

impl Waiting {
    /// The candidate at this place of the batch belongs to this ring only.
    #[must_use]
    pub fn ring_of(mut self, agent: u32, ring: u8) -> Self {
        for candidate in &mut self.candidates {
            if candidate.agent == agent {
                candidate.ring = ring;
            }
        }
        self
    }
}

/// A queue in which nothing has happened yet.
pub fn queue_view(name: &str) -> QueueView {
    QueueView {
        id: name.to_owned(),
        name: name.to_owned(),
        waiting: 1,
        oldest_wait_ms: 0,
        ready_agents: 0,
        service_level_ms: 20_000,
        expected_wait_ms: None,
        open: true,
        ext: Vec::new(),
    }
}

/// [`caller`], just come to `support`.
pub fn visit() -> Visit {
    Visit {
        interaction: caller(),
        queue: queue_view("support"),
        waited_ms: 0,
        facts: Vec::new(),
        ext: Vec::new(),
    }
}

/// A batch of the queue `support`. The host would list the agents longest idle first.
pub fn batch(agents: Vec<FreeAgent>, contacts: Vec<Waiting>) -> Batch {
    let mut skills: Vec<String> = Vec::new();
    let needed = contacts.iter().flat_map(|contact| &contact.needs);
    let known = agents.iter().flat_map(|agent| &agent.skills);
    for name in needed.chain(known.map(|(name, _)| name)) {
        if !skills.contains(name) {
            skills.push(name.clone());
        }
    }
    let level = |agent: &FreeAgent, skill: &String| {
        let mut skills = agent.skills.iter();
        skills
            .find(|(name, _)| name == skill)
            .map_or(0, |(_, level)| *level)
    };
    let ids: Vec<&str> = agents.iter().map(|agent| &*agent.id).collect();
    let idle = agents.iter().map(|agent| agent.idle_ms);
    let columns = Agents {
        ids: ids.join("\n"),
        idle_ms: idle.flat_map(u32::to_le_bytes).collect(),
        occupancy: agents.iter().map(|agent| agent.occupancy).collect(),
        levels: agents
            .iter()
            .flat_map(|agent| skills.iter().map(|skill| level(agent, skill)))
            .collect(),
        experience: None,
        ext: Vec::new(),
    };
    let contacts = contacts
        .into_iter()
        .map(|contact| contact.view(&skills, agents.len()));
    Batch {
        at: MONDAY_TEN_O_CLOCK,
        queues: vec![queue_view("support")],
        contacts: contacts.collect(),
        skills,
        agents: columns,
        ext: Vec::new(),
    }
}

impl Waiting {
    fn view(self, skills: &[String], agents: usize) -> ContactView {
        let mut rings = vec![0; agents];
        for candidate in &self.candidates {
            if let Some(ring) = rings.get_mut(candidate.agent as usize) {
                *ring = candidate.ring;
            }
        }
        let needs = self.needs.iter().map(|name| Need {
            skill: skills
                .iter()
                .position(|skill| skill == name)
                .map_or(u32::MAX, |place| place as u32),
            at_least: 1,
        });
        ContactView {
            queue: 0,
            waited_ms: self.waited_ms,
            attempt: self.attempt,
            ring: rings.iter().copied().fold(self.ring, u8::max),
            needs: needs.collect(),
            rings,
            candidates_total: self.candidates.len() as u32,
            preferred: self.preferred,
            facts: self.facts,
            interaction: self.interaction,
            ext: Vec::new(),
        }
    }
}

/// What `decide` makes of the batch, in its order: `CONTACT>AGENT`, `CONTACT>-` for one who waits on,
/// `CONTACT>queue NAME` and the like. Runs it twice and insists on equal answers, since a decision
/// must be a pure function.
///
/// # Panics
/// When the two answers differ, an outcome names nobody of the batch, or `decide` returns a fault.
pub fn who_gets_whom(
    decide: impl Fn(Batch) -> Result<Vec<Outcome>, Fault>,
    batch: &Batch,
) -> String {
    let ask = || {
        with_surroundings(|around| {
            around.now_ms = batch.at;
            around.random = 0;
        });
        decide(batch.clone())
    };
    let outcomes = ask();
    assert_eq!(outcomes, ask(), "a decision must be a pure function");
    let outcomes = match outcomes {
        Ok(outcomes) => outcomes,
        Err(fault) => panic!("fault {}: {}", fault.code, fault.message),
    };
    let mut told = String::new();
    for outcome in &outcomes {
        let contact = &batch.contacts[outcome.contact as usize].interaction.id;
        let decision = match &outcome.decision {
            Decision::Assign(agent) => batch
                .agent(*agent)
                .expect("an agent of the batch")
                .id()
                .to_owned(),
            Decision::Overflow(queue) => format!("queue {queue}"),
            Decision::Flow(flow) => format!("flow {flow}"),
            Decision::Callback => "callback".to_owned(),
            Decision::Voicemail => "voicemail".to_owned(),
            Decision::KeepWaiting | Decision::Ext(_) => "-".to_owned(),
        };
        let space = if told.is_empty() { "" } else { " " };
        // Writing to a String does not fail.
        let _ = write!(told, "{space}{contact}>{decision}");
    }
    told
}
