//! The other side of digest authentication: what a trunk asks, and our answer (RFC 7616, MD5).

use super::Account;
use crate::registrar::md5_hex;
use crate::shim::grammar;
use rsipstack::sip::{self, Header, Response};

/// What a 401 or 407 asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    /// Whether `qop=auth` is offered; a trunk without it is answered in the manner of RFC 2069.
    quality: bool,
    by_proxy: bool,
}

impl Challenge {
    /// None when there is none that we can answer.
    pub(crate) fn of(response: &Response) -> Option<Challenge> {
        response.headers.iter().find_map(|header| match header {
            Header::WwwAuthenticate(asked) => Challenge::parse(asked.value(), false),
            Header::ProxyAuthenticate(asked) => Challenge::parse(asked.value(), true),
            _ => None,
        })
    }

    fn parse(value: &str, by_proxy: bool) -> Option<Challenge> {
        let (scheme, rest) = value.split_once([' ', '\t'])?;
        let get = |wanted: &str| {
            grammar::split(rest, b',').find_map(|part| {
                let (name, value) = part.split_once('=')?;
                name.trim()
                    .eq_ignore_ascii_case(wanted)
                    .then(|| value.trim().trim_matches('"').to_owned())
            })
        };
        let md5 = get("algorithm").is_none_or(|name| name.eq_ignore_ascii_case("MD5"));
        let quality = get("qop");
        let offers_auth = quality
            .as_deref()
            .is_some_and(|offered| offered.split(',').any(|one| one.trim() == "auth"));
        let answerable = scheme.eq_ignore_ascii_case("Digest") && md5;
        if !answerable || (quality.is_some() && !offers_auth) {
            return None;
        }
        Some(Challenge {
            realm: get("realm")?,
            nonce: get("nonce")?,
            opaque: get("opaque"),
            quality: offers_auth,
            by_proxy,
        })
    }

    /// The header field that answers it for one request; `client_nonce` is fresh.
    pub(crate) fn answer(
        &self,
        account: &Account,
        method: &str,
        uri: &str,
        client_nonce: &str,
    ) -> Header {
        let Account {
            user_name,
            password,
        } = account;
        let Challenge { realm, nonce, .. } = self;
        let ha1 = md5_hex(&format!("{user_name}:{realm}:{password}"));
        let ha2 = md5_hex(&format!("{method}:{uri}"));
        let mut value = format!(
            "Digest username=\"{user_name}\", realm=\"{realm}\", nonce=\"{nonce}\", \
             uri=\"{uri}\", algorithm=MD5, "
        );
        if self.quality {
            let response = md5_hex(&format!("{ha1}:{nonce}:00000001:{client_nonce}:auth:{ha2}"));
            value.push_str(&format!(
                "qop=auth, nc=00000001, cnonce=\"{client_nonce}\", response=\"{response}\""
            ));
        } else {
            let response = md5_hex(&format!("{ha1}:{nonce}:{ha2}"));
            value.push_str(&format!("response=\"{response}\""));
        }
        if let Some(opaque) = &self.opaque {
            value.push_str(&format!(", opaque=\"{opaque}\""));
        }
        match self.by_proxy {
            true => Header::ProxyAuthorization(sip::ProxyAuthorization::new(value)),
            false => Header::Authorization(sip::Authorization::new(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_2617_is_answered_as_it_says() {
        let challenge = Challenge::parse(
            "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", \
             nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
             opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
            true,
        )
        .expect("a challenge");
        let account = Account {
            user_name: "Mufasa".to_owned(),
            password: "Circle Of Life".to_owned(),
        };
        let answer = challenge.answer(&account, "GET", "/dir/index.html", "0a4f113b");
        let Header::ProxyAuthorization(answer) = answer else {
            panic!("a proxy asked");
        };
        assert!(
            answer
                .value()
                .contains("response=\"6629fae49393a05397450978507c4ef1\"")
        );
        for foreign in [
            "Basic realm=\"x\"",
            "Digest realm=\"x\", nonce=\"n\", algorithm=SHA-256",
        ] {
            assert_eq!(Challenge::parse(foreign, false), None);
        }
    }
}
