//! What a simulation found: each figure with its standard error over the replications, and between
//! policies the differences, paired by replication.

use crate::figures::{Figure, Figures, Group};
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::collections::BTreeMap;

/// How sure the intervals of [`Difference`] are.
pub const CONFIDENCE: f64 = 0.95;
/// Minutes of the day that one point of a course covers.
pub const INTERVAL_MINUTES: u16 = 30;
/// The waits at which a distribution is told, in seconds.
pub(crate) const WAIT_STEPS_S: [u32; 16] = [
    0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900,
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Report {
    pub title: String,
    /// Repeats the report, with the same scenario and program.
    pub seed: u64,
    pub replications: u32,
    pub policies: Vec<PolicyReport>,
    /// Of each further policy from the first.
    pub differences: Vec<Difference>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PolicyReport {
    pub name: String,
    pub groups: Vec<GroupReport>,
    /// Over the day, by local time; intervals without contacts are left out.
    pub course: Vec<CoursePoint>,
    /// The share of answered and abandoned visits that waited longer, falling.
    pub waits: Vec<WaitShare>,
    /// The same of the urgent; empty without any.
    pub urgent_waits: Vec<WaitShare>,
    /// Times, per replication, that the policy failed or was overruled.
    pub faults: Estimate,
    /// Times, in all replications, that the switchboard's monitors found what must never be.
    pub violations: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GroupReport {
    pub group: Group,
    /// A figure that nothing can be said of is missing.
    #[cfg_attr(feature = "schema", schema(value_type = std::collections::BTreeMap<String, Estimate>))]
    pub figures: BTreeMap<Figure, Estimate>,
}

/// A mean over replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Estimate {
    pub mean: f64,
    /// The standard deviation over replications / the root of their number; none of one alone.
    pub standard_error: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Difference {
    pub policy: String,
    /// The policy that it is compared with.
    pub from: String,
    pub group: Group,
    pub figure: Figure,
    /// The mean over replications of `policy` minus `from`, both on the same contacts.
    pub mean: f64,
    /// The ends of the interval that holds it with a confidence of 95 %, by Student's t.
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CoursePoint {
    /// Since midnight.
    pub minute: u16,
    pub offered: f64,
    pub mean_wait_s: Option<f64>,
    pub service_level: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WaitShare {
    pub longer_than_s: u32,
    pub share: f64,
}

/// The figures of one replication.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Replication {
    pub(crate) groups: Vec<(Group, Figures)>,
    pub(crate) course: Vec<CoursePoint>,
    pub(crate) waits: Vec<WaitShare>,
    pub(crate) urgent_waits: Vec<WaitShare>,
    pub(crate) faults: u64,
    pub(crate) violations: u64,
}

impl Estimate {
    pub(crate) fn of(values: &[f64]) -> Option<Estimate> {
        let count = values.len() as f64;
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let standard_error = (values.len() > 1).then(|| (squares / (count - 1.0) / count).sqrt());
        Some(Estimate {
            mean,
            standard_error,
        })
    }
}

impl PolicyReport {
    pub(crate) fn of(name: &str, replications: &[Replication]) -> PolicyReport {
        let groups = replications.first().map_or(&[][..], |first| &first.groups);
        let groups = groups.iter().enumerate().map(|(place, (group, _))| {
            let estimate = |figure: &Figure| {
                let values: Vec<f64> = replications
                    .iter()
                    .filter_map(|one| one.groups[place].1.get(figure).copied())
                    .collect();
                Some((*figure, Estimate::of(&values)?))
            };
            GroupReport {
                group: group.clone(),
                figures: Figure::ALL.iter().filter_map(estimate).collect(),
            }
        });
        let faults: Vec<f64> = replications.iter().map(|one| one.faults as f64).collect();
        PolicyReport {
            name: name.to_owned(),
            groups: groups.collect(),
            course: course(replications),
            waits: shares(replications.iter().map(|one| &one.waits)),
            urgent_waits: shares(replications.iter().map(|one| &one.urgent_waits)),
            faults: Estimate::of(&faults).unwrap_or(Estimate {
                mean: 0.0,
                standard_error: None,
            }),
            violations: replications.iter().map(|one| one.violations).sum(),
        }
    }

    pub fn estimate(&self, group: &Group, figure: Figure) -> Option<Estimate> {
        let group = self.groups.iter().find(|one| one.group == *group)?;
        group.figures.get(&figure).copied()
    }
}

/// The mean over the replications that have something to say.
fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let values: Vec<f64> = values.flatten().collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn course(replications: &[Replication]) -> Vec<CoursePoint> {
    let mut points: BTreeMap<u16, Vec<&CoursePoint>> = BTreeMap::new();
    for point in replications.iter().flat_map(|one| &one.course) {
        points.entry(point.minute).or_default().push(point);
    }
    let point = |(minute, points): (u16, Vec<&CoursePoint>)| CoursePoint {
        minute,
        offered: points.iter().map(|point| point.offered).sum::<f64>() / replications.len() as f64,
        mean_wait_s: mean(points.iter().map(|point| point.mean_wait_s)),
        service_level: mean(points.iter().map(|point| point.service_level)),
    };
    points.into_iter().map(point).collect()
}

fn shares<'a>(replications: impl Iterator<Item = &'a Vec<WaitShare>>) -> Vec<WaitShare> {
    let replications: Vec<_> = replications.filter(|one| !one.is_empty()).collect();
    let Some(first) = replications.first() else {
        return Vec::new();
    };
    let share = |(place, step): (usize, &WaitShare)| WaitShare {
        longer_than_s: step.longer_than_s,
        share: replications.iter().map(|one| one[place].share).sum::<f64>()
            / replications.len() as f64,
    };
    first.iter().enumerate().map(share).collect()
}

/// Paired by replication: both played the same contacts, so what they share falls out. None of a
/// single replication.
pub(crate) fn differences(
    (from_name, from): (&str, &[Replication]),
    (name, of): (&str, &[Replication]),
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let groups = of.first().map_or(&[][..], |first| &first.groups);
    for (place, (group, _)) in groups.iter().enumerate() {
        for figure in Figure::ALL {
            let pairs = of.iter().zip(from).filter_map(|(one, other)| {
                let value = one.groups[place].1.get(figure)?;
                Some(value - other.groups[place].1.get(figure)?)
            });
            let pairs: Vec<f64> = pairs.collect();
            if let Some((mean, half)) = interval(&pairs) {
                differences.push(Difference {
                    policy: name.to_owned(),
                    from: from_name.to_owned(),
                    group: group.clone(),
                    figure: *figure,
                    mean,
                    low: mean - half,
                    high: mean + half,
                });
            }
        }
    }
    differences
}

/// The mean and half the width of its interval of [`CONFIDENCE`].
fn interval(values: &[f64]) -> Option<(f64, f64)> {
    let estimate = Estimate::of(values)?;
    let freedom = values.len() as f64 - 1.0;
    let students = StudentsT::new(0.0, 1.0, freedom).ok()?;
    let quantile = students.inverse_cdf(0.5 + CONFIDENCE / 2.0);
    Some((estimate.mean, quantile * estimate.standard_error?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_students() {
        // Values and interval worked out with R's t.test(c(1, 2, 3, 4)).
        let (mean, half) = interval(&[1.0, 2.0, 3.0, 4.0]).expect("four values");
        assert_eq!(mean, 2.5);
        assert!((half - 2.054260).abs() < 1e-5, "{half}");
        assert_eq!(interval(&[1.0]), None);
    }
}
