//! What was recorded in a stretch of time, from the facts: to be exported, or played again.

use hotline_records::Records;
use hotline_records::repositories::page::Limit;
use hotline_simulator::{Recorder, Recording, RecordingError};
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::{Millis, Timestamp};

/// How long after the end of the time asked for a contact may take to end.
const LONGEST_CONTACT: Millis = Millis::from_secs(4 * 3600);

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Records(#[from] hotline_records::Error),
    #[error(transparent)]
    Recording(#[from] RecordingError),
}

/// Contacts that arrived from `from` on and before `to`, with what became of them, and who was at
/// work.
pub(crate) async fn traffic(
    records: &Records,
    tenant: TenantId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Recording, ReadError> {
    let page_size = Limit::new(Limit::MOST)?;
    let mut recorder = Recorder::until(to);
    let mut cursor = records.events.before(tenant, from).await?;
    loop {
        let page = records.events.page(tenant, cursor, page_size).await?;
        for fact in &page.items {
            recorder.notice(fact)?;
        }
        let last = page.items.last();
        let is_over = last.is_none_or(|fact| fact.at >= to + LONGEST_CONTACT);
        match page.next {
            Some(next) if !is_over => cursor = next,
            _ => return Ok(recorder.finish()),
        }
    }
}
