//! HTTP on behalf of plugins. A connector describes requests and never makes one: what may be asked
//! where, with which credentials, how often and how long, is decided and done here.
//!
//! The decisions are pure, with time and chance passed in, a file each:
//! - [`address`]: a path below its base, and nowhere else;
//! - [`guard`]: which network addresses may be dialled;
//! - [`retry`], [`breaker`]: when to try again, and when to leave a service alone;
//! - `cache`, `oauth`: what may be used again, and for how long;
//! - `headers`, `prepare`, `expand`: what a guest may say, and where its secrets are filled in.
//!
//! [`Outbound`] performs: it takes a round of [`Request`]s and gives an [`Answer`] to each.
//! [`Sealing`] keeps secrets unreadable at rest; who stores them is a [`Vault`].

pub mod address;
pub mod breaker;
mod cache;
mod dial;
pub mod endpoint;
mod exchange;
mod expand;
mod failure;
mod figures;
mod grant;
pub mod guard;
mod headers;
mod oauth;
mod outbound;
mod prepare;
mod request;
pub mod resolver;
pub mod retry;
mod sealing;
mod secret;
mod tokens;
mod vault;
mod words;

pub use endpoint::{Auth, Endpoint, OAuth2, OAuth2Flow, Owner, Placement, Position};
pub use exchange::{Body, Exchange};
pub use failure::{Failure, FailureWord};
pub use figures::{EndpointFigures, Figures, LATENCY_BUCKETS_MS};
pub use grant::{Grant, GrantError};
pub use guard::{Allowed, Guard};
pub use outbound::{Caller, Error, Options, Outbound, TooManyRequests, Witness};
pub use request::{Answer, Limits, Request, Response};
pub use sealing::{KeyError, OpenError, Sealing};
pub use secret::{Reference, Secret, is_name};
pub use vault::{Vault, VaultError};
pub use words::{request_of, response_of};
