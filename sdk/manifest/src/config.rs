//! Whether a configuration fits its plugin's schema.

use crate::schema::{check_schema, escaped};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Mistakes that are told of one configuration.
const PROBLEMS: usize = 50;
/// Compiled, each pattern.
const PATTERN_MEMORY_BYTES: usize = 256 * 1024;

/// One value of a configuration that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConfigProblem {
    /// JSON pointer (RFC 6901) of the value, or of the one that is missing; empty for the whole.
    pub pointer: String,
    /// The schema's keyword that it breaks: `required`, `type`, ...
    pub keyword: String,
    pub message: String,
}

/// Checks a configuration against a manifest's `config_schema`.
///
/// # Errors
/// At most 50 mistakes, each with its place. A schema that [`check_schema`] refuses fits nothing.
pub fn check_config(schema: &Value, config: &Value) -> Result<(), Vec<ConfigProblem>> {
    let of_schema = |message: String| {
        vec![ConfigProblem {
            pointer: String::new(),
            keyword: "config_schema".to_owned(),
            message,
        }]
    };
    check_schema(schema).map_err(|problems| {
        of_schema(
            problems
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
        )
    })?;
    let validator = compile(schema).map_err(|error| of_schema(error.to_string()))?;
    let problems: Vec<ConfigProblem> = validator
        .iter_errors(config)
        .take(PROBLEMS)
        .map(|error| problem(&error))
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn problem(error: &ValidationError<'_>) -> ConfigProblem {
    let mut pointer = error.instance_path().as_str().to_owned();
    // Told at what is missing, so that a form shows it there.
    if let ValidationErrorKind::Required { property } = error.kind()
        && let Some(name) = property.as_str()
    {
        pointer.push('/');
        pointer.push_str(&escaped(name));
    }
    let broken = error.schema_path().as_str();
    let keyword = broken.rsplit('/').next().unwrap_or_default();
    let mut message = error.to_string();
    message.truncate(message.floor_char_boundary(500));
    ConfigProblem {
        pointer,
        keyword: keyword.to_owned(),
        message,
    }
}

/// Patterns run in linear time, and nothing is fetched.
pub(crate) fn compile(schema: &Value) -> Result<Validator, ValidationError<'static>> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .should_validate_formats(true)
        .with_pattern_options(
            PatternOptions::regex()
                .size_limit(PATTERN_MEMORY_BYTES)
                .dfa_size_limit(PATTERN_MEMORY_BYTES),
        )
        .build(schema)
}
