//! Returns 10,000 actions.

use hotline_sdk::ivr::{Action, Command};
use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        let actions = (0..1_000).map(|id| Action {
            id,
            command: Command::SetAttributes(vec![("name".to_owned(), id.to_string())]),
            ext: Vec::new(),
        });
        Ok(StepOutput {
            state: vec![1],
            actions: actions.collect(),
            trace: Vec::new(),
            ext: Vec::new(),
        })
    }
}

hotline_sdk::export_raw_flow!(Hostile);
