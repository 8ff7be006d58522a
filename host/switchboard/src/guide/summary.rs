//! Events and actions in a few words, for the timeline that people read. Never a key, and never the
//! value of an attribute: those have facts of their own.

use hotline_vocabulary::flow::{Action, CollectOutcome, Command, FlowEvent};
use hotline_vocabulary::media::{Prompt, PromptSource};

/// Characters of a prompt that are shown.
const PROMPT_CHARACTERS: usize = 60;

pub(super) fn event(event: &FlowEvent) -> String {
    match event {
        FlowEvent::Started => "started".to_owned(),
        FlowEvent::Done { action, outcome } => format!("done {action}: {outcome}"),
        FlowEvent::Input(input) => {
            let outcome = match input.outcome {
                CollectOutcome::Complete => "complete",
                CollectOutcome::Partial => "partial",
                CollectOutcome::NoInput => "no input",
            };
            format!("input {}: {outcome}, {} keys", input.action, input.length)
        }
        FlowEvent::LookedUp(found) => {
            format!("looked up {}: {}", found.action, found.outcome.as_str())
        }
        FlowEvent::Timer(name) => format!("timer {name}"),
        FlowEvent::Progress(progress) => {
            format!("position {} in {}", progress.position, progress.queue)
        }
        FlowEvent::Agent { what } => format!("agent {what}"),
        FlowEvent::HangUp { reason } => format!("hang-up: {reason}"),
    }
}

pub(super) fn action(action: &Action) -> String {
    match &action.command {
        Command::Answer => "answer".to_owned(),
        Command::Reject(status) => format!("reject with {status}"),
        Command::Play(prompts) => format!("play {}", self::prompts(prompts)),
        Command::Collect(collect) => {
            let secretly = if collect.sensitive { "secretly " } else { "" };
            let after = match collect.prompts.as_slice() {
                [] => String::new(),
                prompts => format!(" after {}", self::prompts(prompts)),
            };
            format!("{secretly}collect up to {} keys{after}", collect.max_digits)
        }
        Command::SetAttributes(attributes) => {
            let names: Vec<&str> = attributes.iter().map(|(name, _)| name.as_str()).collect();
            format!("set {}", names.join(", "))
        }
        Command::StartTimer { name, after_ms } => format!("start timer {name} of {after_ms}"),
        Command::CancelTimer(name) => format!("cancel timer {name}"),
        Command::Enqueue(enqueue) if enqueue.priority == 0 => format!("enqueue {}", enqueue.queue),
        Command::Enqueue(enqueue) => {
            format!(
                "enqueue {} with priority {}",
                enqueue.queue, enqueue.priority
            )
        }
        Command::Dequeue => "dequeue".to_owned(),
        Command::Voicemail(wish) => format!("take a message after {}", prompts(&wish.prompts)),
        // The number is the customer's: never told.
        Command::Callback { .. } => "call back".to_owned(),
        Command::LookUp(wanted) => {
            format!(
                "look up {} within {}",
                wanted.source.label(),
                wanted.timeout_ms
            )
        }
        Command::Transfer { flow } => format!("go on in {flow}"),
        Command::HangUp => "hang up".to_owned(),
        Command::Unknown(name) => format!("{name} (unknown here)"),
    }
}

fn prompts(prompts: &[Prompt]) -> String {
    let each: Vec<String> = prompts
        .iter()
        .map(|prompt| match &prompt.source {
            PromptSource::Audio(file) => file.clone(),
            PromptSource::Tone => "a tone".to_owned(),
            PromptSource::Unknown(name) => format!("{name} (unknown here)"),
            PromptSource::Text(text) => match text.char_indices().nth(PROMPT_CHARACTERS) {
                None => format!("\u{201c}{text}\u{201d}"),
                Some((end, _)) => format!("\u{201c}{}\u{2026}\u{201d}", &text[..end]),
            },
        })
        .collect();
    each.join(", ")
}
