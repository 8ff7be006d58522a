//! What a tenant's plan lets its plugins use: the defaults, but for what the operator has set.

use super::{CONNECTOR, FLOW_STEP, LARGEST_MEMORY_BYTES, Limits, MIB, QA, QA_LIVE, ROUTING};
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

/// Who has which plan.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    /// By the tenant's folder.
    of: HashMap<String, Arc<Plan>>,
    others: Arc<Plan>,
}

impl Plans {
    pub fn of(&self, folder: &str) -> Arc<Plan> {
        self.of.get(folder).unwrap_or(&self.others).clone()
    }
}

impl FromIterator<(String, Plan)> for Plans {
    fn from_iter<T: IntoIterator<Item = (String, Plan)>>(tenants: T) -> Self {
        let of = tenants.into_iter();
        Plans {
            of: of.map(|(folder, plan)| (folder, Arc::new(plan))).collect(),
            others: Arc::default(),
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
    fuel: Option<u64>,
    processor_time_ms: Option<u64>,
    memory_mib: Option<usize>,
    state_bytes: Option<usize>,
    effects: Option<usize>,
    log_lines: Option<usize>,
}

/// A limit that no plan can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{row}.{limit}` must be from {least} to {most}")]
pub struct NoSuchPlan {
    row: &'static str,
    limit: &'static str,
    least: u64,
    most: u64,
}

impl PlanWish {
    /// # Errors
    /// The first limit that is out of bounds, and what it may be.
    pub fn complete(self) -> Result<Plan, NoSuchPlan> {
        let plan = Plan::default();
        Ok(Plan {
            flow_step: self.flow_step.over(plan.flow_step, "flow-step")?,
            routing: self.routing.over(plan.routing, "routing")?,
            qa: self.qa.over(plan.qa, "qa")?,
            qa_live: self.qa_live.over(plan.qa_live, "qa-live")?,
            connector: self.connector.over(plan.connector, "connector")?,
        })
    }
}

impl LimitsWish {
    fn over(self, usual: Limits, row: &'static str) -> Result<Limits, NoSuchPlan> {
        let within = |limit, wanted: Option<u64>, least, most| match wanted {
            Some(wanted) if !(least..=most).contains(&wanted) => Err(NoSuchPlan {
                row,
                limit,
                least,
                most,
            }),
            _ => Ok(wanted),
        };
        let size = |limit, wanted: Option<usize>, least: usize, most: usize| {
            within(
                limit,
                wanted.map(|wanted| wanted as u64),
                least as u64,
                most as u64,
            )
            .map(|_| wanted)
        };
        let fuel = within("fuel", self.fuel, 100_000, 100_000_000_000)?;
        let time_ms = within("processor-time-ms", self.processor_time_ms, 1, 60_000)?;
        let memory = size("memory-mib", self.memory_mib, 1, LARGEST_MEMORY_BYTES / MIB)?;
        let state = size("state-bytes", self.state_bytes, 0, 64 * 1024)?;
        let effects = size("effects", self.effects, 1, 64)?;
        let log_lines = size("log-lines", self.log_lines, 0, 1024)?;
        Ok(Limits {
            fuel: fuel.unwrap_or(usual.fuel),
            processor_time: time_ms.map_or(usual.processor_time, Duration::from_millis),
            memory_bytes: memory.map_or(usual.memory_bytes, |mib| mib * MIB),
            transfer_bytes: usual.transfer_bytes,
            state_bytes: state.unwrap_or(usual.state_bytes),
            effects: effects.unwrap_or(usual.effects),
            log_lines: log_lines.unwrap_or(usual.log_lines),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_the_usual_one_but_for_what_is_set() {
        let flow_step = LimitsWish {
            fuel: Some(1_000_000),
            memory_mib: Some(8),
            ..LimitsWish::default()
        };
        let wish = PlanWish {
            flow_step,
            ..PlanWish::default()
        };
        let plan = wish.complete().expect("within bounds");
        assert_eq!(
            plan,
            Plan {
                flow_step: Limits {
                    fuel: 1_000_000,
                    memory_bytes: 8 * MIB,
                    ..FLOW_STEP
                },
                ..Plan::default()
            }
        );
    }

    #[test]
    fn a_limit_that_the_engine_can_not_give_is_named() {
        let connector = LimitsWish {
            memory_mib: Some(4_096),
            ..LimitsWish::default()
        };
        let wish = PlanWish {
            connector,
            ..PlanWish::default()
        };
        let problem = wish.complete().expect_err("no slot is so large");
        assert_eq!(
            problem.to_string(),
            "`connector.memory-mib` must be from 1 to 128"
        );
    }
}
