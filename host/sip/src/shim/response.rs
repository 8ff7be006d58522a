//! What a response must satisfy; one that does not is dropped (RFC 3261, section 18.1.2; RFC 4475).

use super::Transport;
use super::grammar::{self, NameAddr, Via};
use super::message::{Message, Name};
use super::request::NULL_TAG;
use rsipstack::sip::{self, Header};

pub(crate) fn check(
    message: &Message<'_>,
    transport: Transport,
) -> Result<sip::Response, &'static str> {
    let mut parts = message.start_line.splitn(3, ' ');
    let version = parts.next().unwrap_or_default();
    let code = parts.next().unwrap_or_default();
    let phrase = parts.next().unwrap_or_default();
    if !version.eq_ignore_ascii_case("SIP/2.0") {
        return Err("another version of SIP");
    }
    let code = match code.parse::<u16>() {
        Ok(number @ 100..=699) if code.len() == 3 => number,
        _ => return Err("a bad status code"),
    };
    if let Some(why) = message.malformed {
        return Err(why);
    }
    for (name, why) in Name::SINGLE {
        if message.all(*name).nth(1).is_some() {
            return Err(why);
        }
    }
    let body = match message.first(Name::ContentLength) {
        Some(length) => length
            .parse::<usize>()
            .ok()
            .and_then(|length| message.rest.get(..length))
            .ok_or("a bad Content-Length")?,
        None if transport == Transport::Udp => message.rest,
        None => return Err("no Content-Length on a stream"),
    };
    let mut headers = Vec::with_capacity(12);
    for value in message.all(Name::Via) {
        for entry in grammar::split(value, b',') {
            headers.push(Header::Via(sip::Via::new(
                Via::parse(entry)?.canonical(None),
            )));
        }
    }
    // Ours is the only one left when a response arrives at the client that sent the request.
    if headers.len() != 1 {
        return Err("not exactly one Via");
    }
    let from = NameAddr::parse(message.first(Name::From).ok_or("no From")?)?;
    let to = NameAddr::parse(message.first(Name::To).ok_or("no To")?)?;
    let call_id = message.first(Name::CallId).ok_or("no Call-ID")?;
    let (cseq, method) = grammar::parse_cseq(message.first(Name::CSeq).ok_or("no CSeq")?)?;
    if from.tag().is_none_or(|tag| tag == NULL_TAG) {
        return Err("no tag in From");
    }
    headers.push(Header::From(sip::From::new(from.canonical())));
    headers.push(Header::To(sip::To::new(to.canonical())));
    headers.push(Header::CallId(sip::CallId::new(call_id)));
    headers.push(Header::CSeq(sip::CSeq::new(format!("{cseq} {method}"))));
    for value in message.all(Name::RecordRoute) {
        headers.push(Header::RecordRoute(sip::RecordRoute::new(value)));
    }
    for value in message.all(Name::WwwAuthenticate) {
        headers.push(Header::WwwAuthenticate(sip::WwwAuthenticate::new(value)));
    }
    for value in message.all(Name::ProxyAuthenticate) {
        headers.push(Header::ProxyAuthenticate(sip::ProxyAuthenticate::new(
            value,
        )));
    }
    if let Some(contact) = message.first(Name::Contact) {
        let first = grammar::split(contact, b',').next().unwrap_or_default();
        headers.push(Header::Contact(sip::Contact::new(
            NameAddr::parse(first)?.canonical(),
        )));
    }
    if let Some(content_type) = message.first(Name::ContentType) {
        headers.push(Header::ContentType(sip::ContentType::new(content_type)));
    }
    Ok(sip::Response {
        status_code: sip::StatusCode::try_from((code, phrase)).map_err(|_| "a bad status code")?,
        wire_reason: None,
        version: sip::Version::V2,
        headers: headers.into(),
        body: body.to_vec(),
    })
}
