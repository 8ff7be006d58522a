//! The interpreter of flow scripts, `NAME.flow.yaml`: what most businesses ever need of an IVR,
//! written by whoever runs the phones.
//!
//! | room | what |
//! |---|---|
//! | [`yaml`] | text to a tree in which everything knows its line and column |
//! | [`diagnostics`] | how a problem is told: code, place, sentence, hint |
//! | [`compile`] | tree to [`script`], collecting every problem on the way |
//! | [`analyse`] | what is wrong with the graph as a whole |
//! | [`script`] | the artifact: what a step reads |
//! | [`interpret`] | the step |
//! | [`migrate`] | what a step remembers, and how another version takes it over |
//! | [`picture`] | the nodes and edges for the console |
//!
//! The language is described in this folder's README.md.

pub mod analyse;
pub mod compile;
pub mod diagnostics;
pub mod interpret;
pub mod migrate;
pub mod picture;
pub mod script;
pub mod yaml;

use hotline_sdk::flow_language::{Checked, Compiler, Source, artifact};
use hotline_sdk::ivr::{Fault, Node, RawFlow, StepInput, StepOutput};
use hotline_sdk::migration::{MigrateInput, Migrated, RawMigrate};

/// The plugin.
#[derive(Debug)]
pub struct FlowScript;

impl RawFlow for FlowScript {
    fn step(input: StepInput) -> Result<StepOutput, Fault> {
        interpret::step(&artifact(), input)
    }

    fn describe() -> Vec<Node> {
        picture::draw(&artifact())
    }
}

impl Compiler for FlowScript {
    fn check(sources: Vec<Source>) -> Result<Checked, Fault> {
        Ok(compile::check(&sources))
    }
}

impl RawMigrate for FlowScript {
    fn migrate(input: MigrateInput) -> Result<Migrated, Fault> {
        migrate::migrate(&artifact(), &input)
    }
}

hotline_sdk::fast_allocator!();
hotline_sdk::export_interpreter_with_migration!(FlowScript);
