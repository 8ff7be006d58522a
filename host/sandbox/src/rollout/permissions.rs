//! What a version may do that not every plugin may, and how that differs from the active one.

use hotline_manifest::{Manifest, Permission};
use serde::Serialize;

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

/// What a component asks for beyond what every plugin has; nothing without a manifest. One that can
/// not be read is refused at admission.
pub(crate) fn permissions(component: &[u8]) -> Vec<Permission> {
    match Manifest::of_component(component) {
        Ok(Some(manifest)) => manifest.permissions(),
        Ok(None) | Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(id: &str) -> Permission {
        Permission {
            id: id.to_owned(),
            en: String::new(),
            zh: String::new(),
        }
    }

    #[test]
    fn only_what_is_new_must_be_accepted_and_a_wider_permission_is_new() {
        let active = [permission("http:crm GET"), permission("read:contact")];
        let candidate = [permission("http:crm GET POST"), permission("read:contact")];
        let changes = PermissionChanges::between(&active, &candidate);
        assert_eq!(changes.added, [permission("http:crm GET POST")]);
        assert_eq!(changes.removed, [permission("http:crm GET")]);
        let accepted = ["http:crm GET".to_owned()];
        assert_eq!(changes.unaccepted(&accepted), ["http:crm GET POST"]);
        let accepted = ["http:crm GET POST".to_owned()];
        assert_eq!(changes.unaccepted(&accepted), [""; 0]);
    }
}
