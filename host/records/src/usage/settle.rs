//! Follows the ledger into SQL, exactly once: a batch of charges and the place behind them are one
//! transaction.
//!
//! When the database is away the ledger grows on the disk, about 300 bytes a question; the journal
//! grows beside it, and stops new calls when it is full.

use super::ledger::{Ledger, LedgerError};
use super::sums;
use crate::error::Error;
use crate::following::Service;
use crate::schema::Database;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Clone)]
pub struct Options {
    /// Charges are collected this long before a transaction.
    pub pause: Duration,
    /// About how much of the ledger one transaction takes; the memory bound.
    pub batch_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            pause: Duration::from_secs(1),
            batch_bytes: 1 << 20,
        }
    }
}

/// Begins to follow `ledger` on the current Tokio runtime.
pub fn start(options: Options, ledger: Arc<Ledger>, database: Database) -> Service {
    Service::start("adding up what plugins used", |mut stopping| async move {
        let mut is_failing = false;
        loop {
            let last = *stopping.borrow_and_update();
            let settled = settle(&options, &ledger, &database).await;
            match &settled {
                Ok(()) if is_failing => tracing::info!("what plugins used is added up again"),
                Err(error) if !is_failing => tracing::warn!(
                    %error,
                    "what plugins used waits in its ledger"
                ),
                _ => {}
            }
            is_failing = settled.is_err();
            if last {
                return;
            }
            // An error means that the service was dropped; then the task is aborted anyway.
            let _ = tokio::time::timeout(options.pause, stopping.changed()).await;
        }
    })
}

#[derive(Debug, thiserror::Error)]
enum SettleError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("{}", because(.0))]
    Database(#[from] Error),
    #[error("reading the ledger ended badly: {0}")]
    Reading(#[from] tokio::task::JoinError),
}

/// With the database's own words.
fn because(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Brings all that is in the ledger now into SQL, and lets go of the files that are.
async fn settle(
    options: &Options,
    ledger: &Arc<Ledger>,
    database: &Database,
) -> Result<(), SettleError> {
    let files = apart(ledger, Ledger::files).await??;
    let current = files.len().saturating_sub(1);
    for (number, (name, bytes)) in files.into_iter().enumerate() {
        let mut place = sums::place(database, &name).await?;
        while place < bytes {
            let (file, batch_bytes) = (name.clone(), options.batch_bytes);
            let read = apart(ledger, move |ledger| ledger.read(&file, place, batch_bytes));
            let lines = read.await??;
            if lines.is_empty() {
                // A crash tore the last line: its question was never answered.
                break;
            }
            let charges = sums::parse(&name, place, &lines);
            place += lines.len() as u64;
            sums::add(database, &charges, (&name, place)).await?;
        }
        if number < current {
            // It may go only when its charges would survive a power loss without it.
            database.make_durable().await?;
            let file = name.clone();
            apart(ledger, move |ledger| ledger.delete(&file)).await??;
            sums::forget(database, &name).await?;
        }
    }
    Ok(())
}

/// Off the threads that serve.
async fn apart<T: Send + 'static>(
    ledger: &Arc<Ledger>,
    work: impl FnOnce(&Ledger) -> T + Send + 'static,
) -> Result<T, tokio::task::JoinError> {
    let ledger = ledger.clone();
    tokio::task::spawn_blocking(move || work(&ledger)).await
}
