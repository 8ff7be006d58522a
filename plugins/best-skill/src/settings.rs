//! What an operator may change.

use hotline_sdk::Fault;
use serde::Deserialize;

/// `NAME.config.json`. Everything has a default.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Points of priority that a minute of waiting is worth. 0 turns ageing off, and with it the
    /// promise that nobody starves.
    pub points_per_minute: f64,
    /// How much a whole point of occupancy (busy all the time) takes off an agent's average
    /// proficiency, which is from 1 to 10. 0 looks at skills and idle time alone.
    pub occupancy_weight: f64,
    /// Attributes of a contact that are worth points of priority, such as `tier: vip`.
    pub attribute_weights: Vec<AttributeWeight>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeWeight {
    pub attribute: String,
    /// None means: whatever its value.
    #[serde(default)]
    pub value: Option<String>,
    pub points: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            points_per_minute: 1.0,
            occupancy_weight: 0.0,
            attribute_weights: Vec::new(),
        }
    }
}

impl Settings {
    /// From the plugin's configuration.
    ///
    /// # Errors
    /// `best-skill.config` when it is not what this page says.
    pub fn load() -> Result<Settings, Fault> {
        Settings::parse(&hotline_sdk::host::config::json())
    }

    /// # Errors
    /// `best-skill.config`.
    pub fn parse(json: &str) -> Result<Settings, Fault> {
        if json.trim() == "{}" {
            return Ok(Settings::default());
        }
        let settings: Settings = serde_json::from_str(json)
            .map_err(|error| Fault::new("best-skill.config", format!("config: {error}")))?;
        let numbers = [settings.points_per_minute, settings.occupancy_weight];
        if numbers.iter().any(|number| *number < 0.0) {
            return Err(Fault::new(
                "best-skill.config",
                "config: points_per_minute and occupancy_weight must not be negative",
            ));
        }
        Ok(settings)
    }
}
