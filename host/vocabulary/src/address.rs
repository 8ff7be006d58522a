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
    /// A call that we owe a customer who gave up waiting on the line.
    Callback,
    Chat,
    Email,
    /// A piece of work that a program or a person put into a queue.
    Task,
}

impl Channel {
    pub const fn as_str(self) -> &'static str {
        match self {
            Channel::Phone => "phone",
            Channel::Web => "web",
            Channel::Callback => "callback",
            Channel::Chat => "chat",
            Channel::Email => "email",
            Channel::Task => "task",
        }
    }

    pub const fn medium(self) -> Medium {
        match self {
            Channel::Phone | Channel::Web | Channel::Callback => Medium::Voice,
            Channel::Chat => Medium::Chat,
            Channel::Email => Medium::Email,
            Channel::Task => Medium::Task,
        }
    }
}

/// What kind of attention a channel takes: capacity and interruption are counted by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    Voice,
    Chat,
    Email,
    Task,
}

impl Medium {
    pub const ALL: [Medium; 4] = [Medium::Voice, Medium::Chat, Medium::Email, Medium::Task];
}

/// An address of a customer; need not be a number (`+4930123`, `alice@example.org`, `web`).
pub type Address = Personal<String>;
