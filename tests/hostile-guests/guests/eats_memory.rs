//! Asks for more and more memory, and touches it.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        let mut hoard: Vec<Vec<u8>> = Vec::new();
        loop {
            hoard.push(vec![1; 1 << 20]);
            std::hint::black_box(&mut hoard);
        }
    }
}

hotline_sdk::export_raw_flow!(Hostile);
