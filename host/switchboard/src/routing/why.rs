//! Why a contact still waits: the answer to a supervisor, made when asked. Looks at every agent of
//! the queue, so it costs as much as there is to look at; never part of a decision.

use crate::limits::EXPLAINED_AGENTS;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::routing::{Exclusion, ExclusionTotal, WhyWaiting};
use std::cmp::Reverse;
use std::collections::BTreeMap;

impl Switchboard {
    /// None when the contact does not wait in a queue. `now` may be later than the last input.
    pub fn why_waiting(&self, id: ContactId, now: Timestamp) -> Option<WhyWaiting> {
        let contact = self.contacts.get(&id)?;
        let visit = contact.call.visit()?;
        let queue = self.queues.get(&visit.ticket.queue)?;
        let offered_to = contact.call.offer().map(|offer| offer.agent);
        let position = match offered_to {
            Some(_) => 1,
            None => queue.position(&visit.rank(id), now),
        };
        let awaited = self.awaited(queue, &visit.class());
        let awaited = awaited
            .and(visit.preferred)
            .filter(|(_, until)| *until > now);
        let affairs = self.routing.affairs(&queue.config.policy);
        let held = visit
            .hold
            .filter(|hold| !visit.is_open_to(affairs) && hold.is_in_force(now));
        let (mut candidates, mut declined) = (Vec::new(), Vec::new());
        let mut excluded = Vec::new();
        let mut totals = BTreeMap::<String, u32>::new();
        for (agent, state) in &self.agents {
            if state.member_of(queue.config.id).is_none() {
                continue;
            }
            match self.keeps_out(state, visit, now) {
                None if visit.declined.contains(agent) => {
                    declined.push((Reverse(state.idle(now)), *agent))
                }
                None => candidates.push((Reverse(state.idle(now)), *agent)),
                Some(why) => {
                    *totals.entry(why.kind().to_owned()).or_default() += 1;
                    excluded.push((*agent, why));
                }
            }
        }
        if candidates.is_empty() {
            candidates = declined;
        } else {
            for (_, agent) in declined {
                let why = Exclusion::AlreadyOffered;
                *totals.entry(why.kind().to_owned()).or_default() += 1;
                excluded.push((agent, why));
            }
        }
        candidates.sort_unstable();
        let candidates_total = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
        candidates.truncate(EXPLAINED_AGENTS);
        excluded.truncate(EXPLAINED_AGENTS);
        Some(WhyWaiting {
            at: now,
            contact: id,
            visit: visit.id,
            queue: queue.config.id,
            queue_name: queue.config.name.clone(),
            queue_open: self.calendars.is_open(&queue.config),
            since: visit.entered,
            position,
            expected_wait_ms: queue.expected_wait(position),
            ring: visit.ring,
            next_ring_at: queue.ring_opens(visit.ring.saturating_add(1), visit),
            preferred: awaited.map(|(agent, _)| agent),
            preferred_until: awaited.map(|(_, until)| until),
            offered_to,
            deciding: self.routing.is_deciding(&queue.config.policy),
            held_until: held.map(|hold| hold.until),
            candidates: candidates.into_iter().map(|(_, agent)| agent).collect(),
            candidates_total,
            excluded,
            excluded_totals: totals
                .into_iter()
                .map(|(kind, agents)| ExclusionTotal { kind, agents })
                .collect(),
            said: visit.said.clone(),
        })
    }
}
