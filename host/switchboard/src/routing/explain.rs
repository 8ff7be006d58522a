//! Why this decision: candidates, who was left out by which condition, reasons and scores, kept with
//! the contact. Bounded, however many agents there are.

use crate::limits::EXPLAINED_AGENTS;
use crate::queue::visit::Visit;
use crate::routing::verdict::Candidacy;
use crate::switchboard::Switchboard;
use hotline_vocabulary::fact::{RoutingDecided, What};
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::plugin::{PluginVersion, Usage};
use hotline_vocabulary::routing::{Exclusion, Score};

/// What its maker says for a decision.
pub(super) struct Explanation {
    pub(super) reasons: Vec<String>,
    scores: Vec<Score>,
    version: Option<PluginVersion>,
    usage: Usage,
}

impl Explanation {
    pub(super) fn of(
        reasons: Vec<String>,
        mut scores: Vec<Score>,
        version: &Option<PluginVersion>,
        usage: Usage,
    ) -> Self {
        scores.truncate(EXPLAINED_AGENTS);
        Explanation {
            reasons,
            scores,
            version: version.clone(),
            usage,
        }
    }

    pub(super) fn built_in(reasons: Vec<String>) -> Self {
        Explanation {
            reasons,
            scores: Vec::new(),
            version: None,
            usage: Usage::default(),
        }
    }

    pub(super) fn overruled(mut self, why: String) -> Self {
        self.reasons.insert(0, why);
        self
    }
}

impl Switchboard {
    /// Writes down a decision before it is acted on, while its candidates are still what they were.
    pub(super) fn explain(
        &mut self,
        candidacy: &Candidacy,
        chosen: Option<AgentId>,
        explanation: Explanation,
    ) {
        let mut candidates = candidacy.candidates.clone();
        candidates.truncate(EXPLAINED_AGENTS);
        let excluded = self
            .contacts
            .get(&candidacy.contact)
            .and_then(|contact| contact.call.visit())
            .map(|visit| self.excluded(visit, candidacy))
            .unwrap_or_default();
        let decided = What::RoutingDecided(RoutingDecided {
            visit: candidacy.visit,
            chosen,
            ring: 1,
            chosen_ring: None,
            chosen_level: None,
            candidates_total: u32::try_from(candidacy.candidates.len()).unwrap_or(u32::MAX),
            candidates,
            excluded,
            held_until: None,
            reasons: explanation.reasons,
            scores: explanation.scores,
            version: explanation.version,
            usage: explanation.usage,
        });
        match chosen {
            Some(agent) => self.desk.fact((candidacy.contact, agent), decided),
            None => self.desk.fact(candidacy.contact, decided),
        }
    }

    fn excluded(&self, visit: &Visit, candidacy: &Candidacy) -> Vec<(AgentId, Exclusion)> {
        let Some(queue) = self.queues.get(&visit.ticket.queue) else {
            return Vec::new();
        };
        let declined = visit
            .declined
            .iter()
            .filter(|agent| self.is_free_for(**agent, visit))
            .map(|agent| (*agent, Exclusion::AlreadyOffered));
        let medium = visit.needs.medium();
        let pool = queue.pools.of(medium);
        let unqualified = pool
            .unqualified(&visit.needs, EXPLAINED_AGENTS)
            .map(|(agent, skill)| (agent, Exclusion::Skill(skill.to_string())));
        let engaged = pool.engaged().filter_map(|id| {
            let hindrance = self.agents.get(&id)?.hindrance(medium)?;
            Some((id, hindrance))
        });
        declined
            .chain(unqualified)
            .chain(engaged)
            .filter(|(agent, _)| !candidacy.candidates.contains(agent))
            .take(EXPLAINED_AGENTS)
            .collect()
    }
}
