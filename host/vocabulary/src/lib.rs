//! The words of the house: what every room means by a contact, a leg, an input, an effect, a fact.
//!
//! No logic beyond what a word needs to be well-formed, no I/O, no clock. Everything tenant-owned
//! carries its tenant where it leaves the tenant's own switchboard ([`fact::Fact`]).

pub mod address;
pub mod agent;
pub mod configuration;
pub mod connector;
pub mod effect;
pub mod end_reason;
pub mod fact;
pub mod flow;
pub mod ids;
pub mod input;
pub mod live;
pub mod media;
pub mod metering;
pub mod personal;
pub mod plugin;
pub mod qa;
pub mod question;
pub mod routing;
pub mod skills;
pub mod time;

pub use address::{Address, Channel, Medium};
pub use effect::Effect;
pub use end_reason::{Blame, EndReason};
pub use fact::Fact;
pub use input::Input;
pub use personal::Personal;
pub use question::{Answer, Question};
pub use time::{Millis, Timestamp};
