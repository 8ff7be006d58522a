//! Golden fixtures: an input, and what must come of it. One JSON file each, in `fixtures/`.

use crate::case::Case;
use crate::check::check;
use crate::compare::differences;
use crate::law::Law;
use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fixture {
    /// What it shows, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The law that this input broke, once; it must hold now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<Law>,
    #[serde(flatten)]
    pub case: Case,
    /// The transcript of a call, or the answer to a question; `--bless` writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Value>,
}

#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct FixtureError {
    pub file: String,
    pub problem: String,
}

impl Fixture {
    pub fn of(case: Case) -> Fixture {
        Fixture {
            note: String::new(),
            law: None,
            case,
            expect: None,
        }
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// With the line and the column of what is wrong.
    pub fn read(file: &str, text: &str) -> Result<Fixture, FixtureError> {
        serde_json::from_str(text).map_err(|error| FixtureError {
            file: file.to_owned(),
            problem: format!(
                "{}; a fixture has `call`, `ask`, `conversation` or `errand`, and may have `note`, `law` and `expect`",
                no_input(text).unwrap_or_else(|| error.to_string())
            ),
        })
    }

    /// As a file's text.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Plays it and compares.
    ///
    /// # Errors
    /// What is not as expected: the places that differ.
    pub fn play(&self, subject: &dyn Subject) -> Result<(), String> {
        if let Some(law) = self.law {
            check(subject, law, &self.case)?;
        }
        let Some(expected) = &self.expect else {
            return match self.law {
                Some(_) => Ok(()),
                None => Err("expects nothing yet: run with --bless, and read what it wrote".into()),
            };
        };
        let played = self.case.play(subject)?;
        let differences = differences(expected, &played.output);
        match differences.is_empty() {
            true => Ok(()),
            false => Err(differences.join("\n")),
        }
    }

    /// Makes what the plugin gives now the expectation.
    ///
    /// # Errors
    /// The plugin failed; why.
    pub fn bless(&mut self, subject: &dyn Subject) -> Result<(), String> {
        if self.law.is_none() {
            self.expect = Some(self.case.play(subject)?.output);
        }
        Ok(())
    }
}

/// What a file is told that is JSON, but says nothing to try; its fields may be misspelt.
fn no_input(text: &str) -> Option<String> {
    let fields: serde_json::Map<String, Value> = serde_json::from_str(text).ok()?;
    let inputs = ["call", "ask", "conversation", "errand"];
    if inputs.iter().any(|input| fields.contains_key(*input)) {
        return None;
    }
    let found: Vec<String> = fields.keys().map(|name| format!("`{name}`")).collect();
    Some(match found.is_empty() {
        true => "it is empty".to_owned(),
        false => format!("it says no input, only {}", found.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixture_with_an_unknown_word_is_refused_with_its_line() {
        let error = Fixture::read("x.json", "{\n  \"call\": {\"moves\": [\"dance\"]}\n}")
            .expect_err("no such move");
        assert!(error.to_string().starts_with("x.json: `dance`"), "{error}");
        for (text, expected) in [
            ("{}", "x.json: it is empty; a fixture has `call`,"),
            (
                r#"{"note": "", "cal": {"moves": []}}"#,
                "x.json: it says no input, only `cal`, `note`;",
            ),
            (
                "{\n  \"call\": {",
                "x.json: EOF while parsing an object at line 2",
            ),
        ] {
            let error = Fixture::read("x.json", text).expect_err("it says nothing to try");
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }
}
