//! One contact as it is to be played, and the ids by which facts find it again.

use hotline_vocabulary::configuration::SkillExpression;
use hotline_vocabulary::ids::{ContactId, Id, LegId};
use hotline_vocabulary::{Channel, Millis, Timestamp};
use std::sync::Arc;

/// One contact and everything about it that no policy changes, so that all policies are compared on
/// the same contacts (common random numbers).
#[derive(Debug, Clone)]
pub(crate) struct ContactPlan {
    pub(crate) arrives: Timestamp,
    pub(crate) kind: Arc<Kind>,
    /// Which customer it is: the address they call from.
    pub(crate) customer: u64,
    pub(crate) handle: Millis,
    pub(crate) wrap_up: Millis,
    /// How long the customer waits; for ever when none.
    pub(crate) patience: Option<Millis>,
    /// When a customer who gave up tries again, counted from then; never when none.
    pub(crate) redial_after: Option<Millis>,
    /// From 0 to 1: whether an agent who lacks the skills passes the contact on.
    pub(crate) transfer_luck: f64,
    /// Seeds what is drawn while the contact is played.
    pub(crate) luck: u64,
    pub(crate) counted: bool,
    /// It was passed on by an agent who lacked the skills: it asks for them itself now.
    pub(crate) transferred: bool,
}

/// What contacts of one kind have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kind {
    /// The place of the queue in the configuration.
    pub(crate) queue: usize,
    pub(crate) channel: Channel,
    pub(crate) priority: i32,
    /// Besides what the queue requires.
    pub(crate) skills: SkillExpression,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) transfer: Option<Transfer>,
    /// The chance, from 0 to 1, that the customer answers when called back; anew each time.
    pub(crate) answers_callback: f64,
}

impl Kind {
    pub(crate) fn is_urgent(&self) -> bool {
        self.priority > 0
    }
}

/// What becomes of a contact whose agent lacks its skills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Transfer {
    /// The share that is passed on, from 0 to 1.
    pub(crate) share: f64,
    /// After this share of the handle time; the next agent needs all of it again.
    pub(crate) after_share: f64,
}

/// A contact's id carries its place, so that facts find it without a search.
pub(crate) fn contact_id(at: Timestamp, place: usize) -> ContactId {
    ContactId::from_bits(timed(at, place))
}

pub(crate) fn leg_id(at: Timestamp, place: usize) -> LegId {
    LegId::from_bits(timed(at, place))
}

fn timed(at: Timestamp, place: usize) -> u128 {
    let time = u128::from(at.0.max(0).cast_unsigned() & 0xFFFF_FFFF_FFFF);
    time << 80 | place as u128
}

pub(crate) fn place_of(contact: ContactId) -> usize {
    place_in(contact.bits())
}

pub(crate) fn place_of_leg(leg: LegId) -> usize {
    place_in(leg.bits())
}

fn place_in(bits: u128) -> usize {
    (bits & u128::from(u64::MAX)) as usize
}
