//! SIP: callers come in, agents' desk phones register and are rung.
//!
//! Sockets belong to [`transport`]. Every message passes the validating [`shim`]; the [`router`]
//! then finds its place: a refusal, the [`registrar`], or a call of [`dialog`], whose transactions
//! and timers are rsipstack's. The house talks to legs by [`Handle`] and hears of them by [`Event`].
//! Media is not touched here: addresses and codecs go in and out as
//! [`RemoteMedia`](hotline_vocabulary::media::RemoteMedia).
//!
//! What is never logged: `Authorization`, callers' addresses, keys. rsipstack writes whole messages
//! at INFO, so a host that installs a log filter must include [`LOG_FILTER`].

mod admission;
mod dialog;
mod directory;
mod event;
mod options;
mod registrar;
mod replay;
mod router;
mod sdp;
mod service;
mod shim;
mod status;
mod transport;
mod trunk;

pub use directory::{DeskPhoneAccount, Directory};
pub use event::{Event, Incoming};
pub use options::{Limits, Options, Timers};
pub use registrar::ha1_md5;
pub use service::{Error, Handle, Service, start};
pub use trunk::{Account, Trunk, TrunkError, TrunkTransport};

/// The directive that keeps message dumps, credentials included, out of the log.
pub const LOG_FILTER: &str = "rsipstack=error";
