//! Stateless responses (RFC 3261, section 8.2.7): written from the request alone and forgotten, so
//! that a flood or garbage costs no memory.

use super::grammar::{self, Via};
use super::message::{Message, Name};
use super::request::{NULL_TAG, Refusal};
use crate::status::phrase;
use rsipstack::sip::{Header, Request};
use std::borrow::Cow;
use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;

/// Gives a stateless response the same To tag each time its request comes, without remembering it.
#[derive(Debug, Default)]
pub(crate) struct Tags(RandomState);

impl Tags {
    fn of(&self, call_id: &str, from: &str) -> String {
        format!("s{:016x}", self.0.hash_one((call_id, from)))
    }
}

fn status_line(refusal: &Refusal) -> String {
    let mut text = String::with_capacity(512);
    let _ = write!(
        text,
        "SIP/2.0 {} {}",
        refusal.status,
        phrase(refusal.status)
    );
    if let Some(why) = refusal.why {
        let _ = write!(text, ": {why}");
    }
    text.push_str("\r\n");
    text
}

fn push(text: &mut String, name: &str, value: &str) {
    text.push_str(name);
    text.push_str(": ");
    text.push_str(value);
    text.push_str("\r\n");
}

fn finish(mut text: String, refusal: &Refusal) -> Vec<u8> {
    for (name, value) in &refusal.headers {
        push(&mut text, name, value);
    }
    text.push_str("Content-Length: 0\r\n\r\n");
    text.into_bytes()
}

/// Refuses what may be malformed: copies what is there, as it is there.
pub(crate) fn to_message(
    message: &Message<'_>,
    source: SocketAddr,
    refusal: &Refusal,
    tags: &Tags,
) -> Vec<u8> {
    let mut text = status_line(refusal);
    let mut first = true;
    for value in message.all(Name::Via) {
        let mut entries = grammar::split(value, b',');
        match entries.next().map(Via::parse) {
            Some(Ok(via)) if first => {
                push(&mut text, "Via", &via.canonical(Some(source)));
                entries.for_each(|entry| push(&mut text, "Via", entry));
            }
            _ => push(&mut text, "Via", value),
        }
        first = false;
    }
    let from = message.first(Name::From).unwrap_or_default();
    let call_id = message.first(Name::CallId).unwrap_or_default();
    if !from.is_empty() {
        push(&mut text, "From", from);
    }
    if let Some(to) = message.first(Name::To) {
        let parsed = grammar::NameAddr::parse(to);
        match parsed {
            Ok(address) if address.tag().is_none() => {
                let tag = tags.of(call_id, from);
                push(
                    &mut text,
                    "To",
                    &format!("{};tag={tag}", address.canonical()),
                );
            }
            _ => push(&mut text, "To", to),
        }
    }
    if !call_id.is_empty() {
        push(&mut text, "Call-ID", call_id);
    }
    if let Some(cseq) = message.first(Name::CSeq) {
        push(&mut text, "CSeq", cseq);
    }
    finish(text, refusal)
}

/// Answers a request that passed the shim.
pub(crate) fn to_request(request: &Request, refusal: &Refusal, tags: &Tags) -> Vec<u8> {
    let mut text = status_line(refusal);
    let (mut from, mut call_id) = ("", "");
    for header in request.headers.iter() {
        match header {
            Header::From(value) => from = value.value(),
            Header::CallId(value) => call_id = value.value(),
            _ => {}
        }
    }
    for header in request.headers.iter() {
        match header {
            Header::Via(via) => push(&mut text, "Via", via.value()),
            Header::From(_) => push(&mut text, "From", without_null_tag(from)),
            Header::To(to) => {
                let tagged =
                    grammar::NameAddr::parse(to.value()).is_ok_and(|to| to.tag().is_some());
                let mut to = to.value().to_owned();
                if !tagged {
                    let _ = write!(to, ";tag={}", tags.of(call_id, from));
                }
                push(&mut text, "To", &to);
            }
            Header::CallId(value) => push(&mut text, "Call-ID", value.value()),
            Header::CSeq(value) => push(&mut text, "CSeq", value.value()),
            _ => {}
        }
    }
    finish(text, refusal)
}

fn without_null_tag(from: &str) -> &str {
    from.strip_suffix(NULL_TAG)
        .and_then(|from| from.strip_suffix(";tag="))
        .unwrap_or(from)
}

/// Takes the stand-in for a null tag out of a message that leaves.
pub(crate) fn strip_null_tag(octets: &[u8]) -> Cow<'_, [u8]> {
    // The tag stands in the header, near its begin; most messages do not have it.
    match super::message::find(octets, NULL_TAG.as_bytes()) {
        Some(at) if octets[..at].ends_with(b";tag=") => {
            let behind = at + NULL_TAG.len();
            Cow::Owned([&octets[..at - 5], &octets[behind..]].concat())
        }
        _ => Cow::Borrowed(octets),
    }
}
