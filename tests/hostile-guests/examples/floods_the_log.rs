//! Logs 100,000 long lines in a step.

use hotline_sdk::host::log;
use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        let line = "noise ".repeat(2_000);
        for _ in 0..100_000 {
            log::info(&line);
        }
        Ok(StepOutput {
            state: vec![1],
            actions: Vec::new(),
            trace: Vec::new(),
            ext: Vec::new(),
        })
    }
}

hotline_sdk::export_raw_flow!(Hostile);
