//! What is known of a version besides what decides its behaviour: who, when, why, and where it
//! stands. Kept in the index of versions.

use super::replay::Replayed;
use super::state::{Event, Refusal, State};
use crate::diagnostic::Diagnostic;
use hotline_manifest::Permission;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{SessionId, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Changes that are kept of one version; the oldest are forgotten.
const CHANGES_KEPT: usize = 64;
/// A note or a reason that is longer is cut.
pub(crate) const NOTE_BYTES: usize = 500;

/// Who changed a version's state.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Actor {
    /// Somebody saved a file there.
    #[default]
    FlowsFolder,
    Person {
        id: UserId,
        /// At that time.
        name: String,
    },
    /// With this token.
    Program { id: SessionId, name: String },
    /// The host by itself.
    Host,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::FlowsFolder => f.write_str("the flows folder"),
            Actor::Person { name, .. } => f.write_str(name),
            Actor::Program { name, .. } => write!(f, "the token {name}"),
            Actor::Host => f.write_str("the host"),
        }
    }
}

/// Who does something, when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub at: Timestamp,
    pub by: Actor,
    /// May be empty.
    pub reason: String,
}

/// One change of a version's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = VersionChange))]
pub struct Change {
    pub at: Timestamp,
    pub to: State,
    pub by: Actor,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Life {
    pub(crate) state: State,
    /// Who brought it.
    pub(crate) by: Actor,
    /// What they said of it.
    pub(crate) note: String,
    /// Oldest first. Empty in an index from before states were kept.
    pub(crate) history: Vec<Change>,
    /// Why it was rejected, or what its admission warned of.
    pub(crate) report: Vec<Diagnostic>,
    pub(crate) permissions: Vec<Permission>,
    /// Ids of permissions that somebody accepted for it.
    pub(crate) accepted: Vec<String>,
    /// What came of it when it was replayed last.
    pub(crate) replayed: Option<Replayed>,
}

impl Life {
    /// Of a version that was just received.
    pub(crate) fn begin(cause: &Cause) -> Life {
        let mut note = cause.reason.clone();
        crate::text::cut(&mut note, NOTE_BYTES);
        let mut life = Life {
            state: State::Uploaded,
            by: cause.by.clone(),
            note,
            ..Life::default()
        };
        life.write_down(State::Uploaded, cause);
        life
    }

    /// Of a version from an index that knew no states.
    pub(crate) fn from_before(live: bool, imported_at: Timestamp) -> Life {
        let mut life = Life::default();
        let cause = Cause {
            at: imported_at,
            by: Actor::FlowsFolder,
            reason: String::new(),
        };
        let state = if live { State::Active } else { State::Retired };
        life.write_down(state, &cause);
        life
    }

    /// Lets something happen to it and writes it down.
    pub(crate) fn change(&mut self, event: Event<'_>, cause: &Cause) -> Result<State, Refusal> {
        let to = self.state.after(event)?;
        self.write_down(to, cause);
        Ok(to)
    }

    /// As [`Life::change`], for several events of one cause; all of them or none.
    pub(crate) fn changes(&mut self, events: &[Event<'_>], cause: &Cause) -> Result<(), Refusal> {
        let mut changed = self.clone();
        for event in events {
            changed.change(*event, cause)?;
        }
        *self = changed;
        Ok(())
    }

    fn write_down(&mut self, to: State, cause: &Cause) {
        self.state = to;
        if self.history.len() >= CHANGES_KEPT {
            self.history.remove(0);
        }
        let mut reason = cause.reason.clone();
        crate::text::cut(&mut reason, NOTE_BYTES);
        self.history.push(Change {
            at: cause.at,
            to,
            by: cause.by.clone(),
            reason,
        });
    }
}
