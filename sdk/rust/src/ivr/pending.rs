//! What a flow has begun and not heard the end of.

use super::Command;
use serde::{Deserialize, Serialize};

/// What [`super::Flow`] needs to know of its own last actions, kept in front of its state.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// Ids are `first`, `first + 1`, ...; unique over the contact's life, so that an event of an
    /// earlier list, or one told twice, is known and ignored.
    pub(super) first: u32,
    /// One bit for each action that has not ended.
    pub(super) open: u32,
    /// Lookups that were not answered, of any step: another list does not stop them.
    lookups: Vec<u32>,
}

impl Pending {
    /// Awaits these actions instead of those of the step before.
    pub(super) fn begin(&mut self, step: u64, commands: &[Command]) {
        self.first = (step as u32).wrapping_mul(32).wrapping_add(1);
        self.open = 0;
        for (place, command) in (0..32).zip(commands) {
            match command {
                Command::LookUp(_) => self.lookups.push(self.first.wrapping_add(place)),
                _ => self.open |= 1 << place,
            }
        }
    }

    /// Ticks the action off; false when it was not awaited.
    pub(super) fn end(&mut self, action: u32) -> bool {
        let place = action.wrapping_sub(self.first);
        if place >= 32 || self.open & (1 << place) == 0 {
            return false;
        }
        self.open &= !(1 << place);
        true
    }

    /// The same for a lookup.
    pub(super) fn found(&mut self, action: u32) -> bool {
        let place = self.lookups.iter().position(|open| *open == action);
        place.map(|place| self.lookups.swap_remove(place)).is_some()
    }
}
