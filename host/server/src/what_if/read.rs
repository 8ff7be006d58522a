//! What was recorded in a stretch of time, from the facts.

use super::Failure;
use hotline_records::Records;
use hotline_records::repositories::page::Limit;
use hotline_simulator::{Recorder, Recording};
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::{Millis, Timestamp};
use std::collections::HashSet;

/// How long after the end of the time asked for a contact may take to end.
const LONGEST_CONTACT: Millis = Millis::from_secs(4 * 3600);

/// Contacts that arrived from `from` on and before `to`, with what became of them, and who was at
/// work.
pub(super) async fn recording(
    records: &Records,
    tenant: TenantId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Recording, Failure> {
    let page_size = Limit::new(Limit::MOST)?;
    let mut recorder = Recorder::new();
    let mut arrived = HashSet::<ContactId>::new();
    let mut cursor = records.events.before(tenant, from).await?;
    loop {
        let page = records.events.page(tenant, cursor, page_size).await?;
        for fact in &page.items {
            let is_meant = match fact.contact {
                _ if fact.at < to => {
                    arrived.extend(fact.contact);
                    true
                }
                // Afterwards only what became of those.
                Some(contact) => arrived.contains(&contact),
                None => false,
            };
            if is_meant {
                recorder.notice(fact)?;
            }
        }
        let last = page.items.last();
        let is_over = last.is_none_or(|fact| fact.at >= to + LONGEST_CONTACT);
        match page.next {
            Some(next) if !is_over => cursor = next,
            _ => return Ok(recorder.finish()),
        }
    }
}
