//! From names to addresses: the connection is made to exactly the addresses that were checked, so
//! that a name which answers differently the second time gains nothing.

use crate::guard::{Guard, RefusedAddress};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Whom names are asked from.
#[async_trait::async_trait]
pub trait Lookup: std::fmt::Debug + Send + Sync + 'static {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

#[async_trait::async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// Why a name gave nothing that may be dialled. Found again in the error of a request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error("`{name}`: {source}")]
    Refused {
        name: String,
        source: RefusedAddress,
    },
    #[error("`{0}` has no address")]
    Nothing(String),
    #[error("`{name}` could not be resolved: {source}")]
    Failed { name: String, source: io::Error },
}

/// What the HTTP client asks.
#[derive(Debug, Clone)]
pub(crate) struct GuardedResolver {
    pub(crate) lookup: Arc<dyn Lookup>,
    pub(crate) guard: Guard,
}

impl GuardedResolver {
    async fn resolve(self, name: String) -> Result<Vec<SocketAddr>, ResolveError> {
        let found = match self.lookup.addresses(&name).await {
            Ok(found) => found,
            Err(source) => return Err(ResolveError::Failed { name, source }),
        };
        let mut refused = None;
        let mut allowed = Vec::with_capacity(found.len());
        for address in found {
            match self.guard.check(&name, address) {
                // The client fills in the port.
                Ok(()) => allowed.push(SocketAddr::new(address, 0)),
                Err(source) => refused = Some(source),
            }
        }
        match (allowed.is_empty(), refused) {
            (false, _) => Ok(allowed),
            (true, Some(source)) => Err(ResolveError::Refused { name, source }),
            (true, None) => Err(ResolveError::Nothing(name)),
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = GuardedResolver::resolve(resolver, name.as_str().to_owned()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
