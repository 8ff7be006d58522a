//! Recurses until its stack ends.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[allow(unconditional_recursion)]
fn deeper(depth: u64) -> u64 {
    let here = std::hint::black_box([depth; 64]);
    deeper(depth + 1) + here[(depth % 64) as usize]
}

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        let depth = deeper(0);
        Err(Fault::new("hostile.survived", depth.to_string()))
    }
}

hotline_sdk::export_raw_flow!(Hostile);
