//! A mistake in a file: where it is and what to do about it.

use std::fmt;

/// What is wrong with a scenario or a trace, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Mistake {
    pub file: String,
    /// From 1.
    pub line: Option<usize>,
    /// `contacts[0].arrivals`; empty when it is about the file.
    pub field: String,
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        write!(f, ": {}", self.problem)
    }
}
