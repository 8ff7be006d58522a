//! What calls used, against what they may.

use hotline_sandbox::limits::{CONNECTOR, FLOW_STEP, Limits, QA, QA_LIVE, ROUTING};
use hotline_vocabulary::plugin::Usage;
use hotline_vocabulary::question::Question;
use hotline_vocabulary::{connector, qa};
use serde::Serialize;
use std::collections::BTreeMap;

/// Use by function of the contract.
#[derive(Debug, Default)]
pub struct Budget {
    functions: BTreeMap<&'static str, Seen>,
}

#[derive(Debug)]
struct Seen {
    limits: Limits,
    fuel: Vec<u64>,
    memory_bytes: Vec<u64>,
}

/// One function's use over all calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetLine {
    pub function: &'static str,
    pub calls: usize,
    pub fuel: Spread,
    pub memory_bytes: Spread,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// The median.
    pub p50: u64,
    pub max: u64,
    pub limit: u64,
}

/// What the contract calls the function behind a question, and its limits.
fn function(question: &Question) -> (&'static str, Limits) {
    match question {
        Question::FlowStep(_) => ("step", FLOW_STEP),
        Question::Migrate(_) => ("migrate", FLOW_STEP),
        Question::Plan { .. } => ("plan", ROUTING),
        Question::Rank { .. } => ("rank", ROUTING),
        Question::Decide { .. } => ("decide", ROUTING),
        Question::Qa { ask, .. } => match ask {
            qa::Question::Evaluate { .. } => ("evaluate", QA),
            qa::Question::Observe(_) => ("observe", QA_LIVE),
        },
        Question::Connector { ask, .. } => match ask {
            connector::Question::Begin(_) => ("begin", CONNECTOR),
            connector::Question::Resume(_) => ("resume", CONNECTOR),
        },
    }
}

impl Budget {
    pub fn note(&mut self, question: &Question, usage: Usage) {
        // A policy without lookups is not run for its plan.
        if usage.fuel == 0 {
            return;
        }
        let (name, limits) = function(question);
        let seen = self.functions.entry(name).or_insert_with(|| Seen {
            limits,
            fuel: Vec::new(),
            memory_bytes: Vec::new(),
        });
        seen.fuel.push(usage.fuel);
        seen.memory_bytes.push(usage.memory_bytes);
    }

    pub fn lines(self) -> Vec<BudgetLine> {
        let lines = self.functions.into_iter();
        lines
            .map(|(function, seen)| BudgetLine {
                function,
                calls: seen.fuel.len(),
                fuel: spread(seen.fuel, seen.limits.fuel),
                memory_bytes: spread(seen.memory_bytes, seen.limits.memory_bytes as u64),
            })
            .collect()
    }
}

fn spread(mut values: Vec<u64>, limit: u64) -> Spread {
    values.sort_unstable();
    Spread {
        p50: values.get(values.len() / 2).copied().unwrap_or(0),
        max: values.last().copied().unwrap_or(0),
        limit,
    }
}
