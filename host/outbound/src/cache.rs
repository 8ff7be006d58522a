//! Answers that may be used again (RFC 9111, as a private cache): what is fresh and what must be
//! asked for anew is `http-cache-semantics`' to say; whose, how many and how large is ours. A server
//! that says nothing leaves it to the guest, which says how old an answer it takes at most.
//!
//! Kept by the request as its guest wrote it, with the references in it: no secret gets in here. An
//! owner whose secrets or configuration change is forgotten.

use crate::endpoint::Owner;
use bytes::Bytes;
use hotline_vocabulary::Timestamp;
use http::header::{CACHE_CONTROL, ETAG, EXPIRES, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::request::Parts;
use http::{HeaderMap, Request, Response};
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// Of one owner's answers together, and of one of them.
const OWNER_BYTES: usize = 2 * 1024 * 1024;
const ANSWER_BYTES: usize = 256 * 1024;
const OWNER_ANSWERS: usize = 256;
/// Owners that anything is kept of; when one more comes, the one that was idle longest goes.
const OWNERS: usize = 64;

/// Nothing is fresh without the server having said for how long; nothing is shared.
const OPTIONS: CacheOptions = CacheOptions {
    shared: false,
    cache_heuristic: 0.0,
    immutable_min_time_to_live: Duration::ZERO,
    ignore_cargo_cult: false,
};

/// An answer as it was kept, or as it was renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What the cache has for a request.
#[derive(Debug)]
pub(crate) enum Found {
    Nothing,
    Fresh(Kept),
    /// To be asked for with these headers besides; a 304 is for [`Cache::renew`].
    Stale(HeaderMap),
}

#[derive(Debug)]
struct Entry {
    policy: CachePolicy,
    body: Bytes,
    used: u64,
}

#[derive(Debug, Default)]
struct Shelf {
    entries: HashMap<String, Entry>,
    bytes: usize,
    used: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Cache {
    shelves: HashMap<Owner, Shelf>,
    /// Counts looks, so that the least recently used is known without a clock.
    looks: u64,
}

/// A request as the cache knows it: its URL with the references in it, and how old an answer it
/// takes, which is what `max-age` says in a request.
pub(crate) fn request(url: &str, headers: HeaderMap, oldest: Duration) -> Option<Parts> {
    let (mut parts, ()) = Request::builder().uri(url).body(()).ok()?.into_parts();
    parts.headers = headers;
    let oldest = format!("max-age={}", oldest.as_secs()).parse().ok()?;
    parts.headers.insert(CACHE_CONTROL, oldest);
    Some(parts)
}

fn time(now: Timestamp) -> SystemTime {
    let since = u64::try_from(now.0).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_millis(since)
}

fn key(endpoint: &str, request: &Parts) -> String {
    format!("{endpoint} {}", request.uri)
}

impl Cache {
    pub(crate) fn find(
        &mut self,
        owner: &Owner,
        endpoint: &str,
        request: &Parts,
        now: Timestamp,
    ) -> Found {
        self.looks += 1;
        let Some(shelf) = self.shelves.get_mut(owner) else {
            return Found::Nothing;
        };
        shelf.used = self.looks;
        let Some(entry) = shelf.entries.get_mut(&key(endpoint, request)) else {
            return Found::Nothing;
        };
        entry.used = self.looks;
        match entry.policy.before_request(request, time(now)) {
            BeforeRequest::Fresh(parts) => Found::Fresh(Kept {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: entry.body.clone(),
            }),
            BeforeRequest::Stale {
                request: asked,
                matches: true,
            } => {
                let added = asked.headers.into_iter().filter_map(|(name, value)| {
                    let name = name?;
                    let is_validator = name == IF_NONE_MATCH || name == IF_MODIFIED_SINCE;
                    (is_validator && !request.headers.contains_key(&name)).then_some((name, value))
                });
                let added: HeaderMap = added.collect();
                match added.is_empty() {
                    true => Found::Nothing,
                    false => Found::Stale(added),
                }
            }
            BeforeRequest::Stale { .. } => Found::Nothing,
        }
    }

    /// Keeps an answer, if it may be kept and is not too large.
    pub(crate) fn keep(
        &mut self,
        owner: &Owner,
        endpoint: &str,
        request: &Parts,
        answer: &Kept,
        now: Timestamp,
    ) {
        let key = key(endpoint, request);
        let Some(mut response) = response(answer) else {
            return;
        };
        let said = response.headers();
        let is_left_to_us = !said.contains_key(CACHE_CONTROL) && !said.contains_key(EXPIRES);
        if let (true, 200, Some(oldest)) = (
            is_left_to_us,
            answer.status,
            request.headers.get(CACHE_CONTROL),
        ) {
            response.headers_mut().insert(CACHE_CONTROL, oldest.clone());
        }
        let policy = CachePolicy::new_options(request, &response, time(now), OPTIONS);
        let can_be_renewed =
            answer.headers.contains_key(ETAG) || answer.headers.contains_key(LAST_MODIFIED);
        let is_of_use = !policy.is_stale(time(now)) || can_be_renewed;
        if !policy.is_storable() || !is_of_use || answer.body.len() > ANSWER_BYTES {
            self.remove(owner, &key);
            return;
        }
        self.put(owner, key, policy, answer.body.clone());
    }

    /// The server said 304: what is kept is good again. None when it was not meant, or has gone.
    pub(crate) fn renew(
        &mut self,
        owner: &Owner,
        endpoint: &str,
        request: &Parts,
        not_modified: &Kept,
        now: Timestamp,
    ) -> Option<Kept> {
        let key = key(endpoint, request);
        let entry = self.shelves.get(owner)?.entries.get(&key)?;
        let response = response(not_modified)?;
        let AfterResponse::NotModified(policy, parts) =
            entry.policy.after_response(request, &response, time(now))
        else {
            return None;
        };
        let body = entry.body.clone();
        self.put(owner, key, policy, body.clone());
        Some(Kept {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }

    pub(crate) fn forget(&mut self, owner: &Owner) {
        self.shelves.remove(owner);
    }

    fn put(&mut self, owner: &Owner, key: String, policy: CachePolicy, body: Bytes) {
        self.remove(owner, &key);
        self.looks += 1;
        if self.shelves.len() >= OWNERS && !self.shelves.contains_key(owner) {
            let idle = self.shelves.iter().min_by_key(|(_, shelf)| shelf.used);
            if let Some(idle) = idle.map(|(owner, _)| owner.clone()) {
                self.shelves.remove(&idle);
            }
        }
        let shelf = self.shelves.entry(owner.clone()).or_default();
        shelf.used = self.looks;
        while shelf.entries.len() >= OWNER_ANSWERS || shelf.bytes + body.len() > OWNER_BYTES {
            let oldest = shelf.entries.iter().min_by_key(|(_, entry)| entry.used);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            shelf.remove(&oldest);
        }
        shelf.bytes += body.len();
        let used = self.looks;
        shelf.entries.insert(key, Entry { policy, body, used });
    }

    fn remove(&mut self, owner: &Owner, key: &str) {
        if let Some(shelf) = self.shelves.get_mut(owner) {
            shelf.remove(key);
        }
    }
}

impl Shelf {
    fn remove(&mut self, key: &str) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.body.len();
        }
    }
}

fn response(answer: &Kept) -> Option<Response<()>> {
    let mut response = Response::builder().status(answer.status).body(()).ok()?;
    *response.headers_mut() = answer.headers.clone();
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::{Id, TenantId};

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn owner(tenant: u128) -> Owner {
        Owner {
            tenant: TenantId::from_bits(tenant),
            plugin: "connector/crm".to_owned(),
        }
    }

    fn get(path: &str) -> Parts {
        asking(path, 3_600)
    }

    fn asking(path: &str, seconds: u64) -> Parts {
        let (url, oldest) = (
            format!("https://api.example.com{path}"),
            Duration::from_secs(seconds),
        );
        request(&url, HeaderMap::new(), oldest).expect("a request")
    }

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Kept {
        let headers = headers.iter().map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, value.parse().expect("a value"))
        });
        Kept {
            status,
            headers: headers.collect(),
            body: Bytes::copy_from_slice(body),
        }
    }

    fn is_fresh(found: &Found) -> bool {
        matches!(found, Found::Fresh(_))
    }

    #[test]
    fn an_answer_is_used_again_for_as_long_as_its_server_said() {
        let later = |seconds: i64| Timestamp(NOW.0 + seconds * 1_000);
        for (headers, status, fresh_at_59_s, fresh_at_61_s) in [
            (vec![("cache-control", "max-age=60")], 200, true, false),
            (
                vec![("cache-control", "private, max-age=60")],
                200,
                true,
                false,
            ),
            (
                vec![("cache-control", "max-age=60, no-store")],
                200,
                false,
                false,
            ),
            (vec![("cache-control", "no-cache")], 200, false, false),
            (
                vec![("cache-control", "max-age=60"), ("age", "30")],
                200,
                false,
                false,
            ),
            (vec![("cache-control", "max-age=60")], 404, true, false),
            (vec![("cache-control", "max-age=60")], 500, false, false),
            (
                vec![("cache-control", "max-age=60"), ("vary", "*")],
                200,
                false,
                false,
            ),
            // Nobody said for how long: the guest does, an hour.
            (vec![], 200, true, true),
            (vec![], 404, false, false),
        ] {
            let mut cache = Cache::default();
            cache.keep(
                &owner(1),
                "api",
                &get("/a"),
                &answer(status, &headers, b"x"),
                NOW,
            );
            let mut at =
                |seconds| is_fresh(&cache.find(&owner(1), "api", &get("/a"), later(seconds)));
            assert_eq!(
                (at(59), at(61)),
                (fresh_at_59_s, fresh_at_61_s),
                "{headers:?} {status}"
            );
        }
    }

    #[test]
    fn a_guest_gets_no_older_answer_than_it_takes() {
        let mut cache = Cache::default();
        let kept = answer(200, &[("cache-control", "max-age=600")], b"x");
        cache.keep(&owner(1), "api", &asking("/a", 60), &kept, NOW);
        let later = Timestamp(NOW.0 + 30_000);
        for (seconds, fresh) in [(60, true), (29, false)] {
            let found = cache.find(&owner(1), "api", &asking("/a", seconds), later);
            assert_eq!(is_fresh(&found), fresh, "{seconds}");
        }
    }

    #[test]
    fn nobody_gets_anothers_answer() {
        let mut cache = Cache::default();
        let kept = answer(200, &[("cache-control", "max-age=60")], b"x");
        cache.keep(&owner(1), "api", &get("/a"), &kept, NOW);
        assert!(is_fresh(&cache.find(&owner(1), "api", &get("/a"), NOW)));
        for (owner, endpoint, path) in [
            (owner(2), "api", "/a"),
            (owner(1), "other", "/a"),
            (owner(1), "api", "/b"),
        ] {
            assert!(!is_fresh(&cache.find(&owner, endpoint, &get(path), NOW)));
        }
        cache.forget(&owner(1));
        assert!(!is_fresh(&cache.find(&owner(1), "api", &get("/a"), NOW)));
    }

    #[test]
    fn a_stale_answer_is_asked_for_by_its_tag_and_good_again_after_a_304() {
        let mut cache = Cache::default();
        let headers = [("cache-control", "max-age=10"), ("etag", "\"7\"")];
        cache.keep(
            &owner(1),
            "api",
            &get("/a"),
            &answer(200, &headers, b"x"),
            NOW,
        );
        let stale = Timestamp(NOW.0 + 20_000);
        let Found::Stale(asked) = cache.find(&owner(1), "api", &get("/a"), stale) else {
            panic!("it can be asked for by its tag");
        };
        assert_eq!(asked["if-none-match"], "\"7\"");
        let renewed = cache.renew(
            &owner(1),
            "api",
            &get("/a"),
            &answer(304, &headers, b""),
            stale,
        );
        let renewed = renewed.expect("still kept");
        assert_eq!(
            (renewed.status, renewed.body.as_ref()),
            (200, b"x".as_slice())
        );
        assert!(is_fresh(&cache.find(
            &owner(1),
            "api",
            &get("/a"),
            Timestamp(NOW.0 + 25_000)
        )));
    }

    #[test]
    fn what_is_kept_is_bounded_and_the_least_used_goes_first() {
        let mut cache = Cache::default();
        let kept = answer(
            200,
            &[("cache-control", "max-age=60")],
            &vec![0; ANSWER_BYTES],
        );
        let whole = OWNER_BYTES / ANSWER_BYTES;
        for number in 0..=whole {
            cache.keep(&owner(1), "api", &get(&format!("/{number}")), &kept, NOW);
            // Used again and again.
            assert!(is_fresh(&cache.find(&owner(1), "api", &get("/0"), NOW)));
        }
        assert!(!is_fresh(&cache.find(&owner(1), "api", &get("/1"), NOW)));
        assert!(cache.shelves[&owner(1)].bytes <= OWNER_BYTES);
        let large = answer(
            200,
            &[("cache-control", "max-age=60")],
            &vec![0; ANSWER_BYTES + 1],
        );
        cache.keep(&owner(1), "api", &get("/0"), &large, NOW);
        assert!(
            !is_fresh(&cache.find(&owner(1), "api", &get("/0"), NOW)),
            "the old one is gone too"
        );
    }
}
