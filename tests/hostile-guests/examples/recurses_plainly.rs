//! Recurses with nothing but the call stack itself, which the host owns.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[inline(never)]
fn deeper(depth: u64) -> u64 {
    if depth == u64::MAX {
        return 0;
    }
    deeper(depth + 1).rotate_left(3) ^ depth
}

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(input: StepInput) -> Result<StepOutput, Fault> {
        let depth = deeper(input.step);
        Err(Fault::new("hostile.survived", depth.to_string()))
    }
}

hotline_sdk::export_raw_flow!(Hostile);
