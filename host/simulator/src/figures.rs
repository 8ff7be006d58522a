//! The figures, each with its formula beside. All of them count queue visits unless they say
//! otherwise; contacts of the warm-up are left out.

use crate::observation::{Callback, End, Hours, Journey, Observations, Segment, Visit};
use crate::plan::Counting;
use hotline_vocabulary::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! figures {
    ($($name:ident: $unit:ident = $label:literal, $formula:literal;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Figure { $(#[doc = $formula] $name,)* }

        impl Figure {
            pub const ALL: &[Figure] = &[$(Figure::$name,)*];

            /// What a table's heading says.
            pub const fn label(self) -> &'static str {
                match self { $(Figure::$name => $label,)* }
            }

            pub const fn formula(self) -> &'static str {
                match self { $(Figure::$name => $formula,)* }
            }

            pub const fn unit(self) -> Unit {
                match self { $(Figure::$name => Unit::$unit,)* }
            }
        }
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Count,
    /// From 0 to 1.
    Share,
    Seconds,
}

figures! {
    Offered: Count = "offered", "visits + refused";
    Answered: Count = "answered", "visits that ended by an agent's answer";
    Abandoned: Count = "abandoned", "visits that the customer ended while waiting";
    Refused: Count = "refused", "contacts that no queue let in: full, closed, empty";
    Left: Count = "left", "visits that ended otherwise: overflow, a rule, the flow";
    CalledBack: Count = "called back", "customers who were promised a call";
    Reached: Share = "reached", "customers who took the call that they were promised / customers who were promised one";
    ServiceLevel: Share = "service level", "answered within T / (answered + abandoned - short abandons), or the denominator chosen";
    AbandonedShare: Share = "abandoned share", "abandoned / (answered + abandoned)";
    ProbabilityOfWait: Share = "P(wait)", "visits with a wait above 0 / (answered + abandoned)";
    MeanWaitS: Seconds = "mean wait", "total wait of answered and abandoned / (answered + abandoned)";
    WaitP50S: Seconds = "wait p50", "the wait that 50 % of answered and abandoned do not exceed";
    WaitP90S: Seconds = "wait p90", "the wait that 90 % of answered and abandoned do not exceed";
    WaitP95S: Seconds = "wait p95", "the wait that 95 % of answered and abandoned do not exceed";
    WaitP99S: Seconds = "wait p99", "the wait that 99 % of answered and abandoned do not exceed";
    AsaS: Seconds = "ASA", "total wait of answered / answered";
    AhtS: Seconds = "AHT", "(talk + wrap-up) / segments";
    Occupancy: Share = "occupancy", "(talk + wrap-up) / (talk + wrap-up + available idle) of the agents who serve it, from the first counted arrival to the last";
    TransferredShare: Share = "transferred", "customers passed on by an agent who lacked the skills / customers";
    TotalWaitS: Seconds = "total wait", "all waits of a customer, those after redials and transfers included / customers who were answered";
}

/// What figures are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Group {
    All,
    /// Contacts with a priority above 0.
    Urgent,
    Queue(String),
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Group::All => f.write_str("all"),
            Group::Urgent => f.write_str("urgent"),
            Group::Queue(name) => f.write_str(name),
        }
    }
}

/// A figure that nothing can be said of (the wait of nobody) is missing.
pub(crate) type Figures = BTreeMap<Figure, f64>;

/// What a group is made of.
pub(crate) struct Members<'a> {
    pub(crate) visits: Vec<&'a Visit>,
    pub(crate) segments: Vec<&'a Segment>,
    pub(crate) journeys: Vec<&'a Journey>,
    pub(crate) callbacks: Vec<&'a Callback>,
    pub(crate) agents: Vec<&'a Hours>,
}

impl<'a> Members<'a> {
    pub(crate) fn of(seen: &'a Observations, group: &Group, queues: &[String]) -> Self {
        let place = match group {
            Group::Queue(name) => queues.iter().position(|queue| queue == name),
            Group::All | Group::Urgent => None,
        };
        let holds = |queue: usize, urgent: bool| match group {
            Group::All => true,
            Group::Urgent => urgent,
            Group::Queue(_) => Some(queue) == place,
        };
        Members {
            visits: seen
                .visits
                .iter()
                .filter(|v| holds(v.queue, v.urgent))
                .collect(),
            segments: seen
                .segments
                .iter()
                .filter(|s| holds(s.queue, s.urgent))
                .collect(),
            journeys: seen
                .journeys
                .iter()
                .filter(|j| holds(j.queue, j.urgent))
                .collect(),
            callbacks: seen
                .callbacks
                .iter()
                .filter(|c| holds(c.queue, c.urgent))
                .collect(),
            agents: seen
                .agents
                .iter()
                .filter(|agent| match group {
                    Group::All => true,
                    // Nobody serves the urgent alone.
                    Group::Urgent => false,
                    Group::Queue(_) => place.is_some_and(|queue| agent.queues.contains(&queue)),
                })
                .collect(),
        }
    }

    /// `service_levels` are the thresholds T, by queue.
    pub(crate) fn figures(&self, counting: &Counting, service_levels: &[Millis]) -> Figures {
        let count = |end| self.visits.iter().filter(|visit| visit.end == end).count() as f64;
        let (answered, abandoned) = (count(End::Answered), count(End::Abandoned));
        let offered = self.visits.len() as f64;
        let waits = self.sorted_waits_s();
        let total_wait: f64 = waits.iter().sum();
        let answered_wait: f64 = self
            .visits
            .iter()
            .filter(|visit| visit.end == End::Answered)
            .map(|visit| visit.waited.as_secs_f64())
            .sum();
        let handled: f64 = self
            .segments
            .iter()
            .map(|segment| (segment.talked + segment.wrapped).as_secs_f64())
            .sum();
        let busy: f64 = self
            .agents
            .iter()
            .map(|agent| agent.busy.as_secs_f64())
            .sum();
        let idle: f64 = self
            .agents
            .iter()
            .map(|agent| agent.idle.as_secs_f64())
            .sum();
        let waited = waits.iter().filter(|wait| **wait > 0.0).count() as f64;
        let customers = self.journeys.len() as f64;
        let transferred = self.journeys.iter().filter(|one| one.transferred).count() as f64;
        let served: Vec<f64> = self
            .journeys
            .iter()
            .filter(|one| one.answered)
            .map(|one| one.waited.as_secs_f64())
            .collect();
        let called_back = self.callbacks.len() as f64;
        let reached = self.callbacks.iter().filter(|one| one.reached).count() as f64;
        let ended = answered + abandoned;
        let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        let value = |figure: Figure| match figure {
            Figure::Offered => Some(offered),
            Figure::Answered => Some(answered),
            Figure::Abandoned => Some(abandoned),
            Figure::Refused => Some(count(End::Refused)),
            Figure::Left => Some(count(End::Left)),
            Figure::CalledBack => Some(called_back),
            Figure::Reached => share(reached, called_back),
            Figure::ServiceLevel => self.service_level(counting, service_levels),
            Figure::AbandonedShare => share(abandoned, ended),
            Figure::ProbabilityOfWait => share(waited, ended),
            Figure::MeanWaitS => share(total_wait, ended),
            Figure::WaitP50S => percentile(&waits, 0.50),
            Figure::WaitP90S => percentile(&waits, 0.90),
            Figure::WaitP95S => percentile(&waits, 0.95),
            Figure::WaitP99S => percentile(&waits, 0.99),
            Figure::AsaS => share(answered_wait, answered),
            Figure::AhtS => share(handled, self.segments.len() as f64),
            Figure::Occupancy => share(busy, busy + idle),
            Figure::TransferredShare => share(transferred, customers),
            Figure::TotalWaitS => share(served.iter().sum(), served.len() as f64),
        };
        Figure::ALL
            .iter()
            .filter_map(|figure| Some((*figure, value(*figure)?)))
            .collect()
    }

    /// Of answered and abandoned visits, in seconds.
    pub(crate) fn sorted_waits_s(&self) -> Vec<f64> {
        let ended = self
            .visits
            .iter()
            .filter(|visit| matches!(visit.end, End::Answered | End::Abandoned));
        let mut waits: Vec<f64> = ended.map(|visit| visit.waited.as_secs_f64()).collect();
        waits.sort_by(f64::total_cmp);
        waits
    }

    pub(crate) fn service_level(
        &self,
        counting: &Counting,
        service_levels: &[Millis],
    ) -> Option<f64> {
        service_level(self.visits.iter().copied(), counting, service_levels)
    }
}

pub(crate) fn service_level<'a>(
    visits: impl Iterator<Item = &'a Visit>,
    counting: &Counting,
    service_levels: &[Millis],
) -> Option<f64> {
    use crate::plan::Denominator;
    let (mut in_time, mut of) = (0u64, 0u64);
    for visit in visits {
        let within = service_levels
            .get(visit.queue)
            .is_some_and(|t| visit.waited <= *t);
        in_time += u64::from(visit.end == End::Answered && within);
        let counts = match (counting.denominator, visit.end) {
            (Denominator::Offered, _) | (_, End::Answered) => true,
            (Denominator::AnsweredAndAbandoned, End::Abandoned) => {
                visit.waited >= counting.short_abandon
            }
            _ => false,
        };
        of += u64::from(counts);
    }
    (of > 0).then(|| in_time as f64 / of as f64)
}

/// The least value that this share of the sorted ones does not exceed (the nearest rank).
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied()
}
