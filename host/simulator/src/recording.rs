//! What really happened in a house, as something to play again.

use crate::distribution::Sampler;
use crate::pauses::is_a_break;
use crate::plan::{AgentPlan, Counting, Denominator, Plan, Span};
use crate::repertoire::{MOST_CONTACTS, Outcome, Recorded, RecordingError, Repertoire};
use crate::source::Source;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::configuration::Configuration;
use hotline_vocabulary::fact::{OfferEnd, VisitEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, SegmentId};
use hotline_vocabulary::{Channel, Fact, Millis, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

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
