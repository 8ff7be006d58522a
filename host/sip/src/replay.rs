//! Requests that come again: answered by the same octets, or absorbed, without deciding anything
//! twice (RFC 3261, sections 17.2.2 and 8.2.7; RFC 6026, section 7.1 for an INVITE after its ACK).
//!
//! The stack would keep a whole message for each of the last 64 T1, some 10 KB a call. Here it is
//! one block of octets for a request that was answered, and eight octets for one to absorb.

use parking_lot::Mutex;
use rsipstack::transaction::key::TransactionKey;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

/// Requests remembered at once; beyond it the oldest are forgotten before their time, and a
/// retransmission of one of those is decided anew.
const REMEMBERED: usize = 65_536;

#[derive(Debug)]
pub(crate) struct Replays {
    keys: RandomState,
    lifetime: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: HashMap<u64, Entry>,
    order: VecDeque<(Instant, u64)>,
}

#[derive(Debug)]
enum Entry {
    /// Taken, not answered yet; or an INVITE whose ACK came.
    Absorb,
    Answered(Box<[u8]>),
}

/// Names a request that was taken, until it is answered or forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// For the first time: it is now taken.
    New(Ticket),
    /// Before; there is nothing to say.
    Absorb,
    /// Before; this is what was said.
    Answered(Vec<u8>),
}

impl Replays {
    /// `lifetime` is 64 T1.
    pub(crate) fn new(lifetime: Duration) -> Self {
        Replays {
            keys: RandomState::new(),
            lifetime,
            state: Mutex::default(),
        }
    }

    /// Takes a request, or says that it was taken before.
    pub(crate) fn take(&self, key: &TransactionKey, now: Instant) -> Seen {
        let hash = self.keys.hash_one(key);
        let mut state = self.state.lock();
        state.forget_old(now, self.lifetime);
        match state.entries.get(&hash) {
            Some(Entry::Absorb) => Seen::Absorb,
            Some(Entry::Answered(octets)) => Seen::Answered(octets.to_vec()),
            None => {
                state.remember(hash, now);
                Seen::New(Ticket(hash))
            }
        }
    }

    /// Whether a request is to be absorbed; takes nothing.
    pub(crate) fn absorbs(&self, key: &TransactionKey) -> bool {
        let hash = self.keys.hash_one(key);
        self.state.lock().entries.contains_key(&hash)
    }

    /// From now on the request is absorbed.
    pub(crate) fn absorb(&self, key: &TransactionKey, now: Instant) {
        let hash = self.keys.hash_one(key);
        let mut state = self.state.lock();
        state.forget_old(now, self.lifetime);
        state.remember(hash, now);
    }

    /// From now on the request is answered with `octets`.
    pub(crate) fn answer(&self, ticket: Ticket, octets: &[u8]) {
        if let Some(entry) = self.state.lock().entries.get_mut(&ticket.0) {
            *entry = Entry::Answered(octets.into());
        }
    }

    /// The request is decided anew when it comes again.
    pub(crate) fn forget(&self, ticket: Ticket) {
        self.state.lock().entries.remove(&ticket.0);
    }
}

impl State {
    fn remember(&mut self, hash: u64, now: Instant) {
        self.entries.insert(hash, Entry::Absorb);
        self.order.push_back((now, hash));
    }

    fn forget_old(&mut self, now: Instant, lifetime: Duration) {
        while let Some((since, hash)) = self.order.front().copied() {
            let old = now.saturating_duration_since(since) > lifetime;
            if !old && self.order.len() < REMEMBERED {
                return;
            }
            self.order.pop_front();
            self.entries.remove(&hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsipstack::sip::Request;
    use rsipstack::transaction::key::TransactionRole;

    fn key(branch: u32) -> TransactionKey {
        let text = format!(
            "BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP b;branch=z9hG4bK{branch}\r\n\
             From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 BYE\r\n\r\n"
        );
        let request = Request::try_from(text.as_str()).expect("a request");
        TransactionKey::from_request(&request, TransactionRole::Server).expect("a key")
    }

    #[test]
    fn a_request_is_taken_once_absorbed_while_open_and_then_answered_alike_for_its_lifetime() {
        let now = Instant::now();
        let lifetime = Duration::from_secs(32);
        let replays = Replays::new(lifetime);
        let Seen::New(ticket) = replays.take(&key(1), now) else {
            panic!("not new");
        };
        assert_eq!(replays.take(&key(1), now), Seen::Absorb);
        replays.answer(ticket, b"said");
        assert_eq!(replays.take(&key(1), now), Seen::Answered(b"said".to_vec()));
        assert!(matches!(replays.take(&key(2), now), Seen::New(_)));
        let later = now + lifetime + Duration::from_secs(1);
        assert!(matches!(replays.take(&key(1), later), Seen::New(_)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let now = Instant::now();
        let replays = Replays::new(Duration::from_secs(32));
        let mut state = replays.state.lock();
        for hash in 0..200_000 {
            state.forget_old(now, replays.lifetime);
            state.remember(hash, now);
        }
        assert!(state.entries.len() <= REMEMBERED && state.order.len() <= REMEMBERED);
    }
}
