//! Plans: what the plugins of some tenants may use, as the operator wrote it into `hotline.toml`.

use crate::configuration::SettingsError;
use hotline_sandbox::limits::{PlanWish, Plans};
use std::collections::BTreeMap;

/// `wishes` by their names, and who has which.
///
/// # Errors
/// A limit that is out of bounds, or a plan that nobody wrote.
pub(crate) fn plans(
    wishes: BTreeMap<String, PlanWish>,
    tenants: BTreeMap<String, String>,
) -> Result<Plans, SettingsError> {
    let mut complete = BTreeMap::new();
    for (name, wish) in wishes {
        let plan = wish.complete().map_err(|error| SettingsError::Value {
            setting: "plans",
            problem: format!("plan `{name}`: {error}"),
            expected: "limits that the engine can keep",
        })?;
        complete.insert(name, plan);
    }
    let of = tenants.into_iter().map(|(tenant, name)| {
        let plan = complete.get(&name).copied();
        let plan = plan.ok_or_else(|| SettingsError::Value {
            setting: "tenant-plans",
            problem: format!("`{tenant}` has the plan `{name}`, which is not among `plans`"),
            expected: "the name of a plan",
        })?;
        Ok((tenant, plan))
    });
    of.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sandbox::limits::Plan;
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct File {
        plans: BTreeMap<String, PlanWish>,
        tenant_plans: BTreeMap<String, String>,
    }

    fn read(file: &str) -> Result<Plans, SettingsError> {
        let file: File = toml::from_str(file).expect("a file of plans");
        plans(file.plans, file.tenant_plans)
    }

    #[test]
    fn a_tenant_has_its_plan_and_the_others_the_usual_one() {
        let file = "[plans.small.flow-step]\nfuel = 1_000_000\n[tenant-plans]\nacme = 'small'\n";
        let plans = read(file).expect("a plan");
        assert_eq!(plans.of("acme").flow_step.fuel, 1_000_000);
        assert_eq!(plans.of("acme").connector, Plan::default().connector);
        assert_eq!(*plans.of("zeta"), Plan::default());
    }

    #[test]
    fn a_plan_that_can_not_be_is_named() {
        for (file, told) in [
            (
                "[plans.big.qa]\nmemory-mib = 999\n[tenant-plans]\n",
                "plan `big`: `qa.memory-mib`",
            ),
            (
                "[plans]\n[tenant-plans]\nacme = 'small'\n",
                "`acme` has the plan `small`",
            ),
        ] {
            let problem = read(file).expect_err(told).to_string();
            assert!(problem.contains(told), "{problem}");
        }
    }
}
