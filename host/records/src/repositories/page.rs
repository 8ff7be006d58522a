//! Paging by cursor: a page says where the next one begins, so rows added meanwhile shift nothing.

use crate::error::{Error, Result};
use hotline_vocabulary::Fact;
use hotline_vocabulary::fact::{Epoch, Sequence};
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::time::Timestamp;
use std::fmt;
use std::str::FromStr;

/// How many rows a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u32);

impl Limit {
    pub const MOST: u32 = 500;
    pub const DEFAULT: Limit = Limit(50);

    /// From 1 to [`Limit::MOST`].
    pub fn new(rows: u32) -> Result<Limit> {
        if rows == 0 || rows > Limit::MOST {
            return Err(Error::invalid(
                "limit",
                format!("must be from 1 to {}", Limit::MOST),
            ));
        }
        Ok(Limit(rows))
    }

    pub(crate) fn rows(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Page<T, C> {
    pub items: Vec<T>,
    /// None when nothing follows now.
    pub next: Option<C>,
}

/// A place in a tenant's facts; as text `epoch.sequence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FactCursor {
    pub epoch: Epoch,
    pub sequence: Sequence,
}

impl From<&Fact> for FactCursor {
    fn from(fact: &Fact) -> Self {
        FactCursor {
            epoch: fact.epoch,
            sequence: fact.sequence,
        }
    }
}

impl fmt::Display for FactCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch.0, self.sequence.0)
    }
}

impl FromStr for FactCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = text.split_once('.').and_then(|(epoch, sequence)| {
            let epoch = epoch.parse().ok()?;
            // SQL counts to 2^63 - 1.
            let sequence: u64 = sequence.parse().ok()?;
            i64::try_from(sequence).ok()?;
            Some(FactCursor {
                epoch: Epoch(epoch),
                sequence: Sequence(sequence),
            })
        });
        parts.ok_or_else(|| {
            Error::invalid(
                "after",
                "must be a cursor `epoch.sequence` from an earlier answer",
            )
        })
    }
}

/// A place in the list of contacts, newest first. Opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactCursor {
    pub(crate) started_at: Timestamp,
    pub(crate) id: ContactId,
}

impl fmt::Display for ContactCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id.to_string();
        let digits = id.split_once('_').map_or(id.as_str(), |(_, digits)| digits);
        write!(f, "{:016x}{digits}", self.started_at.0)
    }
}

impl FromStr for ContactCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = text.split_at_checked(16).and_then(|(time, digits)| {
            Some(ContactCursor {
                started_at: Timestamp(u64::from_str_radix(time, 16).ok()?.cast_signed()),
                id: format!("ct_{digits}").parse().ok()?,
            })
        });
        parts
            .ok_or_else(|| Error::invalid("cursor", "must be the next_cursor of an earlier answer"))
    }
}
