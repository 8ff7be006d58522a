//! What a tenant's plan lets its plugins use: the defaults, but for what the operator has set.

use super::{CONNECTOR, FLOW_STEP, LARGEST_MEMORY_BYTES, Limits, MIB, QA, QA_LIVE, ROUTING};
use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// A row a kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub flow_step: Limits,
    pub routing: Limits,
    pub qa: Limits,
    pub qa_live: Limits,
    pub connector: Limits,
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            flow_step: FLOW_STEP,
            routing: ROUTING,
            qa: QA,
            qa_live: QA_LIVE,
            connector: CONNECTOR,
        }
    }
}

impl Plan {
    /// The larger of each limit.
    pub(crate) fn or_more(self, other: Plan) -> Plan {
        Plan {
            flow_step: self.flow_step.or_more(other.flow_step),
            routing: self.routing.or_more(other.routing),
            qa: self.qa.or_more(other.qa),
            qa_live: self.qa_live.or_more(other.qa_live),
            connector: self.connector.or_more(other.connector),
        }
    }
}

impl Limits {
    fn or_more(self, other: Limits) -> Limits {
        Limits {
            fuel: self.fuel.max(other.fuel),
            processor_time: self.processor_time.max(other.processor_time),
            memory_bytes: self.memory_bytes.max(other.memory_bytes),
            transfer_bytes: self.transfer_bytes.max(other.transfer_bytes),
            state_bytes: self.state_bytes.max(other.state_bytes),
            effects: self.effects.max(other.effects),
            log_lines: self.log_lines.max(other.log_lines),
        }
    }
}

/// A tenant's plan as it is at present. All versions of its plugins share it, so a change is every
/// call's that begins after it; what is running keeps what it began with.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanInForce(Arc<ArcSwap<Plan>>);

impl PlanInForce {
    pub(crate) fn of(plan: Plan) -> Self {
        PlanInForce(Arc::new(ArcSwap::from_pointee(plan)))
    }

    pub(crate) fn now(&self) -> Arc<Plan> {
        self.0.load_full()
    }

    pub(crate) fn replace(&self, plan: Plan) {
        self.0.store(Arc::new(plan));
    }
}

/// A plan with the name that the operator gave it; none for the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamedPlan {
    pub name: Option<String>,
    pub limits: Plan,
}

/// Who has which plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plans {
    /// By the tenant's folder.
    of: HashMap<String, NamedPlan>,
}

impl Plans {
    pub fn of(&self, folder: &str) -> NamedPlan {
        self.of.get(folder).cloned().unwrap_or_default()
    }
}

impl FromIterator<(String, NamedPlan)> for Plans {
    fn from_iter<T: IntoIterator<Item = (String, NamedPlan)>>(tenants: T) -> Self {
        Plans {
            of: tenants.into_iter().collect(),
        }
    }
}

/// A plan as an operator writes it: what is left out is as for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PlanWish {
    flow_step: LimitsWish,
    routing: LimitsWish,
    qa: LimitsWish,
    qa_live: LimitsWish,
    connector: LimitsWish,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct LimitsWish {
    fuel: Option<Within<100_000, 100_000_000_000>>,
    processor_time_ms: Option<Within<1, 60_000>>,
    memory_mib: Option<Within<1, LARGEST_MEMORY_MIB>>,
    state_bytes: Option<Within<0, { 64 * 1024 }>>,
    effects: Option<Within<1, 64>>,
    log_lines: Option<Within<0, 1024>>,
}

const LARGEST_MEMORY_MIB: u64 = (LARGEST_MEMORY_BYTES / MIB) as u64;

/// A number that the engine can keep. One that it can not is refused as it is read, so that whoever
/// reads knows the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Within<const LEAST: u64, const MOST: u64>(u64);

impl<'de, const LEAST: u64, const MOST: u64> Deserialize<'de> for Within<LEAST, MOST> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u64::deserialize(deserializer)?;
        if (LEAST..=MOST).contains(&number) {
            return Ok(Within(number));
        }
        let problem = format!("{number} is out of bounds: it must be from {LEAST} to {MOST}");
        Err(serde::de::Error::custom(problem))
    }
}

impl<const LEAST: u64, const MOST: u64> Within<LEAST, MOST> {
    /// Bounds of sizes fit any machine's.
    fn size(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl From<PlanWish> for Plan {
    fn from(wish: PlanWish) -> Plan {
        let usual = Plan::default();
        Plan {
            flow_step: wish.flow_step.over(usual.flow_step),
            routing: wish.routing.over(usual.routing),
            qa: wish.qa.over(usual.qa),
            qa_live: wish.qa_live.over(usual.qa_live),
            connector: wish.connector.over(usual.connector),
        }
    }
}

impl LimitsWish {
    fn over(self, usual: Limits) -> Limits {
        let time = self.processor_time_ms;
        Limits {
            fuel: self.fuel.map_or(usual.fuel, |fuel| fuel.0),
            processor_time: time.map_or(usual.processor_time, |ms| Duration::from_millis(ms.0)),
            memory_bytes: self
                .memory_mib
                .map_or(usual.memory_bytes, |mib| mib.size() * MIB),
            transfer_bytes: usual.transfer_bytes,
            state_bytes: self.state_bytes.map_or(usual.state_bytes, Within::size),
            effects: self.effects.map_or(usual.effects, Within::size),
            log_lines: self.log_lines.map_or(usual.log_lines, Within::size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(wish: &str) -> Result<Plan, serde_json::Error> {
        serde_json::from_str::<PlanWish>(wish).map(Plan::from)
    }

    #[test]
    fn a_plan_is_the_usual_one_but_for_what_is_set() {
        let plan = read(r#"{"flow-step": {"fuel": 1000000, "memory-mib": 8}}"#);
        let flow_step = Limits {
            fuel: 1_000_000,
            memory_bytes: 8 * MIB,
            ..FLOW_STEP
        };
        let wanted = Plan {
            flow_step,
            ..Plan::default()
        };
        assert_eq!(plan.expect("within bounds"), wanted);
    }

    #[test]
    fn a_limit_that_the_engine_can_not_keep_is_refused_with_what_it_can() {
        let problem =
            read(r#"{"connector": {"memory-mib": 4096}}"#).expect_err("no slot is so large");
        let problem = problem.to_string();
        assert!(
            problem.starts_with("4096 is out of bounds: it must be from 1 to 128"),
            "{problem}"
        );
    }
}
