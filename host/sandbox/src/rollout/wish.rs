//! What an administrator may wish for a version, and why it was not done.

use super::judge::CanaryLimits;
use super::split::Split;
use super::state::Refusal;
use crate::diagnostic::Diagnostic;
use serde::Deserialize;

/// Where a version shall stand.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = VersionWish))]
pub enum Wish {
    /// Ready for a trial or for service; also back from a trial, and out of quarantine.
    Staged {
        /// Ids of the permissions that are accepted with this.
        #[serde(default)]
        accept: Vec<String>,
    },
    Shadow,
    Canary {
        split: Split,
        #[serde(default)]
        limits: CanaryLimits,
    },
    /// In service for new contacts; of a version that was, a rollback.
    Active,
    /// Out of everything at once; contacts that are on it go on with the built-in safe flow.
    Quarantined,
}

/// Why a version's state is what it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("no version `{0}` of this plugin is kept")]
    UnknownVersion(String),
    #[error("no earlier version of this plugin is kept")]
    NothingBefore,
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("no version is active that it could be compared with; make it active")]
    NothingActive,
    #[error(
        "a script language answers no contacts that it could be tried on: make it active, and roll \
         it back if it is no good"
    )]
    NotTried,
    #[error("`{field}`: {message}")]
    Invalid {
        field: &'static str,
        message: String,
    },
    #[error("the version could not be loaded: {}", .0.first().map_or_else(String::new, ToString::to_string))]
    NotLoaded(Vec<Diagnostic>),
    #[error("the change could not be stored: {0}")]
    Store(#[from] std::io::Error),
    #[error("the sandbox is stopping or overloaded")]
    Unavailable,
}

impl Wish {
    pub(crate) fn check(&self) -> Result<(), ChangeError> {
        let Wish::Canary { split, limits } = self else {
            return Ok(());
        };
        split.check().map_err(|message| ChangeError::Invalid {
            field: "split",
            message,
        })?;
        limits
            .check()
            .map_err(|(field, message)| ChangeError::Invalid {
                field,
                message: message.to_owned(),
            })
    }
}
