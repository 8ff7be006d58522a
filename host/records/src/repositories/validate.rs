//! What a stored value may be. Each refusal names its field and says what is allowed.

use crate::error::{Error, Result};
use hotline_vocabulary::configuration::Skill;
use hotline_vocabulary::time::Millis;
use std::collections::BTreeSet;

/// Something that people read: 1 to 200 characters, no control characters.
pub(super) fn title(field: &'static str, text: &str) -> Result<()> {
    let length = text.chars().count();
    if text.trim().is_empty() || length > 200 || text.chars().any(char::is_control) {
        return Err(Error::invalid(
            field,
            "must have 1 to 200 characters and no control characters",
        ));
    }
    Ok(())
}

/// A name in addresses, folders and flows: 1 to 64 of letters, digits, `.`, `_`, `-`.
pub(super) fn name(field: &'static str, text: &str) -> Result<()> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !(1..=64).contains(&text.len()) || !text.bytes().all(allowed) || text.starts_with('.') {
        return Err(Error::invalid(
            field,
            "must have 1 to 64 letters, digits, `.`, `_` or `-`, and not begin with `.`",
        ));
    }
    Ok(())
}

/// The user part of a SIP address as dialled: 1 to 64 of letters, digits, `+*#._-`.
pub(super) fn dialled(field: &'static str, text: &str) -> Result<()> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+*#._-".contains(&byte);
    if !(1..=64).contains(&text.len()) || !text.bytes().all(allowed) {
        return Err(Error::invalid(
            field,
            "must have 1 to 64 letters, digits, or `+*#._-`",
        ));
    }
    Ok(())
}

/// A BCP 47 tag, by its shape.
pub(super) fn language(field: &'static str, text: &str) -> Result<()> {
    let subtag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if text.len() > 35 || !text.split('-').all(subtag) {
        return Err(Error::invalid(
            field,
            "must be a language tag such as `en` or `zh-CN`",
        ));
    }
    Ok(())
}

pub(super) fn password(field: &'static str, text: &str) -> Result<()> {
    if !(8..=256).contains(&text.len()) {
        return Err(Error::invalid(field, "must have 8 to 256 bytes"));
    }
    Ok(())
}

/// An HA1 of RFC 7616 with MD5: 32 hexadecimal digits.
pub(super) fn ha1(field: &'static str, text: &str) -> Result<()> {
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::invalid(field, "must be 32 hexadecimal digits"));
    }
    Ok(())
}

pub(super) fn between(
    field: &'static str,
    value: Millis,
    least: Millis,
    most: Millis,
) -> Result<()> {
    if value < least || value > most {
        return Err(Error::invalid(
            field,
            format!("must be between {} and {} milliseconds", least.0, most.0),
        ));
    }
    Ok(())
}

pub(super) fn skills(field: &'static str, skills: &[Skill]) -> Result<()> {
    levels(field, skills.iter().map(|skill| (&skill.name, skill.level)))
}

fn levels<'a>(field: &'static str, levels: impl Iterator<Item = (&'a String, u8)>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (name, level) in levels {
        title(field, name)?;
        if !(1..=10).contains(&level) {
            return Err(Error::invalid(
                field,
                format!("`{name}` must have a level from 1 to 10"),
            ));
        }
        if !seen.insert(name) {
            return Err(Error::invalid(field, format!("`{name}` occurs twice")));
        }
    }
    match seen.len() {
        0..=64 => Ok(()),
        _ => Err(Error::invalid(field, "at most 64 skills")),
    }
}

/// Choices that agents are shown: at most 64, each once.
pub(super) fn choices(field: &'static str, choices: &[String]) -> Result<()> {
    for choice in choices {
        title(field, choice)?;
    }
    let distinct: BTreeSet<&String> = choices.iter().collect();
    if distinct.len() != choices.len() || choices.len() > 64 {
        return Err(Error::invalid(field, "at most 64 choices, each once"));
    }
    Ok(())
}
