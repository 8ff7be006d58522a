//! The pieces of RFC 3261, section 25 that decide whether a message is well-formed. Every parser
//! here borrows from its input and says in a few words what is wrong; the words become the reason
//! phrase of a 400.

/// What is wrong, for the reason phrase.
pub(crate) type Wrong = &'static str;

pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_octet)
}

const fn is_token_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
        || matches!(
            octet,
            b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~'
        )
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// The length of the quoted string that `text` begins with, both quotes included.
fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, octet) in text.bytes().enumerate().skip(1) {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Splits at `separator` where it is neither quoted nor in angle brackets.
pub(crate) fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
        for (at, octet) in text.bytes().enumerate() {
            match octet {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'<' if !quoted => bracketed = true,
                b'>' if !quoted => bracketed = false,
                _ if octet == separator && !quoted && !bracketed => {
                    rest = Some(&text[at + 1..]);
                    return Some(text[..at].trim_matches(is_space));
                }
                _ => {}
            }
        }
        rest = None;
        Some(text.trim_matches(is_space))
    })
}

/// Header parameters as written; looked up without regard to case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params<'a>(Vec<(&'a str, Option<&'a str>)>);

impl<'a> Params<'a> {
    /// `text` is empty or begins with a semicolon.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Wrong> {
        let text = text.trim_matches(is_space);
        if text.is_empty() {
            return Ok(Params::default());
        }
        let Some(text) = text.strip_prefix(';') else {
            return Err("something other than parameters behind an address");
        };
        split(text, b';')
            .map(|param| {
                let (name, value) = match param.split_once('=') {
                    Some((name, value)) => (
                        name.trim_matches(is_space),
                        Some(value.trim_matches(is_space)),
                    ),
                    None => (param, None),
                };
                if !is_token(name) {
                    return Err("a parameter without a name");
                }
                if value.is_some_and(|value| !is_param_value(value)) {
                    return Err("a parameter value that is neither token, host nor quoted");
                }
                Ok((name, value))
            })
            .collect::<Result<_, _>>()
            .map(Params)
    }

    pub(crate) fn get(&self, name: &str) -> Option<Option<&'a str>> {
        self.0
            .iter()
            .find(|(written, _)| written.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        self.0.iter().copied()
    }
}

fn is_param_value(value: &str) -> bool {
    if value.starts_with('"') {
        return quoted_length(value) == Some(value.len());
    }
    !value.is_empty()
        && value
            .bytes()
            .all(|octet| is_token_octet(octet) || matches!(octet, b'[' | b']' | b':'))
}

/// A `name-addr` or `addr-spec` with header parameters (From, To, Contact, Route).
#[derive(Debug, Clone)]
pub(crate) struct NameAddr<'a> {
    /// As written, quotes included; empty when there is none.
    pub(crate) display: &'a str,
    pub(crate) uri: &'a str,
    pub(crate) params: Params<'a>,
}

impl<'a> NameAddr<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Wrong> {
        let text = text.trim_matches(is_space);
        let opening = if text.starts_with('"') {
            let end = quoted_length(text).ok_or("an unterminated quoted string")?;
            let gap = text[end..]
                .find('<')
                .ok_or("a display name without an address")?;
            if !text[end..end + gap].chars().all(is_space) {
                return Err("something between a display name and its address");
            }
            Some(end + gap)
        } else {
            text.find('<')
        };
        let Some(opening) = opening else {
            return Self::parse_bare(text);
        };
        let display = text[..opening].trim_matches(is_space);
        if !display.starts_with('"')
            && !display.is_empty()
            && !display
                .split(is_space)
                .filter(|word| !word.is_empty())
                .all(is_token)
        {
            return Err("a display name that must be quoted");
        }
        let closing = text[opening..]
            .find('>')
            .ok_or("an address without its closing bracket")?
            + opening;
        let uri = &text[opening + 1..closing];
        Uri::parse(uri)?;
        Ok(NameAddr {
            display,
            uri,
            params: Params::parse(&text[closing + 1..])?,
        })
    }

    /// Without brackets a semicolon begins header parameters, and `?` and `,` must not stand in
    /// the address (RFC 3261, section 20.10).
    fn parse_bare(text: &'a str) -> Result<Self, Wrong> {
        let end = text.find(';').unwrap_or(text.len());
        let uri = text[..end].trim_matches(is_space);
        if uri.contains(['?', ',']) {
            return Err("an address that must stand in angle brackets");
        }
        Uri::parse(uri)?;
        Ok(NameAddr {
            display: "",
            uri,
            params: Params::parse(&text[end..])?,
        })
    }

    pub(crate) fn tag(&self) -> Option<&'a str> {
        self.params.get("tag").flatten()
    }

    /// The same address in one spelling, which any parser reads: brackets, no folding, no spaces
    /// around separators.
    pub(crate) fn canonical(&self) -> String {
        let mut text = String::with_capacity(self.display.len() + self.uri.len() + 48);
        if !self.display.is_empty() {
            text.push_str(self.display);
            text.push(' ');
        }
        text.push('<');
        text.push_str(self.uri);
        text.push('>');
        push_params(&mut text, &self.params);
        text
    }
}

fn push_params(text: &mut String, params: &Params<'_>) {
    for (name, value) in params.iter() {
        text.push(';');
        text.push_str(name);
        if let Some(value) = value {
            text.push('=');
            text.push_str(value);
        }
    }
}

/// A URI; the parts of a `sip:` or `sips:` one, and nothing but the scheme of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Uri<'a> {
    pub(crate) scheme: &'a str,
    /// Without the password; escapes as written.
    pub(crate) user: Option<&'a str>,
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
    pub(crate) has_headers: bool,
}

impl<'a> Uri<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Wrong> {
        if text.contains(['<', '>', '"']) {
            return Err("an address with a bracket or quote in it");
        }
        if !text.bytes().all(|octet| octet.is_ascii_graphic()) {
            return Err("an address with white space or raw characters in it");
        }
        let (scheme, rest) = text.split_once(':').ok_or("an address without a scheme")?;
        let well_formed = scheme
            .bytes()
            .next()
            .is_some_and(|o| o.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|o| o.is_ascii_alphanumeric() || matches!(o, b'+' | b'-' | b'.'));
        if !well_formed || rest.is_empty() {
            return Err("an address without a scheme");
        }
        let uri = Uri {
            scheme,
            user: None,
            host: "",
            port: None,
            has_headers: false,
        };
        if uri.is_sip() {
            uri.parse_sip(rest)
        } else {
            Ok(uri)
        }
    }

    pub(crate) fn is_sip(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("sip") || self.scheme.eq_ignore_ascii_case("sips")
    }

    fn parse_sip(mut self, rest: &'a str) -> Result<Self, Wrong> {
        if !escapes_are_whole(rest) {
            return Err("an address with a broken escape");
        }
        let behind_user = match rest.rsplit_once('@') {
            Some((user_info, behind)) => {
                let user = user_info.split(':').next().unwrap_or_default();
                if user.is_empty() || !user_info.bytes().all(is_user_octet) {
                    return Err("an address with a bad user part");
                }
                self.user = Some(user);
                behind
            }
            None => rest,
        };
        let (behind_user, headers) = match behind_user.split_once('?') {
            Some((before, headers)) => (before, Some(headers)),
            None => (behind_user, None),
        };
        self.has_headers = headers.is_some();
        let (host_port, params) = match behind_user.split_once(';') {
            Some((host_port, params)) => (host_port, Some(params)),
            None => (behind_user, None),
        };
        (self.host, self.port) = parse_host_port(host_port)?;
        let well_formed = params.is_none_or(|params| {
            params.split(';').all(|param| {
                !param.is_empty()
                    && param
                        .bytes()
                        .all(|o| is_user_octet(o) || matches!(o, b'[' | b']'))
            })
        });
        if well_formed {
            Ok(self)
        } else {
            Err("an address with a bad parameter")
        }
    }
}

const fn is_user_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
        || matches!(
            octet,
            b'-' | b'_'
                | b'.'
                | b'!'
                | b'~'
                | b'*'
                | b'\''
                | b'('
                | b')'
                | b'%'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b','
                | b';'
                | b'?'
                | b'/'
                | b':'
                | b'#'
        )
}

fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|behind| {
        behind
            .as_bytes()
            .get(..2)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// `host`, `host:port`, `[v6]:port`.
pub(crate) fn parse_host_port(text: &str) -> Result<(&str, Option<u16>), Wrong> {
    let text = text.trim_matches(is_space);
    let (host, port) = if text.starts_with('[') {
        let end = text
            .find(']')
            .ok_or("an IPv6 address without its bracket")?;
        let inner = &text[1..end];
        if inner.parse::<std::net::Ipv6Addr>().is_err() {
            return Err("a bad IPv6 address");
        }
        (&text[..=end], &text[end + 1..])
    } else {
        match text.find(':') {
            Some(colon) => (text[..colon].trim_end_matches(is_space), &text[colon..]),
            None => (text, ""),
        }
    };
    let is_name = |host: &str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|o| o.is_ascii_alphanumeric() || matches!(o, b'-' | b'.' | b'_'))
    };
    if !host.starts_with('[') && !is_name(host) {
        return Err("a bad host name");
    }
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        None => return Err("a bad host name"),
        Some(digits) => Some(
            digits
                .trim_matches(is_space)
                .parse()
                .map_err(|_| "a bad port")?,
        ),
    };
    Ok((host, port))
}

/// One entry of Via.
#[derive(Debug, Clone)]
pub(crate) struct Via<'a> {
    pub(crate) transport: &'a str,
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
    pub(crate) params: Params<'a>,
}

impl<'a> Via<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Wrong> {
        let mut parts = text.splitn(3, '/');
        let protocol = parts.next().unwrap_or_default().trim_matches(is_space);
        let version = parts.next().unwrap_or_default().trim_matches(is_space);
        let rest = parts.next().ok_or("a bad Via")?.trim_matches(is_space);
        if !is_token(protocol) || version != "2.0" {
            return Err("a bad Via");
        }
        let end = rest.find(is_space).ok_or("a Via without a host")?;
        let (transport, rest) = rest.split_at(end);
        if !is_token(transport) {
            return Err("a bad Via");
        }
        let semicolon = rest.find(';').unwrap_or(rest.len());
        let (host, port) = parse_host_port(&rest[..semicolon])?;
        Ok(Via {
            transport,
            host,
            port,
            params: Params::parse(&rest[semicolon..])?,
        })
    }

    pub(crate) fn branch(&self) -> Option<&'a str> {
        self.params.get("branch").flatten()
    }

    /// In one spelling, with the source noted when `source` is given (RFC 3261, 18.2.1; RFC 3581).
    pub(crate) fn canonical(&self, source: Option<std::net::SocketAddr>) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(128);
        text.push_str("SIP/2.0/");
        text.push_str(self.transport);
        text.push(' ');
        text.push_str(self.host);
        if let Some(port) = self.port {
            let _ = write!(text, ":{port}");
        }
        for (name, value) in self.params.iter() {
            if source.is_some()
                && (name.eq_ignore_ascii_case("received") || name.eq_ignore_ascii_case("rport"))
            {
                continue;
            }
            text.push(';');
            text.push_str(name);
            if let Some(value) = value {
                text.push('=');
                text.push_str(value);
            }
        }
        if let Some(source) = source {
            let _ = write!(text, ";received={}", source.ip());
            // Also unasked: an answer reaches the client behind a translator that forgot rport.
            let _ = write!(text, ";rport={}", source.port());
        }
        text
    }
}

/// The number and the method of CSeq (RFC 3261, section 20.16): the number is below 2^31.
pub(crate) fn parse_cseq(text: &str) -> Result<(u32, &str), Wrong> {
    let (number, method) = text
        .trim_matches(is_space)
        .split_once(is_space)
        .ok_or("a bad CSeq")?;
    let method = method.trim_matches(is_space);
    if !is_token(method) || !number.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err("a bad CSeq");
    }
    match number.parse::<u32>() {
        Ok(number) if number < 1 << 31 => Ok((number, method)),
        _ => Err("a CSeq of 2^31 or more"),
    }
}

/// `word [ "@" word ]`, which excludes white space.
pub(crate) fn is_call_id(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|octet| octet.is_ascii_graphic() && octet != b',')
}

/// RFC 1123 dates only, which end in GMT (RFC 3261, section 20.17).
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 29
        && text.ends_with(" GMT")
        && text.as_bytes().get(3..5) == Some(b", ".as_slice())
        && text.bytes().filter(|octet| *octet == b':').count() == 2
}

/// The user part with its escapes undone; None where that is not UTF-8.
pub(crate) fn unescape(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet != b'%' {
            octets.push(octet);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        octets.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_the_same_in_every_spelling() {
        for text in [
            "sip:bob@example.com;tag=1",
            "<sip:bob@example.com>;tag=1",
            "Bob  B. <sip:bob@example.com> ; tag = 1",
            "\"B \\\" <x>; y\"<sip:bob@example.com>;tag=1",
        ] {
            let address = NameAddr::parse(text).expect(text);
            assert_eq!(address.uri, "sip:bob@example.com");
            assert_eq!(address.tag(), Some("1"));
            let canonical = address.canonical();
            let again = NameAddr::parse(&canonical).expect("canonical");
            assert_eq!((again.uri, again.tag()), (address.uri, address.tag()));
        }
    }

    #[test]
    fn what_the_grammar_forbids_is_named() {
        for text in [
            "\"Mr. J. User <sip:j.user@example.com>",
            "Bell, Alexander <sip:a.g.bell@example.com>",
            "< sip:t.watson@example.org >",
            "sip:user@example.com?Route=%3Csip:sip.example.com%3E",
            "<sip:a@b",
            "<sip:a@b>x",
            "<sip:a@b>;;tag=1",
            "sip:a b@c",
            "sip:%4x@example.com",
            "sip:@example.com",
            "sip:bob@",
        ] {
            assert!(NameAddr::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_uri_gives_its_parts() {
        let uri = Uri::parse("sip:user;par=u%40example.net:pw@[::1]:5070;lr?a=b").expect("valid");
        assert_eq!(uri.user, Some("user;par=u%40example.net"));
        assert_eq!(
            (uri.host, uri.port, uri.has_headers),
            ("[::1]", Some(5070), true)
        );
        assert!(
            !Uri::parse("soap.beep://192.0.2.103:3002")
                .expect("valid")
                .is_sip()
        );
        assert_eq!(unescape("sips%3Auser%40x"), Some("sips:user@x".to_owned()));
    }
}
