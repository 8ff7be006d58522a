//! What really happened in a house, as something to play again.
//!
//! What was not seen is filled in anew in each replication: who was answered would have waited
//! longer, and who gave up would have been talked with. A customer who was answered after `w` gets
//! the patience `w` + exponential with the queue's mean patience, which is its total wait / number
//! of abandoned (the estimate of greatest likelihood for waits cut short by answers). A talk that
//! never was takes as long as one of the queue's others.

use crate::distribution::{Sampler, unit};
use crate::house::is_a_break;
use crate::observation::{End, Journey, Observations, Segment, Visit};
use crate::plan::{AgentPlan, ContactPlan, Counting, Denominator, Kind, Plan, Span};
use crate::source::Source;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::configuration::{Configuration, SkillExpression};
use hotline_vocabulary::fact::{OfferEnd, VisitEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, SegmentId};
use hotline_vocabulary::{Channel, Fact, Millis, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// More are refused: a replication holds all of them.
pub const MOST_CONTACTS: usize = 200_000;
/// Talk time where not a single talk was recorded.
const TALK_UNKNOWN: Millis = Millis::from_secs(180);

/// One contact, from its first queue on.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub arrived: Timestamp,
    /// Numbered in order of appearance: says who is the same, not who it is.
    pub customer: u64,
    pub queue: String,
    pub channel: Channel,
    pub priority: i32,
    pub skills: SkillExpression,
    pub attributes: Vec<(String, String)>,
    pub outcome: Outcome,
    pub waited: Millis,
    /// None when no agent talked with them.
    pub talked: Option<Millis>,
    pub wrapped: Option<Millis>,
}

/// How the wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered,
    Abandoned,
    /// Overflow, callback, voicemail, a rule.
    Left,
}

/// When an agent was at work, and when paused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attendance {
    pub(crate) agent: AgentId,
    pub(crate) shifts: Vec<Span>,
    pub(crate) breaks: Vec<Span>,
}

/// A stretch of a tenant's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// In order of arrival.
    pub contacts: Vec<Recorded>,
    pub(crate) attendance: Vec<Attendance>,
    /// From offer to answer, of all accepted offers.
    pub(crate) answers: Vec<Millis>,
}

/// Why a recording can not be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    #[error("more than {MOST_CONTACTS} contacts; choose a shorter time")]
    TooMany,
    #[error("no contact entered a queue in this time; choose another")]
    NoContacts,
    #[error("no agent was at work in this time; choose another")]
    NoAgents,
    #[error("there is no queue {0:?} any more; rename it back, or choose a later time")]
    UnknownQueue(String),
}

/// Makes a [`Recording`] of facts, one at a time, in their order.
#[derive(Debug, Default)]
pub struct Recorder {
    contacts: Vec<Recorded>,
    places: HashMap<ContactId, Place>,
    customers: HashMap<String, u64>,
    segments: HashMap<SegmentId, usize>,
    agents: BTreeMap<AgentId, Vec<(Timestamp, Doing)>>,
    answers: Vec<Millis>,
    first: Option<Timestamp>,
    until: Option<Timestamp>,
}

#[derive(Debug)]
enum Place {
    /// In its flow, not in a queue yet.
    Coming {
        customer: u64,
        channel: Channel,
        attributes: Vec<(String, String)>,
    },
    Row(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Away,
    Paused,
    AtWork,
}

impl Recorder {
    pub fn new() -> Recorder {
        Recorder::default()
    }

    /// Takes no contact that arrives at `until` or later, and no agent's change; what becomes of the
    /// contacts that it has it wants to know for as long as facts follow.
    pub fn until(until: Timestamp) -> Recorder {
        Recorder {
            until: Some(until),
            ..Recorder::default()
        }
    }

    /// # Errors
    /// [`RecordingError::TooMany`], and then it is over.
    pub fn notice(&mut self, fact: &Fact) -> Result<(), RecordingError> {
        self.first.get_or_insert(fact.at);
        let late = self.until.is_some_and(|until| fact.at >= until);
        if late
            && matches!(
                fact.what,
                What::ContactStarted { .. } | What::AgentStateChanged { .. }
            )
        {
            return Ok(());
        }
        match (&fact.what, fact.contact, fact.agent) {
            (What::AgentStateChanged { from, to }, _, Some(agent)) => {
                self.agent_is(agent, from, to, fact.at);
            }
            (
                What::OfferEnded {
                    how: OfferEnd::Accepted,
                    rang_ms,
                    ..
                },
                _,
                _,
            ) => {
                self.answers.push(*rang_ms);
            }
            (what, Some(contact), _) => self.contact_is(contact, what, fact.at)?,
            _ => {}
        }
        Ok(())
    }

    fn contact_is(
        &mut self,
        contact: ContactId,
        what: &What,
        at: Timestamp,
    ) -> Result<(), RecordingError> {
        match what {
            What::ContactStarted {
                channel, caller, ..
            } => {
                let next = self.customers.len() as u64;
                let customer = *self
                    .customers
                    .entry(caller.reveal().clone())
                    .or_insert(next);
                let coming = Place::Coming {
                    customer,
                    channel: *channel,
                    attributes: Vec::new(),
                };
                self.places.insert(contact, coming);
            }
            What::AttributesSet { attributes: set } => {
                let attributes = match self.places.get_mut(&contact) {
                    Some(Place::Coming { attributes, .. }) => attributes,
                    Some(Place::Row(row)) => &mut self.contacts[*row].attributes,
                    None => return Ok(()),
                };
                for (name, value) in set {
                    attributes.retain(|(known, _)| known != name);
                    attributes.push((name.clone(), value.clone()));
                }
            }
            What::QueueEntered {
                queue_name,
                priority,
                skills,
                ..
            } => {
                let Some(Place::Coming {
                    customer,
                    channel,
                    attributes,
                }) = self.places.get_mut(&contact)
                else {
                    return Ok(());
                };
                if self.contacts.len() == MOST_CONTACTS {
                    return Err(RecordingError::TooMany);
                }
                self.contacts.push(Recorded {
                    arrived: at,
                    customer: *customer,
                    queue: queue_name.clone(),
                    channel: *channel,
                    priority: *priority,
                    skills: skills.clone(),
                    attributes: std::mem::take(attributes),
                    outcome: Outcome::Left,
                    waited: Millis::ZERO,
                    talked: None,
                    wrapped: None,
                });
                let row = Place::Row(self.contacts.len() - 1);
                self.places.insert(contact, row);
            }
            What::QueueLeft { waited_ms, how, .. } => {
                if let Some(row) = self.row(contact) {
                    row.waited = row.waited + *waited_ms;
                    row.outcome = match how {
                        VisitEnd::Answered => Outcome::Answered,
                        VisitEnd::Abandoned => Outcome::Abandoned,
                        _ => row.outcome,
                    };
                }
            }
            What::AgentConnected { segment, .. } => {
                if let Some(Place::Row(row)) = self.places.get(&contact) {
                    self.segments.insert(*segment, *row);
                }
            }
            What::SegmentEnded { talked_ms, .. } => {
                if let Some(row) = self.row(contact) {
                    row.talked = Some(row.talked.unwrap_or_default() + *talked_ms);
                }
            }
            What::WrapUpEnded {
                segment,
                wrapped_ms,
                ..
            } => {
                if let Some(row) = self.segments.remove(segment) {
                    let row = &mut self.contacts[row];
                    row.wrapped = Some(row.wrapped.unwrap_or_default() + *wrapped_ms);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn row(&mut self, contact: ContactId) -> Option<&mut Recorded> {
        match self.places.get(&contact) {
            Some(Place::Row(row)) => self.contacts.get_mut(*row),
            _ => None,
        }
    }

    fn agent_is(&mut self, agent: AgentId, from: &str, to: &AgentState, at: Timestamp) {
        let first = self.first.unwrap_or(at);
        let days = self.agents.entry(agent).or_insert_with(|| {
            // What they did before the first fact about them.
            match from {
                "signed_out" => Vec::new(),
                "paused" => vec![(first, Doing::Paused)],
                _ => vec![(first, Doing::AtWork)],
            }
        });
        let doing = match to {
            AgentState::SignedOut => Doing::Away,
            AgentState::Paused { reason, .. } if is_a_break(reason) => Doing::Paused,
            _ => Doing::AtWork,
        };
        days.push((at, doing));
    }

    pub fn finish(mut self) -> Recording {
        self.contacts.sort_by_key(|contact| contact.arrived);
        Recording {
            attendance: self
                .agents
                .into_iter()
                .map(|(agent, days)| attendance(agent, &days))
                .collect(),
            contacts: self.contacts,
            answers: self.answers,
        }
    }
}

fn attendance(agent: AgentId, days: &[(Timestamp, Doing)]) -> Attendance {
    let mut shifts = Vec::<Span>::new();
    let mut breaks = Vec::<Span>::new();
    let begin = |spans: &mut Vec<Span>, from| {
        if spans.last().is_none_or(|span| span.to.is_some()) {
            spans.push(Span { from, to: None });
        }
    };
    let end = |spans: &mut Vec<Span>, at| {
        if let Some(span) = spans.last_mut() {
            span.to.get_or_insert(at);
        }
    };
    for (at, doing) in days {
        match doing {
            Doing::Away => {
                end(&mut breaks, *at);
                end(&mut shifts, *at);
            }
            Doing::Paused => {
                begin(&mut shifts, *at);
                begin(&mut breaks, *at);
            }
            Doing::AtWork => {
                begin(&mut shifts, *at);
                end(&mut breaks, *at);
            }
        }
    }
    Attendance {
        agent,
        shifts,
        breaks,
    }
}

impl Recording {
    /// Of all contacts, each name once.
    pub fn attribute_names(&self) -> Vec<String> {
        let attributes = self.contacts.iter().flat_map(|one| &one.attributes);
        let names: BTreeSet<&String> = attributes.map(|(name, _)| name).collect();
        names.into_iter().cloned().collect()
    }

    /// What to play: the recorded contacts and attendance in the house as configured now. Agents who
    /// were at work and are not configured any more are left out.
    ///
    /// # Errors
    /// Nothing to play, or a queue that is gone.
    pub fn plan(&self, configuration: &Configuration) -> Result<Plan, RecordingError> {
        let Some(first) = self.contacts.first() else {
            return Err(RecordingError::NoContacts);
        };
        let answers_after = match self.answers.as_slice() {
            [] => Sampler::NOTHING,
            answers => Sampler::Empirical(answers.into()),
        };
        let attendance: HashMap<AgentId, &Attendance> =
            self.attendance.iter().map(|one| (one.agent, one)).collect();
        let agents: Vec<AgentPlan> = configuration
            .agents
            .iter()
            .map(|agent| {
                let present = attendance.get(&agent.id);
                AgentPlan {
                    id: agent.id,
                    shifts: present.map_or_else(Vec::new, |one| one.shifts.clone()),
                    breaks: present.map_or_else(Vec::new, |one| one.breaks.clone()),
                    answers_after: answers_after.clone(),
                }
            })
            .collect();
        if agents.iter().all(|agent| agent.shifts.is_empty()) {
            return Err(RecordingError::NoAgents);
        }
        let day = 24 * 3600 * 1000;
        let began = agents
            .iter()
            .flat_map(|agent| &agent.shifts)
            .map(|shift| shift.from);
        let began = began.min().unwrap_or(first.arrived).min(first.arrived);
        Ok(Plan {
            title: "What was recorded, again".to_owned(),
            configuration: configuration.clone(),
            source: Source::Recorded(Arc::new(Repertoire::of(&self.contacts, configuration)?)),
            agents,
            midnight: Timestamp(began.0 - began.0.rem_euclid(day)),
            counting: Counting {
                warm_up_contacts: 0,
                short_abandon: Millis::ZERO,
                denominator: Denominator::default(),
            },
            seed: 1,
            replications: 1,
        })
    }
}

/// Recorded contacts as they are played, with what fills their gaps.
#[derive(Debug)]
pub(crate) struct Repertoire {
    contacts: Vec<Piece>,
    /// By the place of the queue.
    queues: Vec<Gaps>,
}

#[derive(Debug)]
struct Piece {
    arrived: Timestamp,
    customer: u64,
    kind: Arc<Kind>,
    outcome: Outcome,
    waited: Millis,
    talked: Option<Millis>,
    wrapped: Option<Millis>,
}

#[derive(Debug)]
struct Gaps {
    talks: Sampler,
    wrap_ups: Sampler,
    /// None when nobody gave up.
    mean_patience_ms: Option<f64>,
}

impl Repertoire {
    pub(crate) fn of(
        contacts: &[Recorded],
        configuration: &Configuration,
    ) -> Result<Repertoire, RecordingError> {
        let place_of = |name: &str| {
            let place = configuration
                .queues
                .iter()
                .position(|queue| queue.name == name);
            place.ok_or_else(|| RecordingError::UnknownQueue(name.to_owned()))
        };
        let mut kinds: Vec<Arc<Kind>> = Vec::new();
        let mut pieces = Vec::with_capacity(contacts.len());
        for contact in contacts {
            let kind = Kind {
                queue: place_of(&contact.queue)?,
                channel: contact.channel,
                priority: contact.priority,
                skills: contact.skills.clone(),
                attributes: contact.attributes.clone(),
                transfer: None,
                answers_callback: 1.0,
            };
            // Most are of a kind with one of the last few.
            let known = kinds
                .iter()
                .rev()
                .take(64)
                .find(|known| ***known == kind)
                .cloned();
            let kind = known.unwrap_or_else(|| {
                kinds.push(Arc::new(kind));
                kinds[kinds.len() - 1].clone()
            });
            pieces.push(Piece {
                arrived: contact.arrived,
                customer: contact.customer,
                kind,
                outcome: contact.outcome,
                waited: contact.waited,
                talked: contact.talked,
                wrapped: contact.wrapped,
            });
        }
        let queues = 0..configuration.queues.len();
        Ok(Repertoire {
            queues: queues.map(|queue| Gaps::of(&pieces, queue)).collect(),
            contacts: pieces,
        })
    }

    pub(crate) fn has_urgent(&self) -> bool {
        self.contacts.iter().any(|piece| piece.kind.is_urgent())
    }

    pub(crate) fn contacts(&self, seed: u64, replication: u32) -> Vec<ContactPlan> {
        let mut key = [0u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..12].copy_from_slice(&replication.to_le_bytes());
        let mut random = ChaCha8Rng::from_seed(key);
        let plan = |piece: &Piece| {
            let gaps = &self.queues[piece.kind.queue];
            // All are drawn either way: what one contact needs moves no other's numbers.
            let (talk, wrap_up) = (
                gaps.talks.draw(&mut random),
                gaps.wrap_ups.draw(&mut random),
            );
            let longer = -(1.0 - unit(&mut random)).ln();
            let luck = random.next_u64();
            ContactPlan {
                arrives: piece.arrived,
                kind: piece.kind.clone(),
                customer: piece.customer,
                handle: piece.talked.unwrap_or(talk),
                wrap_up: piece.wrapped.unwrap_or(wrap_up),
                patience: match piece.outcome {
                    Outcome::Abandoned => Some(piece.waited),
                    Outcome::Answered | Outcome::Left => gaps
                        .mean_patience_ms
                        .map(|mean| piece.waited + Millis((longer * mean) as u64)),
                },
                redial_after: None,
                transfer_luck: 1.0,
                luck,
                counted: true,
                transferred: false,
            }
        };
        self.contacts.iter().map(plan).collect()
    }

    /// What really happened, in the shape of what was simulated. Agents' hours are not told.
    pub(crate) fn observations(&self, midnight: Timestamp) -> Observations {
        let mut seen = Observations::default();
        for piece in &self.contacts {
            let (queue, urgent) = (piece.kind.queue, piece.kind.is_urgent());
            seen.visits.push(Visit {
                queue,
                urgent,
                minute: (piece.arrived.since(midnight).0 / 60_000 % 1440) as u16,
                waited: piece.waited,
                end: match piece.outcome {
                    Outcome::Answered => End::Answered,
                    Outcome::Abandoned => End::Abandoned,
                    Outcome::Left => End::Left,
                },
            });
            if let Some(talked) = piece.talked {
                seen.segments.push(Segment {
                    queue,
                    urgent,
                    talked,
                    wrapped: piece.wrapped.unwrap_or_default(),
                });
            }
            seen.journeys.push(Journey {
                queue,
                urgent,
                waited: piece.waited,
                transferred: false,
                answered: piece.outcome == Outcome::Answered,
            });
        }
        seen
    }
}

impl Gaps {
    fn of(pieces: &[Piece], queue: usize) -> Gaps {
        let here = || pieces.iter().filter(|piece| piece.kind.queue == queue);
        let talks: Vec<Millis> = here().filter_map(|piece| piece.talked).collect();
        let wrap_ups: Vec<Millis> = here().filter_map(|piece| piece.wrapped).collect();
        let waited: f64 = here().map(|piece| piece.waited.0 as f64).sum();
        let abandoned = here()
            .filter(|piece| piece.outcome == Outcome::Abandoned)
            .count();
        let sampler = |values: Vec<Millis>, unknown| match values.is_empty() {
            true => Sampler::Constant(unknown),
            false => Sampler::Empirical(values.into()),
        };
        Gaps {
            talks: sampler(talks, TALK_UNKNOWN),
            wrap_ups: sampler(wrap_ups, Millis::ZERO),
            mean_patience_ms: (abandoned > 0).then(|| waited / abandoned as f64),
        }
    }
}
