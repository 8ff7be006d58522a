//! Panics.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        panic!("this flow always panics")
    }
}

hotline_sdk::export_raw_flow!(Hostile);
