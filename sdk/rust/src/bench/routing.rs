//! Batches for a routing policy, and what it made of them.

use crate::bench::{MONDAY_TEN_O_CLOCK, caller, with_surroundings};
use crate::routing::{
    AgentView, Batch, Candidate, ContactView, Decision, Fault, Outcome, QueueView, Skill,
    SkillNeed, Visit,
};
use std::fmt::Write as _;

/// A free agent with these skills and levels.
pub fn agent(id: &str, idle_s: u64, skills: &[(&str, u8)]) -> AgentView {
    AgentView {
        id: id.to_owned(),
        idle_ms: idle_s * 1_000,
        occupancy: 0.0,
        skills: skills
            .iter()
            .map(|(name, level)| Skill {
                name: (*name).to_owned(),
                level: *level,
            })
            .collect(),
        experience: Vec::new(),
        ext: Vec::new(),
    }
}

/// A contact that has waited for 10 s in `support` for these skills, and could be given to the agents
/// at these places of the batch, all of ring 1.
pub fn waiting(id: &str, needs: &[&str], candidates: &[u32]) -> ContactView {
    let mut interaction = caller();
    interaction.id = id.to_owned();
    ContactView {
        interaction,
        queue: "support".to_owned(),
        waited_ms: 10_000,
        attempt: 0,
        ring: 1,
        needs: needs
            .iter()
            .map(|name| SkillNeed {
                name: (*name).to_owned(),
                at_least: 1,
            })
            .collect(),
        candidates: candidates
            .iter()
            .map(|agent| Candidate {
                agent: *agent,
                ring: 1,
            })
            .collect(),
        candidates_total: candidates.len() as u32,
        preferred: None,
        facts: Vec::new(),
        ext: Vec::new(),
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

pub fn batch(agents: Vec<AgentView>, contacts: Vec<ContactView>) -> Batch {
    Batch {
        at: MONDAY_TEN_O_CLOCK,
        queues: vec![queue_view("support")],
        agents,
        contacts,
        ext: Vec::new(),
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
            Decision::Assign(agent) => batch.agents[*agent as usize].id.clone(),
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
