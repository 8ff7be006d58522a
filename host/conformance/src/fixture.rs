//! Golden fixtures: an input, and what must come of it. One JSON file each, in `fixtures/`.

use crate::call::{Call, Delivery, kind, walk};
use crate::law::{Law, check};
use crate::subject::Subject;
use hotline_vocabulary::question::Question;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Either a call through a flow, or one question to a policy.
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    Call(Box<Call>),
    Ask(Box<Question>),
}

#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct FixtureError {
    pub file: String,
    pub problem: String,
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    pub output: Value,
}

impl Case {
    /// Runs it once.
    ///
    /// # Errors
    /// The plugin failed; why.
    pub fn play(&self, subject: &dyn Subject) -> Result<Played, String> {
        let output = match self {
            Case::Call(call) => {
                let walk = walk(subject, call, Delivery::Once);
                if let Some(problem) = walk.problem {
                    return Err(format!("{}\n{}", problem.0, walk.transcript.join("\n")));
                }
                Value::from(walk.transcript)
            }
            Case::Ask(question) => match subject.ask(question).outcome {
                Ok(answer) => serde_json::to_value(answer).map_err(|error| error.to_string())?,
                Err(fault) => return Err(format!("{}: {}", kind(fault.kind), fault.message)),
            },
        };
        Ok(Played { output })
    }
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
                "{error}; a fixture has `call` or `ask`, and may have `note`, `law` and `expect`"
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
        let mut differences = Vec::new();
        compare("", expected, &played.output, &mut differences);
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

/// Where two values differ, by JSON pointer; empty when they are equal.
pub fn differences(expected: &Value, got: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", expected, got, &mut found);
    found
}

/// Differences shown; the rest would only scroll them away.
const DIFFERENCES: usize = 8;

/// Writes down where two values differ, by JSON pointer.
pub(crate) fn compare(path: &str, expected: &Value, got: &Value, differences: &mut Vec<String>) {
    if expected == got || differences.len() >= DIFFERENCES {
        return;
    }
    match (expected, got) {
        (Value::Array(one), Value::Array(other)) => {
            for place in 0..one.len().max(other.len()) {
                let (left, right) = (one.get(place), other.get(place));
                let path = format!("{path}/{place}");
                compare(
                    &path,
                    left.unwrap_or(&NONE),
                    right.unwrap_or(&NONE),
                    differences,
                );
            }
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let (left, right) = (one.get(key), other.get(key));
                let path = format!("{path}/{key}");
                compare(
                    &path,
                    left.unwrap_or(&NONE),
                    right.unwrap_or(&NONE),
                    differences,
                );
            }
        }
        _ => differences.push(format!("at {path}: expected {expected}, got {got}")),
    }
}

static NONE: Value = Value::Null;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_with_its_place() {
        let expected = serde_json::json!({"a": [1, 2], "b": "x"});
        let got = serde_json::json!({"a": [1, 3, 4], "b": "x"});
        let mut differences = Vec::new();
        compare("", &expected, &got, &mut differences);
        assert_eq!(
            differences,
            [
                "at /a/1: expected 2, got 3",
                "at /a/2: expected null, got 4"
            ]
        );
    }

    #[test]
    fn a_fixture_with_an_unknown_word_is_refused_with_its_line() {
        let error = Fixture::read("x.json", "{\n  \"call\": {\"moves\": [\"dance\"]}\n}")
            .expect_err("no such move");
        assert!(error.to_string().starts_with("x.json: `dance`"), "{error}");
        assert!(Fixture::read("x.json", "{}").is_err());
    }
}
