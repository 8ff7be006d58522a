//! Digest authentication (RFC 2617 and 7616: MD5, `qop=auth`) with nonces that carry their own age,
//! so that an unauthenticated flood stores nothing; a nonce is remembered only after it was used
//! with a right answer, to refuse a repeated `nc`.

use crate::shim::grammar;
use md5::{Digest, Md5};
use std::collections::HashMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Used nonces that are remembered at once; the oldest go first (their owner is asked again).
const USED_NONCES: usize = 20_000;

/// `MD5(user ":" realm ":" password)` in hexadecimal (RFC 7616, section 3.4.2): what a registrar
/// keeps instead of the password.
pub fn ha1_md5(user: &str, realm: &str, password: &str) -> String {
    md5_hex(&format!("{user}:{realm}:{password}"))
}

pub(crate) fn md5_hex(text: &str) -> String {
    let mut hex = String::with_capacity(32);
    for octet in Md5::digest(text.as_bytes()) {
        let _ = write!(hex, "{octet:02x}");
    }
    hex
}

/// The parts of an `Authorization` header field.
pub(crate) struct Credentials<'a> {
    pub(crate) user_name: &'a str,
    realm: &'a str,
    nonce: &'a str,
    uri: &'a str,
    response: &'a str,
    client_nonce: &'a str,
    nonce_count: &'a str,
    quality: Option<&'a str>,
    algorithm: Option<&'a str>,
}

impl<'a> Credentials<'a> {
    /// None for another scheme, or when a part is missing.
    pub(crate) fn parse(value: &'a str) -> Option<Self> {
        let (scheme, rest) = value.split_once([' ', '\t'])?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return None;
        }
        let get = |wanted: &str| {
            grammar::split(rest, b',').find_map(|part| {
                let (name, value) = part.split_once('=')?;
                name.trim()
                    .eq_ignore_ascii_case(wanted)
                    .then(|| value.trim().trim_matches('"'))
            })
        };
        Some(Credentials {
            user_name: get("username")?,
            realm: get("realm")?,
            nonce: get("nonce")?,
            uri: get("uri")?,
            response: get("response")?,
            client_nonce: get("cnonce").unwrap_or_default(),
            nonce_count: get("nc").unwrap_or_default(),
            quality: get("qop"),
            algorithm: get("algorithm"),
        })
    }

    pub(crate) fn is_for(&self, realm: &str) -> bool {
        self.realm == realm
    }

    fn matches(&self, ha1: &str, method: &str) -> bool {
        let ha2 = md5_hex(&format!("{method}:{}", self.uri));
        let expected = md5_hex(&format!(
            "{ha1}:{}:{}:{}:auth:{ha2}",
            self.nonce, self.nonce_count, self.client_nonce
        ));
        // Compared without an early exit, so that time tells nothing.
        expected.len() == self.response.len()
            && expected
                .bytes()
                .zip(self.response.bytes())
                .fold(0, |difference, (ours, theirs)| {
                    difference | (ours ^ theirs.to_ascii_lowercase())
                })
                == 0
    }
}

/// What credentials are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    Right,
    /// Right or wrong, the nonce is too old: to be asked again with `stale=true`.
    Stale,
    /// A nonce that is not ours, or a count that was used before.
    Replayed,
    Wrong,
}

/// Gives out nonces and judges what comes back with them.
#[derive(Debug)]
pub(crate) struct Nonces {
    secret: String,
    began: Instant,
    lifetime: Duration,
    /// The highest `nc` by nonce, with when the nonce was given out.
    used: HashMap<String, (u32, Duration)>,
}

impl Nonces {
    pub(crate) fn new(secret: u128, lifetime: Duration, now: Instant) -> Self {
        Nonces {
            secret: format!("{secret:032x}"),
            began: now,
            lifetime,
            used: HashMap::new(),
        }
    }

    fn sign(&self, age: &str, realm: &str) -> String {
        md5_hex(&format!("{}:{age}:{realm}:{}", self.secret, self.secret))
    }

    /// The value of a `WWW-Authenticate` header field.
    pub(crate) fn challenge(&self, realm: &str, stale: bool, now: Instant) -> String {
        let millis = (now - self.began).as_millis();
        // The salt keeps two phones apart that ask within one millisecond.
        let age = format!("{millis:x}.{:08x}", rand::random::<u32>());
        let signature = self.sign(&age, realm);
        let stale = if stale { ", stale=true" } else { "" };
        format!(
            "Digest realm=\"{realm}\", nonce=\"{age}.{signature}\", algorithm=MD5, qop=\"auth\"{stale}"
        )
    }

    pub(crate) fn judge(
        &mut self,
        credentials: &Credentials<'_>,
        realm: &str,
        ha1: &str,
        method: &str,
        now: Instant,
    ) -> Worth {
        let given_out = credentials
            .nonce
            .rsplit_once('.')
            .and_then(|(age, signature)| {
                let millis = u64::from_str_radix(age.split_once('.')?.0, 16).ok()?;
                (self.sign(age, realm) == signature).then(|| Duration::from_millis(millis))
            });
        let Some(given_out) = given_out else {
            return Worth::Replayed;
        };
        if (now - self.began).saturating_sub(given_out) > self.lifetime {
            return Worth::Stale;
        }
        let md5 = credentials
            .algorithm
            .is_none_or(|algorithm| algorithm.eq_ignore_ascii_case("MD5"));
        let count = u32::from_str_radix(credentials.nonce_count, 16).unwrap_or(0);
        let counted = credentials.quality == Some("auth") && count > 0;
        if !md5 || !counted || !credentials.matches(ha1, method) {
            return Worth::Wrong;
        }
        if let Some((highest, _)) = self.used.get_mut(credentials.nonce) {
            if count <= *highest {
                return Worth::Replayed;
            }
            *highest = count;
            return Worth::Right;
        }
        self.make_room(now);
        self.used
            .insert(credentials.nonce.to_owned(), (count, given_out));
        Worth::Right
    }

    /// A forgotten nonce could be replayed, so the bound drops only what is expired, and stops
    /// remembering (refuses) otherwise: the lifetime is cut until the table fits.
    fn make_room(&mut self, now: Instant) {
        if self.used.len() < USED_NONCES {
            return;
        }
        let age = now - self.began;
        let lifetime = self.lifetime;
        self.used
            .retain(|_, (_, given_out)| age.saturating_sub(*given_out) <= lifetime);
        if self.used.len() >= USED_NONCES {
            // All still valid: a fresh secret makes every one of them foreign, so none can be
            // replayed, and every phone is simply asked again.
            self.secret = md5_hex(&format!("{}:{}", self.secret, age.as_nanos()));
            self.used.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_2617_is_right() {
        let value = "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", \
            nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, \
            nc=00000001, cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\"";
        let credentials = Credentials::parse(value).expect("digest");
        let ha1 = md5_hex("Mufasa:testrealm@host.com:Circle Of Life");
        assert_eq!(ha1, "939e7578ed9e3c518a452acee763bce9");
        assert!(credentials.matches(&ha1, "GET"));
        assert!(!credentials.matches(&ha1, "REGISTER"));
        assert!(Credentials::parse("NoOneKnowsThisScheme opaque-data=here").is_none());
    }
}
