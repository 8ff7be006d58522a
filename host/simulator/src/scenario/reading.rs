//! Reads the text of a scenario, and the trace that it names.

use super::Scenario;
use super::mistake::line_of;
use crate::mistake::Mistake;
use crate::repertoire::Recorded;
use std::fmt::Write as _;
use std::path::Path;

pub(super) fn deserialize(file: &str, text: &str) -> Result<Scenario, Mistake> {
    let mistake = |field: String, error: &toml::de::Error| Mistake {
        file: file.to_owned(),
        line: error.span().map(|span| line_of(text, span.start)),
        field,
        problem: error.message().trim_end().to_owned(),
    };
    let deserializer =
        toml::Deserializer::parse(text).map_err(|error| mistake(String::new(), &error))?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let mut field = String::new();
        if error.path().iter().next().is_some() {
            // Writing into a string can not fail.
            let _ = write!(field, "{}", error.path());
        }
        mistake(field, error.inner())
    })
}

/// Reads the trace that a scenario names.
pub(super) fn trace(path: &Path) -> Result<Vec<Recorded>, Mistake> {
    let name = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|error| Mistake {
        file: name.clone(),
        line: None,
        field: String::new(),
        problem: format!("can not be read: {error}"),
    })?;
    crate::trace::read(&name, file)
}
