//! What is kept between two events, and how another version of the flow takes it over: by the names of
//! the node and the language, for their places in the script may be others.

use crate::interpret::{State, Waiting, first_language};
use crate::script::{HANG_UP, Kind, Reload, Script};
use hotline_sdk::Fault;
use hotline_sdk::migration::{MigrateInput, Migrated};
use serde::{Deserialize, Serialize};

/// All that is remembered between two events.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept<'a> {
    pub(crate) state: State,
    /// The node's name; empty after the last.
    node: &'a str,
    /// The language's tag.
    language: &'a str,
}

pub(crate) fn keep(script: &Script<'_>, state: State) -> Result<Vec<u8>, Fault> {
    let kept = Kept {
        state,
        node: match state.node {
            HANG_UP => "",
            node => script.id(node)?,
        },
        language: script
            .languages
            .get(usize::from(state.language))
            .copied()
            .unwrap_or_default(),
    };
    postcard::to_allocvec(&kept).map_err(|error| Fault::new("script.state", error.to_string()))
}

pub(crate) fn read(state: &[u8]) -> Result<Kept<'_>, Fault> {
    postcard::from_bytes(state).map_err(|_| {
        Fault::new(
            "script.state",
            "the state is not one that this flow returned",
        )
    })
}

/// Whether a contact goes on in this version of the flow, as the script says.
///
/// # Errors
/// `script.artifact`, `script.state` when handed something foreign.
pub fn migrate(artifact: &[u8], input: &MigrateInput) -> Result<Migrated, Fault> {
    let script = Script::decode(artifact)?;
    if script.reload == Reload::Pin {
        return Ok(Migrated::Stay);
    }
    let kept = read(&input.state)?;
    let Some(node) = script.named(kept.node) else {
        return Ok(Migrated::Stay);
    };
    let waiting = kept.state.waiting;
    if !waits_as(&script.node(node)?.kind, waiting) {
        return Ok(Migrated::Stay);
    }
    let mut state = kept.state;
    state.node = node;
    state.language = first_language(&script, Some(kept.language));
    // Who is in a queue, or on the way there, keeps their place.
    let begins_anew = matches!(waiting, Waiting::Play(_) | Waiting::Keys(_));
    match script.reload == Reload::Restart && begins_anew {
        true => {
            state.waiting = Waiting::Again;
            keep(&script, state).map(Migrated::Restart)
        }
        false => keep(&script, state).map(Migrated::State),
    }
}

/// Whether a node of this kind waits for that.
fn waits_as(kind: &Kind, waiting: Waiting) -> bool {
    match waiting {
        Waiting::Play(_) => matches!(kind, Kind::Say { .. }),
        Waiting::Keys(_) => matches!(kind, Kind::Menu(_) | Kind::Collect(_)),
        Waiting::Enqueue(_) | Waiting::Queued => matches!(kind, Kind::Queue(_)),
        Waiting::Lookup(_) => matches!(kind, Kind::Lookup(_)),
        Waiting::Wish(_) => matches!(kind, Kind::Callback(_) | Kind::Voicemail(_)),
        Waiting::Start | Waiting::Again | Waiting::Over => false,
    }
}
