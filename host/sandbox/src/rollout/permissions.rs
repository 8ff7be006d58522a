//! What a version may do that not every plugin may, and how that differs from the active one.

use serde::{Deserialize, Serialize};

/// Something that a plugin's manifest asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Permission {
    /// Says all that was asked for, so that more is another id; what an administrator accepts.
    pub id: String,
    /// For people, in English.
    pub en: String,
    /// For people, in Chinese.
    #[serde(rename = "zh-CN")]
    pub zh: String,
}

/// How a version's permissions differ from those of the active one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PermissionChanges {
    /// To be accepted before the version is staged.
    pub added: Vec<Permission>,
    pub removed: Vec<Permission>,
}

impl PermissionChanges {
    pub(crate) fn between(active: &[Permission], candidate: &[Permission]) -> PermissionChanges {
        let missing = |from: &[Permission], of: &[Permission]| {
            of.iter()
                .filter(|one| from.iter().all(|other| other.id != one.id))
                .cloned()
                .collect()
        };
        PermissionChanges {
            added: missing(active, candidate),
            removed: missing(candidate, active),
        }
    }

    /// The ids of added permissions that are not among `accepted`.
    pub(crate) fn unaccepted(&self, accepted: &[String]) -> Vec<String> {
        self.added
            .iter()
            .filter(|one| !accepted.contains(&one.id))
            .map(|one| one.id.clone())
            .collect()
    }
}
