//! How many live sockets one session may hold open.

use hotline_vocabulary::ids::SessionId;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// A person with several windows, and a reload or two on the way.
const SOCKETS_PER_SESSION: usize = 8;

/// Counts open sockets; an entry lives as long as one of its sockets.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sockets {
    open: Arc<Mutex<HashMap<SessionId, usize>>>,
}

/// The place of one socket; free again when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    sockets: Sockets,
    session: SessionId,
}

impl Sockets {
    /// None when the session holds as many as it may.
    pub(crate) fn take(&self, session: SessionId) -> Option<Place> {
        let mut open = self.open.lock();
        let count = open.entry(session).or_default();
        if *count >= SOCKETS_PER_SESSION {
            return None;
        }
        *count += 1;
        Some(Place {
            sockets: self.clone(),
            session,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.sockets.open.lock();
        if let Some(count) = open.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
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
}
