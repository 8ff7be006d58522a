//! Where things lie below the data and flows folders.

use hotline_vocabulary::ids::{RecordingId, TenantId};
use std::path::{Path, PathBuf};

pub(crate) fn journal(data: &Path) -> PathBuf {
    data.join("journal")
}

pub(crate) fn recordings(data: &Path) -> PathBuf {
    data.join("recordings")
}

/// One tenant's recordings.
pub(crate) fn recordings_of(recordings: &Path, tenant: TenantId) -> PathBuf {
    recordings.join(tenant.to_string())
}

pub(crate) fn recording(recordings: &Path, tenant: TenantId, recording: RecordingId) -> PathBuf {
    recordings_of(recordings, tenant).join(format!("{recording}.wav"))
}

/// Prompts as they were rendered.
pub(crate) fn prompt_cache(data: &Path) -> PathBuf {
    data.join("cache").join("prompts")
}

/// Policies compiled for simulations.
pub(crate) fn simulation_cache(data: &Path) -> PathBuf {
    data.join("cache").join("simulation")
}

/// Plugin versions and their compiled code.
pub(crate) fn plugins(data: &Path) -> PathBuf {
    data.join("plugins")
}

/// What plugins used and SQL does not have yet.
pub(crate) fn usage(data: &Path) -> PathBuf {
    data.join("usage")
}

/// The key that secrets are sealed with, unless the environment has one.
pub(crate) fn secrets_key(data: &Path) -> PathBuf {
    data.join("secrets.key")
}

/// The certificate and key of `--tls self-signed`.
pub(crate) fn tls(data: &Path) -> PathBuf {
    data.join("tls")
}

/// The tables that a tenant's routing policies look things up in.
pub(crate) fn tables(flows: &Path, tenant_name: &str) -> PathBuf {
    flows.join(tenant_name).join("tables")
}

/// The audio files of a tenant's flows.
pub(crate) fn prompts(flows: &Path, tenant_name: &str) -> PathBuf {
    flows.join(tenant_name).join("prompts")
}
