//! Uses as much of one thing as its state says: `memory 96`, in MiB, and so on. So a test can go up
//! to a limit and past it.

use hotline_sdk::host::log;
use hotline_sdk::ivr::{Action, Command, Fault, RawFlow, StepInput, StepOutput};
use std::hint::black_box;

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(input: StepInput) -> Result<StepOutput, Fault> {
        let told = String::from_utf8_lossy(&input.state).into_owned();
        let (thing, amount) = told.split_once(' ').unwrap_or(("nothing", "0"));
        let amount: usize = amount.parse().unwrap_or(0);
        let mut output = StepOutput {
            state: Vec::new(),
            actions: Vec::new(),
            trace: Vec::new(),
            ext: Vec::new(),
        };
        match thing {
            // Not filled: that costs a unit of fuel a byte.
            "memory" => drop(black_box(Vec::<u8>::with_capacity(amount * 1024 * 1024))),
            "rounds" => (0..amount).for_each(|round| {
                black_box(round);
            }),
            "state" => output.state = vec![7; amount],
            "lines" => (0..amount).for_each(|line| log::info(&format!("line {line}"))),
            "actions" => {
                output.actions = (0..amount)
                    .map(|id| Action {
                        id: id as u32,
                        command: Command::SetAttributes(Vec::new()),
                        ext: Vec::new(),
                    })
                    .collect();
            }
            _ => {}
        }
        Ok(output)
    }
}

hotline_sdk::export_raw_flow!(Hostile);
