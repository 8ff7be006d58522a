//! Answers and says hello, then panics at the second event.

use hotline_sdk::ivr::{Action, Command, text};
use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(input: StepInput) -> Result<StepOutput, Fault> {
        assert!(
            input.state.is_empty(),
            "this flow panics at its second step"
        );
        let commands = [Command::Answer, Command::Play(vec![text("Hello.")])];
        Ok(StepOutput {
            state: vec![1],
            actions: (1..)
                .zip(commands)
                .map(|(id, command)| Action {
                    id,
                    command,
                    ext: Vec::new(),
                })
                .collect(),
            trace: vec!["hello".to_owned()],
            ext: Vec::new(),
        })
    }
}

hotline_sdk::export_raw_flow!(Hostile);
