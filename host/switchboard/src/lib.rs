//! The tenant's switchboard: every decision about calls, queues and agents, as one pure state
//! machine. **One input, then drain**: [`Switchboard::handle`] is told what happened and when, then
//! [`Switchboard::drain`] hands over what is now history (facts) and what to do (effects). It asks
//! nobody, reads no clock, and draws its ids from a seed: the same inputs give the same outputs.
//!
//! Where a decision lives:
//! - may this happen to this call: `call`, the `match` of state and change;
//! - what the caller hears and presses: `guide`, a flow's actions as effects;
//! - who waits, in which order: `queue`; whom a queue will not have, and where they go instead:
//!   `queue/otherwise`; when it is open: `hours`;
//! - who could serve: `agent`, `agent/pool`; whether there is anybody to wait for: `queue/presence`;
//! - when a routing policy is asked, and whether its verdict holds: `routing`;
//! - what happens when an adviser is wrong or silent: `fallback`, one `match`;
//! - are we recording: `consent`; how much is too much: `limits`.
//!
//! Every room adds its own `impl Switchboard`: the steps that touch several rooms at once. What
//! concerns one room alone is a method of that room's own type.

mod agent;
mod call;
mod consent;
mod desk;
mod fallback;
mod guide;
mod hours;
mod legs;
mod limits;
mod live;
mod monitors;
mod questions;
mod queue;
mod routing;
mod set_up;
mod settings;
mod switchboard;
mod timers;

#[cfg(feature = "sabotage")]
pub use monitors::Sabotage;
pub use switchboard::{Drained, Switchboard};
