//! Trunks: where calls to customers go out, by which transport, and as whom.

mod challenge;

pub(crate) use challenge::Challenge;

use crate::dialog::{Callee, spawn_outbound};
use crate::event::Event;
use crate::router::Router;
use crate::shim::Transport;
use crate::status::end_reason;
use crate::transport::{Flow, tcp};
use hotline_vocabulary::ids::LegId;
use hotline_vocabulary::{Address, EndReason};
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// How long a trunk's name may take to resolve and its stream to open.
const REACH_TIMEOUT: Duration = Duration::from_secs(5);

const PORT: u16 = 5060;

/// A way out: `sip:gateway.example:5060;transport=tcp`, with an account where the far end wants one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trunk {
    /// A host name or an IP address.
    pub host: String,
    pub port: u16,
    pub transport: TrunkTransport,
    pub account: Option<Account>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrunkTransport {
    #[default]
    Udp,
    Tcp,
}

/// Who we are for a trunk that asks (digest, RFC 7616).
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub user_name: String,
    pub password: String,
}

/// The password is never written anywhere.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrunkError {
    #[error("a trunk begins with `sip:`, as in sip:gateway.example:5060;transport=tcp")]
    Scheme,
    #[error("a trunk names a host and nothing before it; its account is given apart")]
    Host,
    #[error("`{0}` is no port")]
    Port(String),
    #[error("`{0}` is not known; transport=udp and transport=tcp are")]
    Parameter(String),
}

impl FromStr for Trunk {
    type Err = TrunkError;

    fn from_str(text: &str) -> Result<Self, TrunkError> {
        let rest = text.strip_prefix("sip:").ok_or(TrunkError::Scheme)?;
        let (place, parameters) = rest.split_once(';').unwrap_or((rest, ""));
        let transport = match parameters {
            "" | "transport=udp" => TrunkTransport::Udp,
            "transport=tcp" => TrunkTransport::Tcp,
            other => return Err(TrunkError::Parameter(other.to_owned())),
        };
        // An IPv6 address has its colons within brackets.
        let host_end = place.find(']').map_or(0, |end| end + 1);
        let (host, port) = match place[host_end..].split_once(':') {
            Some((more, port)) => (
                &place[..host_end + more.len()],
                port.parse()
                    .map_err(|_| TrunkError::Port(port.to_owned()))?,
            ),
            None => (place, PORT),
        };
        let in_host = |octet: u8| octet.is_ascii_alphanumeric() || b".-_[]:".contains(&octet);
        if host.is_empty() || !host.bytes().all(in_host) {
            return Err(TrunkError::Host);
        }
        Ok(Trunk {
            host: host.to_owned(),
            port,
            transport,
            account: None,
        })
    }
}

impl fmt::Display for Trunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sip:{}:{}", self.host, self.port)?;
        match self.transport {
            TrunkTransport::Udp => Ok(()),
            TrunkTransport::Tcp => f.write_str(";transport=tcp"),
        }
    }
}

impl Trunk {
    /// The Request-URI of a call to `number` by this trunk.
    fn target(&self, number: &str) -> String {
        let Trunk { host, port, .. } = self;
        match self.transport {
            TrunkTransport::Udp => format!("sip:{number}@{host}:{port}"),
            TrunkTransport::Tcp => format!("sip:{number}@{host}:{port};transport=tcp"),
        }
    }

    async fn reach(&self, router: &Arc<Router>) -> Option<Flow> {
        let bare = self.host.trim_matches(['[', ']']);
        let mut found = tokio::net::lookup_host((bare, self.port)).await.ok()?;
        match self.transport {
            TrunkTransport::Udp => {
                let peers: Vec<SocketAddr> = found.collect();
                let sockets = router.datagrams();
                let (socket, peer) = peers.iter().find_map(|peer| {
                    let mut sockets = sockets.iter();
                    let socket = sockets.find(|s| s.address.is_ipv4() == peer.is_ipv4())?;
                    Some((socket, *peer))
                })?;
                Some(socket.flow_to(peer, router.advertised()).await)
            }
            TrunkTransport::Tcp => tcp::connect(found.next()?, router).await.ok(),
        }
    }
}

/// Calls `number` by way of `trunk`, showing `shown` as the caller. The outcome is `Answered` or
/// `Ended`, as for any leg.
pub(crate) fn dial(
    router: &Arc<Router>,
    leg: LegId,
    trunk: Trunk,
    number: &Address,
    shown: &Address,
    local: SocketAddr,
) {
    let (router, number, shown) = (router.clone(), number.clone(), shown.clone());
    router.reaching().begin(leg);
    tokio::spawn(async move {
        let flow = match tokio::time::timeout(REACH_TIMEOUT, trunk.reach(&router)).await {
            Ok(Some(flow)) => Ok(flow),
            Ok(None) | Err(_) => Err(end_reason(503)),
        };
        // Given up meanwhile: nobody is called.
        let flow = match router.reaching().end(leg) {
            Some(given_up) => Err(given_up),
            None => flow,
        };
        match flow {
            Ok(flow) => {
                let target = trunk.target(&user_part(&number));
                let callee = Callee {
                    flow,
                    address: target.clone(),
                    uri: target,
                    hangs_up_as: EndReason::CallerHungUp,
                    account: trunk.account,
                };
                spawn_outbound(&router, leg, callee, &shown, local);
            }
            Err(reason) => {
                let _ = router.events().send(Event::Ended { leg, reason }).await;
            }
        }
    });
}

/// An address as the user part of a URI (RFC 3261, section 25.1), whatever was in it.
pub(crate) fn user_part(address: &Address) -> String {
    let mut user = String::new();
    for octet in address.reveal().bytes().take(64) {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'-' | b'_' | b'.') {
            user.push(char::from(octet));
        } else {
            user.push_str(&format!("%{octet:02X}"));
        }
    }
    if user.is_empty() {
        user.push_str("anonymous");
    }
    user
}

/// Legs whose trunk is being looked for: bounded by the calls that the house makes at once.
#[derive(Debug, Default)]
pub(crate) struct Reaching {
    legs: parking_lot::Mutex<std::collections::HashMap<LegId, Option<EndReason>>>,
}

impl Reaching {
    fn begin(&self, leg: LegId) {
        self.legs.lock().insert(leg, None);
    }

    /// Why it was given up, if it was.
    fn end(&self, leg: LegId) -> Option<EndReason> {
        self.legs.lock().remove(&leg).flatten()
    }

    /// False when there is no such leg.
    pub(crate) fn give_up(&self, leg: LegId, reason: EndReason) -> bool {
        let mut legs = self.legs.lock();
        let found = legs.get_mut(&leg);
        found.map(|given_up| *given_up = Some(reason)).is_some()
    }
}

impl From<TrunkTransport> for Transport {
    fn from(transport: TrunkTransport) -> Self {
        match transport {
            TrunkTransport::Udp => Transport::Udp,
            TrunkTransport::Tcp => Transport::Tcp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trunk_survives_its_text_and_a_mistake_is_named() {
        for text in [
            "sip:gateway.example:5060",
            "sip:192.0.2.7:5080;transport=tcp",
            "sip:[2001:db8::1]:5060",
        ] {
            assert_eq!(
                text.parse().map(|trunk: Trunk| trunk.to_string()),
                Ok(text.to_owned())
            );
        }
        let trunk: Trunk = "sip:gateway.example".parse().expect("a trunk");
        assert_eq!((trunk.host.as_str(), trunk.port), ("gateway.example", 5060));
        for (text, why) in [
            ("gateway.example", TrunkError::Scheme),
            ("sip:", TrunkError::Host),
            ("sip:user@gateway.example", TrunkError::Host),
            (
                "sip:gateway.example:sip",
                TrunkError::Port("sip".to_owned()),
            ),
            (
                "sip:gateway.example;transport=tls",
                TrunkError::Parameter("transport=tls".to_owned()),
            ),
        ] {
            assert_eq!(text.parse::<Trunk>(), Err(why), "{text}");
        }
    }
}
