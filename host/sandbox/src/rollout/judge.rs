//! Whether a canary may go on: a function of what both groups of contacts have come to so far.

use serde::{Deserialize, Serialize};

/// When a canary is rolled back by itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CanaryLimits {
    /// Faults that are too few to judge by.
    pub tolerated_faults: u32,
    /// Beyond those: faults among its calls, 0 to 100.
    pub max_fault_percent: f64,
    /// Calls of each group before fuel is judged.
    pub min_calls: u32,
    /// Fuel of its costliest call, as a share of the limit, 0 to 100.
    pub max_fuel_percent: f64,
    /// Its mean fuel over the active version's.
    pub max_fuel_factor: f64,
    /// Queue visits that ended in each group before the queues are judged.
    pub min_visits: u32,
    /// How far its service level may lie below the control group's, in percentage points.
    pub service_level_margin: f64,
    /// How far its abandonment may lie above the control group's, in percentage points.
    pub abandonment_margin: f64,
}

impl Default for CanaryLimits {
    fn default() -> Self {
        CanaryLimits {
            tolerated_faults: 2,
            max_fault_percent: 2.0,
            min_calls: 20,
            max_fuel_percent: 80.0,
            max_fuel_factor: 5.0,
            min_visits: 30,
            service_level_margin: 10.0,
            abandonment_margin: 5.0,
        }
    }
}

impl CanaryLimits {
    /// # Errors
    /// The field that is wrong, and what it may be.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let shares = [
            ("max_fault_percent", self.max_fault_percent),
            ("max_fuel_percent", self.max_fuel_percent),
            ("service_level_margin", self.service_level_margin),
            ("abandonment_margin", self.abandonment_margin),
        ];
        for (field, share) in shares {
            if !(0.0..=100.0).contains(&share) {
                return Err((field, "from 0 to 100"));
            }
        }
        if !(self.max_fuel_factor.is_finite() && self.max_fuel_factor >= 1.0) {
            return Err(("max_fuel_factor", "at least 1"));
        }
        Ok(())
    }
}

/// What one group of contacts came to: those of the candidate, or those of the active version in
/// the same time.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = TrialGroup))]
pub struct Group {
    pub contacts: u64,
    pub calls: u64,
    pub faults: u64,
    /// Over all calls.
    pub fuel: u64,
    /// Of the costliest call.
    pub highest_fuel: u64,
    /// Queue visits that were answered or abandoned.
    pub visits: u64,
    /// Answered within the queue's service level time.
    pub answered_in_time: u64,
    pub abandoned: u64,
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 * 100.0 / whole as f64
}

impl Group {
    fn mean_fuel(&self) -> f64 {
        if self.calls == 0 {
            return 0.0;
        }
        self.fuel as f64 / self.calls as f64
    }
}

/// Why a canary is rolled back; none while it may go on. `fuel_limit` is what one call may use.
pub(super) fn judge(
    limits: &CanaryLimits,
    fuel_limit: u64,
    canary: &Group,
    control: &Group,
) -> Option<String> {
    let faults = percent(canary.faults, canary.calls);
    if canary.faults > u64::from(limits.tolerated_faults) && faults > limits.max_fault_percent {
        return Some(format!(
            "{} of its {} calls failed ({faults:.1} %; {:.1} % are tolerated)",
            canary.faults, canary.calls, limits.max_fault_percent
        ));
    }
    let enough_calls = u64::from(limits.min_calls);
    if canary.calls >= enough_calls {
        let used = percent(canary.highest_fuel, fuel_limit);
        if used > limits.max_fuel_percent {
            return Some(format!(
                "a call used {used:.0} % of the fuel that a call has ({:.0} % are tolerated)",
                limits.max_fuel_percent
            ));
        }
        let (mean, active) = (canary.mean_fuel(), control.mean_fuel());
        if control.calls >= enough_calls && mean > active * limits.max_fuel_factor {
            return Some(format!(
                "its calls use {mean:.0} units of fuel on average, those of the active version \
                 {active:.0} ({:.1} times as much are tolerated)",
                limits.max_fuel_factor
            ));
        }
    }
    let enough_visits = u64::from(limits.min_visits.max(1));
    if canary.visits < enough_visits || control.visits < enough_visits {
        return None;
    }
    let level = |group: &Group| percent(group.answered_in_time, group.visits);
    let behind = level(control) - level(canary);
    if behind > limits.service_level_margin {
        return Some(format!(
            "its service level is {:.1} %, that of the other contacts {:.1} % ({:.1} points less \
             are tolerated)",
            level(canary),
            level(control),
            limits.service_level_margin
        ));
    }
    let lost = |group: &Group| percent(group.abandoned, group.visits);
    let ahead = lost(canary) - lost(control);
    if ahead > limits.abandonment_margin {
        return Some(format!(
            "{:.1} % of its contacts gave up waiting, {:.1} % of the others ({:.1} points more are \
             tolerated)",
            lost(canary),
            lost(control),
            limits.abandonment_margin
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUEL: u64 = 1_000;

    fn steady() -> Group {
        Group {
            contacts: 200,
            calls: 1_000,
            faults: 0,
            fuel: 100_000,
            highest_fuel: 200,
            visits: 200,
            answered_in_time: 160,
            abandoned: 10,
        }
    }

    fn judged(canary: Group, control: Group) -> Option<String> {
        judge(&CanaryLimits::default(), FUEL, &canary, &control)
    }

    #[test]
    fn a_canary_like_the_others_goes_on() {
        assert_eq!(judged(steady(), steady()), None);
        assert_eq!(judged(Group::default(), Group::default()), None);
    }

    #[test]
    fn faults_end_a_canary_by_their_rate_and_not_by_one_mishap() {
        let with = |faults, calls| {
            let canary = Group {
                faults,
                calls,
                ..Group::default()
            };
            judged(canary, steady())
        };
        assert_eq!(with(2, 2), None, "two faults are too few to judge by");
        assert!(with(3, 3).is_some_and(|why| why.contains("3 of its 3 calls failed")));
        assert_eq!(with(3, 1_000), None, "three in a thousand are tolerated");
        assert!(with(21, 1_000).is_some());
    }

    #[test]
    fn fuel_ends_a_canary_that_nears_the_limit_or_costs_a_multiple() {
        let costly = |calls, mean, highest| Group {
            calls,
            fuel: calls * mean,
            highest_fuel: highest,
            ..Group::default()
        };
        assert_eq!(judged(costly(19, 900, 900), steady()), None, "too few");
        assert!(judged(costly(20, 100, 801), steady()).is_some_and(|why| why.contains("80 %")));
        assert_eq!(judged(costly(20, 500, 500), steady()), None);
        assert!(judged(costly(20, 501, 600), steady()).is_some_and(|why| why.contains("5.0")));
    }

    #[test]
    fn queues_end_a_canary_that_falls_behind_by_more_than_the_margin() {
        let queued = |visits, answered_in_time, abandoned| Group {
            visits,
            answered_in_time,
            abandoned,
            ..Group::default()
        };
        // The others: 80 % in time, 5 % abandoned.
        assert_eq!(judged(queued(29, 0, 29), steady()), None, "too few visits");
        assert_eq!(judged(queued(100, 70, 10), steady()), None, "at the margin");
        assert!(
            judged(queued(100, 69, 0), steady()).is_some_and(|why| why.contains("service level"))
        );
        assert!(judged(queued(100, 80, 11), steady()).is_some_and(|why| why.contains("gave up")));
        let unknown = queued(29, 29, 0);
        assert_eq!(
            judged(queued(100, 0, 100), unknown),
            None,
            "nothing to compare with"
        );
    }

    #[test]
    fn limits_that_mean_nothing_are_refused_by_name() {
        let limits = CanaryLimits {
            max_fuel_factor: f64::NAN,
            ..CanaryLimits::default()
        };
        assert_eq!(
            limits.check().map_err(|(field, _)| field),
            Err("max_fuel_factor")
        );
        assert_eq!(CanaryLimits::default().check(), Ok(()));
    }
}
