//! Returns a state of 1 MiB.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        Ok(StepOutput {
            state: vec![7; 1 << 20],
            actions: Vec::new(),
            trace: Vec::new(),
            ext: Vec::new(),
        })
    }
}

hotline_sdk::export_raw_flow!(Hostile);
