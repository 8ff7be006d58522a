//! A configuration's schema as its author wrote it: forms show its fields in the author's order,
//! which a [`Value`] does not keep.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// JSON Schema (2020-12) of a configuration. Written as it was read; two are equal when they say the
/// same, in whatever order.
#[derive(Debug, Clone)]
pub struct ConfigSchema {
    written: Box<RawValue>,
    value: Value,
}

impl ConfigSchema {
    /// What it says.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl PartialEq for ConfigSchema {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Serialize for ConfigSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ConfigSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Box::<RawValue>::deserialize(deserializer)?;
        let value = serde_json::from_str(written.get()).map_err(serde::de::Error::custom)?;
        Ok(ConfigSchema { written, value })
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for ConfigSchema {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::Object::new().into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for ConfigSchema {}
