//! Values of a scenario that can be wrong by themselves.

use super::mistake::{Field, Wrong};
use crate::distribution::{Distribution, Sampler};

pub(super) fn sampler(distribution: &Distribution, field: &Field) -> Result<Sampler, Wrong> {
    distribution
        .sampler()
        .map_err(|error| field.name(error.field).wrong(error.problem))
}

pub(super) fn share(value: f64, field: &Field) -> Result<f64, Wrong> {
    match (0.0..=1.0).contains(&value) {
        true => Ok(value),
        false => Err(field.wrong(format!("{value} is no share; say one from 0 to 1"))),
    }
}
