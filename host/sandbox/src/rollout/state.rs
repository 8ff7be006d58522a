//! Where a version stands between its upload and its retirement, and what may happen to it there:
//! one function of a state and an event. Who does it, when and why is written down elsewhere.

use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = VersionState))]
pub enum State {
    /// Received; nothing of it was looked at.
    Uploaded,
    /// Of a known world, and imports nothing but what is offered.
    Admitted,
    /// Compiled, and answered its trial.
    Compiled,
    /// What it asks for was accepted: it may be given contacts.
    Staged,
    /// Answers beside the active version; its answers do not count.
    Shadow,
    /// Answers for a part of the contacts.
    Canary,
    /// What contacts get.
    Active,
    /// Replaced; contacts that began on it end on it.
    Draining,
    /// Was active, and can be again.
    #[default]
    Retired,
    /// Did not pass its admission.
    Rejected,
    /// Gets no contact until it is staged anew.
    Quarantined,
}

impl State {
    pub const ALL: [State; 11] = [
        State::Uploaded,
        State::Admitted,
        State::Compiled,
        State::Staged,
        State::Shadow,
        State::Canary,
        State::Active,
        State::Draining,
        State::Retired,
        State::Rejected,
        State::Quarantined,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Uploaded => "uploaded",
            State::Admitted => "admitted",
            State::Compiled => "compiled",
            State::Staged => "staged",
            State::Shadow => "shadow",
            State::Canary => "canary",
            State::Active => "active",
            State::Draining => "draining",
            State::Retired => "retired",
            State::Rejected => "rejected",
            State::Quarantined => "quarantined",
        }
    }

    /// The state after an event.
    ///
    /// # Errors
    /// The event can not happen here, or its condition is not met; the state is what it was.
    pub fn after(self, event: Event<'_>) -> Result<State, Refusal> {
        use State::{
            Active, Admitted, Canary, Compiled, Draining, Quarantined, Rejected, Retired, Shadow,
            Staged, Uploaded,
        };
        match (self, event) {
            (Uploaded, Event::Admit) => Ok(Admitted),
            (Admitted, Event::Compile) => Ok(Compiled),
            (Uploaded | Admitted | Compiled, Event::Refuse) => Ok(Rejected),
            (
                Compiled | Shadow | Canary | Draining | Retired | Quarantined,
                Event::Stage { unaccepted },
            ) => match unaccepted {
                [] => Ok(Staged),
                some => Err(Refusal::Unaccepted(some.to_vec())),
            },
            (Staged | Canary, Event::Shadow) => Ok(Shadow),
            // Again, to change whom it gets.
            (Staged | Shadow | Canary, Event::Canary) => Ok(Canary),
            (Staged | Shadow | Canary, Event::Activate { gate }) => match gate {
                Gate::Open => Ok(Active),
                Gate::Shut(why) => Err(Refusal::Gate(why.to_owned())),
            },
            // A rollback is held up by nothing.
            (Draining | Retired, Event::Activate { .. }) => Ok(Active),
            (Active, Event::Supersede) => Ok(Draining),
            (Draining, Event::Drain) => Ok(Retired),
            (
                Compiled | Staged | Shadow | Canary | Active | Draining | Retired,
                Event::Quarantine,
            ) => Ok(Quarantined),
            (state, event) => Err(Refusal::NotNow {
                state,
                wish: event.as_str(),
            }),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What happens to a version, with what decides whether it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    Admit,
    Compile,
    Refuse,
    /// Made ready; also: taken back from a trial, or released from quarantine.
    Stage {
        /// Permissions beyond the active version's that nobody has accepted, by their ids.
        unaccepted: &'a [String],
    },
    Shadow,
    Canary,
    /// Put into service; of a version that was: rolled back to.
    Activate {
        gate: Gate<'a>,
    },
    /// Another version became active, or the plugin was taken out of service.
    Supersede,
    /// The last of its contacts ended.
    Drain,
    Quarantine,
}

impl Event<'_> {
    const fn as_str(self) -> &'static str {
        match self {
            Event::Admit => "admitted",
            Event::Compile => "compiled",
            Event::Refuse => "rejected",
            Event::Stage { .. } => "staged",
            Event::Shadow => "run in shadow",
            Event::Canary => "run as a canary",
            Event::Activate { .. } => "made active",
            Event::Supersede => "superseded",
            Event::Drain => "retired",
            Event::Quarantine => "quarantined",
        }
    }
}

/// Whether the condition that an administrator set for publishing is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate<'a> {
    Open,
    /// Why not, and what to do.
    Shut(&'a str),
}

/// Why a version stays in its state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("a version that is {state} can not be {wish}")]
    NotNow { state: State, wish: &'static str },
    /// The ids of the permissions.
    #[error("it asks for more than the active version, which must be accepted first: {}", .0.join(", "))]
    Unaccepted(Vec<String>),
    #[error("{0}")]
    Gate(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_MORE: Event<'static> = Event::Stage { unaccepted: &[] };
    const OPEN: Event<'static> = Event::Activate { gate: Gate::Open };

    /// What leads where; every pair that is not here is refused.
    const TABLE: [(State, Event<'static>, State); 39] = [
        (State::Uploaded, Event::Admit, State::Admitted),
        (State::Uploaded, Event::Refuse, State::Rejected),
        (State::Admitted, Event::Compile, State::Compiled),
        (State::Admitted, Event::Refuse, State::Rejected),
        (State::Compiled, Event::Refuse, State::Rejected),
        (State::Compiled, NO_MORE, State::Staged),
        (State::Compiled, Event::Quarantine, State::Quarantined),
        (State::Staged, Event::Shadow, State::Shadow),
        (State::Staged, Event::Canary, State::Canary),
        (State::Staged, OPEN, State::Active),
        (State::Staged, Event::Quarantine, State::Quarantined),
        (State::Shadow, NO_MORE, State::Staged),
        (State::Shadow, Event::Canary, State::Canary),
        (State::Shadow, OPEN, State::Active),
        (State::Shadow, Event::Quarantine, State::Quarantined),
        (State::Canary, NO_MORE, State::Staged),
        (State::Canary, Event::Shadow, State::Shadow),
        (State::Canary, Event::Canary, State::Canary),
        (State::Canary, OPEN, State::Active),
        (State::Canary, Event::Quarantine, State::Quarantined),
        (State::Active, Event::Supersede, State::Draining),
        (State::Active, Event::Quarantine, State::Quarantined),
        (State::Draining, NO_MORE, State::Staged),
        (State::Draining, OPEN, State::Active),
        (State::Draining, Event::Drain, State::Retired),
        (State::Draining, Event::Quarantine, State::Quarantined),
        (State::Retired, NO_MORE, State::Staged),
        (State::Retired, OPEN, State::Active),
        (State::Retired, Event::Quarantine, State::Quarantined),
        (State::Quarantined, NO_MORE, State::Staged),
        // A gate that is shut holds back what is new, and no rollback.
        (State::Draining, SHUT, State::Active),
        (State::Retired, SHUT, State::Active),
        (State::Staged, SHUT, State::Staged),
        (State::Shadow, SHUT, State::Shadow),
        (State::Canary, SHUT, State::Canary),
        // Nothing is staged while somebody has still to accept what it asks for.
        (State::Compiled, MORE, State::Compiled),
        (State::Retired, MORE, State::Retired),
        (State::Draining, MORE, State::Draining),
        (State::Quarantined, MORE, State::Quarantined),
    ];
    const SHUT: Event<'static> = Event::Activate {
        gate: Gate::Shut("replay it first"),
    };
    const MORE: Event<'static> = Event::Stage {
        unaccepted: MORE_THAN_BEFORE,
    };
    const MORE_THAN_BEFORE: &[String] = &[String::new()];

    #[test]
    fn every_state_takes_the_events_of_the_table_and_refuses_all_others() {
        let events = [
            Event::Admit,
            Event::Compile,
            Event::Refuse,
            NO_MORE,
            MORE,
            Event::Shadow,
            Event::Canary,
            OPEN,
            SHUT,
            Event::Supersede,
            Event::Drain,
            Event::Quarantine,
        ];
        for state in State::ALL {
            for event in events {
                let row = TABLE.iter().find(|row| (row.0, row.1) == (state, event));
                let after = state.after(event);
                match row {
                    Some((_, _, then)) if *then != state || event == Event::Canary => {
                        assert_eq!(after, Ok(*then), "{state} {event:?}");
                    }
                    _ => assert!(after.is_err(), "{state} {event:?}: {after:?}"),
                }
            }
        }
    }

    #[test]
    fn a_refusal_says_what_is_in_the_way() {
        let text = |refused: Result<State, Refusal>| refused.map_err(|error| error.to_string());
        assert_eq!(
            text(State::Rejected.after(OPEN)),
            Err("a version that is rejected can not be made active".to_owned())
        );
        assert_eq!(
            text(State::Staged.after(SHUT)),
            Err("replay it first".to_owned())
        );
        let unaccepted = ["http:crm".to_owned()];
        let told = text(State::Compiled.after(Event::Stage {
            unaccepted: &unaccepted,
        }));
        assert!(told.is_err_and(|told| told.ends_with("http:crm")));
    }
}
