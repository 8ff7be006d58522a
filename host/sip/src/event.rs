//! What the room tells: one stream for all legs, each leg's events in order.

use hotline_vocabulary::ids::{AgentId, LegId, TenantId};
use hotline_vocabulary::media::{Digit, RemoteMedia};
use hotline_vocabulary::{Address, EndReason};

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A call for a published number; it has been told 100 and waits for [`crate::Handle::ring`],
    /// [`crate::Handle::answer`] or [`crate::Handle::reject`].
    Incoming(Incoming),
    /// A key by SIP INFO (`application/dtmf-relay`, `application/dtmf`).
    Key { leg: LegId, digit: Digit },
    /// A phone that we dialled was picked up.
    Answered { leg: LegId, remote: RemoteMedia },
    /// The far end moved its media, put us on hold or took us back (re-INVITE, UPDATE), or gave
    /// its late answer (see [`Incoming::remote`]).
    Changed { leg: LegId, remote: RemoteMedia },
    /// The leg is over. Exactly one for every leg, the last word about it; also after our own
    /// `hang_up` (with the reason given there) and `reject`.
    Ended { leg: LegId, reason: EndReason },
    /// An agent's first desk phone registered.
    Registered { tenant: TenantId, agent: AgentId },
    /// An agent's last desk phone left, expired, or lost its connection.
    Unregistered { tenant: TenantId, agent: AgentId },
}

/// A call that wants to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    pub leg: LegId,
    pub tenant: TenantId,
    /// The user part of `From`, or the whole address if it has none.
    pub caller: Address,
    /// The number dialled: the user part of the Request-URI.
    pub dialled: String,
    /// Where the caller wants its media. A caller that sent no offer has `Inactive` and the
    /// discard port here; what it chooses comes as [`Event::Changed`] with its ACK.
    pub remote: RemoteMedia,
}
