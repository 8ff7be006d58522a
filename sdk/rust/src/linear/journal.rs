//! The history of a linear flow: what each step came to. It is the flow's state, so a call has no
//! more steps than 16 KiB hold, some hundred.

use crate::ivr::Fault;
use crate::state;
use serde::{Deserialize, Serialize};

/// What a reader must know of the journal's shape.
const FORMAT: u8 = 2;
/// What the host keeps between two steps.
const STATE_BYTES: usize = 16 * 1024;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Journal {
    format: u8,
    /// The contact's when the call arrived.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) began_ms: u64,
    /// Of the flow's random numbers.
    pub(super) seed: u64,
    pub(super) entries: Vec<Entry>,
    /// The step that goes on, and the ids of its actions.
    pub(super) going_on: Name,
    pub(super) actions: Vec<u32>,
}

/// What a step is known by: its kind, and the collect's own name, the queue's, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Name {
    pub(super) kind: String,
    pub(super) name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) step: Name,
    /// In postcard.
    pub(super) result: Vec<u8>,
    /// Since the step before ended.
    pub(super) after_ms: u64,
}

impl Journal {
    pub(super) fn begin(at_ms: u64, seed: u64, attributes: Vec<(String, String)>) -> Journal {
        Journal {
            format: FORMAT,
            attributes,
            began_ms: at_ms,
            seed,
            entries: Vec::new(),
            going_on: Name::new("start", ""),
            actions: Vec::new(),
        }
    }

    pub(super) fn read(state: &[u8]) -> Result<Journal, Fault> {
        let journal: Option<Journal> = postcard::from_bytes(state).ok();
        journal
            .filter(|journal| journal.format == FORMAT)
            .ok_or_else(|| {
                Fault::new(
                    "sdk.state",
                    "the flow's state is no journal: another flow wrote it",
                )
            })
    }

    pub(super) fn write(&self) -> Result<Vec<u8>, Fault> {
        let bytes = state::keep("the journal", self)?;
        if bytes.len() > STATE_BYTES {
            return Err(Fault::new(
                "linear.journal-full",
                format!(
                    "the journal of this call takes {} bytes after {} steps; the host keeps at most \
                     {STATE_BYTES}. Bound the flow's loops, or write it as a `Flow`, which keeps no \
                     history",
                    bytes.len(),
                    self.entries.len()
                ),
            ));
        }
        Ok(bytes)
    }
}

impl Name {
    pub(super) fn new(kind: &str, name: &str) -> Name {
        Name {
            kind: kind.to_owned(),
            name: name.to_owned(),
        }
    }

    pub(super) fn is(&self, kind: &str, name: &str) -> bool {
        self.kind == kind && self.name == name
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name.as_str() {
            "" => write!(f, "`{}`", self.kind),
            name => write!(f, "`{} {name}`", self.kind),
        }
    }
}
