//! Who decides in a simulated house: policies of our own that need no plugin, and a door for those
//! that do.

use hotline_vocabulary::plugin::{FaultKind, PluginFault, Usage};
use hotline_vocabulary::question::Verdict;
use hotline_vocabulary::routing::{Batch, Decision, Order, Outcome};
use hotline_vocabulary::{Answer, Question};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

/// Answers [`Question::Rank`] and [`Question::Decide`]. The same question always gets the same
/// answer, or a seed would not repeat a simulation.
pub trait Policy: Debug + Send + Sync {
    fn answer(&self, question: &Question) -> Verdict;
}

/// One of the policies that a simulation compares.
#[derive(Debug, Clone)]
pub struct Arm {
    pub name: String,
    pub policy: Arc<dyn Policy>,
    pub skills: SkillUse,
}

/// Whether what queues and contacts ask for decides who may serve them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkillUse {
    AsConfigured,
    /// Any agent of the queue. A contact that an agent had to pass on does ask.
    Ignored,
}

impl Arm {
    /// The switchboard's built-in order: highest priority, then oldest, each with the longest idle
    /// qualified agent.
    pub fn built_in() -> Arm {
        Arm {
            name: "built-in".to_owned(),
            policy: Arc::new(BuiltIn),
            skills: SkillUse::AsConfigured,
        }
    }

    /// Oldest first, whoever it is, to the longest idle agent, whatever they know.
    pub fn first_in_first_out() -> Arm {
        Arm {
            name: "first-in-first-out".to_owned(),
            policy: Arc::new(FirstInFirstOut),
            skills: SkillUse::Ignored,
        }
    }
}

/// What priority weighs in the built-in order, as in the switchboard.
const POINTS_PER_PRIORITY: f64 = 1e6;
const POINTS_PER_MS: f64 = 1.0 / 60_000.0;

#[derive(Debug)]
struct BuiltIn;

impl Policy for BuiltIn {
    fn answer(&self, question: &Question) -> Verdict {
        match question {
            Question::Plan { .. } => verdict(Ok(Answer::Plan(Vec::new()))),
            Question::Rank { visit, .. } => {
                by_age(f64::from(visit.interaction.priority) * POINTS_PER_PRIORITY)
            }
            Question::Decide { batch, .. } => longest_idle(batch),
            Question::FlowStep(_)
            | Question::Migrate(_)
            | Question::Qa { .. }
            | Question::Connector { .. } => not_a_policys(),
        }
    }
}

#[derive(Debug)]
struct FirstInFirstOut;

impl Policy for FirstInFirstOut {
    fn answer(&self, question: &Question) -> Verdict {
        match question {
            Question::Plan { .. } => verdict(Ok(Answer::Plan(Vec::new()))),
            Question::Rank { .. } => by_age(0.0),
            Question::Decide { batch, .. } => longest_idle(batch),
            Question::FlowStep(_)
            | Question::Migrate(_)
            | Question::Qa { .. }
            | Question::Connector { .. } => not_a_policys(),
        }
    }
}

fn by_age(base: f64) -> Verdict {
    verdict(Ok(Answer::Rank(Order {
        base,
        slope: POINTS_PER_MS,
        reasons: Vec::new(),
    })))
}

/// Each contact in its order gets its first candidate whom nobody before it got.
fn longest_idle(batch: &Batch) -> Verdict {
    let mut taken = BTreeSet::new();
    let outcomes = batch.contacts.iter().map(|view| Outcome {
        contact: view.contact,
        decision: batch
            .candidates_of(view)
            .find(|agent| taken.insert(*agent))
            .map_or(Decision::KeepWaiting, Decision::Assign),
        reasons: Vec::new(),
        scores: Vec::new(),
        recheck_after_ms: None,
    });
    verdict(Ok(Answer::Decide(outcomes.collect())))
}

pub(crate) fn not_a_policys() -> Verdict {
    verdict(Err(PluginFault {
        kind: FaultKind::NotLoaded,
        message: "a policy was asked for what is no policy's".to_owned(),
    }))
}

pub(crate) fn verdict(outcome: Result<Answer, PluginFault>) -> Verdict {
    Verdict {
        outcome,
        version: None,
        usage: Usage::default(),
    }
}
