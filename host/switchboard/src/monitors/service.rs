//! Nobody idles beside someone who waits, nobody rings for nobody, and nobody is passed over for
//! ever. Looked at from the agents' and contacts' own states, not by the indexes that decisions use.

use super::Round;
use super::books::DECISION_MS;
use crate::agent::Agent;
use crate::agent::pool::Standing;
use crate::call::Call;
use crate::queue::Queue;
use crate::queue::visit::{Place, Visit};
use crate::switchboard::Switchboard;
use hotline_vocabulary::agent::WorkStage;
use hotline_vocabulary::ids::{AgentId, ContactId};
use hotline_vocabulary::routing::Invariant::{GhostOffer, Liveness, Starvation};

/// Agents, lines and contacts that one check looks at.
const LOOKED_AT: usize = 8;

impl Switchboard {
    /// A contact that waits does so beside nobody who could have it, unless that is being decided.
    pub(super) fn is_served(&self, id: ContactId, round: &mut Round) {
        let Some((queue, visit)) = self.undecided(id) else {
            return;
        };
        let pool = queue.pools.of(visit.needs.medium());
        let idle = pool
            .tiers()
            .flat_map(|(_, free)| free.longest_idle(LOOKED_AT));
        let beside = idle
            .filter_map(|agent| self.agents.get(&agent))
            .find(|agent| self.keeps_out(agent, visit, self.desk.now()).is_none());
        let agent = beside.map(|agent| agent.config.id);
        round.hold(beside.is_none(), Liveness, id, agent, || {
            format!("{id} waits beside {agent:?}, and nobody is asked")
        });
    }

    /// An agent who is free is so beside nobody who could be given to them, and one whose device
    /// rings does so for someone.
    pub(super) fn serves(&self, id: AgentId, round: &mut Round) {
        let Some(agent) = self.agents.get(&id) else {
            return;
        };
        for work in &agent.work {
            let WorkStage::Offered { offer, .. } = work.stage else {
                continue;
            };
            let rings = self
                .contacts
                .get(&work.contact)
                .map(|contact| &contact.call);
            let rings = rings.and_then(Call::offer);
            let true_one = rings.is_some_and(|one| one.id == offer && one.agent == id);
            round.hold(true_one, GhostOffer, work.contact, id, || {
                format!(
                    "{id} rings for {}, which does not ring for them",
                    work.contact
                )
            });
        }
        let standings = agent.standings();
        let is_free = |standing: &Standing| matches!(standing, Standing::Free(_));
        if !standings.by_medium.iter().any(is_free) {
            return;
        }
        for member in &agent.config.queues {
            let Some(queue) = self.queues.get(&member.queue) else {
                continue;
            };
            for (_, line) in queue.lines().take(LOOKED_AT) {
                for rank in line.ranks().take(LOOKED_AT) {
                    self.is_not_kept_from(agent, rank.contact, round);
                }
            }
        }
    }

    fn is_not_kept_from(&self, agent: &Agent, id: ContactId, round: &mut Round) {
        if let Some((_, visit)) = self.undecided(id) {
            let out = self.keeps_out(agent, visit, self.desk.now());
            let agent = agent.config.id;
            round.hold(out.is_some(), Liveness, id, agent, || {
                format!("{agent} idles beside {id}, and nobody is asked")
            });
        }
    }

    /// The visit of a contact that waits, while its policy neither decides nor holds it back.
    fn undecided(&self, id: ContactId) -> Option<(&Queue, &Visit)> {
        let visit = self.contacts.get(&id)?.call.waiting()?;
        let queue = self.queues.get(&visit.ticket.queue)?;
        let policy = &queue.config.policy;
        let decided = self.routing.is_deciding(policy)
            || visit.is_gathering()
            || !visit.is_open_to(self.routing.affairs(policy));
        (!decided).then_some((queue, visit))
    }

    /// Whoever is given an agent has aged, or nobody has whom that agent could have had.
    pub(super) fn the_aged_come_first(&self, (id, agent): (ContactId, AgentId), round: &mut Round) {
        let books = &self.monitors.books;
        let (Some(served), Some(agent)) = (books.visit(id), self.agents.get(&agent)) else {
            return;
        };
        // Who lost an agent in mid-talk is next, whoever waits.
        let visit = self
            .contacts
            .get(&id)
            .and_then(|contact| contact.call.visit());
        if visit.is_some_and(|visit| visit.place == Place::Front) {
            return;
        }
        let now = self.desk.now();
        // A hold that was over before the policy was asked excuses nobody.
        let is_held = |visit: &Visit| {
            let hold = visit.hold;
            hold.is_some_and(|hold| now.since(hold.until) < DECISION_MS)
        };
        let aged_after = self.settings.limits.aged_after_ms;
        if now.since(served.entered) >= aged_after {
            return;
        }
        let Some(queue) = self.queues.get(&served.queue) else {
            return;
        };
        // Of the same medium: an agent who has a task in hand may have room for another and for no call.
        let medium = self
            .contacts
            .get(&id)
            .map(|contact| contact.channel.medium());
        let passed_over = queue.oldest(LOOKED_AT).find(|other| {
            let Some(open) = books.visit(*other) else {
                return false;
            };
            let Some(visit) = self.contacts.get(other).and_then(|c| c.call.waiting()) else {
                return false;
            };
            now.since(open.entered) >= aged_after + DECISION_MS
                && now.since(open.in_line) >= DECISION_MS
                && !is_held(visit)
                && Some(visit.needs.medium()) == medium
                && !visit.declined.contains(&agent.config.id)
                && self.does_not_suit(agent, visit, now).is_none()
        });
        let agent = agent.config.id;
        round.hold(
            passed_over.is_none(),
            Starvation,
            passed_over,
            agent,
            || format!("{agent} rings for {id}, and {passed_over:?} has waited too long"),
        );
    }
}
