//! What a scenario file (TOML) may say. Times of the day are local; lengths of time carry their
//! unit in their name. Unknown fields are refused.

mod export;
mod mistake;
mod planning;
mod queues;
mod reading;
mod values;
mod workforce;

pub use crate::mistake::Mistake;

use crate::distribution::Distribution;
use crate::plan::{Denominator, Plan};
use hotline_vocabulary::Channel;
use hotline_vocabulary::configuration::{
    Calendar, CallbackRule, Capacity, LastAgentRule, Ring, SkillExpression, TimeOfDay,
    Unavailability,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A whole scenario file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub title: String,
    pub run: Run,
    #[serde(rename = "queue")]
    pub queues: Vec<Queue>,
    pub agents: Vec<Agents>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contacts>,
    /// Instead of `contacts`: a trace (CSV), beside the scenario unless absolute.
    pub recorded: Option<PathBuf>,
    /// Compared with the first of them; none means the built-in order alone.
    #[serde(rename = "policy", default)]
    pub policies: Vec<Policy>,
    #[serde(rename = "calendar", default)]
    pub calendars: Vec<Calendar>,
    #[serde(default)]
    pub limits: Limits,
}

/// How long and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Run {
    pub seed: u64,
    pub replications: u32,
    /// Arrivals end after so many contacts; or say `hours`.
    pub contacts: Option<usize>,
    /// Arrivals end so long after the midnight at which the simulation begins.
    pub hours: Option<f64>,
    /// Contacts at the beginning of each replication that are not counted.
    pub warm_up_contacts: usize,
    /// The first day; calendars and days of the week go by it.
    pub date: jiff::civil::Date,
    /// An IANA name.
    pub time_zone: String,
    /// Who abandons sooner does not lower the service level.
    pub short_abandon_s: f64,
    pub service_level_of: Denominator,
}

impl Default for Run {
    fn default() -> Self {
        Run {
            seed: 1,
            replications: 12,
            contacts: None,
            hours: None,
            warm_up_contacts: 0,
            // A Monday.
            date: jiff::civil::date(2026, 3, 2),
            time_zone: "UTC".to_owned(),
            short_abandon_s: 0.0,
            service_level_of: Denominator::default(),
        }
    }
}

/// A queue, as configured in production; other queues are named, not identified.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub name: String,
    #[serde(default)]
    pub skills: SkillExpression,
    #[serde(default = "ring_timeout_s")]
    pub ring_timeout_s: f64,
    /// The longest after-call work; without it the agent's own, as drawn.
    pub wrap_up_s: Option<f64>,
    /// The service level's threshold T.
    #[serde(default = "service_level_s")]
    pub service_level_s: f64,
    #[serde(default = "max_waiting")]
    pub max_waiting: u32,
    #[serde(default)]
    pub rules: Rules,
}

fn ring_timeout_s() -> f64 {
    20.0
}

fn service_level_s() -> f64 {
    20.0
}

fn max_waiting() -> u32 {
    100_000
}

/// The rules of a queue, as in production.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    pub rings: Vec<Ring>,
    /// The name of a `[[calendar]]`.
    pub hours: Option<String>,
    pub refuse_when: Vec<Unavailability>,
    pub leave_when: Vec<Unavailability>,
    pub max_wait_s: Option<f64>,
    pub on_full: Otherwise,
    pub on_closed: Otherwise,
    pub on_empty: Otherwise,
    pub on_max_wait: Otherwise,
    pub callback: Option<CallbackRule>,
    pub redial_within_s: f64,
    pub last_agent: Option<LastAgentRule>,
}

/// What becomes of a contact that a queue will not have. A simulated flow that is told hangs up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    #[default]
    TellFlow,
    Queue(String),
    Callback,
    Voicemail,
    HangUp,
}

/// Agents who are alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agents {
    #[serde(default = "agent")]
    pub name: String,
    pub count: u32,
    /// Levels from 1 to 10 by skill.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    pub queues: Vec<Membership>,
    /// Day after day; without one, always.
    pub shift: Option<Hours>,
    /// Within the shift, each agent's a little later than the one's before.
    #[serde(default)]
    pub breaks: Vec<Break>,
    /// Instead of a shift: from and to, in seconds after the midnight of the first day.
    #[serde(default)]
    pub present_s: Vec<(f64, f64)>,
    /// Breaks, said in the same way.
    #[serde(default)]
    pub absent_s: Vec<(f64, f64)>,
    /// From the offer to the answer; at once when not said.
    pub answers_after: Option<Distribution>,
    /// One voice contact when empty.
    #[serde(default)]
    pub capacity: Vec<Capacity>,
}

fn agent() -> String {
    "agent".to_owned()
}

/// A queue by its name, or with the agents' place in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Membership {
    Named(String),
    Placed(Placed),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    pub queue: String,
    #[serde(default = "first_level")]
    pub level: u8,
    #[serde(default)]
    pub after_s: f64,
}

fn first_level() -> u8 {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    pub at: TimeOfDay,
    pub minutes: f64,
    /// How much later each further agent of the group goes.
    #[serde(default)]
    pub stagger_minutes: f64,
}

/// Contacts that are alike, and how they arrive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contacts {
    pub queue: String,
    #[serde(default = "phone")]
    pub channel: Channel,
    pub arrivals: Arrivals,
    /// From the answer to the end of the talk.
    pub handle: Distribution,
    /// How long customers wait; for ever when not said.
    pub patience: Option<Distribution>,
    /// After-call work; none when not said.
    pub wrap_up: Option<Distribution>,
    #[serde(default)]
    pub priority: i32,
    /// Besides what the queue requires.
    #[serde(default)]
    pub skills: SkillExpression,
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Shares by language; who speaks it has the skill of that name. They add up to 1.
    #[serde(default)]
    pub languages: BTreeMap<String, f64>,
    pub vip: Option<Vip>,
    pub redial: Option<Redial>,
    pub transfer: Option<Transfer>,
    /// The chance that a customer takes the call when called back; always when not said.
    #[serde(default = "always")]
    pub answers_callback: f64,
}

fn always() -> f64 {
    1.0
}

fn phone() -> Channel {
    Channel::Phone
}

/// Who comes before others: a share of the contacts, each with the attribute `tier: vip`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vip {
    pub share: f64,
    pub priority: i32,
}

/// Customers who gave up and try again, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redial {
    pub share: f64,
    pub after: Distribution,
}

/// What an agent does who lacks the skills that a contact needs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// The share of such contacts that is passed on to an agent who has them.
    pub share: f64,
    /// After this share of the handle time.
    pub after_share: f64,
}

/// When contacts arrive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Arrivals {
    /// A Poisson process.
    Poisson { per_hour: f64 },
    /// A Poisson process whose rate follows the day: the weights of the equal intervals that a day is
    /// divided into, from midnight on.
    Curve { per_day: f64, weights: Vec<f64> },
    /// At these seconds after midnight of the first day.
    Scheduled { at_s: Vec<f64> },
}

/// A plugin's settings.
pub type Settings = serde_json::Map<String, serde_json::Value>;

/// One of the policies that are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: String,
    #[serde(rename = "use")]
    pub which: Which,
    /// The plugin's settings, as in `NAME.config.json`.
    #[serde(default)]
    pub config: Settings,
}

/// Where a policy comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// The switchboard's own order, without a plugin.
    BuiltIn,
    /// Oldest first, to any agent of the queue, whatever they know.
    FirstInFirstOut,
    /// The skills policy that comes with Hotline.
    Shipped,
    /// A compiled policy: a `.wasm` file, beside the scenario unless absolute.
    Plugin(PathBuf),
}

/// The tenant's limits; what is not said is as in production.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub concurrent_contacts: Option<u32>,
    pub contact_length_s: Option<f64>,
    pub batch_contacts: Option<u32>,
    pub batch_agents: Option<u32>,
    pub missed_offers: Option<u32>,
    pub hold_s: Option<f64>,
    pub aged_after_s: Option<f64>,
}

/// A scenario that was read: what to play, and the policies to play it with.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub plan: Plan,
    pub policies: Vec<Policy>,
}

/// Reads a scenario file and what it refers to.
///
/// # Errors
/// The first [`Mistake`] in it, with its line.
pub fn load(path: &Path) -> Result<Loaded, Mistake> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| Mistake {
        file: file.clone(),
        line: None,
        field: String::new(),
        problem: format!("can not be read: {error}"),
    })?;
    parse_beside(&file, &text, path.parent().unwrap_or(Path::new(".")))
}

/// Reads a scenario that refers to no other file; `file` is what mistakes are blamed on.
///
/// # Errors
/// The first [`Mistake`] in it, with its line.
pub fn parse(file: &str, text: &str) -> Result<Loaded, Mistake> {
    parse_beside(file, text, Path::new("."))
}

fn parse_beside(file: &str, text: &str, folder: &Path) -> Result<Loaded, Mistake> {
    let scenario = reading::deserialize(file, text)?;
    let recorded = match &scenario.recorded {
        Some(trace) => Some(reading::trace(&folder.join(trace))?),
        None => None,
    };
    planning::plan(&scenario, recorded.as_deref())
        .map(|plan| Loaded {
            plan,
            policies: scenario.policies,
        })
        .map_err(|wrong| wrong.locate(file, text))
}
