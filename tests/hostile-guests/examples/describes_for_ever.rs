//! Steps well, and never finishes describing itself.

use hotline_sdk::ivr::Node;
use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        Ok(StepOutput {
            state: vec![1],
            actions: Vec::new(),
            trace: Vec::new(),
            ext: Vec::new(),
        })
    }

    fn describe() -> Vec<Node> {
        let mut turns = 0u64;
        loop {
            turns = std::hint::black_box(turns.wrapping_add(1));
        }
    }
}

hotline_sdk::export_raw_flow!(Hostile);
