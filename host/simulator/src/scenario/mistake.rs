//! What is wrong with a scenario, by the way to its field.

use crate::mistake::Mistake;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The way to a field: names, and places in lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Place(usize),
}

impl Field {
    pub(super) fn of(name: &str) -> Field {
        Field::default().name(name)
    }

    pub(super) fn name(&self, name: &str) -> Field {
        self.then(Step::Name(name.to_owned()))
    }

    pub(super) fn at(&self, place: usize) -> Field {
        self.then(Step::Place(place))
    }

    fn then(&self, step: Step) -> Field {
        let mut steps = self.0.clone();
        steps.push(step);
        Field(steps)
    }

    pub(super) fn wrong(&self, problem: impl Into<String>) -> Wrong {
        Wrong {
            field: self.clone(),
            problem: problem.into(),
        }
    }

    /// The line of the field, or of the nearest thing around it that the file has.
    fn line(&self, text: &str) -> Option<usize> {
        let root = DeTable::parse(text).ok()?;
        let mut place = 0;
        let mut value: Option<&Spanned<DeValue<'_>>> = None;
        for step in &self.0 {
            let inner = match (value.map(Spanned::get_ref), step) {
                (None, Step::Name(name)) => root.get_ref().get(name.as_str()),
                (Some(DeValue::Table(table)), Step::Name(name)) => table.get(name.as_str()),
                (Some(DeValue::Array(list)), Step::Place(place)) => list.get(*place),
                _ => None,
            };
            let Some(inner) = inner else { break };
            place = inner.span().start;
            value = Some(inner);
        }
        value.map(|_| line_of(text, place))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Name(name) if place == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Place(place) => write!(f, "[{place}]")?,
            }
        }
        Ok(())
    }
}

/// A mistake that is not located yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    field: Field,
    problem: String,
}

impl Wrong {
    pub(super) fn locate(self, file: &str, text: &str) -> Mistake {
        Mistake {
            file: file.to_owned(),
            line: self.field.line(text),
            field: self.field.to_string(),
            problem: self.problem,
        }
    }
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
