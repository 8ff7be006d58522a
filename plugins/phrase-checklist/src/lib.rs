//! A checklist of phrases that agents must say and must not say, for ended contacts and, utterance by
//! utterance, for those that go on; in English and Chinese.
//!
//! | file | knows |
//! |---|---|
//! | [`phrase`] | where a phrase stands in what was said |
//! | [`settings`] | the checks, and which are shipped |
//! | [`judge`], [`listen`] | ended contacts, and those that go on |
//! | [`words`] | what people read of it |

mod judge;
mod listen;
mod phrase;
mod settings;
mod words;

pub use listen::Heard;

use hotline_sdk::Fault;
use hotline_sdk::host::metrics;
use hotline_sdk::qa::{Finding, Hint, Live, Rule, Subject, Transcript, Utterance, Verdict};
use settings::Settings;

/// The plugin.
#[derive(Debug)]
pub struct Checklist;

impl Rule for Checklist {
    fn evaluate(contact: Subject, transcript: &Transcript<'_>) -> Result<Vec<Finding>, Fault> {
        let settings = Settings::load()?;
        let turns: Vec<_> = transcript.turns().collect();
        let tag = contact.interaction.language.as_deref();
        let findings = judge::judge(&settings, &turns, tag);
        let failed = findings.iter().filter(|one| one.verdict == Verdict::Failed);
        metrics::count("checks_failed", failed.count() as u64);
        Ok(findings)
    }
}

impl Live for Checklist {
    type State = Heard;

    fn hear(state: &mut Heard, heard: &Utterance) -> Result<Vec<Hint>, Fault> {
        Ok(listen::hear(&Settings::load()?, state, heard))
    }
}

hotline_sdk::fast_allocator!();
hotline_sdk::export_qa_rule_and_live!(Checklist);
