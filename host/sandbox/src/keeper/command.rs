//! What the keeper is told, in the order in which it acts on it.

use crate::catalogue::{Key, VersionDetail};
use crate::compile::CompileError;
use crate::limits::Plans;
use crate::rollout::{Cause, ChangeError, Replayed, Settings, UploadError, Wish};
use crate::store::Record;
use crate::version::Version;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::Digest;
use std::sync::Arc;
use tokio::sync::oneshot;

#[derive(Debug)]
pub(crate) enum Command {
    /// Something was marked, or it is time to stop.
    Look,
    /// Tenants and their folders below the root.
    Serve(Vec<(TenantId, String)>),
    /// What the tenants' plugins may use from now on.
    Plans(Plans),
    /// An upload was looked at.
    Received(Box<Received>),
    Change {
        tenant: TenantId,
        key: Key,
        version: String,
        wish: Wish,
        cause: Cause,
        reply: oneshot::Sender<Result<VersionDetail, ChangeError>>,
    },
    Configure {
        tenant: TenantId,
        key: Key,
        settings: Settings,
        reply: oneshot::Sender<Result<(), ChangeError>>,
    },
    /// A version of the store, to be asked outside of service.
    Load {
        tenant: TenantId,
        key: Key,
        id: Digest,
        reply: oneshot::Sender<Result<Arc<Version>, ChangeError>>,
    },
    Replayed {
        tenant: TenantId,
        key: Key,
        id: Digest,
        summary: Replayed,
        reply: oneshot::Sender<Result<(), ChangeError>>,
    },
    /// Answered when everything before it is done.
    Settled(oneshot::Sender<()>),
    /// A component that [`super::Keeper`] was waiting for.
    Compiled {
        component: Digest,
        outcome: Result<(), CompileError>,
    },
}

/// What became of an upload, on its way to the keeper.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) tenant: TenantId,
    pub(crate) key: Key,
    pub(crate) record: Record,
    /// None when it was rejected.
    pub(crate) version: Option<Version>,
    pub(crate) cause: Cause,
    pub(crate) reply: oneshot::Sender<Result<VersionDetail, UploadError>>,
}
