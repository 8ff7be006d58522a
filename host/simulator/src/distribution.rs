//! Lengths of time by distribution, as a scenario says them and as they are drawn.

use hotline_vocabulary::Millis;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Exp, Gamma, LogNormal};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How long something takes. Seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    Constant {
        seconds: f64,
    },
    Exponential {
        mean_s: f64,
    },
    /// `sd_s` is the standard deviation of the times themselves, not of their logarithms.
    LogNormal {
        mean_s: f64,
        sd_s: f64,
    },
    Gamma {
        mean_s: f64,
        shape: f64,
    },
    /// The sum of `phases` exponential times.
    Erlang {
        mean_s: f64,
        phases: u32,
    },
    /// One of the values, each as likely as the others.
    Empirical {
        values_s: Vec<f64>,
    },
}

/// Why a distribution can not be drawn from: the field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{problem}")]
pub(crate) struct DistributionError {
    pub(crate) field: &'static str,
    pub(crate) problem: String,
}

/// A distribution ready to be drawn from. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) enum Sampler {
    Constant(Millis),
    Exponential(Exp<f64>),
    LogNormal(LogNormal<f64>),
    Gamma(Gamma<f64>),
    Empirical(Arc<[Millis]>),
}

/// Longer than any contact may take; keeps a heavy tail within the clock.
const LONGEST_S: f64 = 30.0 * 86_400.0;

impl Distribution {
    pub(crate) fn sampler(&self) -> Result<Sampler, DistributionError> {
        let wrong = |field, problem: String| DistributionError { field, problem };
        let positive = |field: &'static str, value: f64| match value {
            value if value > 0.0 && value <= LONGEST_S => Ok(value),
            _ => Err(wrong(
                field,
                format!("{value} is not a time; say one above 0 and up to {LONGEST_S} s"),
            )),
        };
        let from_0 = |field: &'static str, value: f64| match value {
            value if (0.0..=LONGEST_S).contains(&value) => Ok(value),
            _ => Err(wrong(
                field,
                format!("{value} is not a time; say one from 0 to {LONGEST_S} s"),
            )),
        };
        let refused = |field| {
            move |error: &dyn std::fmt::Display| {
                wrong(field, format!("no such distribution: {error}"))
            }
        };
        Ok(match self {
            Distribution::Constant { seconds } => {
                Sampler::Constant(millis(from_0("seconds", *seconds)?))
            }
            Distribution::Exponential { mean_s } => {
                let mean = positive("mean_s", *mean_s)?;
                let exponential = Exp::new(1.0 / mean).map_err(|e| refused("mean_s")(&e))?;
                Sampler::Exponential(exponential)
            }
            Distribution::LogNormal { mean_s, sd_s } => {
                let mean = positive("mean_s", *mean_s)?;
                let variation = from_0("sd_s", *sd_s)? / mean;
                let log_normal =
                    LogNormal::from_mean_cv(mean, variation).map_err(|e| refused("sd_s")(&e))?;
                Sampler::LogNormal(log_normal)
            }
            Distribution::Gamma { mean_s, shape } => gamma(positive("mean_s", *mean_s)?, *shape)
                .ok_or_else(|| wrong("shape", format!("{shape} is no shape; say one above 0")))?,
            Distribution::Erlang { mean_s, phases } => {
                gamma(positive("mean_s", *mean_s)?, f64::from(*phases))
                    .ok_or_else(|| wrong("phases", "0 phases take no time; say 1 or more".into()))?
            }
            Distribution::Empirical { values_s } => {
                let values: Vec<Millis> = values_s
                    .iter()
                    .map(|value| Ok(millis(from_0("values_s", *value)?)))
                    .collect::<Result<_, _>>()?;
                if values.is_empty() {
                    return Err(wrong("values_s", "is empty; say at least one value".into()));
                }
                Sampler::Empirical(values.into())
            }
        })
    }
}

fn gamma(mean: f64, shape: f64) -> Option<Sampler> {
    let valid = shape > 0.0 && shape.is_finite();
    let gamma = valid.then(|| Gamma::new(shape, mean / shape).ok())??;
    Some(Sampler::Gamma(gamma))
}

impl Sampler {
    pub(crate) const NOTHING: Sampler = Sampler::Constant(Millis::ZERO);

    pub(crate) fn draw(&self, random: &mut ChaCha8Rng) -> Millis {
        match self {
            Sampler::Constant(value) => *value,
            Sampler::Exponential(of) => millis(of.sample(random)),
            Sampler::LogNormal(of) => millis(of.sample(random)),
            Sampler::Gamma(of) => millis(of.sample(random)),
            Sampler::Empirical(values) => {
                let place = unit(random) * values.len() as f64;
                let last = values.len().saturating_sub(1);
                values
                    .get((place as usize).min(last))
                    .copied()
                    .unwrap_or_default()
            }
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Sampler::Constant(Millis::ZERO))
    }
}

/// Evenly from 0 up to, not including, 1.
pub(crate) fn unit(random: &mut ChaCha8Rng) -> f64 {
    rand_distr::StandardUniform.sample(random)
}

pub(crate) fn millis(seconds: f64) -> Millis {
    // The cast saturates; a negative time can not be drawn.
    Millis((seconds.clamp(0.0, LONGEST_S) * 1000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn each_distribution_has_the_mean_and_deviation_that_it_says() {
        let rows = [
            (Distribution::Constant { seconds: 90.0 }, 90.0, 0.0),
            (Distribution::Exponential { mean_s: 240.0 }, 240.0, 240.0),
            (
                Distribution::LogNormal {
                    mean_s: 180.0,
                    sd_s: 120.0,
                },
                180.0,
                120.0,
            ),
            (
                Distribution::Gamma {
                    mean_s: 60.0,
                    shape: 4.0,
                },
                60.0,
                30.0,
            ),
            (
                Distribution::Erlang {
                    mean_s: 100.0,
                    phases: 4,
                },
                100.0,
                50.0,
            ),
            (
                Distribution::Empirical {
                    values_s: vec![10.0, 30.0],
                },
                20.0,
                10.0,
            ),
        ];
        const DRAWS: usize = 200_000;
        for (distribution, mean, deviation) in rows {
            let mut random = ChaCha8Rng::seed_from_u64(1);
            let sampler = distribution.sampler().expect("valid");
            let drawn: Vec<f64> = (0..DRAWS)
                .map(|_| sampler.draw(&mut random).as_secs_f64())
                .collect();
            let found = drawn.iter().sum::<f64>() / DRAWS as f64;
            let variance = drawn.iter().map(|x| (x - found).powi(2)).sum::<f64>() / DRAWS as f64;
            let tolerance = mean * 0.02;
            assert!(
                (found - mean).abs() < tolerance,
                "{distribution:?}: mean {found}"
            );
            let spread = variance.sqrt();
            assert!(
                (spread - deviation).abs() < tolerance,
                "{distribution:?}: sd {spread}"
            );
        }
    }
}
