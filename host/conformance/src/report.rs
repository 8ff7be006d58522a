//! What came of a run.

use crate::budget::BudgetLine;
use crate::fixture::Fixture;
use serde::Serialize;
use std::time::Duration;

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub seed: u64,
    pub checks: Vec<Check>,
    pub budget: Vec<BudgetLine>,
}

impl Report {
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.failure.is_none())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Suite {
    Fixtures,
    Laws,
}

#[derive(Debug, Clone, Serialize)]
pub struct Check {
    pub suite: Suite,
    /// A fixture's file name, or a law.
    pub name: String,
    /// One sentence for people; empty when a fixture's author wrote none.
    pub says: String,
    /// Inputs tried, when none failed.
    pub cases: u32,
    #[serde(skip)]
    pub took: Duration,
    pub failure: Option<Failure>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// What was expected and what was seen.
    pub problem: String,
    /// The smallest input found that breaks a law.
    pub smallest: Option<Fixture>,
}
