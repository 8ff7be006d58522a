//! How the room is set up: addresses and limits. Every limit has its unit in its name.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// What [`crate::start`] needs to know.
#[derive(Debug, Clone)]
pub struct Options {
    /// Datagram sockets to open; port 0 picks a free one.
    pub udp: Vec<SocketAddr>,
    /// Stream listeners to open; port 0 picks a free one.
    pub tcp: Vec<SocketAddr>,
    /// The address that far ends reach us under, when it is not the one we bind (`--external-ip`).
    pub advertised: Option<IpAddr>,
    pub limits: Limits,
    pub timers: Timers,
}

impl Default for Options {
    fn default() -> Self {
        let any = SocketAddr::from(([0, 0, 0, 0], 5060));
        Options {
            udp: vec![any],
            tcp: vec![any],
            advertised: None,
            limits: Limits::default(),
            timers: Timers::default(),
        }
    }
}

/// What one host accepts. Calls in progress are never touched by any of these.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Calls at once, ringing ones included; the next INVITE gets 503.
    pub concurrent_calls: usize,
    /// New calls per second over all sources; also the burst.
    pub new_calls_per_second: u32,
    /// New calls per second from one IP address; also the burst.
    pub new_calls_per_second_and_source: u32,
    /// Transactions that may be open before new calls and registrations get 503.
    pub pending_transactions: usize,
    /// What the `Retry-After` of a 503 says.
    pub retry_after_s: u32,
    /// A larger message gets 513.
    pub message_bytes: usize,
    /// A larger body gets 413.
    pub body_bytes: usize,
    /// Header fields in one message; more get 513.
    pub header_fields: usize,
    /// Stream connections at once; the next one is closed on arrival.
    pub connections: usize,
    /// Stream connections at once from one IP address.
    pub connections_per_source: usize,
    /// Devices that one agent may have registered at once; the next one gets 403.
    pub contacts_per_agent: usize,
    /// Registered agents in all; the next one gets 503.
    pub registered_agents: usize,
    /// Failed sign-ins that one IP address has free; one more comes back every 10 seconds.
    pub failed_registrations: u32,
    /// Events not yet taken by the receiver. With fewer than an eighth left, new calls get 503.
    pub events: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            concurrent_calls: 4_000,
            new_calls_per_second: 500,
            new_calls_per_second_and_source: 400,
            pending_transactions: 20_000,
            retry_after_s: 2,
            message_bytes: 16 * 1024,
            body_bytes: 8 * 1024,
            header_fields: 128,
            connections: 2_000,
            connections_per_source: 200,
            contacts_per_agent: 4,
            registered_agents: 10_000,
            failed_registrations: 10,
            events: 8_192,
        }
    }
}

/// Times that a test shortens and an operator rarely touches.
#[derive(Debug, Clone)]
pub struct Timers {
    /// RFC 3261 T1, the round-trip estimate. 64 times it without an ACK ends a call.
    pub t1: Duration,
    /// A stream connection without a byte for this long is closed.
    pub stream_idle: Duration,
    /// A message that began on a stream must be complete within this.
    pub stream_message: Duration,
    /// How long a digest nonce may be used; then `stale=true` asks for a new one.
    pub nonce: Duration,
    /// The shortest registration granted; a shorter wish gets 423.
    pub registration_min: Duration,
    /// The longest registration granted, and the default.
    pub registration_max: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Timers {
            t1: Duration::from_millis(500),
            stream_idle: Duration::from_secs(600),
            stream_message: Duration::from_secs(10),
            nonce: Duration::from_secs(300),
            registration_min: Duration::from_secs(30),
            registration_max: Duration::from_secs(600),
        }
    }
}
