//! The kinds of plugin, a file each: how its words are translated to and from `wit/`, and what of a
//! guest's answer is believed. Each file has the same name as its package in `wit/deps`.

pub(crate) mod connector;
pub(crate) mod flow_language;
pub(crate) mod ivr;
pub(crate) mod qa;
pub(crate) mod routing;

use crate::bindings::hotline::common::types as wit;
use crate::bindings::owned::hotline::common::types as wit_owned;
use crate::call::fault;
use crate::limits::Limits;
use crate::wording::Wording;
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::plugin::{FaultKind, PluginFault};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a plugin decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum PluginKind {
    /// How callers are treated: `NAME.flow.yaml`, `NAME.flow.wasm`, or `NAME.flow.LANGUAGE` in a
    /// language of the tenant's own.
    Flow,
    /// Who gets whom: `NAME.policy.wasm`.
    Policy,
    /// What is to be said of what was said: `NAME.qa.wasm`.
    Qa,
    /// A customer's records in another system: `NAME.connector.wasm`.
    Connector,
    /// In what flows are written: `NAME.language.wasm` compiles and runs the scripts
    /// `SCRIPT.flow.NAME`.
    Language,
}

impl PluginKind {
    pub const ALL: [PluginKind; 5] = [
        PluginKind::Flow,
        PluginKind::Policy,
        PluginKind::Qa,
        PluginKind::Connector,
        PluginKind::Language,
    ];

    /// As in the names of files and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            PluginKind::Flow => "flow",
            PluginKind::Policy => "policy",
            PluginKind::Qa => "qa",
            PluginKind::Connector => "connector",
            PluginKind::Language => "language",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<PluginKind> {
        PluginKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for PluginKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Attributes in the shape that [`interaction`] borrows.
fn attributes(interaction: &Interaction) -> Vec<(&str, &str)> {
    interaction
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

fn interaction<'a>(
    interaction: &'a Interaction,
    attributes: &'a [(&'a str, &'a str)],
    wording: Wording,
) -> wit::Interaction<'a> {
    wit::Interaction {
        id: &interaction.id,
        channel: &interaction.channel,
        direction: &interaction.direction,
        caller: interaction.caller.reveal(),
        dialled: &interaction.dialled,
        language: interaction.language.as_deref(),
        started_at: crate::host::millis(interaction.started_at),
        priority: interaction.priority,
        attributes,
        ext: wording.ext(),
    }
}

/// As [`interaction`], for worlds whose words are owned.
fn interaction_owned(interaction: &Interaction, wording: Wording) -> wit_owned::Interaction {
    wit_owned::Interaction {
        id: interaction.id.clone(),
        channel: interaction.channel.clone(),
        direction: interaction.direction.clone(),
        caller: interaction.caller.reveal().to_owned(),
        dialled: interaction.dialled.clone(),
        language: interaction.language.clone(),
        started_at: crate::host::millis(interaction.started_at),
        priority: interaction.priority,
        attributes: interaction.attributes.clone(),
        ext: wording.ext_owned(),
    }
}

/// A fault that the guest returned.
fn declared(said: wit::Fault) -> PluginFault {
    said_by_guest(said.code, said.message)
}

/// As [`declared`], for worlds whose words are owned.
fn declared_owned(said: wit_owned::Fault) -> PluginFault {
    said_by_guest(said.code, said.message)
}

fn said_by_guest(mut code: String, mut message: String) -> PluginFault {
    crate::text::cut(&mut code, 64);
    crate::text::cut(&mut message, 500);
    fault(FaultKind::Declared, format!("{code}: {message}"))
}

fn nonsense(message: impl Into<String>) -> PluginFault {
    fault(FaultKind::Nonsense, message)
}

fn too_much(message: impl Into<String>) -> PluginFault {
    fault(FaultKind::TooMuch, message)
}

/// A list of at most `most` entries; `what` is its plural, e.g. `actions`.
/// What a guest wants kept `between` its calls.
fn state_at_most(bytes: usize, limits: &Limits, between: &str) -> Result<(), PluginFault> {
    let most = limits.state_bytes;
    if bytes > most {
        return Err(too_much(format!(
            "returned a state of {bytes} bytes; at most {most} are kept between {between}"
        )));
    }
    Ok(())
}

fn at_most(what: &str, count: usize, most: usize) -> Result<(), PluginFault> {
    if count > most {
        return Err(too_much(format!(
            "returned {count} {what}; at most {most} are allowed"
        )));
    }
    Ok(())
}

/// A text that must say something and may not be longer than `bytes`.
fn text(what: &str, text: String, bytes: usize) -> Result<String, PluginFault> {
    if text.is_empty() {
        return Err(nonsense(format!("returned an empty {what}")));
    }
    short(what, text, bytes)
}

/// A text, perhaps empty, of at most `bytes`.
fn short(what: &str, text: String, bytes: usize) -> Result<String, PluginFault> {
    if text.len() > bytes {
        return Err(too_much(format!(
            "returned a {what} of {} bytes; at most {bytes} are allowed",
            text.len()
        )));
    }
    Ok(text)
}

fn finite(what: &str, number: f64) -> Result<f64, PluginFault> {
    if number.is_finite() {
        Ok(number)
    } else {
        Err(nonsense(format!("returned {number} as its {what}")))
    }
}

fn texts(
    what: &str,
    list: Vec<String>,
    most: usize,
    bytes: usize,
) -> Result<Vec<String>, PluginFault> {
    at_most(&format!("{what}s"), list.len(), most)?;
    list.into_iter()
        .map(|entry| short(what, entry, bytes))
        .collect()
}
