//! What the black-box tests and the bench share: the whole host as a process, a telephone of our
//! own that hears what arrives, and a client of the API. Nothing here links the host's code, so a
//! bug in it can not hide itself; SIP answers are read by `rsip`, a second parser.

pub mod api;
mod arrival;
pub mod audio;
pub mod baresip;
pub mod browser;
pub mod collector;
mod compiled;
pub mod host;
pub mod phone;
pub mod quiet;
pub mod recording;
pub mod rtp;
pub mod service;
pub mod tones;

pub use api::{Api, Live};
pub use host::{Host, HostOptions};
pub use phone::{Call, Outcome, Phone, Transport};
pub use quiet::Quiet;
