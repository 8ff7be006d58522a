//! The monitors' own truth: who waits, rings and talks, as history tells it.

use super::Round;
use crate::call::Call;
use crate::switchboard::Switchboard;
use hotline_vocabulary::fact::{Fact, OfferEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, OfferId, QueueId, SegmentId, VisitId};
use hotline_vocabulary::routing::Invariant::{Conservation, DoubleBooking, GhostOffer};
use hotline_vocabulary::{Millis, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

#[derive(Debug, Default)]
pub(super) struct Books {
    contacts: BTreeMap<ContactId, Book>,
    /// Those in a queue.
    waiting: BTreeSet<ContactId>,
    /// Offers and talks of each agent.
    held: BTreeMap<AgentId, BTreeSet<ContactId>>,
    /// What rings, by when it is over at the latest.
    ringing: BTreeSet<(Timestamp, ContactId)>,
}

#[derive(Debug, Default)]
struct Book {
    visit: Option<OpenVisit>,
    offer: Option<(OfferId, AgentId, Timestamp)>,
    segment: Option<(SegmentId, AgentId)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenVisit {
    visit: VisitId,
    pub(super) queue: QueueId,
    pub(super) entered: Timestamp,
    /// Since then nothing has rung for it.
    pub(super) in_line: Timestamp,
}

/// Whom an input touched.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) contacts: BTreeSet<ContactId>,
    pub(super) agents: BTreeSet<AgentId>,
    pub(super) offers: Vec<(ContactId, AgentId)>,
}

impl Books {
    pub(super) fn visit(&self, contact: ContactId) -> Option<OpenVisit> {
        self.contacts.get(&contact)?.visit
    }

    /// The next contact in a queue, in turn.
    pub(super) fn waiting_after(&self, last: Option<ContactId>) -> Option<ContactId> {
        let after = last.map_or(Unbounded, Excluded);
        let next = self.waiting.range((after, Unbounded)).next();
        next.or_else(|| self.waiting.first()).copied()
    }

    pub(super) fn read(&mut self, fact: &Fact, touched: &mut Touched, round: &mut Round) {
        touched.agents.extend(fact.agent);
        let Some(id) = fact.contact else {
            return;
        };
        let held = &mut self.held;
        let mut let_go = |agent: AgentId| {
            if let Some(contacts) = held.get_mut(&agent) {
                contacts.remove(&id);
                if contacts.is_empty() {
                    held.remove(&agent);
                }
            }
        };
        match &fact.what {
            What::QueueEntered { visit, queue, .. } => {
                let open = OpenVisit {
                    visit: *visit,
                    queue: *queue,
                    entered: fact.at,
                    in_line: fact.at,
                };
                let before = self.contacts.entry(id).or_default().visit.replace(open);
                self.waiting.insert(id);
                round.hold(before.is_none(), Conservation, id, None, || {
                    format!("{id} entered a queue while in one")
                });
            }
            What::QueueLeft { visit, .. } => {
                let book = self.contacts.entry(id).or_default();
                let left = book.visit.take().map(|open| open.visit);
                self.waiting.remove(&id);
                round.hold(left == Some(*visit), Conservation, id, None, || {
                    format!("{id} left a queue that it was not in")
                });
            }
            What::OfferMade {
                offer,
                ring_timeout_ms,
                ..
            } => {
                let Some(agent) = fact.agent else {
                    return;
                };
                let until = fact.at + *ring_timeout_ms;
                let book = self.contacts.entry(id).or_default();
                let before = book.offer.replace((*offer, agent, until));
                self.ringing.insert((until, id));
                self.held.entry(agent).or_default().insert(id);
                touched.offers.push((id, agent));
                round.hold(before.is_none(), GhostOffer, id, agent, || {
                    format!("{id} rings at {agent} while it rings elsewhere")
                });
            }
            What::OfferEnded { offer, how, .. } => {
                let book = self.contacts.entry(id).or_default();
                let over = book.offer.take();
                if let Some((_, agent, until)) = over {
                    self.ringing.remove(&(until, id));
                    if *how != OfferEnd::Accepted {
                        let_go(agent);
                    }
                }
                if let Some(visit) = &mut book.visit {
                    visit.in_line = fact.at;
                }
                let known = over.is_some_and(|(open, ..)| open == *offer);
                round.hold(known, GhostOffer, id, fact.agent, || {
                    format!("an offer of {id} ended that did not ring")
                });
            }
            What::AgentConnected { segment, .. } => {
                if let Some(agent) = fact.agent {
                    let book = self.contacts.entry(id).or_default();
                    let before = book.segment.replace((*segment, agent));
                    self.held.entry(agent).or_default().insert(id);
                    round.hold(before.is_none(), DoubleBooking, id, agent, || {
                        format!("{id} talks with {agent} while it talks with another")
                    });
                }
            }
            What::SegmentEnded { segment, .. } => {
                let book = self.contacts.entry(id).or_default();
                let over = book.segment.take();
                if let Some((_, agent)) = over {
                    let_go(agent);
                }
                let known = over.is_some_and(|(open, _)| open == *segment);
                round.hold(known, Conservation, id, fact.agent, || {
                    format!("a talk of {id} ended that was not")
                });
            }
            What::ContactEnded { .. } => {
                let book = self.contacts.remove(&id).unwrap_or_default();
                self.waiting.remove(&id);
                let nothing =
                    book.visit.is_none() && book.offer.is_none() && book.segment.is_none();
                round.hold(nothing, Conservation, id, None, || {
                    format!("{id} ended and left something open: {book:?}")
                });
                return;
            }
            // What may still be said of a contact that is over.
            _ => return,
        }
        touched.contacts.insert(id);
    }

    pub(super) fn nothing_rings_too_long(&self, now: Timestamp, round: &mut Round) {
        if let Some((until, contact)) = self.ringing.first() {
            round.hold(*until >= now, GhostOffer, *contact, None, || {
                format!("{contact} rings {} longer than allowed", now.since(*until))
            });
        }
    }

    fn held_by(&self, agent: AgentId) -> impl Iterator<Item = &ContactId> {
        self.held.get(&agent).into_iter().flatten()
    }
}

impl Switchboard {
    /// An agent who was just offered a contact has not more of its medium than they take.
    pub(super) fn books_follow_capacity(
        &self,
        (id, agent): (ContactId, AgentId),
        round: &mut Round,
    ) {
        let medium_of = |id: &ContactId| {
            let contact = self.contacts.get(id)?;
            Some(contact.channel.medium())
        };
        let (Some(known), Some(medium)) = (self.agents.get(&agent), medium_of(&id)) else {
            return;
        };
        let most = usize::from(known.config.at_once(medium));
        let held = self.monitors.books.held_by(agent);
        let held = held
            .filter(|other| medium_of(other) == Some(medium))
            .count();
        round.hold(held <= most, DoubleBooking, id, agent, || {
            format!("{agent} has {held} of {medium:?} at once, and takes {most}")
        });
    }

    /// What a contact is said to be doing is what it does.
    pub(super) fn books_agree(&self, id: ContactId, round: &mut Round) {
        let Some(book) = self.monitors.books.contacts.get(&id) else {
            return;
        };
        let contact = self.contacts.get(&id);
        let call = contact.map(|contact| &contact.call);
        let visit = call.and_then(Call::visit);
        let same = visit.map(|visit| visit.id) == book.visit.map(|open| open.visit);
        round.hold(same, Conservation, id, None, || {
            format!("{id} is in {:?}, and waits for {visit:?}", book.visit)
        });
        let queued = visit.is_none_or(|visit| {
            let queue = self.queues.get(&visit.ticket.queue);
            queue.is_some_and(|queue| queue.knows(id, visit, matches!(call, Some(Call::Queued(_)))))
        });
        round.hold(queued, Conservation, id, None, || {
            format!("{id} waits in a queue that does not know of it")
        });
        let offer = call
            .and_then(Call::offer)
            .map(|offer| (offer.id, offer.agent));
        let said = book.offer.map(|(offer, agent, _)| (offer, agent));
        let agent = said.or(offer).map(|(_, agent)| agent);
        round.hold(offer == said, GhostOffer, id, agent, || {
            format!("{id} is said to ring as {said:?}, and rings as {offer:?}")
        });
        let talk = call
            .and_then(Call::talk)
            .map(|talk| (talk.segment, talk.agent));
        let agent = book.segment.or(talk).map(|(_, agent)| agent);
        round.hold(talk == book.segment, Conservation, id, agent, || {
            format!(
                "{id} is said to talk in {:?}, and talks in {talk:?}",
                book.segment
            )
        });
    }
}

/// How long a policy's question may be open, twice: it may have been asked again.
pub(super) const DECISION_MS: Millis = Millis(2 * crate::limits::ADVISER_SILENCE_MS.0);
