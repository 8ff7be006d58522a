//! Carries out what guests describe: a round of requests at a time, side by side.

use crate::breaker::{Breaker, BreakerState, Rules};
use crate::cache::{self, Cache, Found, Kept};
use crate::dial::{Dialler, Incoming};
use crate::endpoint::Owner;
use crate::exchange::{Body, Exchange, Exchanges};
use crate::expand::{Expanded, Values, expanded, without_echoes};
use crate::failure::{Failure, FailureWord};
use crate::figures::{EndpointFigures, Figures};
use crate::grant::Grant;
use crate::guard::Guard;
use crate::headers;
use crate::prepare::{Prepared, prepare};
use crate::request::{Answer, Limits, Request, Response};
use crate::resolver::{Lookup, SystemLookup};
use crate::retry::{Retry, Tried, retry_after};
use crate::secret::{Reference, Secret};
use crate::tokens::{self, Tokens};
use crate::vault::Vault;
use futures_util::future::join_all;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::{Millis, Timestamp};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use parking_lot::Mutex;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

/// Hears of every exchange when it is over; must not wait.
pub trait Witness: std::fmt::Debug + Send + Sync {
    fn exchanged(&self, caller: &Caller, exchange: &Exchange);
}

/// How the host performs requests.
#[derive(Debug, Clone)]
pub struct Options {
    pub guard: Guard,
    pub limits: Limits,
    pub retry: Retry,
    pub breaker: Rules,
    /// Of the jitter between tries.
    pub seed: u64,
    pub lookup: Arc<dyn Lookup>,
    /// Who is told of each exchange besides, if anybody.
    pub witness: Option<Arc<dyn Witness>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            guard: Guard::default(),
            limits: Limits::default(),
            retry: Retry::default(),
            breaker: Rules::default(),
            seed: rand::random(),
            lookup: Arc::new(SystemLookup),
            witness: None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("HTTP for connectors can not be set up: {0}")]
    Client(#[from] reqwest::Error),
}

/// Who describes the requests, and where they may go.
#[derive(Debug, Clone)]
pub struct Caller {
    pub owner: Owner,
    pub grant: Arc<Grant>,
    /// The one whose tokens may be spent.
    pub contact: Option<ContactId>,
}

/// A round has more requests than [`Limits::requests_a_round`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{asked} requests in one round; at most {most} are made")]
pub struct TooManyRequests {
    pub asked: usize,
    pub most: usize,
}

/// What is known of one endpoint of an owner.
#[derive(Debug)]
struct Line {
    breaker: Breaker,
    figures: Figures,
}

#[derive(Debug)]
struct Shared {
    options: Options,
    dialler: Dialler,
    vault: Arc<dyn Vault>,
    tokens: Tokens,
    cache: Mutex<Cache>,
    lines: Mutex<HashMap<(Owner, String), Line>>,
    places: Mutex<HashMap<TenantId, Arc<Semaphore>>>,
    exchanges: Exchanges,
    random: Mutex<SmallRng>,
}

/// Makes requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound(Arc<Shared>);

/// What became of a request on its way.
#[derive(Debug, Default)]
struct Trail {
    tries: u32,
    from_cache: bool,
}

impl Outbound {
    /// # Errors
    /// TLS can not be set up.
    pub fn new(options: Options, vault: Arc<dyn Vault>) -> Result<Outbound, Error> {
        let dialler = Dialler::new(
            options.guard.clone(),
            options.lookup.clone(),
            options.limits.response_body_bytes,
        )?;
        Ok(Outbound(Arc::new(Shared {
            dialler,
            vault,
            tokens: Tokens::default(),
            cache: Mutex::default(),
            lines: Mutex::default(),
            places: Mutex::default(),
            exchanges: Exchanges::default(),
            random: Mutex::new(SmallRng::seed_from_u64(options.seed)),
            options,
        })))
    }

    pub fn limits(&self) -> Limits {
        self.0.options.limits
    }

    /// Makes the requests of a round, side by side; the answers stand in the order of the requests.
    ///
    /// # Errors
    /// There are too many; none is made.
    pub async fn perform(
        &self,
        caller: &Caller,
        requests: &[Request],
    ) -> Result<Vec<Answer>, TooManyRequests> {
        let most = self.0.options.limits.requests_a_round;
        if requests.len() > most {
            let asked = requests.len();
            return Err(TooManyRequests { asked, most });
        }
        let answers = requests
            .iter()
            .map(|request| self.0.answer(caller, request));
        Ok(join_all(answers).await)
    }

    /// The owner's last exchanges, the newest first.
    pub fn exchanges(&self, owner: &Owner) -> Vec<Arc<Exchange>> {
        self.0.exchanges.of(owner)
    }

    /// Forgets what was learnt with an owner's former secrets or configuration.
    pub fn forget(&self, owner: &Owner) {
        self.0.cache.lock().forget(owner);
        self.0.tokens.forget(owner);
        let mut lines = self.0.lines.lock();
        let own = lines.iter_mut().filter(|((whose, _), _)| whose == owner);
        for (_, line) in own {
            line.breaker = Breaker::new(self.0.options.breaker);
        }
    }

    /// Of every endpoint that was ever asked, of this tenant.
    pub fn figures(&self, tenant: TenantId) -> Vec<EndpointFigures> {
        let lines = self.0.lines.lock();
        let own = lines
            .iter()
            .filter(|((owner, _), _)| owner.tenant == tenant);
        let mut figures: Vec<_> = own
            .map(|((owner, endpoint), line)| EndpointFigures {
                owner: owner.clone(),
                endpoint: endpoint.clone(),
                breaker: line.breaker.state(),
                figures: line.figures.clone(),
            })
            .collect();
        figures.sort_by(|a, b| (&a.owner, &a.endpoint).cmp(&(&b.owner, &b.endpoint)));
        figures
    }

    /// How an endpoint's breaker stands; closed when it was never asked.
    pub fn breaker(&self, owner: &Owner, endpoint: &str) -> BreakerState {
        let key = (owner.clone(), endpoint.to_owned());
        let lines = self.0.lines.lock();
        lines
            .get(&key)
            .map_or(BreakerState::Closed, |line| line.breaker.state())
    }
}

impl Shared {
    async fn answer(&self, caller: &Caller, request: &Request) -> Answer {
        let (at, began) = (now(), Instant::now());
        let mut trail = Trail::default();
        let prepared = prepare(&caller.grant, &self.options.limits, request);
        let (shown, outcome) = match &prepared {
            Ok(prepared) => {
                let outcome = self.carry_out(caller, prepared, &mut trail).await;
                (Some(prepared.shown.to_string()), outcome)
            }
            Err(failure) => (None, Err(failure.clone())),
        };
        let took = Millis(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
        let outcome = outcome.map(|kept| Response {
            status: kept.status,
            headers: headers::shown(&kept.headers),
            body: kept.body.to_vec(),
        });
        if prepared.is_ok() {
            let said = outcome.as_ref().map(|response| response.status);
            self.count(caller, &request.endpoint, &trail, said, took);
        }
        let exchange = exchange(at, request, shown, &outcome, &trail, took);
        if let Some(witness) = &self.options.witness {
            witness.exchanged(caller, &exchange);
        }
        self.exchanges.note(&caller.owner, exchange);
        Answer {
            id: request.id.clone(),
            outcome,
            cached: trail.from_cache,
        }
    }

    async fn carry_out(
        &self,
        caller: &Caller,
        prepared: &Prepared<'_>,
        trail: &mut Trail,
    ) -> Result<Kept, Failure> {
        let _place = self.place(caller.owner.tenant).await?;
        let mut validators = HeaderMap::new();
        let known = prepared.cache.and_then(|most| cached_as(prepared, most));
        if let Some(request) = &known {
            let name = &prepared.endpoint.name;
            let found = self.cache.lock().find(&caller.owner, name, request, now());
            match found {
                Found::Fresh(kept) => {
                    trail.from_cache = true;
                    return Ok(kept);
                }
                Found::Stale(headers) => validators = headers,
                Found::Nothing => {}
            }
        }
        let values = self.values(caller, prepared).await?;
        let answer = self
            .try_until_done(caller, prepared, &values, &validators, trail)
            .await?;
        let kept = Kept {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        };
        let Some(request) = &known else {
            return Ok(kept);
        };
        let (owner, name) = (&caller.owner, &prepared.endpoint.name);
        let mut cache = self.cache.lock();
        if kept.status == 304 && !validators.is_empty() {
            if let Some(renewed) = cache.renew(owner, name, request, &kept, now()) {
                trail.from_cache = true;
                return Ok(renewed);
            }
        } else {
            cache.keep(owner, name, request, &kept, now());
        }
        Ok(kept)
    }

    /// Tries, and tries again where the policy says so, until there is an answer for the guest.
    async fn try_until_done(
        &self,
        caller: &Caller,
        prepared: &Prepared<'_>,
        values: &Values,
        validators: &HeaderMap,
        trail: &mut Trail,
    ) -> Result<Incoming, Failure> {
        let until = Instant::now() + prepared.timeout;
        let mut rejected: Option<Secret> = None;
        loop {
            let token = self
                .access_token(caller, prepared, rejected.as_ref())
                .await?;
            let mut ready = expanded(prepared, values, token.as_ref())?;
            ready.outgoing.headers.extend(validators.clone());
            if !self.may_try(caller, prepared) {
                let detail = format!(
                    "`{}` failed too often and is left alone for a while",
                    prepared.endpoint.name
                );
                return Err(Failure::new(FailureWord::CircuitOpen, detail));
            }
            trail.tries += 1;
            let left = until.saturating_duration_since(Instant::now());
            let within = prepared.try_timeout.min(left);
            let tried = self.follow(caller, prepared, &ready, within).await;
            self.tell_breaker(caller, prepared, &tried);
            if let (Ok(answer), Some(token), None) = (&tried, token, &rejected)
                && answer.status == 401
            {
                // Revoked, or expired by another clock than ours: once with a new one.
                rejected = Some(token);
                continue;
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.wait_before_next(prepared, &tried, trail.tries, left) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return tried.map(|answer| without_echoes(answer, &ready.echoes)),
            }
        }
    }

    async fn access_token(
        &self,
        caller: &Caller,
        prepared: &Prepared<'_>,
        rejected: Option<&Secret>,
    ) -> Result<Option<Secret>, Failure> {
        let Some(oauth) = prepared.oauth() else {
            return Ok(None);
        };
        let through = (&self.dialler, &*self.vault);
        let place = (&caller.owner, prepared.endpoint.name.as_str());
        let token = self.tokens.get(through, place, oauth, rejected).await?;
        Ok(Some(token))
    }

    /// One try: the request, and what it is redirected to, as far as the manifest goes.
    async fn follow(
        &self,
        caller: &Caller,
        prepared: &Prepared<'_>,
        ready: &Expanded,
        within: Duration,
    ) -> Result<Incoming, Failure> {
        let until = Instant::now() + within;
        let mut outgoing = ready.outgoing.clone();
        for hop in 0.. {
            let left = until.saturating_duration_since(Instant::now());
            let answer = self.dialler.send(outgoing.clone(), left).await?;
            let Some(location) = redirected(&answer, &outgoing.method) else {
                return Ok(answer);
            };
            if hop >= self.options.limits.redirects {
                let detail = format!("more than {hop} redirects");
                return Err(Failure::new(FailureWord::RedirectRefused, detail));
            }
            let next = target(&outgoing.url, location)?;
            let method = outgoing.method.as_str();
            if caller.grant.containing(&next, method).is_none() {
                let to = next.origin().ascii_serialization();
                let detail = format!("redirected to {to}, below no endpoint of the manifest");
                return Err(Failure::new(FailureWord::RedirectRefused, detail));
            }
            if !prepared.endpoint.base.contains(&next) {
                // Another service: it gets no credentials that are not its own.
                outgoing.headers = ready.plain_headers.clone();
            }
            outgoing.url = next;
        }
        // The loop ends by its bound.
        Err(Failure::new(FailureWord::RedirectRefused, "too many"))
    }

    /// How long to wait for another try; none when what came of this one is final.
    fn wait_before_next(
        &self,
        prepared: &Prepared<'_>,
        tried: &Result<Incoming, Failure>,
        tries: u32,
        left: Duration,
    ) -> Option<Duration> {
        let tried = match tried {
            Ok(answer) => Tried::Status {
                status: answer.status,
                retry_after: answer
                    .headers
                    .get(header::RETRY_AFTER)
                    .and_then(|value| retry_after(value.to_str().ok()?, now())),
            },
            Err(failure) => Tried::Failed {
                is_transient: failure.word.is_transient(),
            },
        };
        let left = Millis(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
        let chance = self.random.lock().random();
        let retry = &self.options.retry;
        let wait = retry.after(tries, prepared.is_repeatable, tried, left, chance)?;
        Some(wait.into())
    }

    async fn values(&self, caller: &Caller, prepared: &Prepared<'_>) -> Result<Values, Failure> {
        let mut values = Values::new();
        for reference in &prepared.references {
            let value = match reference {
                Reference::Secret(name) => {
                    tokens::secret(&*self.vault, &caller.owner, name).await?
                }
                Reference::Token(id) => {
                    let spent = self.vault.token(&caller.owner, caller.contact, id).await;
                    let spent = spent
                        .map_err(|why| Failure::new(FailureWord::Internal, why.to_string()))?;
                    spent.ok_or_else(|| {
                        let detail = format!("{reference} is not of this contact, or was spent");
                        Failure::new(FailureWord::MissingSecret, detail)
                    })?
                }
            };
            values.insert(reference.clone(), value);
        }
        Ok(values)
    }

    /// Waits a little for a place among the tenant's requests.
    async fn place(&self, tenant: TenantId) -> Result<OwnedSemaphorePermit, Failure> {
        let limits = &self.options.limits;
        let places = {
            let mut places = self.places.lock();
            let own = places
                .entry(tenant)
                .or_insert_with(|| Arc::new(Semaphore::new(limits.at_once_a_tenant)));
            own.clone()
        };
        let patience = Duration::from_millis(limits.wait_for_place_ms);
        match tokio::time::timeout(patience, places.acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => {
                let most = limits.at_once_a_tenant;
                let detail = format!("{most} requests of the tenant are under way");
                Err(Failure::new(FailureWord::Busy, detail))
            }
        }
    }

    fn line<T>(&self, owner: &Owner, endpoint: &str, change: impl FnOnce(&mut Line) -> T) -> T {
        let mut lines = self.lines.lock();
        let line = lines
            .entry((owner.clone(), endpoint.to_owned()))
            .or_insert_with(|| Line {
                breaker: Breaker::new(self.options.breaker),
                figures: Figures::default(),
            });
        change(line)
    }

    fn may_try(&self, caller: &Caller, prepared: &Prepared<'_>) -> bool {
        self.line(&caller.owner, &prepared.endpoint.name, |line| {
            line.breaker.allows(now())
        })
    }

    fn tell_breaker(
        &self,
        caller: &Caller,
        prepared: &Prepared<'_>,
        tried: &Result<Incoming, Failure>,
    ) {
        let failed = match tried {
            // That a method is not implemented says nothing of the server's health.
            Ok(answer) => answer.status >= 500 && answer.status != 501,
            Err(failure) => failure.word.is_the_endpoints(),
        };
        self.line(
            &caller.owner,
            &prepared.endpoint.name,
            |line| match failed {
                true => line.breaker.failed(now()),
                false => line.breaker.succeeded(),
            },
        );
    }

    fn count(
        &self,
        caller: &Caller,
        endpoint: &str,
        trail: &Trail,
        said: Result<u16, &Failure>,
        took: Millis,
    ) {
        self.line(&caller.owner, endpoint, |line| {
            let figures = &mut line.figures;
            figures.finished(said.map_err(|failure| failure.word), took);
            figures.tries += u64::from(trail.tries);
            figures.retries += u64::from(trail.tries.saturating_sub(1));
            figures.from_cache += u64::from(trail.from_cache);
        });
    }
}

/// The request as the cache knows it: without any secret, and with how old an answer may be.
fn cached_as(prepared: &Prepared<'_>, oldest: Duration) -> Option<Parts> {
    let headers = prepared.headers.iter().filter_map(|(name, value)| {
        let value = value.parse().ok()?;
        Some((name.clone(), value))
    });
    cache::request(prepared.shown.as_str(), headers.collect(), oldest)
}

/// Where an answer sends us, when it may: a redirect of anything but a look is for the guest to see.
fn redirected<'a>(answer: &'a Incoming, method: &Method) -> Option<&'a str> {
    let is_redirect = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    if !is_redirect || !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    answer.headers.get(header::LOCATION)?.to_str().ok()
}

fn target(from: &Url, location: &str) -> Result<Url, Failure> {
    let next = from.join(location);
    let mut next = next
        .map_err(|_| Failure::new(FailureWord::RedirectRefused, "redirected to what is no URL"))?;
    next.set_fragment(None);
    Ok(next)
}

/// The instant, for what is passed in.
fn now() -> Timestamp {
    SystemTime::now().into()
}

fn exchange(
    at: Timestamp,
    request: &Request,
    shown: Option<String>,
    outcome: &Result<Response, Failure>,
    trail: &Trail,
    took: Millis,
) -> Exchange {
    let (response, failure) = match outcome {
        Ok(response) => (Some(response), None),
        Err(failure) => (None, Some(failure)),
    };
    Exchange {
        at,
        endpoint: cut(&request.endpoint, 64),
        method: cut(&request.method, 16),
        url: shown.unwrap_or_else(|| cut(&request.path, 1_024)),
        request_headers: request
            .headers
            .iter()
            .take(64)
            .map(|(name, value)| (cut(name, 64), cut(value, 1_024)))
            .collect(),
        request_body: request.body.as_deref().map(Body::of),
        status: response.map(|response| response.status),
        response_headers: response
            .map(|response| response.headers.clone())
            .unwrap_or_default(),
        response_body: response.map(|response| Body::of(&response.body)),
        failure: failure.map(|failure| failure.word),
        detail: failure.map(|failure| failure.detail.clone()),
        tries: trail.tries,
        took_ms: took,
        from_cache: trail.from_cache,
    }
}

fn cut(text: &str, letters: usize) -> String {
    text.chars().take(letters).collect()
}
