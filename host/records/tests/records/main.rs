//! The records as their callers see them, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, unreachable_pub, missing_debug_implementations)]

#[macro_use]
mod databases;
mod story;

mod accounts;
mod connectors;
mod crash;
mod explanations;
mod journal;
mod paging;
mod projection;
mod reports;
mod restart;
mod rules;
mod tenancy;
mod usage;
