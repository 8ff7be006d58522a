//! What plugins used, kept for good: by tenant, day and version of a plugin, and by contact.
//!
//! A charge is written to a [`Ledger`] on the local disk before the answer that it is for is used,
//! so a `kill -9` loses none. [`settle`] adds the charges up in SQL, in batches: what a batch adds
//! and how far the ledger is read stand in one transaction, so none is added twice.

mod ledger;
mod settle;
mod sums;

pub use crate::following::Service;
pub use ledger::{Ledger, LedgerError};
pub use settle::{Options, start};
