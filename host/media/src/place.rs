//! Where a leg is: on which worker, and on which seat there.

use hotline_vocabulary::ids::LegId;

/// Where a leg is. Its worker's number, and its key there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) worker: usize,
    pub(crate) key: LegKey,
    /// Its RTP port, for a leg with a socket of its own.
    pub(crate) port: Option<u16>,
}

/// A leg's place in its worker; the id is checked, since a place is used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LegKey {
    pub(crate) index: u32,
    pub(crate) id: LegId,
}
