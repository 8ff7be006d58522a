//! What a story's flow says, as commands.

use crate::script::Says;
use hotline_vocabulary::Millis;
use hotline_vocabulary::flow::{Collect, Command, Enqueue, Lookup, Source, Voicemail};
use hotline_vocabulary::media::{Prompt, PromptSource};
use hotline_vocabulary::routing::LookupSource;
use hotline_vocabulary::skills::SkillExpression;

/// What needs nobody's name.
pub(crate) fn command(says: Says) -> Command {
    match says {
        Says::EnqueuePreferring { .. } => unreachable!("names an agent"),
        Says::Answer => Command::Answer,
        Says::Reject(status) => Command::Reject(status),
        Says::Play(text) => Command::Play(vec![Prompt {
            source: PromptSource::Text(text),
            language: None,
        }]),
        Says::Collect { keys, secretly } => Command::Collect(Collect {
            prompts: vec![Prompt {
                source: PromptSource::Text("press".to_owned()),
                language: None,
            }],
            barge_in: true,
            max_digits: keys,
            terminators: "#".to_owned(),
            first_timeout_ms: Millis::from_secs(5),
            inter_timeout_ms: Millis::from_secs(2),
            sensitive: secretly,
        }),
        Says::Set(name, value) => Command::SetAttributes(vec![(name, value)]),
        Says::Timer(name, after_ms) => Command::StartTimer { name, after_ms },
        Says::Enqueue(queue, priority) => Command::Enqueue(Enqueue {
            queue,
            priority,
            skills: SkillExpression::Anyone,
            preferred: None,
        }),
        Says::Dequeue => Command::Dequeue,
        Says::Callback(number) => Command::Callback { number },
        Says::Voicemail => Command::Voicemail(Voicemail {
            prompts: vec![Prompt {
                source: PromptSource::Text("speak".to_owned()),
                language: None,
            }],
            max_ms: Millis::from_secs(60),
        }),
        Says::LookUp { table, within } => Command::LookUp(Lookup {
            source: Source::Host(LookupSource::Table {
                table,
                key: "+4930123".to_owned(),
            }),
            timeout_ms: within,
        }),
        Says::Transfer(flow) => Command::Transfer { flow },
        Says::HangUp => Command::HangUp,
    }
}
