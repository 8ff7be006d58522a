//! The agents of a batch as `wit/deps/routing` puts them: in columns. Each crosses into a guest in one
//! piece; a record for each agent would take a call into the guest for every text and list of it.

use crate::bindings::hotline::routing::types as wit;
use crate::wording::Wording;
use hotline_vocabulary::routing::{AgentView, Batch, Experience};
use hotline_vocabulary::time::Millis;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Of a share that nobody knows.
const UNKNOWN_SHARE: u8 = u8::MAX;

/// Names by their place.
pub(super) struct Names<'a> {
    pub(super) names: Vec<&'a str>,
    places: HashMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    /// Of all the skills that a batch speaks of.
    pub(super) fn of_skills(batch: &'a Batch) -> Self {
        let needs = batch.contacts.iter().flat_map(|contact| &contact.needs);
        let skills = batch.agents.iter().flat_map(|agent| &agent.skills);
        let needed = needs.map(|need| &*need.skill);
        Names::of(needed.chain(skills.map(|skill| &*skill.name)))
    }

    fn of(all: impl Iterator<Item = &'a str>) -> Self {
        let mut known = Names {
            names: Vec::new(),
            places: HashMap::new(),
        };
        for name in all {
            known.places.entry(name).or_insert_with(|| {
                known.names.push(name);
                known.names.len() as u32 - 1
            });
        }
        known
    }

    /// Of one of them.
    pub(super) fn place(&self, name: &str) -> u32 {
        self.places.get(name).copied().unwrap_or(u32::MAX)
    }
}

/// What the view of a batch's agents borrows.
pub(super) struct AgentColumns<'a> {
    ids: String,
    idle_ms: Vec<u8>,
    occupancy: Vec<u8>,
    levels: Vec<u8>,
    /// None where nothing is known of anybody.
    experience: Option<ExperienceColumns<'a>>,
}

struct ExperienceColumns<'a> {
    topics: Names<'a>,
    handled: Vec<u8>,
    last_ended_ms: Vec<u8>,
    resolution: Vec<u8>,
    rating: Vec<u8>,
}

impl<'a> AgentColumns<'a> {
    pub(super) fn of(agents: &'a [AgentView], skills: &Names<'_>) -> Self {
        let width = skills.names.len();
        let mut levels = vec![0; agents.len() * width];
        let mut ids = String::new();
        for (place, agent) in agents.iter().enumerate() {
            let line = if place == 0 { "" } else { "\n" };
            // Writing to a String does not fail.
            let _ = write!(ids, "{line}{}", agent.id);
            for skill in &agent.skills {
                let column = skills.place(&skill.name) as usize;
                levels[place * width + column] = skill.level;
            }
        }
        let knows_something = agents.iter().any(|agent| !agent.experience.is_empty());
        AgentColumns {
            ids,
            idle_ms: numbers(agents.iter().map(|agent| agent.idle_ms)),
            occupancy: agents
                .iter()
                .map(|agent| percent(agent.occupancy))
                .collect(),
            levels,
            experience: knows_something.then(|| ExperienceColumns::of(agents)),
        }
    }

    pub(super) fn view(&self, wording: Wording) -> wit::Agents<'_> {
        let experience = self.experience.as_ref();
        wit::Agents {
            ids: &self.ids,
            idle_ms: &self.idle_ms,
            occupancy: &self.occupancy,
            levels: &self.levels,
            experience: experience.map(|columns| columns.view(wording)),
            ext: wording.ext(),
        }
    }
}

impl<'a> ExperienceColumns<'a> {
    fn of(agents: &'a [AgentView]) -> Self {
        let all = || agents.iter().flat_map(|agent| &agent.experience);
        let topics = Names::of(all().map(|known| &*known.topic));
        let width = topics.names.len();
        let mut cells: Vec<Option<&Experience>> = vec![None; agents.len() * width];
        for (place, agent) in agents.iter().enumerate() {
            for known in &agent.experience {
                cells[place * width + topics.place(&known.topic) as usize] = Some(known);
            }
        }
        let share = |of: fn(&Experience) -> Option<f32>| -> Vec<u8> {
            let shares = cells.iter().map(|known| known.and_then(of));
            shares
                .map(|share| share.map_or(UNKNOWN_SHARE, percent))
                .collect()
        };
        let handled = cells
            .iter()
            .map(|known| known.map_or(0, |known| known.handled));
        let ended = cells
            .iter()
            .map(|known| known.and_then(|known| known.last_ended_ms));
        ExperienceColumns {
            handled: handled.flat_map(u32::to_le_bytes).collect(),
            last_ended_ms: numbers(ended.map(|ago| ago.unwrap_or(Millis(u64::MAX)))),
            resolution: share(|known| known.resolution),
            rating: share(|known| known.rating),
            topics,
        }
    }

    fn view(&self, wording: Wording) -> wit::Experience<'_> {
        wit::Experience {
            topics: &self.topics.names,
            handled: &self.handled,
            last_ended_ms: &self.last_ended_ms,
            resolution: &self.resolution,
            rating: &self.rating,
            ext: wording.ext(),
        }
    }
}

/// Four bytes each; the largest number for what is larger.
fn numbers(of: impl Iterator<Item = Millis>) -> Vec<u8> {
    of.flat_map(|length| u32::try_from(length.0).unwrap_or(u32::MAX).to_le_bytes())
        .collect()
}

/// Of a share from 0 to 1.
fn percent(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}
