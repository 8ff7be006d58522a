//! Where contacts come from: streams of arrivals, or what was recorded.

use crate::contact::{ContactPlan, Kind};
use crate::distribution::{Sampler, unit};
use crate::repertoire::Repertoire;
use hotline_vocabulary::{Millis, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::sync::Arc;

#[derive(Debug, Clone)]
pub(crate) enum Source {
    Streams { streams: Vec<Stream>, until: Until },
    Recorded(Arc<Repertoire>),
}

/// When arrivals end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Until {
    /// After so many, over all streams.
    Contacts(usize),
    At(Timestamp),
}

/// Contacts of one sort and how they arrive.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) arrivals: Arrivals,
    /// Each with the upper end of its share of the stream, in order; the last one's is 1.
    pub(crate) kinds: Vec<(f64, Arc<Kind>)>,
    pub(crate) handle: Sampler,
    pub(crate) wrap_up: Sampler,
    pub(crate) patience: Option<Sampler>,
    pub(crate) redial: Option<Redial>,
}

#[derive(Debug, Clone)]
pub(crate) struct Redial {
    pub(crate) share: f64,
    pub(crate) after: Sampler,
}

/// Instants are milliseconds since the source began, which is a midnight.
#[derive(Debug, Clone)]
pub(crate) enum Arrivals {
    /// A Poisson process whose rate is constant within each interval of the day, day after day.
    Poisson {
        interval_ms: f64,
        per_interval: Arc<[f64]>,
    },
    /// In order.
    Scheduled(Arc<[u64]>),
}

/// The purposes of randomness, each a stream of its own for each stream of contacts: what one
/// draws moves no other.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Arrival,
    Kind,
    Handle,
    WrapUp,
    Patience,
    Redial,
    Luck,
}

const PURPOSES: u64 = 8;

fn stream_of(seed: u64, replication: u32, stream: usize, purpose: Purpose) -> ChaCha8Rng {
    let mut key = [0u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..12].copy_from_slice(&replication.to_le_bytes());
    let mut random = ChaCha8Rng::from_seed(key);
    random.set_stream(stream as u64 * PURPOSES + purpose as u64);
    random
}

impl Source {
    /// Whether some contacts come before others by priority.
    pub(crate) fn has_urgent(&self) -> bool {
        match self {
            Source::Streams { streams, .. } => streams
                .iter()
                .flat_map(|stream| &stream.kinds)
                .any(|(_, kind)| kind.is_urgent()),
            Source::Recorded(repertoire) => repertoire.has_urgent(),
        }
    }

    /// The contacts of one replication, in order of arrival. `begins` is a midnight.
    pub(crate) fn contacts(
        &self,
        begins: Timestamp,
        seed: u64,
        replication: u32,
    ) -> Vec<ContactPlan> {
        match self {
            Source::Streams { streams, until } => {
                let mut contacts = Vec::new();
                for (place, stream) in streams.iter().enumerate() {
                    stream.contacts(
                        begins,
                        *until,
                        |purpose| stream_of(seed, replication, place, purpose),
                        &mut contacts,
                    );
                }
                // Stable: contacts of one instant stay in the order of their streams.
                contacts.sort_by_key(|contact| contact.arrives);
                if let Until::Contacts(most) = until {
                    contacts.truncate(*most);
                }
                for (place, contact) in contacts.iter_mut().enumerate() {
                    contact.customer = place as u64;
                }
                contacts
            }
            Source::Recorded(repertoire) => repertoire.contacts(seed, replication),
        }
    }
}

impl Stream {
    fn contacts(
        &self,
        begins: Timestamp,
        until: Until,
        random: impl Fn(Purpose) -> ChaCha8Rng,
        contacts: &mut Vec<ContactPlan>,
    ) {
        let arrival = self.arrivals.walk(random(Purpose::Arrival));
        let mut kind = random(Purpose::Kind);
        let mut handle = random(Purpose::Handle);
        let mut wrap_up = random(Purpose::WrapUp);
        let mut patience = random(Purpose::Patience);
        let mut redial = random(Purpose::Redial);
        let mut luck = random(Purpose::Luck);
        for (count, after) in arrival.enumerate() {
            let arrives = begins + Millis(after);
            match until {
                Until::Contacts(most) if count == most => return,
                Until::At(end) if arrives >= end => return,
                Until::Contacts(_) | Until::At(_) => {}
            }
            let share = unit(&mut kind);
            let Some((_, kind)) = self.kinds.iter().find(|(up_to, _)| share < *up_to) else {
                continue;
            };
            contacts.push(ContactPlan {
                arrives,
                kind: kind.clone(),
                customer: 0,
                handle: self.handle.draw(&mut handle),
                wrap_up: self.wrap_up.draw(&mut wrap_up),
                patience: self.patience.as_ref().map(|of| of.draw(&mut patience)),
                redial_after: self.redial.as_ref().and_then(|of| of.draw(&mut redial)),
                transfer_luck: unit(&mut luck),
                luck: luck.next_u64(),
                counted: true,
                transferred: false,
            });
        }
    }
}

impl Redial {
    fn draw(&self, random: &mut ChaCha8Rng) -> Option<Millis> {
        // Both are drawn either way: the next contact's numbers stay where they are.
        let (luck, after) = (unit(random), self.after.draw(random));
        (luck < self.share).then_some(after)
    }
}

impl Arrivals {
    fn walk(&self, random: ChaCha8Rng) -> Walk<'_> {
        Walk {
            arrivals: self,
            random,
            at: 0.0,
            place: 0,
        }
    }
}

/// The arrivals of a stream, one after the other.
struct Walk<'a> {
    arrivals: &'a Arrivals,
    random: ChaCha8Rng,
    /// In milliseconds.
    at: f64,
    /// Of the next scheduled one.
    place: usize,
}

impl Iterator for Walk<'_> {
    /// Milliseconds since the beginning.
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        match self.arrivals {
            Arrivals::Scheduled(times) => {
                let at = times.get(self.place).copied();
                self.place += 1;
                at
            }
            Arrivals::Poisson {
                interval_ms,
                per_interval,
            } => {
                if per_interval.iter().all(|rate| *rate <= 0.0) {
                    return None;
                }
                // A unit of exponential time, used up at each interval's rate.
                let mut left = -(1.0 - unit(&mut self.random)).ln();
                loop {
                    let interval = (self.at / interval_ms).floor();
                    let place = interval as usize % per_interval.len();
                    let rate = per_interval[place] / interval_ms;
                    let until = (interval + 1.0) * interval_ms;
                    let here = (until - self.at) * rate;
                    if left < here {
                        self.at += left / rate;
                        return Some(self.at.round() as u64);
                    }
                    left -= here;
                    self.at = until;
                }
            }
        }
    }
}
