//! Recorded contacts, as something to play again.
//!
//! What was not seen is filled in anew in each replication: who was answered would have waited
//! longer, and who gave up would have been talked with. A customer who was answered after `w` gets
//! the patience `w` + exponential with the queue's mean patience, which is its total wait / number
//! of abandoned (the estimate of greatest likelihood for waits cut short by answers). A talk that
//! never was takes as long as one of the queue's others.

use crate::contact::{ContactPlan, Kind};
use crate::distribution::{Sampler, unit};
use crate::observation::{End, Journey, Observations, Segment, Visit};
use hotline_vocabulary::configuration::{Configuration, SkillExpression};
use hotline_vocabulary::{Channel, Millis, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};
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
