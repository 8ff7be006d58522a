//! The order of service. A policy places each visit at `base + slope * waited`; among visits of one
//! slope that order never changes, so each slope keeps its own sorted set and only their heads are
//! compared. Joining and leaving are logarithmic; reading the first few costs no more than that.

use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::routing::Order;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, btree_set};

/// What comes before any score, the first first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precedence {
    /// Its agent was lost in mid-talk.
    Lost,
    /// It has waited as long as anyone may be passed over.
    Aged,
    Ranked,
}

/// Where one visit stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rank {
    pub(crate) precedence: Precedence,
    slope: f64,
    /// The score at time zero; with the slope it gives the score at any time.
    intercept: f64,
    pub(crate) entered: Timestamp,
    pub(crate) contact: ContactId,
}

impl Rank {
    /// `order` is finite.
    pub(crate) fn new(
        order: &Order,
        precedence: Precedence,
        entered: Timestamp,
        contact: ContactId,
    ) -> Self {
        Rank {
            precedence,
            // Negative zero would sort apart from zero.
            slope: order.slope + 0.0,
            intercept: order.base - order.slope * entered.0 as f64,
            entered,
            contact,
        }
    }

    /// Who is served first at `now`: less is earlier.
    fn compare(&self, other: &Rank, now: Timestamp) -> Ordering {
        let score = |rank: &Rank| rank.intercept + rank.slope * now.0 as f64;
        self.precedence
            .cmp(&other.precedence)
            .then_with(|| score(other).total_cmp(&score(self)))
            .then_with(|| self.entered.cmp(&other.entered))
            .then_with(|| self.contact.cmp(&other.contact))
    }
}

/// The order among visits of one slope, at any time.
impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(other, Timestamp(0))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rank {}

/// Those who wait for the same skills.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// Keyed by the bits of the slope.
    by_slope: BTreeMap<u64, BTreeSet<Rank>>,
}

impl Line {
    pub(crate) fn insert(&mut self, rank: Rank) {
        self.by_slope
            .entry(rank.slope.to_bits())
            .or_default()
            .insert(rank);
    }

    pub(crate) fn remove(&mut self, rank: &Rank) {
        let slope = rank.slope.to_bits();
        if let Some(set) = self.by_slope.get_mut(&slope) {
            set.remove(rank);
            if set.is_empty() {
                self.by_slope.remove(&slope);
            }
        }
    }

    pub(crate) fn contains(&self, rank: &Rank) -> bool {
        let set = self.by_slope.get(&rank.slope.to_bits());
        set.is_some_and(|set| set.contains(rank))
    }

    /// In no particular order.
    pub(crate) fn ranks(&self) -> impl Iterator<Item = &Rank> {
        self.by_slope.values().flatten()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_slope.values().map(BTreeSet::len).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_slope.is_empty()
    }

    pub(super) fn ahead_of(&self, rank: &Rank, now: Timestamp) -> usize {
        self.by_slope
            .values()
            .map(|set| {
                set.iter()
                    .take_while(|other| other.compare(rank, now) == Ordering::Less)
                    .count()
            })
            .sum()
    }
}

/// The visits of several lines in order of service at `now`, each with the name of its line; no more
/// of a line that is not `wanted` any longer.
pub(crate) fn merge<'a, S: Copy + 'a>(
    now: Timestamp,
    lines: impl Iterator<Item = (S, &'a Line)>,
    wanted: impl Fn(S) -> bool,
) -> impl Iterator<Item = (S, &'a Rank)> {
    let mut heads: BinaryHeap<Head<'a, S>> = lines
        .flat_map(|(source, line)| line.by_slope.values().map(move |set| (source, set.iter())))
        .filter_map(|(source, rest)| Head::next(source, rest, now))
        .collect();
    std::iter::from_fn(move || {
        loop {
            let Head {
                source, rank, rest, ..
            } = heads.pop()?;
            if wanted(source) {
                heads.extend(Head::next(source, rest, now));
                return Some((source, rank));
            }
        }
    })
}

struct Head<'a, S> {
    source: S,
    rank: &'a Rank,
    rest: btree_set::Iter<'a, Rank>,
    now: Timestamp,
}

impl<'a, S> Head<'a, S> {
    fn next(source: S, mut rest: btree_set::Iter<'a, Rank>, now: Timestamp) -> Option<Self> {
        let rank = rest.next()?;
        Some(Head {
            source,
            rank,
            rest,
            now,
        })
    }
}

/// A heap gives its greatest first: the one served first.
impl<S> Ord for Head<'_, S> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.rank.compare(self.rank, self.now)
    }
}

impl<S> PartialOrd for Head<'_, S> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<S> PartialEq for Head<'_, S> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<S> Eq for Head<'_, S> {}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    fn rank(base: f64, slope: f64, entered: i64, contact: u128) -> Rank {
        let order = Order {
            base,
            slope,
            reasons: Vec::new(),
        };
        Rank::new(
            &order,
            Precedence::Ranked,
            Timestamp(entered),
            ContactId::from_bits(contact),
        )
    }

    fn order(line: &Line, now: i64) -> Vec<u128> {
        merge(Timestamp(now), std::iter::once(((), line)), |()| true)
            .map(|(_, rank)| rank.contact.bits())
            .collect()
    }

    #[test]
    fn a_steeper_slope_overtakes_with_time() {
        let mut line = Line::default();
        line.insert(rank(1_000.0, 1.0, 0, 1));
        line.insert(rank(0.0, 3.0, 0, 2));
        assert_eq!(order(&line, 400), [1, 2]);
        assert_eq!(order(&line, 600), [2, 1]);
        assert_eq!(line.ahead_of(&rank(1_000.0, 1.0, 0, 1), Timestamp(600)), 1);
    }

    #[test]
    fn the_lost_then_the_aged_come_before_any_score_and_equals_come_oldest_first() {
        let mut line = Line::default();
        line.insert(rank(5.0, 0.0, 20, 2));
        line.insert(rank(5.0, 0.0, 10, 1));
        line.insert(Rank {
            precedence: Precedence::Aged,
            ..rank(0.0, 1.0, 0, 4)
        });
        line.insert(Rank {
            precedence: Precedence::Lost,
            ..rank(-9e9, 1.0, 30, 3)
        });
        assert_eq!(order(&line, 50), [3, 4, 1, 2]);
        line.remove(&rank(5.0, 0.0, 10, 1));
        assert_eq!(order(&line, 50), [3, 4, 2]);
    }
}
