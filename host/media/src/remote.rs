//! The far end of an RTP leg: where it is, and how its packets reach us and ours reach it.

use crate::latch::Latch;
use crate::socket::{self, Moment};
use hotline_vocabulary::media::RemoteMedia;
use socket2::Socket;

/// The far end of an RTP leg.
#[derive(Debug)]
pub(crate) struct Remote {
    pub(crate) media: RemoteMedia,
    pub(crate) latch: Latch,
    reach: Reach,
}

/// From whom the kernel takes datagrams for a leg, and to whom it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The latch decides about each.
    Anyone,
    /// The far end alone ([`socket::tie`]).
    Tied,
    /// As `Anyone`, and for good: it can not be tied.
    Untieable,
}

impl Remote {
    pub(crate) fn new(media: RemoteMedia) -> Remote {
        Remote {
            latch: Latch::new(media.address),
            media,
            reach: Reach::Anyone,
        }
    }

    /// Ties the socket to a far end that is settled, which spares a tenth of what its packets cost,
    /// and unties it well before the latch would follow somebody else.
    pub(crate) fn follow(&mut self, socket: &Socket, now: Moment) {
        match (self.reach, self.latch.is_settled(now)) {
            (Reach::Anyone, true) => {
                self.reach = match socket::tie(socket, self.latch.destination()) {
                    true => Reach::Tied,
                    false => Reach::Untieable,
                };
            }
            (Reach::Tied, false) => self.untie(socket, Reach::Anyone),
            _ => {}
        }
    }

    /// Before another far end takes the place.
    pub(crate) fn let_go(&mut self, socket: &Socket) {
        self.untie(socket, Reach::Anyone);
    }

    fn untie(&mut self, socket: &Socket, reach: Reach) {
        if self.reach == Reach::Tied {
            socket::untie(socket);
        }
        self.reach = reach;
    }

    /// Sends to where the far end's packets come from, else to where it said that it listens.
    pub(crate) fn send(&mut self, socket: &Socket, bytes: &[u8]) -> bool {
        if self.reach == Reach::Tied {
            if socket::send(socket, bytes, None) {
                return true;
            }
            // A tied socket is told when the far end has closed its port; the others never were.
            self.untie(socket, Reach::Untieable);
        }
        socket::send(socket, bytes, Some(self.latch.destination()))
    }
}
