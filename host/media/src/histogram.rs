//! Distributions of times that a worker writes without a lock and anybody may read.

use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};

const BUCKETS: usize = 500;

/// Times in equal buckets; what is longer than all of them falls into the last.
#[derive(Debug)]
pub(crate) struct Histogram {
    width_us: u64,
    counts: [AtomicU64; BUCKETS],
    max_us: AtomicU64,
}

impl Histogram {
    pub(crate) fn new(width_us: u64) -> Histogram {
        Histogram {
            width_us,
            counts: [const { AtomicU64::new(0) }; BUCKETS],
            max_us: AtomicU64::new(0),
        }
    }

    /// By its one writer.
    pub(crate) fn record_ns(&self, time_ns: u64) {
        let time_us = time_ns / 1_000;
        let bucket = usize::try_from(time_us / self.width_us).unwrap_or(BUCKETS);
        let count = &self.counts[bucket.min(BUCKETS - 1)];
        count.store(count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        if time_us > self.max_us.load(Ordering::Relaxed) {
            self.max_us.store(time_us, Ordering::Relaxed);
        }
    }

    pub(crate) fn read(&self) -> Distribution {
        Distribution {
            width_us: self.width_us,
            counts: self
                .counts
                .iter()
                .map(|count| count.load(Ordering::Relaxed))
                .collect(),
            max_us: self.max_us.load(Ordering::Relaxed),
        }
    }
}

/// How long something took, how often.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Distribution {
    pub width_us: u64,
    /// How many fell into each bucket of `width_us`; the last holds all that is longer.
    pub counts: Vec<u64>,
    /// The longest since the start.
    pub max_us: u64,
}

impl Distribution {
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The upper edge of the bucket below which `share` (0 to 1) of all times lie; zero when there
    /// are none.
    pub fn percentile_us(&self, share: f64) -> u64 {
        let wanted = (self.count() as f64 * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return (bucket as u64 + 1) * self.width_us;
            }
        }
        0
    }

    /// What came after `earlier` was read from the same place.
    pub fn since(&self, earlier: &Distribution) -> Distribution {
        let mut counts = self.counts.clone();
        for (count, before) in counts.iter_mut().zip(&earlier.counts) {
            *count = count.saturating_sub(*before);
        }
        Distribution {
            counts,
            ..self.clone()
        }
    }

    pub(crate) fn add(&mut self, other: &Distribution) {
        self.width_us = other.width_us;
        self.counts.resize(other.counts.len(), 0);
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.max_us = self.max_us.max(other.max_us);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_read_from_what_was_recorded_since() {
        let histogram = Histogram::new(1_000);
        histogram.record_ns(400_000_000);
        let before = histogram.read();
        for _ in 0..99 {
            histogram.record_ns(20_500_000);
        }
        histogram.record_ns(3_000_000_000);
        let after = histogram.read().since(&before);
        assert_eq!(after.count(), 100);
        assert_eq!(after.percentile_us(0.5), 21_000);
        assert_eq!(after.percentile_us(0.99), 21_000);
        assert_eq!(after.percentile_us(1.0), 500_000);
        assert_eq!(after.max_us, 3_000_000);
        assert_eq!(Distribution::default().percentile_us(0.99), 0);
    }
}
