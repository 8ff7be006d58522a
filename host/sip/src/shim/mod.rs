//! The validating shim in front of the stack: nothing reaches rsipstack that did not pass here.
//!
//! rsipstack drops a malformed message or an unknown method in silence, loses the body of a
//! datagram without Content-Length, ends the header list at a line that is not UTF-8, and accepts
//! doubled lengths and oversized numbers. So every message is cut ([`message`]), judged by the
//! grammar and by RFC 3261, sections 8.2, 18.3 and 20 ([`request`], [`response`]), refused
//! statelessly where a refusal is due ([`reply`]), and otherwise rebuilt in one spelling.

pub(crate) mod framing;
pub(crate) mod grammar;
mod message;
pub(crate) mod reply;
pub(crate) mod request;
mod response;

use crate::options::Limits;
use message::{Message, Name};
pub(crate) use request::Checked;
use rsipstack::sip;
use std::net::SocketAddr;

/// By which way a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Udp,
    Tcp,
}

/// What becomes of a message.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Not SIP, a malformed response, or a malformed ACK: never answered.
    Drop(&'static str),
    /// To be answered with these octets and forgotten.
    Refuse {
        status: u16,
        octets: Vec<u8>,
    },
    Request(Box<Checked>),
    Response(Box<sip::Response>),
}

/// Judges one message: a datagram, or what the framing cut from a stream.
pub(crate) fn examine(
    octets: &[u8],
    transport: Transport,
    source: SocketAddr,
    limits: &Limits,
    tags: &reply::Tags,
) -> Verdict {
    let Some(message) = Message::cut(octets, limits.header_fields) else {
        return Verdict::Drop("a keep-alive");
    };
    if message.start_line.len() >= 4
        && message.start_line.as_bytes()[..4].eq_ignore_ascii_case(b"SIP/")
    {
        return match response::check(&message, transport) {
            Ok(response) => Verdict::Response(Box::new(response)),
            Err(wrong) => Verdict::Drop(wrong),
        };
    }
    if !message.start_line.contains("SIP/") && message.first(Name::Via).is_none() {
        return Verdict::Drop("not SIP");
    }
    match request::check(&message, octets.len(), transport, source, limits) {
        Ok(checked) => Verdict::Request(Box::new(checked)),
        Err(_) if message.start_line.starts_with("ACK ") => Verdict::Drop("a malformed ACK"),
        Err(refusal) => Verdict::Refuse {
            status: refusal.status,
            octets: reply::to_message(&message, source, &refusal, tags),
        },
    }
}
