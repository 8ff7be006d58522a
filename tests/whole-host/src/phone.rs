//! A telephone: calls, hears, presses keys, hangs up, registers and answers. SIP is written here as
//! text and read by `rsip`, apart from the host's own parser.

mod desk;

pub use desk::Ringing;

use crate::rtp::{EVENTS, Heard, Law, Stream};
use rsip::prelude::*;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    Udp,
    Tcp,
}

impl Transport {
    fn name(self) -> &'static str {
        match self {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
        }
    }
}

/// A telephone with one line to the host.
#[derive(Debug)]
pub struct Phone {
    line: Line,
    host: SocketAddr,
    local: SocketAddr,
    transport: Transport,
    pub law: Law,
    pub user: String,
    /// The domain in the Request-URI; the host's address unless set.
    pub domain: Option<String>,
    /// Another session description than that of a plain telephone.
    pub offer: Option<String>,
}

#[derive(Debug)]
enum Line {
    Udp(UdpSocket),
    Tcp { stream: TcpStream, pending: Vec<u8> },
}

/// How an attempt to call ended.
#[derive(Debug)]
pub enum Outcome {
    Answered(Box<Call>),
    Refused {
        status: u16,
        headers: Vec<(String, String)>,
    },
}

/// An answered call.
#[derive(Debug)]
pub struct Call {
    phone: Phone,
    pub stream: Stream,
    call_id: String,
    from: String,
    to: String,
    target: String,
    /// Where its media goes.
    media: SocketAddr,
    sequence: u32,
}

static NUMBER: AtomicU32 = AtomicU32::new(1);

pub(crate) fn unique(prefix: &str) -> String {
    format!(
        "{prefix}{}-{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    )
}

impl Phone {
    pub fn new(host: SocketAddr, transport: Transport, law: Law) -> std::io::Result<Phone> {
        let (line, local) = match transport {
            Transport::Udp => {
                let socket = UdpSocket::bind("127.0.0.1:0")?;
                let local = socket.local_addr()?;
                (Line::Udp(socket), local)
            }
            Transport::Tcp => {
                let stream = TcpStream::connect(host)?;
                let local = stream.local_addr()?;
                (
                    Line::Tcp {
                        stream,
                        pending: Vec::new(),
                    },
                    local,
                )
            }
        };
        let user = "+4930123".to_owned();
        Ok(Phone {
            line,
            host,
            local,
            transport,
            law,
            user,
            domain: None,
            offer: None,
        })
    }

    /// A phone that only answers, on a port that is known before its host starts.
    pub fn answering(law: Law) -> std::io::Result<Phone> {
        Phone::new(SocketAddr::from(([127, 0, 0, 1], 0)), Transport::Udp, law)
    }

    /// Where it is reached.
    pub fn address(&self) -> SocketAddr {
        self.local
    }

    /// Answers calls of this host.
    pub fn serve(&mut self, host: SocketAddr) {
        self.host = host;
    }

    /// Calls a number and waits for the final answer, at most 20 s.
    pub fn call(self, number: &str) -> Outcome {
        self.try_call(number, Duration::from_secs(20))
            .unwrap_or_else(|| panic!("no final answer to a call of {number} in 20 s"))
    }

    /// Calls a number of a host that may be gone before it answers.
    pub fn try_call(mut self, number: &str, within: Duration) -> Option<Outcome> {
        let stream = Stream::open(self.law).expect("a free UDP port");
        let domain = self.domain.clone().unwrap_or_else(|| self.host.to_string());
        let target = format!("sip:{number}@{domain}");
        let (call_id, tag) = (unique("call-"), unique("tag-"));
        let from = format!("<sip:{}@{}>;tag={tag}", self.user, self.local);
        let to = format!("<{target}>");
        let branch = unique("z9hG4bK-");
        let sdp = match &self.offer {
            Some(offer) => offer.clone(),
            None => self.audio_offer(stream.local),
        };
        let invite = self.request("INVITE", &target, &branch, &call_id, &from, &to, 1, &sdp);
        self.send(&invite);
        let deadline = Instant::now() + within;
        let mut resend = Instant::now() + Duration::from_millis(500);
        loop {
            if Instant::now() >= deadline {
                return None;
            }
            let Some(message) = self.receive(Duration::from_millis(100)) else {
                if self.transport == Transport::Udp && Instant::now() > resend {
                    self.send(&invite);
                    resend = Instant::now() + Duration::from_secs(1);
                }
                continue;
            };
            let rsip::SipMessage::Response(response) = message else {
                continue;
            };
            let its_call = response.call_id_header().map(|id| id.value().to_owned());
            if its_call.ok().as_deref() != Some(&call_id) {
                continue;
            }
            let status = response.status_code.code();
            if status < 200 {
                resend = deadline;
                continue;
            }
            let to = response
                .to_header()
                .expect("a To header")
                .value()
                .to_owned();
            if status >= 300 {
                let ack = self.request("ACK", &target, &branch, &call_id, &from, &to, 1, "");
                self.send(&ack);
                let headers = response
                    .headers
                    .iter()
                    .filter_map(|header| {
                        let text = header.to_string();
                        let (name, value) = text.split_once(':')?;
                        Some((name.trim().to_owned(), value.trim().to_owned()))
                    })
                    .collect();
                return Some(Outcome::Refused { status, headers });
            }
            let contact = response
                .contact_header()
                .expect("a Contact header")
                .value()
                .to_owned();
            let target = contact
                .trim_start_matches('<')
                .split('>')
                .next()
                .unwrap_or("")
                .to_owned();
            let remote = media_address(&response.body);
            let ack = self.request(
                "ACK",
                &target,
                &unique("z9hG4bK-"),
                &call_id,
                &from,
                &to,
                1,
                "",
            );
            self.send(&ack);
            stream.connect(remote);
            return Some(Outcome::Answered(Box::new(Call {
                phone: self,
                stream,
                call_id,
                from,
                to,
                target,
                media: remote,
                sequence: 1,
            })));
        }
    }

    fn audio_offer(&self, media: SocketAddr) -> String {
        let payload = self.law.payload_type();
        let name = match self.law {
            Law::Pcmu => "PCMU",
            Law::Pcma => "PCMA",
        };
        format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
             m=audio {} RTP/AVP {payload} {EVENTS}\r\na=rtpmap:{payload} {name}/8000\r\n\
             a=rtpmap:{EVENTS} telephone-event/8000\r\na=fmtp:{EVENTS} 0-16\r\na=ptime:20\r\n\
             a=sendrecv\r\n",
            media.port()
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "these are the fields of a SIP request"
    )]
    fn request(
        &self,
        method: &str,
        target: &str,
        branch: &str,
        call_id: &str,
        from: &str,
        to: &str,
        sequence: u32,
        sdp: &str,
    ) -> String {
        let kind = if sdp.is_empty() {
            ""
        } else {
            "Content-Type: application/sdp\r\n"
        };
        self.text(
            method, target, branch, call_id, from, to, sequence, kind, sdp,
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "these are the fields of a SIP request"
    )]
    fn text(
        &self,
        method: &str,
        target: &str,
        branch: &str,
        call_id: &str,
        from: &str,
        to: &str,
        sequence: u32,
        headers: &str,
        body: &str,
    ) -> String {
        format!(
            "{method} {target} SIP/2.0\r\nVia: SIP/2.0/{} {};branch={branch};rport\r\n\
             Max-Forwards: 70\r\nFrom: {from}\r\nTo: {to}\r\nCall-ID: {call_id}\r\n\
             CSeq: {sequence} {method}\r\nContact: <sip:{}@{};transport={}>\r\n{headers}\
             Content-Length: {}\r\n\r\n{body}",
            self.transport.name(),
            self.local,
            self.user,
            self.local,
            self.transport.name().to_ascii_lowercase(),
            body.len(),
        )
    }

    fn send(&mut self, text: &str) {
        match &mut self.line {
            Line::Udp(socket) => {
                socket
                    .send_to(text.as_bytes(), self.host)
                    .expect("loopback takes a datagram");
            }
            Line::Tcp { stream, .. } => {
                stream
                    .write_all(text.as_bytes())
                    .expect("the connection is open");
            }
        }
    }

    fn receive(&mut self, within: Duration) -> Option<rsip::SipMessage> {
        let bytes = match &mut self.line {
            Line::Udp(socket) => {
                socket
                    .set_read_timeout(Some(within))
                    .expect("a time-out above zero");
                let mut buffer = vec![0; 65_536];
                let (length, _) = socket.recv_from(&mut buffer).ok()?;
                buffer.truncate(length);
                buffer
            }
            Line::Tcp { stream, pending } => {
                stream
                    .set_read_timeout(Some(within))
                    .expect("a time-out above zero");
                loop {
                    if let Some(message) = take_message(pending) {
                        break message;
                    }
                    let mut buffer = [0; 4_096];
                    match stream.read(&mut buffer) {
                        Ok(0) | Err(_) => return None,
                        Ok(length) => pending.extend(&buffer[..length]),
                    }
                }
            }
        };
        rsip::SipMessage::try_from(bytes).ok()
    }
}

/// One message off a stream, by its Content-Length.
fn take_message(pending: &mut Vec<u8>) -> Option<Vec<u8>> {
    let head = pending
        .windows(4)
        .position(|window| window == b"\r\n\r\n")?
        + 4;
    let text = String::from_utf8_lossy(&pending[..head]).to_ascii_lowercase();
    let body = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|value| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    (pending.len() >= head + body).then(|| pending.drain(..head + body).collect())
}

fn media_address(sdp: &[u8]) -> SocketAddr {
    let text = String::from_utf8_lossy(sdp);
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let ip = field("c=IN IP4 ").expect("c= of the answer").trim();
    let port = field("m=audio ")
        .and_then(|m| m.split(' ').next())
        .expect("m= of the answer");
    format!("{ip}:{port}").parse().expect("an address")
}

impl Call {
    /// Where the host wants this call's requests: the URI of its Contact header.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Where the host wants this call's audio: the address of its session description.
    pub fn media(&self) -> SocketAddr {
        self.media
    }

    pub fn heard(&self) -> Heard {
        self.stream.heard()
    }

    /// Waits until what was heard so far satisfies `enough`; says what was missing otherwise.
    pub fn hears(&self, what: &str, within: Duration, enough: impl Fn(&Heard) -> bool) -> Heard {
        let deadline = Instant::now() + within;
        loop {
            let heard = self.heard();
            if enough(&heard) {
                return heard;
            }
            assert!(
                Instant::now() < deadline,
                "did not hear {what} within {within:?}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key by RFC 4733.
    pub fn press(&self, key: char) {
        self.stream.press(key);
    }

    /// Presses a key by SIP INFO (`application/dtmf-relay`) and waits for its 200.
    pub fn press_by_info(&mut self, key: char) {
        let body = format!("Signal={key}\r\nDuration=160\r\n");
        let status = self.within_dialog("INFO", "Content-Type: application/dtmf-relay\r\n", &body);
        assert_eq!(status, 200, "INFO");
    }

    /// Hangs up and waits for the 200.
    pub fn hang_up(mut self) {
        let status = self.within_dialog("BYE", "", "");
        assert!(status == 200 || status == 481, "BYE got {status}");
    }

    /// Hangs up on a host that may be gone; whether it answered within `within`.
    pub fn try_hang_up(mut self, within: Duration) -> bool {
        self.answer_within_dialog("BYE", "", "", within).is_some()
    }

    /// Sends no BYE: as a phone that lost its network.
    pub fn vanish(self) {}

    /// Waits until the host hangs up, and answers its BYE.
    pub fn is_hung_up(&mut self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        while Instant::now() < deadline {
            let Some(rsip::SipMessage::Request(request)) =
                self.phone.receive(Duration::from_millis(100))
            else {
                continue;
            };
            if request.method == rsip::Method::Bye {
                let ok = respond(&request, 200, "OK");
                self.phone.send(&ok);
                return true;
            }
        }
        false
    }

    fn within_dialog(&mut self, method: &str, headers: &str, body: &str) -> u16 {
        self.answer_within_dialog(method, headers, body, Duration::from_secs(8))
            .unwrap_or_else(|| panic!("no answer to {method} in 8 s"))
    }

    fn answer_within_dialog(
        &mut self,
        method: &str,
        headers: &str,
        body: &str,
        within: Duration,
    ) -> Option<u16> {
        self.sequence += 1;
        let text = self.phone.text(
            method,
            &self.target,
            &unique("z9hG4bK-"),
            &self.call_id,
            &self.from,
            &self.to,
            self.sequence,
            headers,
            body,
        );
        let wanted = format!("{} {method}", self.sequence);
        let deadline = Instant::now() + within;
        let mut resend = Instant::now();
        while Instant::now() < deadline {
            if Instant::now() >= resend {
                self.phone.send(&text);
                resend = match self.phone.transport {
                    Transport::Udp => Instant::now() + Duration::from_millis(500),
                    Transport::Tcp => deadline,
                };
            }
            match self.phone.receive(Duration::from_millis(100)) {
                Some(rsip::SipMessage::Response(response))
                    if response
                        .cseq_header()
                        .is_ok_and(|cseq| cseq.value() == wanted)
                        && response.status_code.code() >= 200 =>
                {
                    return Some(response.status_code.code());
                }
                Some(rsip::SipMessage::Request(request)) if request.method == rsip::Method::Bye => {
                    let ok = respond(&request, 200, "OK");
                    self.phone.send(&ok);
                }
                _ => {}
            }
        }
        None
    }
}

fn respond(request: &rsip::Request, status: u16, reason: &str) -> String {
    let mut text = format!("SIP/2.0 {status} {reason}\r\n");
    for header in request.headers.iter() {
        let line = header.to_string();
        let name = line.split(':').next().unwrap_or("").to_ascii_lowercase();
        if ["via", "from", "to", "call-id", "cseq"].contains(&name.as_str()) {
            text.push_str(&line);
            text.push_str("\r\n");
        }
    }
    text.push_str("Content-Length: 0\r\n\r\n");
    text
}

impl Outcome {
    pub fn answered(self) -> Box<Call> {
        match self {
            Outcome::Answered(call) => call,
            Outcome::Refused { status, .. } => panic!("the call was refused with {status}"),
        }
    }

    /// A header field of a refusal.
    pub fn header(&self, wanted: &str) -> Option<&str> {
        match self {
            Outcome::Answered(_) => None,
            Outcome::Refused { headers, .. } => headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.as_str()),
        }
    }

    pub fn status(&self) -> u16 {
        match self {
            Outcome::Answered(_) => 200,
            Outcome::Refused { status, .. } => *status,
        }
    }
}
