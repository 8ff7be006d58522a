//! Counts for a monitoring system, by owner and endpoint.

use crate::breaker::BreakerState;
use crate::endpoint::Owner;
use crate::failure::FailureWord;
use hotline_vocabulary::Millis;
use std::collections::BTreeMap;

/// Upper bounds of the buckets of the time that requests took, in milliseconds; one more holds what
/// took longer.
pub const LATENCY_BUCKETS_MS: [u64; 9] = [10, 25, 50, 100, 250, 500, 1_000, 5_000, 15_000];

/// Since the host started.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    pub requests: u64,
    /// What was sent, the repetitions included.
    pub tries: u64,
    pub retries: u64,
    pub from_cache: u64,
    /// By the first digit of the status, from 1 to 5.
    pub answers: [u64; 5],
    pub failures: BTreeMap<FailureWord, u64>,
    /// Not cumulative.
    pub latency: [u64; LATENCY_BUCKETS_MS.len() + 1],
    pub latency_sum_ms: u64,
}

/// With whose they are, and how the breaker stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointFigures {
    pub owner: Owner,
    pub endpoint: String,
    pub breaker: BreakerState,
    pub figures: Figures,
}

impl Figures {
    pub(crate) fn finished(&mut self, status: Result<u16, FailureWord>, took: Millis) {
        self.requests += 1;
        match status {
            Ok(status) => {
                let class = usize::from(status / 100).clamp(1, 5) - 1;
                self.answers[class] += 1;
            }
            Err(word) => *self.failures.entry(word).or_default() += 1,
        }
        let bucket = LATENCY_BUCKETS_MS.partition_point(|bound| *bound < took.0);
        self.latency[bucket] += 1;
        self.latency_sum_ms += took.0;
    }
}
