//! Dialogs (RFC 3261, section 12): what a call remembers of its far end, and the requests and
//! responses that it writes. [`call`] lives them, one task each; [`table`] finds them.

pub(crate) mod call;
mod inbound;
mod keys;
mod outbound;
mod session;
pub(crate) mod table;

pub(crate) use inbound::spawn as spawn_inbound;
pub(crate) use outbound::{Callee, spawn as spawn_outbound};
pub(crate) use session::warning;

use crate::shim::Checked;
use crate::shim::grammar::{self, NameAddr};
use crate::shim::request::{ALLOW, opaque_uri};
use crate::status::phrase;
use crate::transport::Flow;
use rsipstack::sip::{self, Header, Method, Request, Response, StatusCode};

pub(crate) fn random_token() -> String {
    format!("{:016x}", rand::random::<u64>())
}

/// A dialog as one side sees it.
#[derive(Debug, Clone)]
pub(super) struct Dialog {
    call_id: String,
    /// `From` of what we send, tag included.
    local: String,
    /// `To` of what we send; with a tag once the far end gave one.
    remote: String,
    /// The Request-URI of what we send: the far end's Contact.
    target: String,
    routes: Vec<String>,
    local_cseq: u32,
    /// The highest CSeq that the far end used.
    remote_cseq: Option<u32>,
}

impl Dialog {
    /// From an INVITE that we received (12.1.1).
    fn answering(checked: &Checked, local_tag: &str) -> Dialog {
        let header = |wanted: fn(&Header) -> Option<&str>| {
            checked
                .request
                .headers
                .iter()
                .find_map(wanted)
                .unwrap_or_default()
                .to_owned()
        };
        let to = header(|header| match header {
            Header::To(to) => Some(to.value()),
            _ => None,
        });
        Dialog {
            call_id: checked.call_id.clone(),
            local: format!("{to};tag={local_tag}"),
            remote: header(|header| match header {
                Header::From(from) => Some(from.value()),
                _ => None,
            }),
            target: checked
                .contacts
                .first()
                .map_or_else(|| checked.from.uri.clone(), |contact| contact.uri.clone()),
            routes: routes(&checked.request.headers, Order::AsWritten),
            local_cseq: 0,
            remote_cseq: Some(checked.cseq),
        }
    }

    fn request(&mut self, method: Method, flow: &Flow) -> Request {
        self.local_cseq += 1;
        self.request_numbered(method, self.local_cseq, flow)
    }

    /// Also for an ACK, which carries the number of its INVITE.
    fn request_numbered(&self, method: Method, cseq: u32, flow: &Flow) -> Request {
        let via = format!(
            "SIP/2.0/{} {};branch=z9hG4bK{};rport",
            flow.via_transport(),
            flow.local,
            random_token()
        );
        let mut headers = Vec::with_capacity(12);
        headers.push(Header::Via(sip::Via::new(via)));
        headers.push(Header::MaxForwards(sip::MaxForwards::new("70")));
        headers.push(Header::From(sip::From::new(self.local.as_str())));
        headers.push(Header::To(sip::To::new(self.remote.as_str())));
        headers.push(Header::CallId(sip::CallId::new(self.call_id.as_str())));
        headers.push(Header::CSeq(sip::CSeq::new(format!("{cseq} {method}"))));
        for route in &self.routes {
            headers.push(Header::Route(sip::Route::new(route.as_str())));
        }
        if matches!(method, Method::Invite | Method::Update) {
            headers.push(Header::Contact(sip::Contact::new(format!(
                "<{}>",
                flow.own_uri()
            ))));
            headers.push(Header::Allow(sip::Allow::new(ALLOW)));
        }
        headers.push(Header::ContentLength(sip::ContentLength::new("0")));
        Request {
            method,
            uri: opaque_uri(&self.target),
            version: sip::Version::V2,
            headers: headers.into(),
            body: Vec::new(),
        }
    }

    /// Takes what a 2xx to our INVITE says of the far end (12.1.2).
    fn establish(&mut self, response: &Response) {
        for header in response.headers.iter() {
            match header {
                Header::To(to) => self.remote = to.value().to_owned(),
                Header::Contact(contact) => self.retarget(contact.value()),
                _ => {}
            }
        }
        self.routes = routes(&response.headers, Order::Reversed);
    }

    fn retarget(&mut self, contact: &str) {
        if let Ok(address) = NameAddr::parse(contact) {
            self.target = address.uri.to_owned();
        }
    }

    /// Whether a request of the far end comes in order (12.2.2); notes it if so.
    fn takes(&mut self, cseq: u32) -> bool {
        let in_order = self.remote_cseq.is_none_or(|highest| cseq > highest);
        if in_order {
            self.remote_cseq = Some(cseq);
        }
        in_order
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    AsWritten,
    Reversed,
}

fn routes(headers: &sip::Headers, order: Order) -> Vec<String> {
    let mut routes: Vec<String> = headers
        .iter()
        .filter_map(|header| match header {
            Header::RecordRoute(route) => Some(route.value()),
            _ => None,
        })
        .flat_map(|value| grammar::split(value, b','))
        .map(str::to_owned)
        .collect();
    if order == Order::Reversed {
        routes.reverse();
    }
    routes
}

/// A response in the making.
#[derive(Debug)]
pub(crate) struct Reply {
    status: u16,
    why: Option<&'static str>,
    headers: Vec<Header>,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16) -> Reply {
        Reply {
            status,
            why: None,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn because(mut self, why: &'static str) -> Reply {
        self.why = Some(why);
        self
    }

    pub(crate) fn with(mut self, header: Header) -> Reply {
        self.headers.push(header);
        self
    }

    fn with_session(mut self, description: String) -> Reply {
        self.headers.push(Header::ContentType(sip::ContentType::new(
            "application/sdp",
        )));
        self.body = description.into_bytes();
        self
    }

    /// Our Contact, what we allow, and the recorded route: for what makes or refreshes a dialog.
    fn in_dialog_of(mut self, request: &Request, flow: &Flow) -> Reply {
        self.headers.extend(
            request
                .headers
                .iter()
                .filter(|header| matches!(header, Header::RecordRoute(_)))
                .cloned(),
        );
        self.headers.push(Header::Contact(sip::Contact::new(format!(
            "<{}>",
            flow.own_uri()
        ))));
        self.headers.push(Header::Allow(sip::Allow::new(ALLOW)));
        self
    }

    /// The response to `request`; `to` replaces its To when the dialog has a tag for it.
    pub(crate) fn to(self, request: &Request, to: Option<&str>) -> Response {
        let mut headers: Vec<Header> = Vec::with_capacity(8 + self.headers.len());
        for header in request.headers.iter() {
            match (header, to) {
                (Header::To(_), Some(to)) => headers.push(Header::To(sip::To::new(to))),
                (
                    Header::Via(_)
                    | Header::From(_)
                    | Header::To(_)
                    | Header::CallId(_)
                    | Header::CSeq(_),
                    _,
                ) => headers.push(header.clone()),
                _ => {}
            }
        }
        headers.extend(self.headers);
        headers.push(Header::ContentLength(sip::ContentLength::new(
            self.body.len().to_string(),
        )));
        let mut reason = phrase(self.status).to_owned();
        if let Some(why) = self.why {
            reason.push_str(": ");
            reason.push_str(why);
        }
        Response {
            status_code: match self.status {
                // The stack tells these apart by name.
                100 => StatusCode::Trying,
                200 => StatusCode::OK,
                status => StatusCode::Other(status, reason),
            },
            wire_reason: None,
            version: sip::Version::V2,
            headers: headers.into(),
            body: self.body,
        }
    }
}
