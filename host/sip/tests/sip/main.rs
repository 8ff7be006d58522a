//! The room over real sockets on loopback, as a far end meets it. Every message that comes back is
//! also read by a second parser (`rsip`), so that a bug in one is not hidden by itself.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod calls;
mod desk_phones;
mod harness;
mod limits;
mod torture;
mod trunks;
