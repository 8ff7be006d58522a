//! Plans: what the plugins of some tenants may use, as the operator writes it into `hotline.toml`.
//! They are read again while the host runs; all other settings are read at its start.

use hotline_sandbox::limits::{NamedPlan, Plan, PlanWish, Plans};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;

/// How often the file is looked at. A change is taken when two looks in a row found the same, so
/// that no half-written file is: an empty one would give every tenant the usual limits.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// What of the settings file is about plans; the rest is none of our business here.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct File {
    plans: BTreeMap<String, PlanWish>,
    tenant_plans: BTreeMap<String, Spanned<String>>,
}

/// Why a settings file gives no plans.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlansError {
    #[error("can not read {path}: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path}: {source}")]
    Parse {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    #[error(
        "{path}:{line}: tenant-plans.{tenant}: there is no plan `{plan}`; \
         write [plans.{plan}], or take one of those that there are: {known}"
    )]
    NoSuchPlan {
        path: PathBuf,
        line: usize,
        tenant: String,
        plan: String,
        known: String,
    },
}

/// The plans of a settings file.
///
/// # Errors
/// It can not be read, is no TOML, a limit is out of bounds, or a tenant has a plan that nobody
/// wrote: with its line.
pub(crate) fn read(path: &Path) -> Result<Plans, PlansError> {
    let text = std::fs::read_to_string(path).map_err(|source| PlansError::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<Plans, PlansError> {
    let file: File = toml::from_str(text).map_err(|source| PlansError::Parse {
        path: path.to_owned(),
        source: source.into(),
    })?;
    let of = file.tenant_plans.into_iter().map(|(tenant, name)| {
        let Some(wish) = file.plans.get(name.get_ref()) else {
            let known: Vec<&str> = file.plans.keys().map(String::as_str).collect();
            return Err(PlansError::NoSuchPlan {
                path: path.to_owned(),
                line: text[..name.span().start].matches('\n').count() + 1,
                tenant,
                plan: name.into_inner(),
                known: known.join(", "),
            });
        };
        let plan = NamedPlan {
            limits: Plan::from(*wish),
            name: Some(name.into_inner()),
        };
        Ok((tenant, plan))
    });
    of.collect()
}

/// Puts the file's plans in force whenever they change, until the host stops. While the file is
/// wrong or away, the last good ones stay.
pub(crate) async fn follow(file: PathBuf, mut in_force: Plans, sandbox: hotline_sandbox::Handle) {
    let (mut seen, mut taken) = (None, None);
    loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let text = tokio::fs::read_to_string(&file).await;
        let text = text.map_err(|error| error.to_string());
        let is_settled = seen.as_ref() == Some(&text);
        if is_settled && taken.as_ref() != Some(&text) {
            match &text {
                Ok(text) => match parse(&file, text) {
                    Ok(plans) if plans != in_force => {
                        in_force = plans.clone();
                        sandbox.set_plans(plans);
                    }
                    Ok(_) => {}
                    Err(error) => {
                        tracing::error!("{error}\nThe tenants' plans stay what they were.");
                    }
                },
                Err(error) => tracing::error!(
                    "can not read {}: {error}. The tenants' plans stay what they were.",
                    file.display()
                ),
            }
            taken = Some(text.clone());
        }
        seen = Some(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Plans, PlansError> {
        parse(Path::new("hotline.toml"), text)
    }

    #[test]
    fn a_tenant_has_its_plan_and_the_others_the_usual_one() {
        let file = "http = '127.0.0.1:1'\n[plans.small.flow-step]\nfuel = 1_000_000\n\
                    [tenant-plans]\nacme = 'small'\n";
        let plans = read(file).expect("a plan");
        let acme = plans.of("acme");
        assert_eq!(acme.name.as_deref(), Some("small"));
        assert_eq!(acme.limits.flow_step.fuel, 1_000_000);
        assert_eq!(acme.limits.connector, Plan::default().connector);
        assert_eq!(plans.of("zeta"), NamedPlan::default());
    }

    #[test]
    fn a_plan_that_can_not_be_is_told_with_its_file_line_and_field() {
        for (file, told) in [
            (
                "[plans.big.qa]\nfuel = 200_000\nmemory-mib = 999\n",
                [
                    "hotline.toml",
                    "line 3, column 14",
                    "memory-mib = 999",
                    "from 1 to 128",
                ],
            ),
            (
                "[plans.big.flow]\nfuel = 200_000\n",
                [
                    "hotline.toml",
                    "line 1",
                    "unknown field `flow`",
                    "flow-step",
                ],
            ),
            (
                "[plans.big]\n[tenant-plans]\nacme = 'small'\n",
                [
                    "hotline.toml:3",
                    "tenant-plans.acme",
                    "no plan `small`",
                    "those that there are: big",
                ],
            ),
        ] {
            let problem = read(file).expect_err(file).to_string();
            for part in told {
                assert!(problem.contains(part), "`{part}` is not in: {problem}");
            }
        }
    }
}
