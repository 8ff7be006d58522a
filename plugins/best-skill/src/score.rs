//! What makes one agent better than another for a contact.

use crate::settings::{AgentOrder, Settings};
use hotline_sdk::routing::{Agent, Batch, Need};
use std::rc::Rc;

/// With levels up to 10, the next skill in turn never outweighs the one before.
const TURN: f64 = 100.0;

/// The score of every agent of a batch for one set of needs; by place.
pub(crate) type Totals = Rc<[f64]>;

/// Scores, worked out once for each set of needs: contacts of a queue share theirs.
pub(crate) struct Scores<'a> {
    settings: &'a Settings,
    batch: &'a Batch,
    known: Vec<(&'a [Need], Totals)>,
}

impl<'a> Scores<'a> {
    pub(crate) fn new(settings: &'a Settings, batch: &'a Batch) -> Self {
        Scores {
            settings,
            batch,
            known: Vec::new(),
        }
    }

    pub(crate) fn of(&mut self, needs: &'a [Need]) -> Totals {
        if let Some((_, totals)) = self.known.iter().find(|(known, _)| *known == needs) {
            return totals.clone();
        }
        let totals: Totals = self
            .batch
            .agents()
            .map(|agent| skill(self.settings, agent, needs) + load(self.settings, agent))
            .collect();
        self.known.push((needs, totals.clone()));
        totals
    }
}

/// What the agent's levels are worth; higher is better.
pub(crate) fn skill(settings: &Settings, agent: Agent<'_>, needs: &[Need]) -> f64 {
    match &settings.agent_order {
        AgentOrder::BestAverage => average(agent, needs),
        AgentOrder::InTurn(skills) => skills
            .iter()
            .fold(0.0, |sum, name| sum * TURN + f64::from(agent.level(name))),
        AgentOrder::LongestIdle => 0.0,
    }
}

/// Zero or less: what being busy takes off.
pub(crate) fn load(settings: &Settings, agent: Agent<'_>) -> f64 {
    if settings.occupancy_weight > 0.0 {
        -settings.occupancy_weight * f64::from(agent.occupancy())
    } else {
        0.0
    }
}

/// Name and share of each part of an agent's score.
pub(crate) fn parts(settings: &Settings, agent: Agent<'_>, needs: &[Need]) -> Vec<(String, f64)> {
    let mut parts = match &settings.agent_order {
        AgentOrder::BestAverage => vec![("skill".to_owned(), average(agent, needs))],
        AgentOrder::InTurn(skills) => {
            let weights = (0..skills.len()).rev().map(|turn| TURN.powi(turn as i32));
            let levels = skills.iter().zip(weights);
            levels
                .map(|(name, weight)| (name.clone(), f64::from(agent.level(name)) * weight))
                .collect()
        }
        AgentOrder::LongestIdle => Vec::new(),
    };
    let load = load(settings, agent);
    if load != 0.0 {
        parts.push(("occupancy".to_owned(), load));
    }
    parts
}

/// The mean of the agent's levels over the needs, a missing skill counting 0; 0 when nothing is
/// needed.
pub(crate) fn average(agent: Agent<'_>, needs: &[Need]) -> f64 {
    if needs.is_empty() {
        return 0.0;
    }
    let levels = needs.iter().map(|need| agent.level_at(need.skill));
    f64::from(levels.map(u32::from).sum::<u32>()) / needs.len() as f64
}
