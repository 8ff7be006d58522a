//! Write Hotline plugins in Rust. One module per world of the contract, with the same nouns as
//! `wit/`:
//!
//! | module | world | you write | you export with |
//! |---|---|---|---|
//! | [`ivr`] | `ivr-flow` | [`ivr::Flow`] | [`export_flow!`] |
//! | [`linear`] | `ivr-flow` | [`linear::Linear`], from top to bottom | [`export_linear_flow!`] |
//! | [`migration`] | `ivr-flow-with-migration` | [`ivr::Flow`] and [`migration::Migrate`] | [`export_flow_with_migration!`] |
//! | [`routing`] | `routing-policy` | [`routing::Policy`] | [`export_policy!`] |
//! | [`routing`] | `routing-policy-with-lookups` | [`routing::Policy`] and [`routing::Lookups`] | [`export_policy_with_lookups!`] |
//! | [`qa`] | `qa-rule` | [`qa::Rule`] | [`export_qa_rule!`] |
//! | [`qa`] | `qa-live` | [`qa::Live`] | [`export_qa_live!`] |
//! | [`qa`] | `qa-rule-and-live` | [`qa::Rule`] and [`qa::Live`] | [`export_qa_rule_and_live!`] |
//! | [`connector`] | `crm-connector` | [`connector::Connector`] | [`export_connector!`] |
//! | [`flow_language`] | `flow-interpreter` | [`ivr::RawFlow`] and [`flow_language::Compiler`] | [`export_interpreter!`] |
//! | [`flow_language`] | `flow-interpreter-with-migration` | [`migration::RawMigrate`] besides | [`export_interpreter_with_migration!`] |
//!
//! [`host`] is all that a plugin may ask of its surroundings, and [`bench`] runs a plugin natively,
//! without a server, in ordinary `cargo test`. Build with `hotline plugin build`.

pub mod allocator;
pub mod bench;
pub mod connector;
pub mod flow_language;
pub mod host;
pub mod ivr;
pub mod linear;
mod manifest;
pub mod migration;
pub mod qa;
pub mod routing;
mod state;

pub use ivr::Fault;

/// The types that all worlds share.
pub mod common {
    pub use crate::ivr::bindings::hotline::common::types::{Extension, Fault, Interaction};
}
