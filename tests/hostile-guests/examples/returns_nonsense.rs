//! Returns actions that are well-formed and absurd: doubled ids, impossible numbers, paths that climb.

use hotline_sdk::ivr::{Action, Command, LookUp, Timer, audio, keys, queue, text};
use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        let commands = vec![
            Command::Play(Vec::new()),
            Command::Play(vec![
                audio("../../../../etc/passwd"),
                audio("/etc/passwd"),
                audio(""),
            ]),
            Command::Play(vec![
                text("\u{0}\u{1b}[2J").in_language("klingon; rm -rf /"),
            ]),
            Command::Collect(keys(0).0),
            Command::Collect(keys(u32::MAX).first_within_ms(u32::MAX).ended_by("hello").0),
            Command::SetAttributes(vec![(String::new(), "\u{202e}".to_owned())]),
            Command::StartTimer(Timer {
                name: String::new(),
                after_ms: 0,
                ext: Vec::new(),
            }),
            Command::Enqueue(
                queue("")
                    .priority(i32::MIN)
                    .skills("and and >= 255")
                    .preferring("nobody", u32::MAX)
                    .0,
            ),
            Command::LookUp(
                LookUp::connector("", "\0", &"x".repeat(100_000))
                    .within_ms(0)
                    .0,
            ),
            Command::Reject(7),
            Command::Ext(("\n".to_owned(), "{not json".to_owned())),
        ];
        Ok(StepOutput {
            state: vec![1],
            actions: commands
                .into_iter()
                .map(|command| Action {
                    id: 1,
                    command,
                    ext: Vec::new(),
                })
                .collect(),
            trace: vec!["\n\n\u{7}".to_owned()],
            ext: vec![("later".to_owned(), "}".to_owned())],
        })
    }
}

hotline_sdk::export_raw_flow!(Hostile);
