//! Returns a prompt of 4 MiB and a trace of 100,000 nodes.

use hotline_sdk::ivr::{Action, Command, text};
use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        Ok(StepOutput {
            state: vec![1],
            actions: vec![Action {
                id: 1,
                command: Command::Play(vec![text(&"word ".repeat(800_000))]),
                ext: Vec::new(),
            }],
            trace: (0..100_000).map(|place| place.to_string()).collect(),
            ext: Vec::new(),
        })
    }
}

hotline_sdk::export_raw_flow!(Hostile);
