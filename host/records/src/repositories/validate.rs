//! What a stored value may be. Each refusal names its field and says what is allowed.

use crate::error::{Error, Result};
use hotline_vocabulary::configuration::Skill;
use hotline_vocabulary::skills::HIGHEST_LEVEL;
use hotline_vocabulary::time::Millis;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Something that people read: 1 to 200 characters, no control characters.
pub(super) fn title(field: impl Into<Cow<'static, str>>, text: &str) -> Result<()> {
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
    field: impl Into<Cow<'static, str>>,
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

pub(super) fn at_most<T>(field: &'static str, items: &[T], most: usize) -> Result<()> {
    match items.len() <= most {
        true => Ok(()),
        false => Err(Error::invalid(field, format!("at most {most}"))),
    }
}

pub(super) fn skills(skills: &[Skill]) -> Result<()> {
    at_most("skills", skills, 64)?;
    let mut seen = BTreeSet::new();
    for (place, skill) in skills.iter().enumerate() {
        let name = || format!("skills[{place}].name");
        title(name(), &skill.name)?;
        if skill.name.contains('"') {
            // An expression could not name it.
            return Err(Error::invalid(name(), "must have no `\"`"));
        }
        if !(1..=HIGHEST_LEVEL).contains(&skill.level) {
            let message = format!("must be from 1 to {HIGHEST_LEVEL}");
            return Err(Error::invalid(format!("skills[{place}].level"), message));
        }
        if !seen.insert(&skill.name) {
            let message = format!("`{}` occurs twice", skill.name);
            return Err(Error::invalid(name(), message));
        }
    }
    Ok(())
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
