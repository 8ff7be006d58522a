//! What is shown of plugins and their versions.

use super::Plugin;
use crate::diagnostic::Diagnostic;
use crate::kinds::PluginKind;
use crate::kinds::ivr::Node;
use crate::rollout::{
    Actor, Change, Permission, PermissionChanges, Replayed, Settings, Stage, State,
};
use crate::store::Record;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::plugin::{Digest, PluginVersion};
use serde::Serialize;
use std::sync::Weak;

/// What the API and the console show of a plugin.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PluginStatus {
    pub name: String,
    pub kind: PluginKind,
    /// Below the flows root, e.g. `demo/main.flow.yaml`.
    pub path: String,
    /// What new contacts get; none when nothing good was ever loaded, or its file was removed.
    pub live: Option<PluginVersion>,
    /// `name@digest` of the live version.
    pub label: Option<String>,
    pub since: Option<Timestamp>,
    /// Newest first.
    pub versions: Vec<VersionStatus>,
    /// Why the file as it is now was refused; the live version is an older one then.
    pub problem: Option<Vec<Diagnostic>>,
    /// About the live version, and what is written in it.
    pub warnings: Vec<Diagnostic>,
    /// Of the live version; empty when it draws none.
    pub picture: Vec<Node>,
    /// The version that is on trial beside the live one.
    pub candidate: Option<CandidateStatus>,
    pub settings: Settings,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CandidateStatus {
    /// The version's.
    pub id: Digest,
    pub label: String,
    pub stage: Stage,
    pub since: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VersionStatus {
    /// Of the code and its configuration.
    pub id: Digest,
    /// `name@digest` of the code: what people say; the newest of that label is meant.
    pub label: String,
    pub version: PluginVersion,
    pub imported_at: Timestamp,
    pub live: bool,
    /// Contacts that are on it now.
    pub contacts: u32,
    pub state: State,
    /// Who brought it.
    pub by: Actor,
    /// What they said of it.
    pub note: String,
}

/// A version with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VersionDetail {
    #[serde(flatten)]
    pub status: VersionStatus,
    pub kind: PluginKind,
    /// Of its file, or its upload.
    pub path: String,
    /// Oldest first.
    pub history: Vec<Change>,
    /// Why it was rejected, or what its admission warned of.
    pub report: Vec<Diagnostic>,
    pub permissions: Vec<Permission>,
    /// Against the active version.
    pub permission_changes: PermissionChanges,
    /// Ids of permissions that were accepted for it.
    pub accepted: Vec<String>,
    /// What its last replay on recorded calls came to.
    pub replayed: Option<Replayed>,
}

impl Plugin {
    pub(super) fn pinned(&self, id: Digest) -> u32 {
        let held = self.loaded.iter().filter_map(Weak::upgrade);
        let of_version = held.filter(|version| version.id == id);
        of_version.map(|version| version.pinned()).sum()
    }

    pub(super) fn version(&self, record: &Record) -> VersionStatus {
        VersionStatus {
            id: record.id,
            label: record.version.label(),
            version: record.version.clone(),
            imported_at: record.imported_at,
            live: Some(record.id) == self.shelf.live,
            contacts: self.pinned(record.id),
            state: record.life.state,
            by: record.life.by.clone(),
            note: record.life.note.clone(),
        }
    }

    pub(super) fn detail(&self, kind: PluginKind, record: &Record) -> VersionDetail {
        let active = self.shelf.live_record();
        let of_active = active.map_or(&[][..], |active| &active.life.permissions);
        let life = record.life.clone();
        VersionDetail {
            status: self.version(record),
            kind,
            path: record.path.clone(),
            permission_changes: PermissionChanges::between(of_active, &life.permissions),
            history: life.history,
            report: life.report,
            permissions: life.permissions,
            accepted: life.accepted,
            replayed: life.replayed,
        }
    }
}
