//! Why agents pause: by their own wish, or as the switchboard has it.

pub(crate) const SHIFT_OVER: &str = "shift over";
pub(crate) const BREAK: &str = "break";
pub(crate) const MISSED_OFFERS: &str = "missed offers";

/// The switchboard's own reasons for a pause; the others are the agents'.
const IMPOSED: [&str; 3] = ["signed in", "device", MISSED_OFFERS];

/// Whether an agent paused for this by their own wish.
pub(crate) fn is_a_break(reason: &str) -> bool {
    !IMPOSED.contains(&reason)
}
