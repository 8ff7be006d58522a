//! Compiled policies as arms: the same components, engine and limits as in production.

use crate::policy::{Arm, Policy, SkillUse};
use crate::scenario::{self, Which};
use hotline_sandbox::Diagnostic;
use hotline_sandbox::offline::{self, Bench};
use hotline_vocabulary::Question;
use hotline_vocabulary::question::Verdict;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Policy for offline::Policy {
    fn answer(&self, question: &Question) -> Verdict {
        offline::Policy::answer(self, question)
    }
}

/// Why a policy can not be played.
#[derive(Debug, thiserror::Error)]
pub enum ArmError {
    #[error("{path} can not be read: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Diagnostic>),
}

/// Makes arms of policies.
#[derive(Debug)]
pub struct Workshop<'a> {
    pub bench: &'a Bench,
    /// The skills policy that comes with Hotline, as a component.
    pub shipped: &'a [u8],
    /// What the paths of components are relative to.
    pub folder: &'a Path,
}

impl Workshop<'_> {
    /// The policies of a scenario; the built-in order alone when it names none.
    ///
    /// # Errors
    /// The first policy that can not be played.
    pub fn arms(&self, policies: &[scenario::Policy]) -> Result<Vec<Arm>, ArmError> {
        match policies {
            [] => Ok(vec![Arm::built_in()]),
            policies => policies.iter().map(|policy| self.arm(policy)).collect(),
        }
    }

    fn arm(&self, policy: &scenario::Policy) -> Result<Arm, ArmError> {
        let arm = match &policy.which {
            Which::BuiltIn => Arm::built_in(),
            Which::FirstInFirstOut => Arm::first_in_first_out(),
            Which::Shipped => self.compiled(
                &policy.name,
                "the shipped policy",
                self.shipped,
                &policy.config,
            )?,
            Which::Plugin(path) => {
                let path = self.folder.join(path);
                let component = std::fs::read(&path).map_err(|source| ArmError::Read {
                    path: path.clone(),
                    source,
                })?;
                let shown = path.display().to_string();
                self.compiled(&policy.name, &shown, &component, &policy.config)?
            }
        };
        Ok(Arm {
            name: policy.name.clone(),
            ..arm
        })
    }

    fn compiled(
        &self,
        name: &str,
        path: &str,
        component: &[u8],
        config: &scenario::Settings,
    ) -> Result<Arm, ArmError> {
        let config = serde_json::Value::Object(config.clone()).to_string();
        let policy = self
            .bench
            .policy(name, path, component, &config)
            .map_err(ArmError::Refused)?;
        Ok(Arm {
            name: name.to_owned(),
            policy: Arc::new(policy),
            skills: SkillUse::AsConfigured,
        })
    }
}
