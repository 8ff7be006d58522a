//! Burns time that instruction counts hardly see: it fills 16 MiB with one instruction, again and again.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        let mut block = vec![0u8; 16 << 20];
        for turn in 0u64.. {
            block.fill(turn as u8);
            std::hint::black_box(&mut block);
        }
        unreachable!("a u64 does not run out")
    }
}

hotline_sdk::export_raw_flow!(Hostile);
