//! One exchange over the network: a request is sent once, its answer is read up to a limit. No
//! redirect is followed here, no proxy is used, nothing is decompressed.

use crate::failure::{Failure, FailureWord};
use crate::guard::Guard;
use crate::resolver::{GuardedResolver, Lookup, ResolveError};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method};
use reqwest::{Client, ClientBuilder, redirect};
use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// Connections that nobody uses are kept this long.
const IDLE: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS_A_HOST: usize = 4;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Ready to be sent: everything expanded.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

pub(crate) struct Incoming {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The HTTP client, behind the guard. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Dialler {
    client: Client,
    guard: Guard,
    answer_bytes: usize,
}

impl Dialler {
    /// # Errors
    /// TLS can not be set up at all.
    pub(crate) fn new(
        guard: Guard,
        lookup: Arc<dyn Lookup>,
        answer_bytes: usize,
    ) -> Result<Dialler, reqwest::Error> {
        let resolver = Arc::new(GuardedResolver {
            lookup,
            guard: guard.clone(),
        });
        let builder = || -> ClientBuilder {
            Client::builder()
                .user_agent(concat!("Hotline/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .referer(false)
                .no_proxy()
                // Tries are counted and spaced by us.
                .retry(reqwest::retry::never())
                .http1_only()
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_idle_timeout(IDLE)
                .pool_max_idle_per_host(IDLE_CONNECTIONS_A_HOST)
                .dns_resolver(resolver.clone())
        };
        let client = match builder().build() {
            Ok(client) => client,
            Err(error) => {
                // A machine without certificates of authorities: https will fail, and say so.
                tracing::warn!(%error, "no certificate authorities were found: connectors can not use https");
                builder().tls_certs_only([]).build()?
            }
        };
        Ok(Dialler {
            client,
            guard,
            answer_bytes,
        })
    }

    /// Whether the operator named the host.
    pub(crate) fn may_go_without_tls(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| self.guard.names(host))
    }

    /// # Errors
    /// No answer, or not a whole one.
    pub(crate) async fn send(
        &self,
        outgoing: Outgoing,
        within: Duration,
    ) -> Result<Incoming, Failure> {
        self.check(&outgoing.url)?;
        let exchanged = tokio::time::timeout(within, self.exchange(outgoing)).await;
        exchanged.unwrap_or_else(|_| {
            let detail = format!("no whole answer within {} ms", within.as_millis());
            Err(Failure::new(FailureWord::Timeout, detail))
        })
    }

    /// What the resolver does not see: an address in place of a name; and cleartext.
    fn check(&self, url: &Url) -> Result<(), Failure> {
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(Failure::not_allowed("a URL without a host")),
        };
        if let Some(address) = literal {
            let checked = self.guard.check(&address.to_string(), address);
            checked.map_err(|why| Failure::new(FailureWord::RefusedAddress, why.to_string()))?;
        }
        if url.scheme() != "https" && !self.may_go_without_tls(url) {
            let detail = "only a host that the operator allows by name may be reached without TLS";
            return Err(Failure::not_allowed(detail));
        }
        Ok(())
    }

    async fn exchange(&self, outgoing: Outgoing) -> Result<Incoming, Failure> {
        let mut request = self
            .client
            .request(outgoing.method, outgoing.url)
            .headers(outgoing.headers);
        if let Some(body) = outgoing.body {
            request = request.body(body);
        }
        let mut response = request.send().await.map_err(|error| failure(&error))?;
        let too_large = || {
            let detail = format!("the answer is longer than {} bytes", self.answer_bytes);
            Failure::new(FailureWord::TooLarge, detail)
        };
        let most = u64::try_from(self.answer_bytes).unwrap_or(u64::MAX);
        if response.content_length().is_some_and(|bytes| bytes > most) {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > self.answer_bytes => {
                    return Err(too_large());
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => {
                    let detail = format!("the connection ended after {} bytes", body.len());
                    return Err(Failure::new(FailureWord::Truncated, detail));
                }
            }
        }
        Ok(Incoming {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body: body.freeze(),
        })
    }
}

/// What an error of the client's means. Its own text names the URL, which may hold a secret, so it
/// is not repeated; the cause that we know is.
fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(known) = cause {
        if let Some(resolve) = known.downcast_ref::<ResolveError>() {
            let word = match resolve {
                ResolveError::Refused { .. } => FailureWord::RefusedAddress,
                ResolveError::Nothing(_) | ResolveError::Failed { .. } => {
                    FailureWord::NameNotResolved
                }
            };
            return Failure::new(word, resolve.to_string());
        }
        if let Some(tls) = tls_error(known) {
            return Failure::new(FailureWord::Tls, tls.to_string());
        }
        cause = known.source();
    }
    if error.is_timeout() {
        return Failure::new(FailureWord::Timeout, "no connection in time");
    }
    if error.is_connect() {
        return Failure::new(FailureWord::CannotConnect, root(error));
    }
    Failure::new(FailureWord::Protocol, root(error))
}

/// TLS errors travel inside errors of I/O, perhaps one in another, which `source` steps over.
fn tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    let mut error = error;
    while let Some(outer) = error.downcast_ref::<std::io::Error>() {
        error = outer.get_ref()?;
    }
    error.downcast_ref()
}

fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    match std::ptr::addr_eq(std::ptr::from_ref(cause), std::ptr::from_ref(error)) {
        true => "the request could not be sent".to_owned(),
        false => cause.to_string(),
    }
}
