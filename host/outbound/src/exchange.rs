//! What went out and what came back, for the plugin's author: the last few exchanges of each owner,
//! as the guest wrote and saw them. Secrets never were in the one and were taken out of the other.

use crate::endpoint::Owner;
use crate::failure::FailureWord;
use hotline_vocabulary::{Millis, Timestamp};
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Of one owner; an older one makes room.
const EXCHANGES: usize = 50;
/// Of a body; the rest is counted, not kept.
const BODY_BYTES: usize = 8 * 1024;
const OWNERS: usize = 256;

/// One request with its answer, its tries taken together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Exchange {
    pub at: Timestamp,
    pub endpoint: String,
    pub method: String,
    /// With the references in place of secrets.
    pub url: String,
    pub request_headers: Vec<(String, String)>,
    pub request_body: Option<Body>,
    /// None when no answer came.
    pub status: Option<u16>,
    pub response_headers: Vec<(String, String)>,
    pub response_body: Option<Body>,
    /// The word that the guest got, and what exactly was wrong.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub failure: Option<FailureWord>,
    pub detail: Option<String>,
    /// 0 when the answer came from the cache.
    pub tries: u32,
    pub took_ms: Millis,
    pub from_cache: bool,
}

/// A body, cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Body {
    /// Its beginning; what is no UTF-8 is replaced.
    pub text: String,
    /// The whole of it.
    pub bytes: usize,
}

impl Body {
    pub(crate) fn of(body: &[u8]) -> Body {
        let start = &body[..body.len().min(BODY_BYTES)];
        Body {
            text: String::from_utf8_lossy(start).into_owned(),
            bytes: body.len(),
        }
    }
}

/// The last exchanges of each owner. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exchanges(Arc<Mutex<HashMap<Owner, VecDeque<Arc<Exchange>>>>>);

impl Exchanges {
    pub(crate) fn note(&self, owner: &Owner, exchange: Exchange) {
        let mut all = self.0.lock();
        if all.len() >= OWNERS && !all.contains_key(owner) {
            let quiet = all
                .iter()
                .min_by_key(|(_, kept)| kept.back().map(|last| last.at));
            if let Some(quiet) = quiet.map(|(owner, _)| owner.clone()) {
                all.remove(&quiet);
            }
        }
        let kept = all.entry(owner.clone()).or_default();
        if kept.len() >= EXCHANGES {
            kept.pop_front();
        }
        kept.push_back(Arc::new(exchange));
    }

    /// The newest first.
    pub(crate) fn of(&self, owner: &Owner) -> Vec<Arc<Exchange>> {
        let all = self.0.lock();
        let kept = all.get(owner);
        kept.map(|kept| kept.iter().rev().cloned().collect())
            .unwrap_or_default()
    }
}
