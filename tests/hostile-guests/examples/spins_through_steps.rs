//! Each end of an action begins the next that ends at once: an endless loop made of steps.

use hotline_sdk::ivr::{Action, Command};
use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(input: StepInput) -> Result<StepOutput, Fault> {
        Ok(StepOutput {
            state: vec![1],
            actions: vec![Action {
                id: input.step as u32,
                command: Command::SetAttributes(vec![("turn".to_owned(), input.step.to_string())]),
                ext: Vec::new(),
            }],
            trace: vec!["round".to_owned()],
            ext: Vec::new(),
        })
    }
}

hotline_sdk::export_raw_flow!(Hostile);
