//! What an operator may change.

use crate::filters::Filter;
use hotline_sdk::Fault;
use serde::Deserialize;

/// `NAME.config.json`. Everything has a default.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Points of priority that a minute of waiting is worth. 0 turns ageing off, and with it the
    /// promise that nobody starves.
    pub points_per_minute: f64,
    /// Attributes of a contact that are worth points of priority, such as `tier: vip`.
    pub attribute_weights: Vec<AttributeWeight>,
    /// Attributes whose value is a number of points; one that is no number is worth none.
    pub score_attributes: Vec<String>,
    pub agent_order: AgentOrder,
    /// How much a whole point of occupancy (busy all the time) takes off an agent's score, which is
    /// from 0 to 10 by the average. 0 looks at skills and idle time alone.
    pub occupancy_weight: f64,
    /// Which agents count for which contacts; the first that matches wins.
    pub filters: Vec<Filter>,
}

/// Who comes first of one ring; ties go to the longest idle.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentOrder {
    /// The highest average level over what the contact needs.
    #[default]
    BestAverage,
    /// The highest level of the first of these skills, then of the second, and so on.
    InTurn(Vec<String>),
    LongestIdle,
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
            attribute_weights: Vec::new(),
            score_attributes: Vec::new(),
            agent_order: AgentOrder::default(),
            occupancy_weight: 0.0,
            filters: Vec::new(),
        }
    }
}

/// More would not be told apart in a score.
const SKILLS_IN_TURN: usize = 6;

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
        let settings: Settings =
            serde_json::from_str(json).map_err(|error| refused(error.to_string()))?;
        let numbers = [settings.points_per_minute, settings.occupancy_weight];
        if numbers.iter().any(|number| *number < 0.0) {
            return Err(refused(
                "points_per_minute and occupancy_weight must not be negative",
            ));
        }
        if let AgentOrder::InTurn(skills) = &settings.agent_order
            && (skills.is_empty() || skills.len() > SKILLS_IN_TURN)
        {
            return Err(refused(format!(
                "agent_order.in_turn names {} skills; 1 to {SKILLS_IN_TURN} are possible",
                skills.len()
            )));
        }
        for (place, filter) in settings.filters.iter().enumerate() {
            let at = format!("filters[{place}]");
            if filter.targets.is_empty() {
                return Err(refused(format!("{at}.targets is empty")));
            }
            let skills = filter.targets.iter().flat_map(|target| &target.skills);
            if let Some((skill, level)) = skills.into_iter().find(|(_, l)| !(1..=10).contains(*l)) {
                return Err(refused(format!(
                    "{at}: `{skill}` at level {level}; levels are 1 to 10"
                )));
            }
        }
        Ok(settings)
    }
}

fn refused(why: impl std::fmt::Display) -> Fault {
    Fault::new("best-skill.config", format!("config: {why}"))
}
