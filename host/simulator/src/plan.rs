//! What is to be played, whole: the house as configured, its agents' days, and where contacts come
//! from. A scenario and a recording both become one.

use crate::distribution::Sampler;
use crate::source::Source;
use hotline_vocabulary::configuration::Configuration;
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::{Millis, Timestamp};

/// The only number and flow of a simulated house.
pub(crate) const NUMBER: &str = "100";
pub(crate) const FLOW: &str = "simulated";

/// Times of one agent are in order and do not overlap.
#[derive(Debug, Clone)]
pub(crate) struct AgentPlan {
    pub(crate) id: AgentId,
    pub(crate) shifts: Vec<Span>,
    pub(crate) breaks: Vec<Span>,
    /// From the offer to the answer.
    pub(crate) answers_after: Sampler,
}

/// From an instant to another; without an end it lasts as long as the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Timestamp,
    pub(crate) to: Option<Timestamp>,
}

/// How the figures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counting {
    /// Contacts at the beginning that are played but not counted.
    pub(crate) warm_up_contacts: usize,
    /// Who abandons sooner than this does not lower the service level.
    pub(crate) short_abandon: Millis,
    pub(crate) denominator: Denominator,
}

/// Of what the service level is a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Denominator {
    /// Answered + abandoned - short abandons.
    #[default]
    AnsweredAndAbandoned,
    Answered,
    Offered,
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) title: String,
    pub(crate) configuration: Configuration,
    pub(crate) agents: Vec<AgentPlan>,
    pub(crate) source: Source,
    /// Local midnight before the first arrival.
    pub(crate) midnight: Timestamp,
    pub(crate) counting: Counting,
    pub(crate) seed: u64,
    pub(crate) replications: u32,
}

impl Plan {
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The house that is played in.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub fn replications(&self) -> u32 {
        self.replications
    }

    /// Other random numbers.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Plan {
        Plan { seed, ..self }
    }

    #[must_use]
    pub fn with_replications(self, replications: u32) -> Plan {
        let replications = replications.max(1);
        Plan {
            replications,
            ..self
        }
    }
}
