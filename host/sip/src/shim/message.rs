//! A message cut into start line, header fields and body, before anyone judges their content
//! (RFC 3261, section 7). Tolerant here means only: keep what is readable, so that a refusal can
//! still name its request.

use std::borrow::Cow;

/// The header fields that this room reads; names are case-insensitive and may be compact (7.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Accept,
    Authorization,
    CallId,
    Contact,
    ContentDisposition,
    ContentEncoding,
    ContentLength,
    ContentType,
    CSeq,
    Date,
    Expires,
    From,
    MaxForwards,
    ProxyAuthenticate,
    RecordRoute,
    Require,
    RetryAfter,
    Route,
    To,
    Via,
    WwwAuthenticate,
    /// Passed over.
    Other,
}

impl Name {
    fn of(written: &str) -> Name {
        const LONG: &[(&str, Name)] = &[
            ("accept", Name::Accept),
            ("authorization", Name::Authorization),
            ("call-id", Name::CallId),
            ("contact", Name::Contact),
            ("content-disposition", Name::ContentDisposition),
            ("content-encoding", Name::ContentEncoding),
            ("content-length", Name::ContentLength),
            ("content-type", Name::ContentType),
            ("cseq", Name::CSeq),
            ("date", Name::Date),
            ("expires", Name::Expires),
            ("from", Name::From),
            ("max-forwards", Name::MaxForwards),
            ("proxy-authenticate", Name::ProxyAuthenticate),
            ("record-route", Name::RecordRoute),
            ("require", Name::Require),
            ("retry-after", Name::RetryAfter),
            ("route", Name::Route),
            ("to", Name::To),
            ("via", Name::Via),
            ("www-authenticate", Name::WwwAuthenticate),
        ];
        if let [compact] = written.as_bytes() {
            return match compact.to_ascii_lowercase() {
                b'i' => Name::CallId,
                b'm' => Name::Contact,
                b'e' => Name::ContentEncoding,
                b'l' => Name::ContentLength,
                b'c' => Name::ContentType,
                b'f' => Name::From,
                b't' => Name::To,
                b'v' => Name::Via,
                _ => Name::Other,
            };
        }
        LONG.iter()
            .find(|(long, _)| long.eq_ignore_ascii_case(written))
            .map_or(Name::Other, |(_, name)| *name)
    }

    /// Fields that may stand in a message once only (RFC 3261, table 2, and section 7.3.1).
    pub(crate) const SINGLE: &'static [(Name, &'static str)] = &[
        (Name::CallId, "more than one Call-ID"),
        (Name::CSeq, "more than one CSeq"),
        (Name::From, "more than one From"),
        (Name::To, "more than one To"),
        (Name::MaxForwards, "more than one Max-Forwards"),
        (Name::ContentLength, "more than one Content-Length"),
        (Name::ContentType, "more than one Content-Type"),
        (Name::Date, "more than one Date"),
        (Name::Expires, "more than one Expires"),
    ];
}

#[derive(Debug, Clone)]
pub(crate) struct Field<'a> {
    pub(crate) name: Name,
    /// Unfolded and trimmed; what is not UTF-8 is replaced, so that the list goes on.
    pub(crate) value: Cow<'a, str>,
}

#[derive(Debug)]
pub(crate) struct Message<'a> {
    pub(crate) start_line: Cow<'a, str>,
    pub(crate) fields: Vec<Field<'a>>,
    /// All octets behind the empty line.
    pub(crate) rest: &'a [u8],
    /// The first thing that is no header at all.
    pub(crate) malformed: Option<&'static str>,
    pub(crate) too_many_fields: bool,
}

impl<'a> Message<'a> {
    /// Cuts `octets`, which hold one message and maybe what follows it. None for octets that are
    /// nothing but line ends (keep-alives, section 7.5).
    pub(crate) fn cut(octets: &'a [u8], most_fields: usize) -> Option<Message<'a>> {
        let start = octets
            .iter()
            .position(|octet| !matches!(octet, b'\r' | b'\n'))?;
        let octets = &octets[start..];
        let mut malformed = None;
        let (head, rest) = match find(octets, b"\r\n\r\n") {
            Some(end) => (&octets[..end], &octets[end + 4..]),
            None => {
                malformed = Some("no empty line behind the header");
                (octets, &octets[octets.len()..])
            }
        };
        let mut lines = Lines(head);
        let start_line = String::from_utf8_lossy(lines.next().unwrap_or_default());
        let mut message = Message {
            start_line,
            fields: Vec::with_capacity(16),
            rest,
            malformed,
            too_many_fields: false,
        };
        for line in lines {
            message.take_line(line, most_fields);
        }
        Some(message)
    }

    fn take_line(&mut self, line: &'a [u8], most_fields: usize) {
        if line.contains(&b'\n') || line.contains(&b'\r') {
            self.note("a line end that is not CRLF");
        }
        if matches!(line.first(), Some(b' ' | b'\t')) {
            match self.fields.last_mut() {
                Some(field) => {
                    let more = String::from_utf8_lossy(line);
                    let value = field.value.to_mut();
                    if !value.is_empty() {
                        value.push(' ');
                    }
                    value.push_str(more.trim());
                }
                None => self.note("a folded start line"),
            }
            return;
        }
        let Some(colon) = line.iter().position(|octet| *octet == b':') else {
            return self.note("a header line without a colon");
        };
        let Ok(name) = std::str::from_utf8(&line[..colon]) else {
            return self.note("a header name that is no token");
        };
        let name = name.trim_end_matches([' ', '\t']);
        if !super::grammar::is_token(name) {
            return self.note("a header name that is no token");
        }
        if self.fields.len() >= most_fields {
            self.too_many_fields = true;
            return;
        }
        let value = match std::str::from_utf8(&line[colon + 1..]) {
            Ok(value) => Cow::Borrowed(value.trim_matches([' ', '\t'])),
            Err(_) => Cow::Owned(
                String::from_utf8_lossy(&line[colon + 1..])
                    .trim_matches([' ', '\t'])
                    .to_owned(),
            ),
        };
        self.fields.push(Field {
            name: Name::of(name),
            value,
        });
    }

    fn note(&mut self, what: &'static str) {
        self.malformed.get_or_insert(what);
    }

    pub(crate) fn first(&self, name: Name) -> Option<&str> {
        self.all(name).next()
    }

    pub(crate) fn all(&self, name: Name) -> impl Iterator<Item = &str> {
        self.fields
            .iter()
            .filter(move |field| field.name == name)
            .map(|field| &*field.value)
    }
}

pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

/// Lines that end with CRLF.
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = memchr::memchr_iter(b'\n', self.0)
            .filter_map(|feed| feed.checked_sub(1))
            .find(|end| self.0[*end] == b'\r');
        let (line, rest) = match end {
            Some(end) => (&self.0[..end], &self.0[end + 2..]),
            None => (self.0, &self.0[self.0.len()..]),
        };
        self.0 = rest;
        Some(line)
    }
}
