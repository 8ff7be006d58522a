//! A fault planted in a switchboard, and what its monitors say of it.

use hotline_switchboard::{Drained, Sabotage, Switchboard};
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::fact::What;

/// A fault to be planted as soon as there is anyone to plant it for.
pub(super) struct Plot {
    pub(super) fault: Sabotage,
    pub(super) planted: bool,
    pub(super) found: Vec<What>,
}

impl Plot {
    /// Plants the fault where the house is busy enough for it to matter, and notes what is found.
    pub(super) fn watch(&mut self, drained: &Drained, switchboard: &mut Switchboard) {
        let violations = drained.facts.iter().map(|fact| &fact.what).filter(
            |what| matches!(what, What::InvariantViolated { invariant, .. } if *invariant == self.fault.0),
        );
        self.found.extend(violations.cloned());
        let agent_comes = drained.facts.iter().any(|fact| {
            let to = match &fact.what {
                What::AgentStateChanged { to, .. } => to,
                _ => return false,
            };
            matches!(
                to,
                AgentState::Ready { .. } | AgentState::Offered { .. } | AgentState::Talking { .. }
            )
        });
        if agent_comes && self.found.is_empty() {
            self.planted |= switchboard.sabotage(self.fault);
        }
    }
}
