//! The switchboard under a virtual clock: stories that a supervisor can read ([`stage`]), and storms
//! of random traffic that an auditor watches ([`storm`], [`auditor`]). No I/O, so it builds and runs
//! in seconds.

pub mod auditor;
pub mod crowd;
pub mod narrator;
mod says;
pub mod script;
pub mod stage;
pub mod storm;

#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod storms;
