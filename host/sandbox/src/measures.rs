//! What a plugin counts and measures: under names that its manifest declares, and only so much a
//! call.

use hotline_manifest::{Metric, MetricKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Values of histograms in one call; further ones are dropped.
const VALUES: usize = 256;

/// What one call of a plugin counted and measured.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Measures {
    /// By counter: how much was added. In the order of their first use.
    pub counts: Vec<(String, u64)>,
    /// By histogram, in the order in which they came.
    pub values: Vec<(String, f64)>,
    /// Values beyond what one call may add.
    pub dropped: u32,
}

/// What a plugin counted and measured since the host started, over all its versions.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Totals {
    pub counters: BTreeMap<String, u64>,
    /// How many values there were, and their sum.
    pub histograms: BTreeMap<String, (u64, f64)>,
}

impl Totals {
    /// Names are those of manifests, so there are few.
    pub(crate) fn add(&mut self, measures: &Measures) {
        for (name, by) in &measures.counts {
            let counter = self.counters.entry(name.clone()).or_default();
            *counter = counter.saturating_add(*by);
        }
        for (name, value) in &measures.values {
            let (count, sum) = self.histograms.entry(name.clone()).or_default();
            *count += 1;
            *sum += value;
        }
    }
}

/// Why something was not counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotMeasured {
    #[error("the manifest declares no {kind} `{name}`; nothing was counted")]
    Undeclared { kind: &'static str, name: String },
    #[error("{0} is no value of a histogram")]
    NotFinite(String),
}

impl Measures {
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.values.is_empty() && self.dropped == 0
    }

    pub(crate) fn count(
        &mut self,
        declared: &[Metric],
        name: &str,
        by: u64,
    ) -> Result<(), NotMeasured> {
        check(declared, name, MetricKind::Counter)?;
        match self.counts.iter_mut().find(|(counted, _)| counted == name) {
            Some((_, sum)) => *sum = sum.saturating_add(by),
            None => self.counts.push((name.to_owned(), by)),
        }
        Ok(())
    }

    pub(crate) fn observe(
        &mut self,
        declared: &[Metric],
        name: &str,
        value: f64,
    ) -> Result<(), NotMeasured> {
        check(declared, name, MetricKind::Histogram)?;
        if !value.is_finite() {
            return Err(NotMeasured::NotFinite(value.to_string()));
        }
        if self.values.len() < VALUES {
            self.values.push((name.to_owned(), value));
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
        Ok(())
    }
}

fn check(declared: &[Metric], name: &str, kind: MetricKind) -> Result<(), NotMeasured> {
    let fits = |metric: &Metric| metric.name == name && metric.kind == kind;
    if declared.iter().any(fits) {
        return Ok(());
    }
    let mut name = name.to_owned();
    crate::text::cut(&mut name, 64);
    let kind = match kind {
        MetricKind::Counter => "counter",
        MetricKind::Histogram => "histogram",
    };
    Err(NotMeasured::Undeclared { kind, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> [Metric; 2] {
        [
            ("found", MetricKind::Counter),
            ("score", MetricKind::Histogram),
        ]
        .map(|(name, kind)| Metric {
            name: name.to_owned(),
            kind,
            description: hotline_manifest::Text::default(),
        })
    }

    #[test]
    fn only_declared_names_of_the_right_kind_count() {
        let mut measures = Measures::default();
        assert_eq!(measures.count(&declared(), "found", 2), Ok(()));
        assert_eq!(measures.count(&declared(), "found", 3), Ok(()));
        for name in ["score", "lost"] {
            assert!(measures.count(&declared(), name, 1).is_err());
        }
        assert!(measures.observe(&declared(), "score", f64::NAN).is_err());
        assert_eq!(measures.counts, [("found".to_owned(), 5)]);
        assert!(measures.values.is_empty());
    }

    #[test]
    fn a_flood_of_values_is_cut_and_told() {
        let mut measures = Measures::default();
        for value in 0..1000 {
            let _ = measures.observe(&declared(), "score", f64::from(value));
        }
        assert_eq!((measures.values.len(), measures.dropped), (256, 744));
    }
}
