//! Access tokens that are at hand: one for each endpoint, fetched by one request at a time.

use crate::dial::{Dialler, Outgoing};
use crate::endpoint::{OAuth2, OAuth2Flow, Owner};
use crate::expand::{basic, sensitive, urlencoded};
use crate::failure::{Failure, FailureWord};
use crate::oauth::{self, AccessToken};
use crate::secret::Secret;
use crate::vault::Vault;
use bytes::Bytes;
use hotline_vocabulary::{Millis, Timestamp};
use http::{HeaderMap, HeaderValue, Method, header};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use url::form_urlencoded::Serializer;

const FETCH_TIMEOUT: Duration = Duration::from_secs(10);
/// A server that has just refused is not asked again by everybody who waits.
const AFTER_FAILURE: Millis = Millis(2_000);

#[derive(Debug, Default)]
enum Slot {
    #[default]
    Empty,
    Token(AccessToken),
    Failed {
        at: Timestamp,
        why: Failure,
    },
}

type Slots = HashMap<(Owner, String), Arc<tokio::sync::Mutex<Slot>>>;

#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<Slots>);

impl Tokens {
    /// A token for an endpoint. `rejected` is one that its server has just answered 401 to.
    ///
    /// # Errors
    /// The authorisation server gives none, or a secret for it is missing.
    pub(crate) async fn get(
        &self,
        through: (&Dialler, &dyn Vault),
        (owner, endpoint): (&Owner, &str),
        oauth: &OAuth2,
        rejected: Option<&Secret>,
    ) -> Result<Secret, Failure> {
        let slot = {
            let mut slots = self.0.lock();
            let key = (owner.clone(), endpoint.to_owned());
            slots.entry(key).or_default().clone()
        };
        // Held while the token is fetched: whoever needs it meanwhile waits for the same one.
        let mut slot = slot.lock().await;
        let now = Timestamp::from(SystemTime::now());
        match &*slot {
            Slot::Token(token) if token.is_fresh(now) && rejected != Some(&token.value) => {
                return Ok(token.value.clone());
            }
            Slot::Failed { at, why } if now < *at + AFTER_FAILURE => return Err(why.clone()),
            Slot::Empty | Slot::Token(_) | Slot::Failed { .. } => {}
        }
        match fetch(through, owner, oauth).await {
            Ok(token) => {
                let value = token.value.clone();
                *slot = Slot::Token(token);
                Ok(value)
            }
            Err(why) => {
                *slot = Slot::Failed {
                    at: SystemTime::now().into(),
                    why: why.clone(),
                };
                Err(why)
            }
        }
    }

    pub(crate) fn forget(&self, owner: &Owner) {
        self.0.lock().retain(|(whose, _), _| whose != owner);
    }
}

async fn fetch(
    (dialler, vault): (&Dialler, &dyn Vault),
    owner: &Owner,
    oauth: &OAuth2,
) -> Result<AccessToken, Failure> {
    let client_secret = match &oauth.client_secret {
        Some(name) => Some(secret(vault, owner, name).await?),
        None => None,
    };
    let refresh_token = match &oauth.flow {
        OAuth2Flow::RefreshToken { secret: name } => Some(secret(vault, owner, name).await?),
        OAuth2Flow::ClientCredentials => None,
    };
    let mut headers = HeaderMap::new();
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(header::CONTENT_TYPE, form);
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(password) = &client_secret {
        // Both are form-encoded first: RFC 6749, section 2.3.1.
        let text = basic(
            &urlencoded(&oauth.client_id),
            &urlencoded(password.reveal()),
        );
        headers.insert(
            header::AUTHORIZATION,
            sensitive(&header::AUTHORIZATION, &text)?,
        );
    }
    let body = Serializer::new(String::new())
        .extend_pairs(oauth::form(oauth, refresh_token.as_ref()))
        .finish();
    let outgoing = Outgoing {
        method: Method::POST,
        url: oauth.token_url.clone(),
        headers,
        body: Some(Bytes::from(body)),
    };
    let answer = dialler.send(outgoing, FETCH_TIMEOUT).await;
    let answer = answer.map_err(|why| {
        let detail = format!("the authorisation server: {why}");
        // That its address is refused is for the operator to see.
        match why.word {
            FailureWord::RefusedAddress | FailureWord::NotAllowed => Failure::new(why.word, detail),
            _ => Failure::new(FailureWord::AuthFailed, detail),
        }
    })?;
    let granted = oauth::granted(answer.status, &answer.body, SystemTime::now().into());
    let granted = granted.map_err(|why| Failure::new(FailureWord::AuthFailed, why.to_string()))?;
    if let (OAuth2Flow::RefreshToken { secret: name }, Some(next)) =
        (&oauth.flow, &granted.refresh_token)
        && refresh_token.as_ref() != Some(next)
        && let Err(error) = vault.replace(owner, name, next).await
    {
        // The token at hand is good; the next refresh may need a person.
        tracing::error!(%owner, secret = name, %error, "a new refresh token could not be kept");
    }
    Ok(granted.token)
}

/// # Errors
/// It is not set, or can not be had.
pub(crate) async fn secret(
    vault: &dyn Vault,
    owner: &Owner,
    name: &str,
) -> Result<Secret, Failure> {
    match vault.secret(owner, name).await {
        Ok(Some(secret)) => Ok(secret),
        Ok(None) => Err(Failure::new(
            FailureWord::MissingSecret,
            format!("the secret `{name}` is not set"),
        )),
        Err(error) => {
            tracing::error!(%owner, secret = name, %error, "a secret could not be had");
            let detail = format!("the secret `{name}` could not be had: {error}");
            Err(Failure::new(FailureWord::Internal, detail))
        }
    }
}
