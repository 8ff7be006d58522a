//! What a policy is shown: the first contacts in line who could meet a free agent, and those agents.
//! Bounded by what can matter, whatever the size of the house: of each line no more contacts than
//! could get somebody, of each contact's candidates the first by ring and idle time, with totals.

use crate::agent::Agent;
use crate::agent::experience::TOPIC;
use crate::agent::pool::Spare;
use crate::call::contact::Contact;
use crate::limits::{BATCH_PAIRS, CANDIDATES_AT_LEAST, CONTACTS_BESIDE_CANDIDATES};
use crate::queue::Queue;
use crate::queue::line::{self, Line};
use crate::queue::visit::{Class, Place, Visit};
use crate::routing::eligible::{self, Candidates};
use crate::routing::verdict::{Candidacy, Considered};
use crate::routing::{Policy, PolicyDesk};
use crate::switchboard::Switchboard;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{AgentId, ContactId};
use hotline_vocabulary::routing::{AgentView, Batch, Candidate, ContactView};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Those who wait for the same agents in one queue, and who of those is free.
struct Meeting<'a> {
    queue: &'a Queue,
    class: &'a Class,
    line: &'a Line,
    candidates: Candidates,
    /// Contacts of this line that may still be shown.
    room: Cell<usize>,
}

/// A batch in the making.
struct Draft {
    now: Timestamp,
    most_agents: usize,
    agents: Vec<AgentView>,
    /// Who is to be asked first; of each agent.
    precedence: Vec<(Spare, AgentId)>,
    places: BTreeMap<AgentId, u32>,
    contacts: Vec<ContactView>,
    considered: Vec<Candidacy>,
    pairs: usize,
}

impl Switchboard {
    /// None when there is nobody to decide about.
    pub(super) fn batch(&self, policy: &Policy) -> Option<(Batch, Considered)> {
        let now = self.desk.now();
        let desk = self.routing.desks.get(policy)?;
        let limits = &self.settings.limits;
        let most_agents = limits.batch_agents.max(1) as usize;
        let most_contacts = limits.batch_contacts.max(1) as usize;
        let meetings = self.meetings(desk, most_agents);
        let expected: usize = meetings.iter().map(Meeting::expects).sum();
        let each = BATCH_PAIRS / expected.clamp(1, most_contacts);
        let each = each.max(CANDIDATES_AT_LEAST).min(most_agents);

        let mut draft = Draft {
            now,
            most_agents,
            agents: Vec::new(),
            precedence: Vec::new(),
            places: BTreeMap::new(),
            contacts: Vec::new(),
            considered: Vec::new(),
            pairs: 0,
        };
        let lines = meetings.iter().map(|meeting| (meeting, meeting.line));
        let mut aged = false;
        for (meeting, rank) in line::merge(now, lines, |meeting| meeting.room.get() > 0) {
            let Some(contact) = self.contacts.get(&rank.contact) else {
                continue;
            };
            let Some(visit) = contact.call.waiting() else {
                continue;
            };
            if !visit.is_open_to(desk.affairs) || visit.is_gathering() {
                continue;
            }
            // Those who have waited too long are decided before anyone else is looked at.
            if aged && visit.place != Place::Aged {
                break;
            }
            if self.show(&mut draft, meeting, contact, visit, each) {
                aged |= visit.place == Place::Aged;
                meeting.room.set(meeting.room.get() - 1);
            }
            if draft.contacts.len() == most_contacts || draft.pairs >= BATCH_PAIRS {
                break;
            }
        }
        let room = most_contacts - draft.contacts.len();
        self.show_without_candidates(&mut draft, desk, room);
        if draft.contacts.is_empty() {
            return None;
        }
        self.tell_experience(&mut draft);
        draft.put_in_order();
        let shown: BTreeSet<_> = draft.contacts.iter().map(|view| view.queue).collect();
        let queues = shown.iter().filter_map(|id| self.queues.get(id));
        let batch = Batch {
            at: now,
            queues: queues
                .map(|queue| queue.view(&self.calendars, now))
                .collect(),
            agents: draft.agents,
            contacts: draft.contacts,
        };
        let considered = Considered {
            affairs: desk.affairs,
            contacts: draft.considered,
        };
        Some((batch, considered))
    }

    /// What the agents have handled of that which the contacts are about. All that they know of
    /// would be most of what a policy is given.
    fn tell_experience(&self, draft: &mut Draft) {
        let about: BTreeSet<&str> = draft.contacts.iter().flat_map(matters).collect();
        for view in &mut draft.agents {
            if let Some(agent) = self.agents.get(&view.id) {
                view.experience = agent.experience.of(&about, draft.now);
            }
        }
    }

    fn meetings(&self, desk: &PolicyDesk, most_agents: usize) -> Vec<Meeting<'_>> {
        let queues = desk.queues.iter().filter_map(|id| self.queues.get(id));
        queues
            .flat_map(|queue| queue.lines().map(move |(class, line)| (queue, class, line)))
            .filter(|(queue, class, _)| queue.pools.of(class.needs.medium()).has_free())
            .filter_map(|(queue, class, line)| {
                let candidates = self.candidates(queue, class, &[], most_agents);
                let room = 2 * candidates.len() + CONTACTS_BESIDE_CANDIDATES;
                (!candidates.is_empty()).then_some(Meeting {
                    queue,
                    class,
                    line,
                    candidates,
                    room: Cell::new(room),
                })
            })
            .collect()
    }

    /// Puts a contact into the draft with those of its candidates who fit in. Says whether there
    /// was anyone.
    fn show(
        &self,
        draft: &mut Draft,
        meeting: &Meeting<'_>,
        contact: &Contact,
        visit: &Visit,
        most: usize,
    ) -> bool {
        let waited = draft.now.since(visit.entered);
        let fresh = self.fresh(meeting, visit, most);
        let candidates = fresh.as_ref().unwrap_or(&meeting.candidates);
        let mut listed = Vec::new();
        let mut shown = Vec::new();
        for one in candidates.after(waited) {
            if let Some(place) = self.place_of(draft, one) {
                listed.push(*one);
                shown.push(Candidate {
                    agent: place,
                    ring: one.ring,
                });
            }
            if shown.len() == most {
                break;
            }
        }
        if shown.is_empty() {
            return false;
        }
        let total = candidates.total_after(waited);
        draft.pairs += shown.len();
        draft.considered.push(Candidacy {
            contact: contact.id,
            visit: visit.id,
            candidates: listed,
            total,
        });
        let preferred = visit.preferred.and_then(|(agent, _)| {
            let place = *draft.places.get(&agent)?;
            let mut shown = shown.iter();
            shown.any(|one| one.agent == place).then_some(place)
        });
        draft.contacts.push(ContactView {
            preferred,
            ..contact.view(visit, shown, total, draft.now)
        });
        true
    }

    /// Those who have not declined this contact yet; none when nobody has, or everybody.
    fn fresh(&self, meeting: &Meeting<'_>, visit: &Visit, most: usize) -> Option<Candidates> {
        if visit.declined.is_empty() {
            return None;
        }
        let fresh = self.candidates(meeting.queue, meeting.class, &visit.declined, most);
        let waited = self.desk.now().since(visit.entered);
        let anyone = fresh.after(waited).next().is_some();
        anyone.then_some(fresh)
    }

    /// The agent's place in the draft, which they get if there is one left.
    fn place_of(&self, draft: &mut Draft, one: &Listed) -> Option<u32> {
        let id = one.agent;
        if let Some(place) = draft.places.get(&id) {
            return Some(*place);
        }
        if draft.agents.len() >= draft.most_agents {
            return None;
        }
        let agent = self.agents.get(&id)?;
        let place = u32::try_from(draft.agents.len()).ok()?;
        draft.agents.push(agent.view(draft.now));
        draft.precedence.push((one.spare, id));
        draft.places.insert(id, place);
        Some(place)
    }

    /// A policy sees each contact once even if nobody is free for it, and again when it wished to:
    /// it may have somewhere else to send it.
    fn show_without_candidates(&self, draft: &mut Draft, desk: &PolicyDesk, room: usize) {
        let seen: BTreeSet<ContactId> = draft.contacts.iter().map(|view| view.contact).collect();
        for id in desk.unseen.iter().filter(|id| !seen.contains(id)) {
            if draft.contacts.len() - seen.len() == room {
                return;
            }
            let Some(contact) = self.contacts.get(id) else {
                continue;
            };
            let Some(visit) = contact.call.waiting() else {
                continue;
            };
            let Some(queue) = self.queues.get(&visit.ticket.queue) else {
                continue;
            };
            let waited = draft.now.since(visit.entered);
            let candidates = self.candidates(queue, &visit.class(), &[], 1);
            if !desk.queues.contains(&visit.ticket.queue) || candidates.after(waited).count() > 0 {
                continue;
            }
            draft.considered.push(Candidacy {
                contact: *id,
                visit: visit.id,
                candidates: Vec::new(),
                total: 0,
            });
            let view = contact.view(visit, Vec::new(), 0, draft.now);
            draft.contacts.push(view);
        }
    }
}

impl Draft {
    /// Gives the agents their places in the batch: who is to be asked first comes first, so that a
    /// policy need not be told the order of each contact's candidates.
    fn put_in_order(&mut self) {
        let mut order: Vec<usize> = (0..self.agents.len()).collect();
        order.sort_unstable_by_key(|place| self.precedence[*place]);
        let mut places = vec![0; order.len()];
        for (new, old) in (0u32..).zip(&order) {
            places[*old] = new;
        }
        let mut agents: Vec<_> = self.agents.drain(..).map(Some).collect();
        let moved = order.iter().filter_map(|old| agents[*old].take());
        self.agents = moved.collect();
        for contact in &mut self.contacts {
            for candidate in &mut contact.candidates {
                candidate.agent = places[candidate.agent as usize];
            }
            let preferred = contact.preferred.as_mut();
            if let Some(preferred) = preferred {
                *preferred = places[*preferred as usize];
            }
        }
    }
}

impl Meeting<'_> {
    /// How many contacts of its line may be shown.
    fn expects(&self) -> usize {
        self.room.get().min(self.line.len())
    }
}

impl Agent {
    fn view(&self, now: Timestamp) -> AgentView {
        AgentView {
            id: self.config.id,
            idle_ms: self.idle(now),
            occupancy: self.occupancy(now),
            skills: self.config.skills.clone(),
            experience: Vec::new(),
        }
    }
}

/// The skills that a contact needs, and its topics.
fn matters(contact: &ContactView) -> impl Iterator<Item = &str> {
    let needs = contact.needs.iter().map(|need| need.skill.as_str());
    let attributes = contact.interaction.attributes.iter();
    let topics = attributes.filter(|(name, _)| name == TOPIC);
    needs.chain(topics.map(|(_, topic)| topic.as_str()))
}

impl Contact {
    fn view(
        &self,
        visit: &Visit,
        candidates: Vec<Candidate>,
        candidates_total: u32,
        now: Timestamp,
    ) -> ContactView {
        ContactView {
            contact: self.id,
            interaction: self.interaction(),
            queue: visit.ticket.queue,
            waited_ms: now.since(visit.entered),
            attempt: visit.attempt,
            ring: visit.ring,
            needs: visit.needs.to_vocabulary(),
            candidates,
            preferred: None,
            facts: visit.facts.clone(),
            candidates_total,
        }
    }
}

/// What of a candidate outlives the moment.
pub(super) type Listed = eligible::Candidate;
