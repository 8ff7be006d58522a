//! Who is calling whom, and by which way.

use crate::personal::Personal;
use serde::{Deserialize, Serialize};

/// The way a contact came in. A channel leaves queue, routing, facts and reports untouched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A call over SIP.
    Phone,
    /// A call from a web page (WebRTC).
    Web,
}

impl Channel {
    pub const fn as_str(self) -> &'static str {
        match self {
            Channel::Phone => "phone",
            Channel::Web => "web",
        }
    }
}

/// An address of a customer; need not be a number (`+4930123`, `alice@example.org`, `web`).
pub type Address = Personal<String>;
