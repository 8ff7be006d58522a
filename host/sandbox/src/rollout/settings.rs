//! What an administrator chose for a plugin: how much of its work is recorded, and what a version
//! must pass before it is published.

use serde::{Deserialize, Serialize};

/// Of one plugin of one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PluginSettings))]
pub struct Settings {
    pub recording: Recording,
    /// None: nothing need be replayed before a version goes active.
    pub gate: Option<ReplayGate>,
}

/// Calls of the active version are kept whole, with what the plugin saw: also what callers keyed in
/// where the flow did not mark it as sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PluginRecording))]
pub struct Recording {
    /// About how many of the last calls are kept; none with 0.
    pub last: u32,
    /// For how long at most; none with 0.
    pub hours: u32,
}

impl Default for Recording {
    fn default() -> Self {
        Recording {
            last: 1000,
            hours: 7 * 24,
        }
    }
}

impl Recording {
    pub(crate) fn is_on(self) -> bool {
        self.last > 0 && self.hours > 0
    }
}

/// What a replay must have come to before a version is made active.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReplayGate {
    /// Contacts for whom it decides otherwise, 0 to 100.
    pub max_changed_percent: f64,
    /// Contacts that must have been replayed.
    pub min_contacts: u32,
}

impl Default for ReplayGate {
    fn default() -> Self {
        ReplayGate {
            max_changed_percent: 100.0,
            min_contacts: 0,
        }
    }
}

const MOST_RECORDED: u32 = 20_000;
const MOST_HOURS: u32 = 90 * 24;

impl Settings {
    /// # Errors
    /// The field that is wrong, and what it may be.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        if self.recording.last > MOST_RECORDED {
            return Err(("recording.last", format!("at most {MOST_RECORDED}")));
        }
        if self.recording.hours > MOST_HOURS {
            return Err(("recording.hours", format!("at most {MOST_HOURS}")));
        }
        match self.gate {
            Some(gate) if !(0.0..=100.0).contains(&gate.max_changed_percent) => {
                Err(("gate.max_changed_percent", "from 0 to 100".to_owned()))
            }
            _ => Ok(()),
        }
    }
}
