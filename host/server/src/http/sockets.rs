//! How many live sockets one session may hold open.

use hotline_vocabulary::ids::SessionId;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// A person with several windows, and a reload or two on the way.
const SOCKETS_PER_SESSION: usize = 8;

/// Counts open sockets; an entry lives as long as one of its sockets.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sockets {
    open: Arc<Mutex<HashMap<SessionId, Open>>>,
}

#[derive(Debug, Default)]
struct Open {
    count: usize,
    session_over: CancellationToken,
}

/// The place of one socket; free again when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    sockets: Sockets,
    session: SessionId,
    session_over: CancellationToken,
}

impl Place {
    /// Resolves when the session was ended.
    pub(crate) async fn session_over(&self) {
        self.session_over.cancelled().await;
    }
}

impl Sockets {
    /// A session was signed out, or a token deleted: its sockets close.
    pub(crate) fn end(&self, session: SessionId) {
        if let Some(open) = self.open.lock().get(&session) {
            open.session_over.cancel();
        }
    }

    /// None when the session holds as many as it may.
    pub(crate) fn take(&self, session: SessionId) -> Option<Place> {
        let mut open = self.open.lock();
        let open = open.entry(session).or_default();
        if open.count >= SOCKETS_PER_SESSION {
            return None;
        }
        open.count += 1;
        Some(Place {
            sockets: self.clone(),
            session,
            session_over: open.session_over.clone(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.sockets.open.lock();
        if let Some(left) = open.get_mut(&self.session) {
            left.count -= 1;
            if left.count == 0 {
                open.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::Timestamp;
    use hotline_vocabulary::ids::Minter;

    #[test]
    fn a_closed_socket_makes_room_for_another() {
        let sockets = Sockets::default();
        let session: SessionId = Minter::new(1).mint(Timestamp(0));
        let mut held: Vec<Place> = (0..8).filter_map(|_| sockets.take(session)).collect();
        assert_eq!(held.len(), 8);
        assert!(sockets.take(session).is_none());
        held.pop();
        assert!(sockets.take(session).is_some());
        drop(held);
        assert!(sockets.open.lock().is_empty());
    }

    #[tokio::test]
    async fn ending_a_session_ends_its_sockets_and_no_others() {
        let sockets = Sockets::default();
        let mut minter = Minter::new(1);
        let (ended, other) = (minter.mint(Timestamp(0)), minter.mint(Timestamp(0)));
        let (first, second) = (sockets.take(ended), sockets.take(ended));
        let others = sockets.take(other).expect("room");
        sockets.end(ended);
        first.expect("room").session_over().await;
        second.expect("room").session_over().await;
        assert!(!others.session_over.is_cancelled());
    }
}
