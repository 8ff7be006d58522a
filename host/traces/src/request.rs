//! A request to another system, made for a contact.

use crate::span::{Kind, Span, SpanId, Status};
use hotline_vocabulary::ids::{ContactId, TenantId};

/// What is told of it: neither address nor content, which may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub tenant: TenantId,
    pub contact: ContactId,
    pub connector: String,
    /// As the connector's manifest calls it.
    pub endpoint: String,
    /// `GET`, ...
    pub method: String,
    /// None when no answer came.
    pub status: Option<u16>,
    /// A word, when it failed.
    pub failure: Option<String>,
    /// 0 when the answer came from the cache.
    pub tries: u32,
    /// Microseconds since 1970-01-01 UTC.
    pub began_us: u64,
    pub took_us: u64,
}

impl Request {
    /// Below `parent`; `number` tells it from others of the same instant.
    pub(crate) fn span(&self, parent: Option<SpanId>, number: u64) -> Span {
        let mut attributes = vec![
            ("http.request.method", self.method.as_str().into()),
            ("hotline.connector", self.connector.as_str().into()),
            ("hotline.endpoint", self.endpoint.as_str().into()),
            ("hotline.tries", u64::from(self.tries).into()),
        ];
        if let Some(status) = self.status {
            attributes.push(("http.response.status_code", u64::from(status).into()));
        }
        let failed = self.failure.clone();
        let refused = self.status.filter(|status| *status >= 400);
        let error = failed.or_else(|| refused.map(|status| status.to_string()));
        if let Some(error) = &error {
            attributes.push(("error.type", error.as_str().into()));
        }
        Span {
            tenant: self.tenant,
            contact: self.contact,
            // The uppermost bit is never set in those of facts.
            id: SpanId(1 << 63 | (self.began_us << 10 | (number & 0x3ff)) & (u64::MAX >> 1)),
            parent,
            kind: Kind::Client,
            name: self.method.clone(),
            began_us: self.began_us,
            ended_us: self.began_us.saturating_add(self.took_us),
            attributes,
            status: error.map_or(Status::Unset, Status::Error),
        }
    }
}
