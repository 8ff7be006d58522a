//! What an administrator configures; `hotline.plugin.json` has the schema, `checks.json` the checks
//! that are shipped.

use crate::phrase::{Phrase, Said};
use hotline_sdk::Fault;
use hotline_sdk::qa::Severity;
use serde::Deserialize;

const SHIPPED: &str = include_str!("checks.json");

/// `NAME.config.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    #[serde(default = "pass_mark")]
    pub(crate) pass_mark: f32,
    #[serde(default)]
    pub(crate) checks: Vec<Check>,
}

fn pass_mark() -> f32 {
    0.8
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Check {
    pub(crate) rule: String,
    pub(crate) kind: Kind,
    pub(crate) title: Text,
    phrases: Phrases,
    /// An utterance with one of these does not count.
    #[serde(default)]
    unless: Phrases,
    /// The check concerns contacts in which one of these is said, by anybody.
    #[serde(default)]
    when: Phrases,
    /// Utterances of the agent: the first ones, or those from the `when` on.
    #[serde(default)]
    pub(crate) within: Option<u32>,
    pub(crate) points: u32,
    #[serde(default)]
    severity: Grade,
    #[serde(default)]
    pub(crate) wording: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    MustSay,
    MustNotSay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Grade {
    Info,
    #[default]
    Warning,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    /// By a BCP 47 tag.
    pub(crate) fn of_tag(tag: &str) -> Language {
        match tag.starts_with("zh") {
            true => Language::Chinese,
            false => Language::English,
        }
    }

    /// By what was said.
    pub(crate) fn of(said: &Said<'_>) -> Language {
        match said.is_chinese() {
            true => Language::Chinese,
            false => Language::English,
        }
    }
}

/// Words for people.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Text {
    en: String,
    zh: String,
}

impl Text {
    /// In another language where there is none in this one; empty when there is none at all.
    pub(crate) fn in_language(&self, language: Language) -> &str {
        match (language, self.en.is_empty(), self.zh.is_empty()) {
            (Language::English, false, _) | (Language::Chinese, _, true) => &self.en,
            _ => &self.zh,
        }
    }
}

/// Looked for in every utterance, whatever its language: people mix them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Phrases {
    en: Vec<Phrase>,
    zh: Vec<Phrase>,
}

impl Phrases {
    fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }

    fn find<'a>(&self, said: &Said<'a>) -> Option<&'a str> {
        said.find_any(&self.zh).or_else(|| said.find_any(&self.en))
    }
}

impl Check {
    /// The words by which an utterance does what the check is about.
    pub(crate) fn find<'a>(&self, said: &Said<'a>) -> Option<&'a str> {
        let found = self.phrases.find(said)?;
        self.unless.find(said).is_none().then_some(found)
    }

    pub(crate) fn is_conditional(&self) -> bool {
        !self.when.is_empty()
    }

    /// The words by which an utterance makes the check concern the contact.
    pub(crate) fn trigger<'a>(&self, said: &Said<'a>) -> Option<&'a str> {
        self.when.find(said)
    }

    pub(crate) fn severity(&self) -> Severity {
        match self.severity {
            Grade::Info => Severity::Info,
            Grade::Warning => Severity::Warning,
            Grade::Critical => Severity::Critical,
        }
    }

    pub(crate) fn is_critical(&self) -> bool {
        self.severity == Grade::Critical
    }
}

impl Settings {
    /// # Errors
    /// `checklist.config`, with the path of what is wrong.
    pub(crate) fn load() -> Result<Settings, Fault> {
        let mut settings = parse(&hotline_sdk::host::config::json())?;
        if settings.checks.is_empty() {
            settings.checks = parse(SHIPPED)?.checks;
        }
        Ok(settings)
    }
}

fn parse(text: &str) -> Result<Settings, Fault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let message = format!("config: `{}`: {}", error.path(), error.inner());
        Fault::new("checklist.config", message)
    })
}
