//! What a guest describes, and what it gets: the records of `wit/deps/connector`.

use crate::failure::Failure;

/// A request as a guest describes it. References (`{{secret:NAME}}`) are still in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The guest's own name for it; the answer carries it.
    pub id: String,
    /// Of the manifest.
    pub endpoint: String,
    pub method: String,
    /// Below the endpoint's base, percent-encoded.
    pub path: String,
    /// Names and values, not encoded.
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    /// For the whole exchange, its tries and redirects together; none leaves it to the host.
    pub timeout_ms: Option<u64>,
    /// How long an answer may be used again, if its server does not say otherwise; not at all when
    /// none.
    pub cache_ms: Option<u64>,
    /// Makes a request repeatable that otherwise is not: the server does it once.
    pub idempotency_key: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Of the request.
    pub id: String,
    pub outcome: Result<Response, Failure>,
    /// Whether it came from the cache.
    pub cached: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// In lower case; what is no text, and what is none of the guest's business, is left out.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What one contact, operation or job may use up. Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub requests_a_round: usize,
    /// Between `begin` and `done`; the driving loop counts.
    pub rounds: u32,
    pub request_body_bytes: usize,
    pub response_body_bytes: usize,
    /// A request with all its tries, redirects and waits between, unless it says otherwise.
    pub request_timeout_ms: u64,
    pub longest_request_timeout_ms: u64,
    /// One try may take half of the time, but this much in any case.
    pub try_timeout_ms: u64,
    pub longest_cache_ms: u64,
    pub redirects: usize,
    /// Under way at once for one tenant, and how long others wait for a place before `busy`.
    pub at_once_a_tenant: usize,
    pub wait_for_place_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            requests_a_round: 8,
            rounds: 6,
            request_body_bytes: 256 * 1024,
            response_body_bytes: 1024 * 1024,
            request_timeout_ms: 10_000,
            longest_request_timeout_ms: 30_000,
            try_timeout_ms: 5_000,
            longest_cache_ms: 3_600_000,
            redirects: 3,
            at_once_a_tenant: 16,
            wait_for_place_ms: 2_000,
        }
    }
}
