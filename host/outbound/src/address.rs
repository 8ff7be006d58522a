//! The address of a request: a path that the guest chose, below a base that its manifest named.
//!
//! Nothing that a guest writes may leave the base: the checks are made on the text as given and on
//! every decoding of it (servers decode more than once), and the result is compared with the base
//! again.

use url::Url;

/// Bytes of a path, and of a whole query.
const PATH_BYTES: usize = 4 * 1024;
const QUERY_BYTES: usize = 8 * 1024;
const QUERY_PAIRS: usize = 64;
/// How often a server may decode a path; a text that changes still is refused.
const DECODINGS: usize = 4;

/// The root of an endpoint: scheme, host, port and a path that ends with `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(Url);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    #[error("`{0}` is no URL such as https://api.example.com/v1")]
    NoUrl(String),
    #[error("a base URL begins with https://")]
    Scheme,
    #[error("a base URL has no user name, no password, no query and no fragment")]
    Extras,
}

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("the path is longer than {PATH_BYTES} bytes")]
    LongPath,
    #[error("the query is longer than {QUERY_BYTES} bytes or {QUERY_PAIRS} pairs")]
    LongQuery,
    #[error("the path leaves its base (`..`, `.` or `//` in it)")]
    Escapes,
    #[error(
        "the path has a character that does not belong there (`?`, `#`, `\\`, a space or a control character)"
    )]
    Character,
    #[error("the path has a `%` without two hexadecimal digits")]
    Encoding,
}

impl Base {
    /// # Errors
    /// The text is no absolute `https` (or `http`) URL, or says more than where.
    pub fn parse(text: &str) -> Result<Base, BaseError> {
        let mut url = Url::parse(text.trim()).map_err(|_| BaseError::NoUrl(text.to_owned()))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(BaseError::Scheme);
        }
        let extras = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if extras {
            return Err(BaseError::Extras);
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Base(url))
    }

    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// As it stands in the URL: a name, an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether a URL (the target of a redirect) lies below this base.
    pub fn contains(&self, url: &Url) -> bool {
        same_origin(&self.0, url)
            && url.username().is_empty()
            && url.password().is_none()
            && (url.path().starts_with(self.0.path())
                || url.path() == self.0.path().trim_end_matches('/'))
            && stays(url.path()).is_ok()
    }

    /// The URL of `path` below this base, with `query`, whose names and values are encoded here.
    /// A leading `/` of the path is the base's own; the path is taken as percent-encoded already.
    ///
    /// # Errors
    /// The path would leave the base, or is not written as a path is.
    pub fn join(&self, path: &str, query: &[(String, String)]) -> Result<Url, AddressError> {
        if path.len() > PATH_BYTES {
            return Err(AddressError::LongPath);
        }
        let below = path.strip_prefix('/').unwrap_or(path);
        stays(below)?;
        let mut url = self.0.clone();
        if below.is_empty() {
            // The base itself is meant, not a folder below it.
            url.set_path(self.0.path().trim_end_matches('/'));
        } else {
            url.set_path(&format!("{}{below}", self.0.path()));
        }
        if !query.is_empty() {
            if query.len() > QUERY_PAIRS {
                return Err(AddressError::LongQuery);
            }
            url.query_pairs_mut().extend_pairs(query);
            if url.query().is_some_and(|query| query.len() > QUERY_BYTES) {
                return Err(AddressError::LongQuery);
            }
        }
        // Whatever was overlooked above shows here.
        match self.contains(&url) {
            true => Ok(url),
            false => Err(AddressError::Escapes),
        }
    }
}

pub(crate) fn same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// Whether a path goes nowhere but down, however often it is decoded.
fn stays(path: &str) -> Result<(), AddressError> {
    let forbidden = |letter: char| letter.is_control() || " \\?#".contains(letter);
    if path.contains(forbidden) {
        return Err(AddressError::Character);
    }
    if !is_well_encoded(path) {
        return Err(AddressError::Encoding);
    }
    let mut text = path.to_owned();
    for _ in 0..DECODINGS {
        goes_down(&text)?;
        let decoded = decode(&text);
        if decoded == text {
            return Ok(());
        }
        if decoded.contains(char::is_control) {
            return Err(AddressError::Character);
        }
        text = decoded;
    }
    Err(AddressError::Encoding)
}

/// Whether each `%` is followed by two hexadecimal digits.
fn is_well_encoded(path: &str) -> bool {
    let is_digit = |octet: Option<&u8>| octet.is_some_and(u8::is_ascii_hexdigit);
    path.split('%').skip(1).all(|after| {
        let after = after.as_bytes();
        is_digit(after.first()) && is_digit(after.get(1))
    })
}

fn goes_down(path: &str) -> Result<(), AddressError> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let mut segments = path.split(['/', '\\']).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        // Some servers drop what stands behind `;` before they look at dots.
        let name = segment.split(';').next().unwrap_or_default();
        if name == "." || name == ".." || (segment.is_empty() && !is_last) {
            return Err(AddressError::Escapes);
        }
    }
    Ok(())
}

/// Decodes once. Octets that are no UTF-8 are replaced, which keeps what is looked for; a `%` that
/// stands for itself, as `%25` decoded does, stays.
fn decode(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let digit = |octet: &u8| char::from(*octet).to_digit(16);
        match (first, after) {
            (b'%', [high, low, after @ ..]) => match (digit(high), digit(low)) {
                (Some(high), Some(low)) => {
                    // Two digits make an octet.
                    octets.push((high * 16 + low) as u8);
                    rest = after;
                }
                _ => octets.push(*first),
            },
            _ => octets.push(*first),
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base() -> Base {
        Base::parse("https://api.example.com/v1").expect("a base")
    }

    #[test]
    fn a_path_goes_below_its_base() {
        for (path, url) in [
            ("contacts/7", "https://api.example.com/v1/contacts/7"),
            ("/contacts/7", "https://api.example.com/v1/contacts/7"),
            ("contacts/", "https://api.example.com/v1/contacts/"),
            ("", "https://api.example.com/v1"),
            ("/", "https://api.example.com/v1"),
            ("a%20b/100%25", "https://api.example.com/v1/a%20b/100%25"),
            (
                "group%2Fproject",
                "https://api.example.com/v1/group%2Fproject",
            ),
            ("客户", "https://api.example.com/v1/%E5%AE%A2%E6%88%B7"),
            ("a:b@c", "https://api.example.com/v1/a:b@c"),
            ("..hidden/x..", "https://api.example.com/v1/..hidden/x.."),
        ] {
            let joined = base().join(path, &[]);
            assert_eq!(joined.as_ref().map(Url::as_str), Ok(url), "{path}");
        }
        let query = [("q".to_owned(), "a&b=c #\r\n".to_owned())];
        let joined = base().join("x", &query).expect("a query");
        assert_eq!(joined.query(), Some("q=a%26b%3Dc+%23%0D%0A"));
    }

    #[test]
    fn no_path_leaves_its_base() {
        for path in [
            "..",
            "../v2",
            "a/../../v2",
            "./a",
            "//evil.example",
            "a//b",
            "http://evil.example/",
            "https:/\\evil.example",
            "%2e%2e/v2",
            "%2E./v2",
            "a%2f..%2f..%2fv2",
            "%252e%252e/v2",
            "%25252e%25252e/v2",
            "..;/v2",
            "..;a=b/v2",
            "a%5c..%5c..",
            "a\\..\\..",
            "a?b",
            "a#b",
            "a b",
            "a\r\nHost: evil",
            "a%0d%0aHost:%20evil",
            "a%00",
            "a%",
            "a%2",
            "a%zz",
        ] {
            assert!(base().join(path, &[]).is_err(), "{path}");
        }
        assert!(base().join(&"a".repeat(5_000), &[]).is_err());
    }

    #[test]
    fn a_base_says_where_and_nothing_else() {
        for text in [
            "api.example.com",
            "ftp://api.example.com",
            "https://user@api.example.com",
            "https://user:word@api.example.com",
            "https://api.example.com/?a=b",
            "https://api.example.com/#a",
            "file:///etc/passwd",
        ] {
            assert!(Base::parse(text).is_err(), "{text}");
        }
        // The spellings of an address that some resolvers understand are that address.
        for text in ["http://2130706433/", "http://0x7f.1/", "http://127.1/"] {
            assert_eq!(Base::parse(text).expect("a base").host(), "127.0.0.1");
        }
    }

    #[test]
    fn a_redirect_is_below_the_base_or_is_not() {
        for (url, inside) in [
            ("https://api.example.com/v1/contacts", true),
            ("https://api.example.com:443/v1", true),
            ("https://api.example.com/v10", false),
            ("https://api.example.com/v2", false),
            ("http://api.example.com/v1/contacts", false),
            ("https://api.example.com:8443/v1/contacts", false),
            ("https://api.example.com.evil.example/v1/", false),
            ("https://me@api.example.com/v1/", false),
            ("https://api.example.com/v1/%2e%2e/v2", false),
            ("https://api.example.com/v1/a%2f..%2f..%2fv2", false),
        ] {
            let url = Url::parse(url).expect("a URL");
            assert_eq!(base().contains(&url), inside, "{url}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_path_the_base_is_kept(path in "[a-z./%25eEfFcC;\\\\:@?#\\r ]{0,24}") {
            if let Ok(url) = base().join(&path, &[]) {
                prop_assert!(url.as_str().starts_with("https://api.example.com/v1"));
                let twice = decode(&decode(url.path()));
                prop_assert!(twice.split(['/', '\\']).all(|part| part != ".."), "{url}");
            }
        }
    }
}
