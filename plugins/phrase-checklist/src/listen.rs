//! While a contact goes on: a hint at once for what must not be said, and for what was not said in
//! time.

use crate::phrase::Said;
use crate::settings::{Check, Kind, Language, Settings};
use crate::words;
use hotline_sdk::qa::{Audience, Hint, Utterance};
use serde::{Deserialize, Serialize};

/// For one utterance; the contract's bound.
const HINTS: usize = 8;
/// Utterances of the agent after which something is missing that has no limit of its own.
const PATIENCE: u32 = 3;

/// What is remembered of each check, in their order.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Heard(Vec<Progress>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
enum Progress {
    #[default]
    NotDue,
    /// Utterances of the agent since it is due.
    Due(u32),
    /// Said, or the agent was reminded.
    Settled,
}

pub(crate) fn hear(settings: &Settings, state: &mut Heard, heard: &Utterance) -> Vec<Hint> {
    state.0.resize(settings.checks.len(), Progress::NotDue);
    let said = Said::new(&heard.said.text);
    let is_agents = heard.said.is_agents();
    let language = match heard.interaction.language.as_deref() {
        Some(tag) => Language::of_tag(tag),
        None => Language::of(&said),
    };
    let mut hints = Vec::new();
    for (check, progress) in settings.checks.iter().zip(&mut state.0) {
        let is_wanted = match check.kind {
            Kind::MustNotSay => is_agents && check.find(&said).is_some(),
            Kind::MustSay => {
                *progress = progress.after(check, &said, is_agents);
                let is_missing = matches!(progress, Progress::Due(n) if *n >= patience(check));
                if is_missing {
                    *progress = Progress::Settled;
                }
                is_missing
            }
        };
        if is_wanted {
            let audience = match check.is_critical() {
                true => Audience::Everyone,
                false => Audience::Agent,
            };
            let text = words::hint(check, language);
            hints.push(Hint::new(&check.rule, audience, check.severity(), text));
        }
    }
    hints.truncate(HINTS);
    hints
}

fn patience(check: &Check) -> u32 {
    check.within.unwrap_or(PATIENCE)
}

impl Progress {
    fn after(self, check: &Check, said: &Said<'_>, is_agents: bool) -> Progress {
        let due = match self {
            Progress::Settled => return Progress::Settled,
            Progress::Due(turns) => Some(turns),
            Progress::NotDue if !check.is_conditional() => Some(0),
            Progress::NotDue => check.trigger(said).map(|_| 0),
        };
        match (due, is_agents, check.find(said)) {
            (_, true, Some(_)) => Progress::Settled,
            (Some(turns), true, None) => Progress::Due(turns + 1),
            (Some(turns), false, _) => Progress::Due(turns),
            (None, _, _) => Progress::NotDue,
        }
    }
}
