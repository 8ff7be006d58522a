//! Asks for more and more memory, and touches each page of it.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        // Filling every byte would cost a unit of fuel each, and end sooner by that.
        let mut hoard: Vec<Vec<u8>> = Vec::new();
        loop {
            let mut more = Vec::with_capacity(1 << 20);
            more.push(1);
            hoard.push(more);
            std::hint::black_box(&mut hoard);
        }
    }
}

hotline_sdk::export_raw_flow!(Hostile);
