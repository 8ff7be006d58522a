//! What a request must satisfy before the stack sees it, and with which status it is refused
//! otherwise. The order is that of RFC 3261, section 8.2: syntax, method, Request-URI, required
//! extensions, content.

use super::Transport;
use super::grammar::{self, NameAddr, Params, Uri, Via};
use super::message::{Message, Name};
use crate::options::Limits;
use rsipstack::sip::{self, Header, Method};
use std::net::SocketAddr;

/// What we do with a request; the value of every `Allow` header field.
pub(crate) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REGISTER";

/// The bodies that we read; the value of every `Accept` header field.
pub(crate) const ACCEPT: &str = "application/sdp, application/dtmf-relay, application/dtmf";

/// Stands in for the From tag that an RFC 2543 client does not send (RFC 3261, section 12.1.1: it
/// counts as null). The stack needs one; the transports take it out of everything that leaves.
pub(crate) const NULL_TAG: &str = "hotline-null-tag-of-rfc2543";

/// A refusal: the status, what the reason phrase adds, and the header fields that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// Said behind the standard phrase; none leaves the phrase alone.
    pub(crate) why: Option<&'static str>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Refusal {
    pub(crate) fn plain(status: u16) -> Self {
        Refusal {
            status,
            why: None,
            headers: Vec::new(),
        }
    }

    pub(crate) fn because(status: u16, why: &'static str) -> Self {
        Refusal {
            why: Some(why),
            ..Refusal::plain(status)
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

fn bad(why: &'static str) -> Refusal {
    Refusal::because(400, why)
}

/// A request that passed: rebuilt for the stack in one spelling, with what routing reads beside it.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) request: sip::Request,
    /// The user part of the Request-URI, escapes undone.
    pub(crate) user: Option<String>,
    /// The host of the Request-URI, lower case, without brackets or port.
    pub(crate) host: String,
    pub(crate) call_id: String,
    pub(crate) cseq: u32,
    pub(crate) from: Party,
    pub(crate) to: Party,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) contact_is_star: bool,
    pub(crate) expires_s: Option<u32>,
    pub(crate) max_forwards: Option<u8>,
    /// Lower case, without parameters.
    pub(crate) content_type: Option<String>,
    /// The values of `Authorization` fields. Never logged.
    pub(crate) authorizations: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) uri: String,
    /// The user part, escapes undone.
    pub(crate) user: Option<String>,
    pub(crate) host: String,
    pub(crate) is_sip: bool,
    pub(crate) tag: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) uri: String,
    pub(crate) is_sip: bool,
    pub(crate) expires_s: Option<u32>,
}

/// The methods of the RFCs that extend SIP; any other token gets 501.
fn method_of(token: &str) -> Option<Method> {
    Some(match token {
        "INVITE" => Method::Invite,
        "ACK" => Method::Ack,
        "CANCEL" => Method::Cancel,
        "BYE" => Method::Bye,
        "OPTIONS" => Method::Options,
        "INFO" => Method::Info,
        "UPDATE" => Method::Update,
        "REGISTER" => Method::Register,
        "REFER" => Method::Refer,
        "PRACK" => Method::PRack,
        "MESSAGE" => Method::Message,
        "NOTIFY" => Method::Notify,
        "PUBLISH" => Method::Publish,
        "SUBSCRIBE" => Method::Subscribe,
        _ => return None,
    })
}

pub(crate) fn check(
    message: &Message<'_>,
    size: usize,
    transport: Transport,
    source: SocketAddr,
    limits: &Limits,
) -> Result<Checked, Refusal> {
    if size > limits.message_bytes || message.too_many_fields {
        return Err(Refusal::plain(513));
    }
    let (method_token, uri_text) = check_start_line(&message.start_line)?;
    if let Some(why) = message.malformed {
        return Err(bad(why));
    }
    for (name, why) in Name::SINGLE {
        if message.all(*name).nth(1).is_some() {
            return Err(bad(why));
        }
    }
    let body = check_length(message, transport, limits)?;
    let vias = check_vias(message, source)?;
    let from = check_party(message, Name::From, "no From")?;
    let to = check_party(message, Name::To, "no To")?;
    let call_id = message.first(Name::CallId).ok_or(bad("no Call-ID"))?;
    if !grammar::is_call_id(call_id) {
        return Err(bad("a bad Call-ID"));
    }
    let cseq = message.first(Name::CSeq).ok_or(bad("no CSeq"))?;
    let (cseq, cseq_method) = grammar::parse_cseq(cseq).map_err(bad)?;
    let method = method_of(method_token);
    if cseq_method != method_token && method.is_some() {
        return Err(bad("the method of CSeq is another"));
    }
    let max_forwards = check_number(message, Name::MaxForwards, 255, "a bad Max-Forwards")?;
    let uri = check_request_uri(uri_text)?;
    let (contacts, contact_is_star) = check_contacts(message)?;
    for value in message
        .all(Name::Route)
        .chain(message.all(Name::RecordRoute))
    {
        for entry in grammar::split(value, b',') {
            NameAddr::parse(entry).map_err(bad)?;
        }
    }
    if message
        .first(Name::Date)
        .is_some_and(|date| !grammar::is_date(date))
    {
        return Err(bad("a Date that is not in GMT"));
    }

    let method = method.ok_or_else(|| Refusal::plain(501).with("Allow", ALLOW))?;
    let in_dialog = to.canonical_tag.is_some();
    match method {
        Method::Message | Method::Notify | Method::Publish | Method::Subscribe | Method::PRack => {
            return Err(Refusal::plain(405).with("Allow", ALLOW));
        }
        Method::Refer if !in_dialog => return Err(Refusal::plain(405).with("Allow", ALLOW)),
        _ => {}
    }
    if !uri.is_sip() {
        return Err(Refusal::plain(416));
    }
    check_require(message, method)?;
    let content_type = message.first(Name::ContentType).map(|value| {
        let end = value.find(';').unwrap_or(value.len());
        value[..end].trim().to_ascii_lowercase()
    });
    check_content(message, method, body, content_type.as_deref(), limits)?;

    let mut headers = Vec::with_capacity(message.fields.len().min(24) + 2);
    headers.extend(vias.into_iter().map(|via| Header::Via(sip::Via::new(via))));
    headers.push(Header::From(sip::From::new(from.canonical)));
    headers.push(Header::To(sip::To::new(to.canonical)));
    headers.push(Header::CallId(sip::CallId::new(call_id)));
    headers.push(Header::CSeq(sip::CSeq::new(format!("{cseq} {method}"))));
    for value in message.all(Name::RecordRoute) {
        headers.push(Header::RecordRoute(sip::RecordRoute::new(value)));
    }
    let host = uri.host.trim_matches(['[', ']']).to_ascii_lowercase();
    Ok(Checked {
        user: uri.user.and_then(grammar::unescape),
        host,
        call_id: call_id.to_owned(),
        cseq,
        from: from.party,
        to: to.party,
        contacts,
        contact_is_star,
        expires_s: message
            .first(Name::Expires)
            .and_then(|value| value.parse().ok()),
        max_forwards: max_forwards.and_then(|hops| u8::try_from(hops).ok()),
        content_type,
        authorizations: message
            .all(Name::Authorization)
            .map(str::to_owned)
            .collect(),
        request: sip::Request {
            method,
            uri: opaque_uri(uri_text),
            version: sip::Version::V2,
            headers: headers.into(),
            body: body.to_vec(),
        },
    })
}

/// A URI that the stack prints exactly as it came, without an opinion on its inside.
pub(crate) fn opaque_uri(text: &str) -> sip::Uri {
    sip::Uri {
        host_with_port: sip::HostWithPort {
            host: sip::Host::Domain(text.into()),
            port: None,
        },
        ..sip::Uri::default()
    }
}

/// `Method SP Request-URI SP SIP-Version`, with single spaces (RFC 3261, section 7.1).
fn check_start_line(line: &str) -> Result<(&str, &str), Refusal> {
    if let Some(version) = line.trim_end().rsplit(' ').next()
        && version.len() > 4
        && version.as_bytes()[..4].eq_ignore_ascii_case(b"SIP/")
        && !version.eq_ignore_ascii_case("SIP/2.0")
    {
        return Err(Refusal::plain(505));
    }
    let mut parts = line.split(' ');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(method), Some(uri), Some(version), None)
            if grammar::is_token(method)
                && !uri.is_empty()
                && version.eq_ignore_ascii_case("SIP/2.0") =>
        {
            Ok((method, uri))
        }
        _ => Err(bad("a bad request line")),
    }
}

/// The body (RFC 3261, section 18.3): on a stream exactly Content-Length octets, which must be
/// given; in a datagram up to its end when it is not given.
fn check_length<'a>(
    message: &Message<'a>,
    transport: Transport,
    limits: &Limits,
) -> Result<&'a [u8], Refusal> {
    let length = match message.first(Name::ContentLength) {
        Some(text) => {
            let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
            let length = text.parse::<usize>().ok().filter(|_| digits);
            Some(length.ok_or(bad("a bad Content-Length"))?)
        }
        None => None,
    };
    match (length, transport) {
        (Some(length), _) if length > limits.message_bytes => Err(Refusal::plain(513)),
        (Some(length), _) => message
            .rest
            .get(..length)
            .ok_or(bad("a body shorter than its Content-Length")),
        (None, Transport::Udp) => Ok(message.rest),
        (None, Transport::Tcp) => Err(bad("no Content-Length on a stream")),
    }
}

fn check_vias(message: &Message<'_>, source: SocketAddr) -> Result<Vec<String>, Refusal> {
    let mut vias = Vec::with_capacity(2);
    for value in message.all(Name::Via) {
        for entry in grammar::split(value, b',') {
            let via = Via::parse(entry).map_err(bad)?;
            let first = vias.is_empty();
            if first && via.branch() == Some("z9hG4bK") {
                return Err(bad("a branch without an identifier"));
            }
            vias.push(via.canonical(first.then_some(source)));
        }
    }
    if vias.is_empty() {
        return Err(bad("no Via"));
    }
    Ok(vias)
}

struct CheckedParty {
    canonical: String,
    canonical_tag: Option<String>,
    party: Party,
}

fn check_party(
    message: &Message<'_>,
    name: Name,
    missing: &'static str,
) -> Result<CheckedParty, Refusal> {
    let address = NameAddr::parse(message.first(name).ok_or(bad(missing))?).map_err(bad)?;
    let uri = Uri::parse(address.uri).map_err(bad)?;
    let tag = match address.params.get("tag") {
        Some(None) => return Err(bad("an empty tag")),
        Some(Some(tag)) => Some(tag.to_owned()),
        None => None,
    };
    let mut canonical = address.canonical();
    if name == Name::From && tag.is_none() {
        canonical.push_str(";tag=");
        canonical.push_str(NULL_TAG);
    }
    Ok(CheckedParty {
        canonical,
        canonical_tag: tag.clone(),
        party: Party {
            uri: address.uri.to_owned(),
            user: uri.user.and_then(grammar::unescape),
            host: uri.host.trim_matches(['[', ']']).to_ascii_lowercase(),
            is_sip: uri.is_sip(),
            tag,
        },
    })
}

fn check_number(
    message: &Message<'_>,
    name: Name,
    most: u32,
    why: &'static str,
) -> Result<Option<u32>, Refusal> {
    match message.first(name) {
        None => Ok(None),
        Some(text) => match text.parse::<u32>() {
            Ok(number) if number <= most && !text.starts_with('+') => Ok(Some(number)),
            _ => Err(bad(why)),
        },
    }
}

fn check_request_uri(text: &str) -> Result<Uri<'_>, Refusal> {
    let uri = Uri::parse(text).map_err(bad)?;
    // RFC 3261, section 19.1.1: headers are not allowed in a Request-URI.
    if uri.has_headers {
        return Err(bad("header fields in the Request-URI"));
    }
    Ok(uri)
}

fn check_contacts(message: &Message<'_>) -> Result<(Vec<Contact>, bool), Refusal> {
    let mut contacts = Vec::new();
    let mut star = false;
    for value in message.all(Name::Contact) {
        if value == "*" {
            star = true;
            continue;
        }
        for entry in grammar::split(value, b',') {
            let address = NameAddr::parse(entry).map_err(bad)?;
            let uri = Uri::parse(address.uri).map_err(bad)?;
            contacts.push(Contact {
                uri: address.uri.to_owned(),
                is_sip: uri.is_sip(),
                expires_s: contact_expires(&address.params),
            });
        }
    }
    Ok((contacts, star))
}

fn contact_expires(params: &Params<'_>) -> Option<u32> {
    params.get("expires").flatten()?.parse().ok()
}

/// We support no extension (RFC 3261, section 8.2.2.3). `Proxy-Require` is not for us.
fn check_require(message: &Message<'_>, method: Method) -> Result<(), Refusal> {
    if matches!(method, Method::Ack | Method::Cancel) {
        return Ok(());
    }
    let wanted: Vec<&str> = message
        .all(Name::Require)
        .filter(|value| !value.is_empty())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    Err(Refusal::plain(420).with("Unsupported", wanted.join(", ")))
}

/// RFC 3261, sections 8.2.3 and 13.3.1; 21.4.7 for an offer whose answer nobody could read.
fn check_content(
    message: &Message<'_>,
    method: Method,
    body: &[u8],
    content_type: Option<&str>,
    limits: &Limits,
) -> Result<(), Refusal> {
    if body.len() > limits.body_bytes {
        return Err(Refusal::plain(413));
    }
    let encoded = message
        .all(Name::ContentEncoding)
        .any(|value| !value.is_empty() && !value.eq_ignore_ascii_case("identity"));
    if encoded && !body.is_empty() {
        return Err(Refusal::plain(415).with("Accept-Encoding", "identity"));
    }
    let optional = message
        .first(Name::ContentDisposition)
        .is_some_and(|value| value.to_ascii_lowercase().contains("handling=optional"));
    let carries_session = matches!(method, Method::Invite | Method::Update | Method::Ack);
    if carries_session && !body.is_empty() && content_type != Some("application/sdp") && !optional {
        return Err(Refusal::plain(415).with("Accept", "application/sdp"));
    }
    if method == Method::Invite {
        let mut accepts = message.all(Name::Accept).peekable();
        let named = accepts.peek().is_some();
        let reads_sdp = accepts.flat_map(|value| value.split(',')).any(|range| {
            let range = range.split(';').next().unwrap_or_default().trim();
            ["application/sdp", "application/*", "*/*"]
                .iter()
                .any(|wanted| range.eq_ignore_ascii_case(wanted))
        });
        if named && !reads_sdp {
            return Err(Refusal::because(
                406,
                "the answer could only be application/sdp",
            ));
        }
    }
    Ok(())
}
