//! The bytes of the log. All integers little-endian.
//!
//! ```text
//! frame   = length u32 (of the payload), crc32 u32 (of the payload), payload
//! payload = fact*                        (at least one: the facts of one append)
//! fact    = tenant u128, epoch u32, sequence u64, at i64, flags u8,
//!           [contact u128], [agent u128],   (as flags say)
//!           length u32, what               (JSON: {"kind": ..., "body": ...})
//! ```

use super::JournalError;
use hotline_vocabulary::Fact;
use hotline_vocabulary::fact::{Epoch, Sequence, What};
use hotline_vocabulary::ids::{AgentId, ContactId, Id, TenantId};
use hotline_vocabulary::time::Timestamp;

pub(super) const HEADER_BYTES: usize = 8;
/// A longer length is damage, not a frame.
pub(super) const MAX_PAYLOAD_BYTES: usize = 64 << 20;
const HAS_CONTACT: u8 = 1;
const HAS_AGENT: u8 = 2;

/// A fact as it lies in the log, its body not parsed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawFact<'a> {
    pub tenant: TenantId,
    pub epoch: Epoch,
    pub sequence: Sequence,
    pub at: Timestamp,
    pub contact: Option<ContactId>,
    pub agent: Option<AgentId>,
    /// `{"kind":"...","body":...}`, or `{"kind":"..."}` for a kind without a body.
    pub what: &'a str,
}

impl<'a> RawFact<'a> {
    /// The stable word and the body's JSON, taken apart without parsing the body: serde writes an
    /// adjacently tagged enum in exactly this form.
    pub fn kind_and_body(&self) -> Option<(&'a str, Option<&'a str>)> {
        let rest = self.what.strip_prefix("{\"kind\":\"")?;
        let (kind, rest) = rest.split_once('"')?;
        match rest.strip_prefix(",\"body\":") {
            Some(body) => Some((kind, Some(body.strip_suffix('}')?))),
            None => Some((kind, None)),
        }
    }

    pub fn parse(&self) -> Result<Fact, serde_json::Error> {
        Ok(Fact {
            tenant: self.tenant,
            epoch: self.epoch,
            sequence: self.sequence,
            at: self.at,
            contact: self.contact,
            agent: self.agent,
            what: self.parse_what()?,
        })
    }

    pub fn parse_what(&self) -> Result<What, serde_json::Error> {
        serde_json::from_str(self.what)
    }
}

/// The opposite of [`RawFact::kind_and_body`].
pub(crate) fn join_kind_and_body(
    kind: &str,
    body: Option<&str>,
) -> Result<What, serde_json::Error> {
    let what = match body {
        Some(body) => format!("{{\"kind\":\"{kind}\",\"body\":{body}}}"),
        None => format!("{{\"kind\":\"{kind}\"}}"),
    };
    serde_json::from_str(&what)
}

pub(super) fn encode(facts: &[Fact]) -> Result<Vec<u8>, JournalError> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + facts.len() * 512);
    bytes.extend_from_slice(&[0; HEADER_BYTES]);
    for fact in facts {
        bytes.extend_from_slice(&fact.tenant.bits().to_le_bytes());
        bytes.extend_from_slice(&fact.epoch.0.to_le_bytes());
        bytes.extend_from_slice(&fact.sequence.0.to_le_bytes());
        bytes.extend_from_slice(&fact.at.0.to_le_bytes());
        let flags = fact.contact.map_or(0, |_| HAS_CONTACT) | fact.agent.map_or(0, |_| HAS_AGENT);
        bytes.push(flags);
        if let Some(contact) = fact.contact {
            bytes.extend_from_slice(&contact.bits().to_le_bytes());
        }
        if let Some(agent) = fact.agent {
            bytes.extend_from_slice(&agent.bits().to_le_bytes());
        }
        let place = bytes.len();
        bytes.extend_from_slice(&[0; 4]);
        serde_json::to_writer(&mut bytes, &fact.what)?;
        let length = (bytes.len() - place - 4) as u32;
        bytes[place..place + 4].copy_from_slice(&length.to_le_bytes());
    }
    let payload = bytes.len() - HEADER_BYTES;
    if payload > MAX_PAYLOAD_BYTES {
        return Err(JournalError::TooLarge { bytes: payload });
    }
    let crc = crc32fast::hash(&bytes[HEADER_BYTES..]);
    bytes[..4].copy_from_slice(&(payload as u32).to_le_bytes());
    bytes[4..8].copy_from_slice(&crc.to_le_bytes());
    Ok(bytes)
}

/// What stands at the beginning of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    Frame {
        payload: &'a [u8],
        length: usize,
    },
    /// A frame that is longer than the bytes given; this many are needed.
    Incomplete {
        needed: usize,
    },
    Damaged,
}

pub(super) fn find(bytes: &[u8]) -> Found<'_> {
    let Some((header, rest)) = bytes.split_at_checked(HEADER_BYTES) else {
        return Found::Incomplete {
            needed: HEADER_BYTES,
        };
    };
    let word = |at: usize| {
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let length = word(0) as usize;
    // A length of nothing is a hole that a file system left.
    if length == 0 || length > MAX_PAYLOAD_BYTES {
        return Found::Damaged;
    }
    let needed = HEADER_BYTES + length;
    match rest.get(..length) {
        None => Found::Incomplete { needed },
        Some(payload) if crc32fast::hash(payload) == word(4) => Found::Frame {
            payload,
            length: needed,
        },
        Some(_) => Found::Damaged,
    }
}

/// The facts of one or more payloads.
#[derive(Debug, Clone)]
pub(crate) struct RawFacts<'a> {
    bytes: &'a [u8],
}

impl<'a> RawFacts<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        RawFacts { bytes }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*taken)
    }

    fn fact(&mut self) -> Option<RawFact<'a>> {
        let tenant = TenantId::from_bits(u128::from_le_bytes(self.take()?));
        let epoch = Epoch(u32::from_le_bytes(self.take()?));
        let sequence = Sequence(u64::from_le_bytes(self.take()?));
        let at = Timestamp(i64::from_le_bytes(self.take()?));
        let [flags] = self.take()?;
        let contact = match flags & HAS_CONTACT {
            0 => None,
            _ => Some(ContactId::from_bits(u128::from_le_bytes(self.take()?))),
        };
        let agent = match flags & HAS_AGENT {
            0 => None,
            _ => Some(AgentId::from_bits(u128::from_le_bytes(self.take()?))),
        };
        let length = u32::from_le_bytes(self.take()?) as usize;
        let (what, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(RawFact {
            tenant,
            epoch,
            sequence,
            at,
            contact,
            agent,
            what: std::str::from_utf8(what).ok()?,
        })
    }
}

impl<'a> Iterator for RawFacts<'a> {
    type Item = RawFact<'a>;

    fn next(&mut self) -> Option<RawFact<'a>> {
        // A payload whose CRC holds was written by `encode`: this ends at its end and nowhere else.
        self.fact()
    }
}
