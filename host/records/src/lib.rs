//! The records: what happened and what is set up.
//!
//! - [`journal`]: facts first, on the local disk, before their effects are performed;
//! - [`projector`]: follows the journal into SQL and keeps the projections;
//! - [`schema`]: the database (SQLite or PostgreSQL) and its migrations;
//! - [`repositories`]: questions to it, one file a subject, every one for one tenant;
//! - [`usage`]: what plugins used, from a ledger on the local disk into SQL;
//! - [`restart`]: what a crash left open is ended;
//! - [`reports`]: figures with their definitions.
//!
//! A start goes: [`Database::open`], [`journal::Journal::open`], [`projector::start`], then for
//! each tenant [`restart::close_what_was_open`] and [`repositories::epochs::Epochs::next`] for its
//! switchboard.

pub mod error;
mod following;
pub mod journal;
pub mod projector;
pub mod reports;
pub mod repositories;
pub mod restart;
mod rows;
pub mod schema;
pub mod usage;

pub use error::Error;
pub use repositories::Records;
pub use schema::{Database, Location};
