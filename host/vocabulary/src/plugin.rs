//! Which code ran, what it cost, and how it failed.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A BLAKE3 digest of content; as text 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The first eight hexadecimal digits: what people are shown.
    pub fn short(&self) -> String {
        let [a, b, c, d, ..] = self.0;
        hex::encode([a, b, c, d])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 hexadecimal digits")]
pub struct DigestError;

impl FromStr for Digest {
    type Err = DigestError;
    fn from_str(text: &str) -> Result<Self, DigestError> {
        let mut bytes = [0u8; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| DigestError)?;
        Ok(Digest(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Digests stand in most facts: a formatter for each byte was a hundredth of a call's cost.
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The exact code behind an answer: a component, and the artifact it interprets if it is a script.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PluginVersion {
    /// The plugin's name in the tenant's flows folder (`main`), or `built-in`.
    pub name: String,
    pub component: Digest,
    /// The compiled script, when the component is an interpreter.
    pub artifact: Option<Digest>,
}

impl PluginVersion {
    /// What people are shown: the name and the digest that changes when its author saves.
    pub fn label(&self) -> String {
        format!(
            "{}@{}",
            self.name,
            self.artifact.as_ref().unwrap_or(&self.component).short()
        )
    }
}

/// What one call of a plugin cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Usage {
    /// Deterministic instruction count (Wasmtime fuel).
    pub fuel: u64,
    /// Time on the worker thread, in microseconds.
    pub took_us: u64,
    /// Largest linear memory, in bytes.
    pub memory_bytes: u64,
}

/// How an adviser failed. The switchboard falls back on each alike; authors are shown which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// No such plugin is live.
    NotLoaded,
    /// Used up its fuel: the deterministic verdict on a loop.
    OutOfFuel,
    /// Ran past the wall-clock backstop.
    TimedOut,
    /// Asked for more memory than its limit.
    OutOfMemory,
    /// Recursed past the end of its stack.
    StackOverflow,
    /// Trapped: unreachable, out-of-bounds access, panic.
    Trapped,
    /// Returned more than the contract allows (state, actions, text).
    TooMuch,
    /// Returned something that the contract forbids or that means nothing.
    Nonsense,
    /// Returned its own `fault`.
    Declared,
    /// The tenant's share of plugin workers was full.
    Overloaded,
    /// Failed too often in a row, and is not asked for a while.
    Suspended,
}

impl FaultKind {
    /// As the API and the metrics write it.
    pub fn as_str(self) -> &'static str {
        match self {
            FaultKind::NotLoaded => "not_loaded",
            FaultKind::OutOfFuel => "out_of_fuel",
            FaultKind::TimedOut => "timed_out",
            FaultKind::OutOfMemory => "out_of_memory",
            FaultKind::StackOverflow => "stack_overflow",
            FaultKind::Trapped => "trapped",
            FaultKind::TooMuch => "too_much",
            FaultKind::Nonsense => "nonsense",
            FaultKind::Declared => "declared",
            FaultKind::Overloaded => "overloaded",
            FaultKind::Suspended => "suspended",
        }
    }
}

/// A failed call of a plugin: what, and a sentence for its author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PluginFault {
    pub kind: FaultKind,
    pub message: String,
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Digest {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Digest {}
