//! From text, or a component, to a manifest.

use crate::{Declared, MANIFEST_BYTES, Manifest, Problem, SECTION};
use serde::de::DeserializeOwned;
use wasmparser::{Parser, Payload};

impl Manifest {
    /// A whole manifest, as it stands in a component.
    ///
    /// # Errors
    /// Everything that is wrong with it, by path.
    pub fn parse(text: &str) -> Result<Manifest, Vec<Problem>> {
        let manifest: Manifest = json(text)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The manifest of a component; none when it has none. Nothing is run or compiled, and what
    /// stands inside its core modules does not count.
    ///
    /// # Errors
    /// Everything that is wrong with it, by path.
    pub fn of_component(component: &[u8]) -> Result<Option<Manifest>, Vec<Problem>> {
        let Some(section) = section(component)? else {
            return Ok(None);
        };
        let text = std::str::from_utf8(section)
            .map_err(|_| vec![Problem::at("", "is not text in UTF-8")])?;
        Manifest::parse(text).map(Some)
    }

    /// The text for a component's section.
    pub fn to_json(&self) -> String {
        // Strings, lists and maps with text keys: such a value always has a JSON text.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Declared {
    /// An author's `hotline.plugin.json`.
    ///
    /// # Errors
    /// What is wrong, by path, line and column. [`Declared::complete`] finds the rest.
    pub fn parse(text: &str) -> Result<Declared, Vec<Problem>> {
        json(text)
    }
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, Vec<Problem>> {
    if text.len() > MANIFEST_BYTES {
        return Err(vec![Problem::at(
            "",
            format!("is longer than {} KiB", MANIFEST_BYTES / 1024),
        )]);
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        (error.into_inner(), path)
    });
    let ended = read.and_then(|value| match reader.end() {
        Ok(()) => Ok(value),
        Err(error) => Err((error, String::new())),
    });
    ended.map_err(|(error, path)| {
        let message = error.to_string();
        // serde_json adds the place, which is told apart here.
        let place = format!(" at line {} column {}", error.line(), error.column());
        vec![Problem {
            // `?` is where the text itself broke off, `.` the whole.
            path: path.trim_end_matches(['?', '.']).to_owned(),
            line: u32::try_from(error.line()).ok().filter(|line| *line > 0),
            column: u32::try_from(error.column().max(1)).ok(),
            message: message.trim_end_matches(&place).to_owned(),
        }]
    })
}

fn section(component: &[u8]) -> Result<Option<&[u8]>, Vec<Problem>> {
    let mut depth = 0u32;
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(|error| vec![Problem::at("", error.message())])? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(custom) if depth == 0 && custom.name() == SECTION => {
                found.push(custom.data());
            }
            _ => {}
        }
    }
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => {
            let message = format!("stands twice: two sections are called `{SECTION}`");
            Err(vec![Problem::at("", message)])
        }
    }
}
