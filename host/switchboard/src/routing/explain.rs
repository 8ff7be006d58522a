//! Why this decision: candidates, who was left out by which condition, reasons and scores, kept with
//! the contact. Bounded, however many agents there are.

use crate::limits::RECORDED_AGENTS;
use crate::queue::visit::Visit;
use crate::routing::verdict::Candidacy;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::fact::{RoutingDecided, What};
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::plugin::{PluginVersion, Usage};
use hotline_vocabulary::routing::{Exclusion, Score};
use std::collections::BTreeSet;

/// What its maker says for a decision.
pub(super) struct Explanation {
    pub(super) reasons: Vec<String>,
    scores: Vec<Score>,
    version: Option<PluginVersion>,
    usage: Usage,
    held_until: Option<Timestamp>,
}

impl Explanation {
    pub(super) fn of(
        reasons: Vec<String>,
        mut scores: Vec<Score>,
        version: &Option<PluginVersion>,
        usage: Usage,
    ) -> Self {
        scores.truncate(RECORDED_AGENTS);
        Explanation {
            reasons,
            scores,
            version: version.clone(),
            usage,
            held_until: None,
        }
    }

    pub(super) fn built_in(reasons: Vec<String>) -> Self {
        Explanation {
            reasons,
            scores: Vec::new(),
            version: None,
            usage: Usage::default(),
            held_until: None,
        }
    }

    pub(super) fn held(mut self, until: Timestamp) -> Self {
        self.held_until = Some(until);
        self
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
        let waiting = self
            .contacts
            .get(&candidacy.contact)
            .and_then(|contact| contact.call.visit());
        let excluded = waiting.map(|visit| self.excluded(visit, candidacy));
        let found = chosen.and_then(|agent| {
            let mut listed = candidacy.candidates.iter();
            listed.find(|one| one.agent == agent)
        });
        let listed = candidacy.candidates.iter().take(RECORDED_AGENTS);
        let decided = What::RoutingDecided(RoutingDecided {
            visit: candidacy.visit,
            chosen,
            ring: waiting.map_or(0, |visit| visit.ring),
            chosen_ring: found.map(|one| one.ring),
            chosen_level: found.map(|one| one.tier.level),
            candidates: listed.map(|one| one.agent).collect(),
            candidates_total: candidacy.total,
            excluded: excluded.unwrap_or_default(),
            held_until: explanation.held_until,
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

    /// The first of the queue's agents who are no candidates, and what keeps each out.
    fn excluded(&self, visit: &Visit, candidacy: &Candidacy) -> Vec<(AgentId, Exclusion)> {
        let Some(queue) = self.queues.get(&visit.ticket.queue) else {
            return Vec::new();
        };
        let pool = queue.pools.of(visit.needs.medium());
        let declined = visit.declined.iter().copied();
        let free = pool
            .tiers()
            .flat_map(|(_, free)| free.longest_idle(RECORDED_AGENTS));
        let engaged = pool.engaged().take(RECORDED_AGENTS);
        let mut seen: BTreeSet<AgentId> =
            candidacy.candidates.iter().map(|one| one.agent).collect();
        let others = declined.chain(free).chain(engaged);
        others
            .filter(|agent| seen.insert(*agent))
            .filter_map(|id| {
                let why = self.keeps_out(self.agents.get(&id)?, visit, self.desk.now());
                let declined = visit.declined.contains(&id);
                let why = why.or_else(|| declined.then_some(Exclusion::AlreadyOffered))?;
                Some((id, why))
            })
            .take(RECORDED_AGENTS)
            .collect()
    }
}
