//! A customer who hangs up and calls again soon keeps the place in line (as in FreeSWITCH's
//! mod_callcenter). Kept by queue and address, as long as the queue's rules say and no longer.

use crate::desk::{Alarm, Desk};
use crate::limits::PLACES_KEPT;
use crate::queue::Queue;
use crate::switchboard::Switchboard;
use crate::timers::TimerId;
use hotline_vocabulary::ids::QueueId;
use hotline_vocabulary::{Address, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(crate) struct Places {
    kept: BTreeMap<Address, Kept>,
    /// The same in the order in which they are forgotten.
    by_end: BTreeSet<(Timestamp, Address)>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// Since when it counts.
    since: Timestamp,
    left: Timestamp,
}

#[derive(Debug)]
struct Kept {
    place: Place,
    until: Timestamp,
    timer: TimerId,
}

/// What callers without a number of their own are called (RFC 3323, and what carriers send): many
/// customers share these.
const NOBODY_IN_PARTICULAR: [&str; 7] = [
    "",
    "anonymous",
    "unavailable",
    "unknown",
    "restricted",
    "private",
    "web",
];

/// Whether an address tells one customer from the others.
pub(crate) fn is_one_customer(address: &Address) -> bool {
    let name = address.reveal().trim();
    let name = name.split_once('@').map_or(name, |(user, _)| user);
    !NOBODY_IN_PARTICULAR
        .iter()
        .any(|nobody| name.eq_ignore_ascii_case(nobody))
}

impl Places {
    /// Since when the place counts that was kept for a customer, who is back.
    pub(crate) fn take(&mut self, customer: &Address, desk: &mut Desk) -> Option<Timestamp> {
        let kept = self.kept.remove(customer)?;
        self.by_end.remove(&(kept.until, customer.clone()));
        desk.cancel(kept.timer);
        Some(kept.place.since)
    }

    fn keep(
        &mut self,
        customer: Address,
        mut place: Place,
        until: Timestamp,
        queue: QueueId,
        desk: &mut Desk,
    ) {
        // Who calls from two phones at once has one place, the better one.
        if let Some(since) = self.take(&customer, desk) {
            place.since = place.since.min(since);
        }
        if self.kept.len() >= PLACES_KEPT
            && let Some((_, first)) = self.by_end.first().cloned()
        {
            self.take(&first, desk);
        }
        let timer = desk.at(until, Alarm::PlaceForgotten(queue, customer.clone()));
        self.by_end.insert((until, customer.clone()));
        self.kept.insert(
            customer,
            Kept {
                place,
                until,
                timer,
            },
        );
    }
}

impl Queue {
    /// A customer gave up waiting, and may call again.
    pub(crate) fn keep_place(&mut self, customer: &Address, since: Timestamp, desk: &mut Desk) {
        let left = desk.now();
        self.keep(customer, Place { since, left }, desk);
    }

    fn keep(&mut self, customer: &Address, place: Place, desk: &mut Desk) {
        let until = place.left + self.config.rules.redial_within_ms;
        if until > desk.now() && is_one_customer(customer) {
            self.places
                .keep(customer.clone(), place, until, self.config.id, desk);
        }
    }

    /// The rules changed, and hold for places that are kept already.
    pub(crate) fn forget_places_kept_too_long(&mut self, desk: &mut Desk) {
        for (customer, kept) in std::mem::take(&mut self.places).kept {
            desk.cancel(kept.timer);
            self.keep(&customer, kept.place, desk);
        }
    }
}

impl Switchboard {
    /// A customer left before this switchboard began, and may call again for as long as is left of
    /// their time.
    pub(crate) fn place_kept(
        &mut self,
        queue: QueueId,
        customer: &Address,
        since: Timestamp,
        left: Timestamp,
    ) {
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.keep(customer, Place { since, left }, &mut self.desk);
        }
    }

    pub(crate) fn place_forgotten(&mut self, queue: QueueId, customer: &Address) {
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.places.take(customer, &mut self.desk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::Millis;
    use hotline_vocabulary::configuration;
    use hotline_vocabulary::fact::Epoch;
    use hotline_vocabulary::ids::{Id, TenantId};

    #[test]
    fn as_many_places_are_kept_as_allowed_and_the_next_to_be_forgotten_makes_room() {
        let mut desk = Desk::new(TenantId::from_bits(1), Epoch(1), 1);
        let mut queue = configuration::Queue::named(QueueId::from_bits(1), "support");
        queue.rules.redial_within_ms = Millis::from_secs(60);
        let mut queue = Queue::new(queue);
        let number = |n: usize| Address::from(format!("+49{n}"));
        for n in 0..=PLACES_KEPT {
            desk.set_now(Timestamp(n as i64));
            queue.keep_place(&number(n), desk.now(), &mut desk);
        }
        assert_eq!(queue.places.kept.len(), PLACES_KEPT);
        assert_eq!(queue.places.take(&number(0), &mut desk), None);
        assert_eq!(queue.places.take(&number(1), &mut desk), Some(Timestamp(1)));
    }

    #[test]
    fn callers_without_a_number_are_not_taken_for_one_another() {
        for nobody in ["", "Anonymous", "anonymous@anonymous.invalid", "web"] {
            assert!(!is_one_customer(&nobody.into()), "{nobody}");
        }
        assert!(is_one_customer(&"+4930123".into()));
    }
}
