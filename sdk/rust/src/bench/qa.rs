//! Transcripts for QA rules, and what the rules made of them.

use crate::bench::caller;
use crate::qa::{
    Fault, Finding, Hint, Observed, Rule, Speaker, Subject, Transcript, Turn, Utterance,
};

/// A transcript from lines such as `agent: Good morning` and `customer: Hello`; anyone else is the
/// system. Turns take two seconds each.
pub fn said(lines: &str) -> Vec<Turn> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    (0u64..)
        .zip(lines)
        .map(|(place, line)| {
            let (who, text) = line.split_once(':').unwrap_or(("system", line));
            Turn {
                speaker: match who {
                    "agent" => Speaker::Agent("Li".to_owned()),
                    "customer" => Speaker::Customer,
                    _ => Speaker::System,
                },
                start_ms: place * 2_000,
                end_ms: place * 2_000 + 1_900,
                text: text.trim().to_owned(),
                language: None,
                confidence: Some(0.9),
                ext: Vec::new(),
            }
        })
        .collect()
}

/// [`caller`], served in `support` by one agent.
pub fn subject() -> Subject {
    Subject {
        interaction: caller(),
        queue: Some("support".to_owned()),
        agents: vec!["Li".to_owned()],
        duration_ms: 60_000,
        ext: Vec::new(),
    }
}

/// What a rule makes of a transcript. Runs it twice and insists on equal findings, since a rule must
/// be a pure function.
///
/// # Errors
/// The rule's fault.
///
/// # Panics
/// When the two answers differ.
pub fn judge<R: Rule>(turns: &[Turn]) -> Result<Vec<Finding>, Fault> {
    let findings = R::evaluate(subject(), &Transcript::of(turns));
    let again = R::evaluate(subject(), &Transcript::of(turns));
    assert_eq!(findings, again, "a rule must be a pure function");
    findings
}

/// The hints of a live rule, each with the place at which it came. `observe` is
/// [`crate::qa::observe`] of the rule; nothing is handed on but the returned state.
///
/// # Errors
/// The rule's first fault.
///
/// # Panics
/// When it answers the same utterance differently.
pub fn listen(
    observe: impl Fn(Utterance) -> Result<Observed, Fault>,
    turns: &[Turn],
) -> Result<Vec<(u32, Hint)>, Fault> {
    let mut state = Vec::new();
    let mut hints = Vec::new();
    for (place, turn) in (0u32..).zip(turns) {
        let heard = Utterance {
            interaction: caller(),
            state,
            place,
            said: turn.clone(),
            ext: Vec::new(),
        };
        let observed = observe(heard.clone());
        assert_eq!(observed, observe(heard), "a rule must be a pure function");
        let observed = observed?;
        state = observed.state;
        hints.extend(observed.hints.into_iter().map(|hint| (place, hint)));
    }
    Ok(hints)
}
