//! Recordings between the media plane, which writes them, and the records, which speak of them.

use hotline_records::restart::RepairedRecording;
use hotline_vocabulary::ids::{RecordingId, TenantId};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Which tenant a running recording belongs to. Bounded by the calls that are recorded.
pub(crate) type RecordingOwners = Arc<Mutex<HashMap<RecordingId, TenantId>>>;

/// Mends the headers of recordings that were cut off, and says how long each one below `folder` is.
/// Nothing there may be written to meanwhile.
pub(crate) async fn repair(folder: PathBuf) -> Vec<RepairedRecording> {
    let found =
        tokio::task::spawn_blocking(move || hotline_media::recover_recordings(&folder)).await;
    let found = match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::error!(%error, "recordings could not be looked through");
            return Vec::new();
        }
        Err(error) => {
            tracing::error!(%error, "looking through recordings broke off");
            return Vec::new();
        }
    };
    found
        .into_iter()
        .filter_map(|recovered| {
            Some(RepairedRecording {
                recording: recovered.file.file_stem()?.to_str()?.parse().ok()?,
                length_ms: recovered.length_ms,
                bytes: recovered.bytes,
            })
        })
        .collect()
}
