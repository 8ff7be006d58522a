//! Returns a fault of its own, with a message of 1 MiB.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        Err(Fault::new("hostile.fault", "sorry ".repeat(180_000)))
    }
}

hotline_sdk::export_raw_flow!(Hostile);
