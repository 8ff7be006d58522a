//! Every id of the house, made by one macro. An id is 128 bits, 48 of time and 80 of randomness
//! (the layout of a ULID), so that ids sort by age and never need a counter shared by two nodes.
//! As text: a prefix that names its kind, `_`, and 26 digits of Crockford's base 32.

use crate::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Why a text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("expected an id that begins with `{0}_`")]
    Prefix(&'static str),
    #[error("expected 26 base-32 digits after `{0}_`")]
    Digits(&'static str),
}

/// What all ids share; lets [`Minter`] make any of them.
pub trait Id: Copy {
    const PREFIX: &'static str;
    fn from_bits(bits: u128) -> Self;
    fn bits(self) -> u128;
}

/// Makes ids from a time and a seeded stream of randomness: the same seed and the same times give
/// the same ids, which is what makes a simulation or a replay exact. In production the host seeds
/// it from the operating system.
#[derive(Debug, Clone)]
pub struct Minter {
    random: fastrand::Rng,
}

impl Minter {
    pub fn new(seed: u64) -> Self {
        Minter {
            random: fastrand::Rng::with_seed(seed),
        }
    }

    pub fn mint<T: Id>(&mut self, now: Timestamp) -> T {
        let time = u128::from(now.0.max(0).cast_unsigned() & 0xFFFF_FFFF_FFFF);
        T::from_bits(time << 80 | self.random.u128(..) >> 48)
    }
}

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// How many digits 128 bits take.
const WIDTH: usize = 26;
/// Stands in [`VALUES`] for an octet that is no digit.
const NO_DIGIT: u8 = 0xFF;
/// What each octet is worth as a digit.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < DIGITS.len() {
        values[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// An id as text. Ids are written and read in every fact and every row, so this neither allocates
/// nor goes through the formatting machinery.
struct Text {
    octets: [u8; 2 + 1 + WIDTH],
}

impl Text {
    fn of(prefix: &str, bits: u128) -> Text {
        let mut text = Text {
            octets: [b'_'; 2 + 1 + WIDTH],
        };
        // Every prefix is two letters.
        text.octets[..2].copy_from_slice(&prefix.as_bytes()[..2]);
        // Twelve digits are 60 bits, which fit in a register.
        let (low, middle, high) = (bits as u64, (bits >> 60) as u64, (bits >> 120) as u64);
        put(&mut text.octets[3..5], high);
        put(&mut text.octets[5..17], middle);
        put(&mut text.octets[17..], low);
        text
    }

    fn as_str(&self) -> &str {
        // Two ASCII letters and digits.
        std::str::from_utf8(&self.octets).unwrap_or_default()
    }
}

/// Writes the lowest digits of `bits`, as many as there is room for.
fn put(room: &mut [u8], mut bits: u64) {
    for digit in room.iter_mut().rev() {
        *digit = DIGITS[(bits & 31) as usize];
        bits >>= 5;
    }
}

fn parse_text(prefix: &'static str, text: &str) -> Result<u128, IdError> {
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(IdError::Prefix(prefix))?;
    // 26 digits hold 130 bits: the first may only use three of its five.
    if digits.len() != WIDTH || VALUES[usize::from(digits.as_bytes()[0])] > 7 {
        return Err(IdError::Digits(prefix));
    }
    let take = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0u64, |bits, digit| match VALUES[usize::from(*digit)] {
                NO_DIGIT => Err(IdError::Digits(prefix)),
                value => Ok(bits << 5 | u64::from(value)),
            })
    };
    let digits = digits.as_bytes();
    let (high, middle, low) = (&digits[..2], &digits[2..14], &digits[14..]);
    let (high, middle, low) = (take(high)?, take(middle)?, take(low)?);
    Ok(u128::from(high) << 120 | u128::from(middle) << 60 | u128::from(low))
}

/// A text of this pattern, for the API's document.
#[cfg(feature = "schema")]
fn text_schema(pattern: &str) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .pattern(Some(pattern))
        .into()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_bits(bits: u128) -> Self { $name(bits) }
            fn bits(self) -> u128 { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(Text::of($prefix, self.0).as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(Text::of($prefix, self.0).as_str())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_text($prefix, text).map($name)
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                text_schema(concat!("^", $prefix, "_[0-9a-hjkmnp-tv-z]{26}$"))
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {}

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(Text::of($prefix, self.0).as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Written;
                impl de::Visitor<'_> for Written {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("an id that begins with `", $prefix, "_`"))
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Written)
            }
        }
    )*};
}

ids! {
    /// A business that owns queues, users, flows and everything recorded about them.
    TenantId = "tn";
    /// A person who signs in: agent, supervisor or administrator.
    UserId = "us";
    /// A user in the role of an agent; the same bits as their [`UserId`].
    AgentId = "ag";
    QueueId = "qu";
    /// One customer interaction on any channel, from its arrival to its end.
    ContactId = "ct";
    /// One stay of a contact in one queue; ends by answer, abandon, overflow, ...
    VisitId = "vi";
    /// One time that one agent handles a contact.
    SegmentId = "sg";
    /// One media connection: a SIP dialog's RTP or a browser's peer connection.
    LegId = "lg";
    /// A contact proposed to one agent, until accepted, rejected, timed out or withdrawn.
    OfferId = "of";
    RecordingId = "rc";
    /// One request to play something to a leg.
    PlaybackId = "pb";
    /// One question to an adviser (a plugin); its answer carries the same id.
    QuestionId = "qn";
    /// One thing that a flow looks up for its contact; the answer carries the same id.
    LookupId = "lk";
    /// A signed-in session of a person, or a token of a program.
    SessionId = "se";
    /// One time that recorded traffic is played again with other policies.
    WhatIfId = "wi";
}

impl From<UserId> for AgentId {
    fn from(user: UserId) -> Self {
        AgentId(user.0)
    }
}

impl From<AgentId> for UserId {
    fn from(agent: AgentId) -> Self {
        UserId(agent.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let mut minter = Minter::new(7);
        for second in 0..200 {
            let id: ContactId = minter.mint(Timestamp(second * 1000));
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(
                serde_json::from_str::<ContactId>(&format!("\"{id}\"")).ok(),
                Some(id)
            );
        }
        let known = ContactId::from_bits(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        assert_eq!(known.to_string(), "ct_014d2pf2dbsqqg28t5cy4tqkff");
        let largest = ContactId::from_bits(u128::MAX);
        assert_eq!(largest.to_string().parse(), Ok(largest));
    }

    #[test]
    fn text_of_another_kind_or_length_is_refused_by_name() {
        let queue: QueueId = Minter::new(1).mint(Timestamp(0));
        assert_eq!(
            queue.to_string().parse::<ContactId>(),
            Err(IdError::Prefix("ct"))
        );
        assert_eq!("ct_".parse::<ContactId>(), Err(IdError::Digits("ct")));
        for digits in ["z", "8"] {
            let too_large = format!("ct_{}", digits.repeat(26));
            assert_eq!(too_large.parse::<ContactId>(), Err(IdError::Digits("ct")));
        }
        for stranger in ["i", "U", "-", "\u{e9}"] {
            let text = format!("ct_0{}", stranger.repeat(25 / stranger.len()));
            assert_eq!(text.parse::<ContactId>(), Err(IdError::Digits("ct")));
        }
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let mut minter = Minter::new(3);
        let early: ContactId = minter.mint(Timestamp(1_000));
        let late: ContactId = minter.mint(Timestamp(1_001));
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
    }
}
