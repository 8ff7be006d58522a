//! A house to call, and far ends made of raw octets.

use hotline_sip::{
    DeskPhoneAccount, Directory, Event, Handle, Incoming, Limits, Options, Service, Timers,
};
use hotline_vocabulary::ids::{AgentId, Id, LegId, TenantId};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) const RTP: &str = "127.0.0.1:40000";

pub(crate) fn tenant() -> TenantId {
    TenantId::from_bits(7)
}

pub(crate) fn agent() -> AgentId {
    AgentId::from_bits(9)
}

/// One tenant that owns every domain under example.* and 127.0.0.1, and every number but 404.
struct Demo;

impl Directory for Demo {
    fn tenant_of_domain(&self, host: &str) -> Option<TenantId> {
        let own = ["example.com", "example.net", "example.org", "127.0.0.1"];
        own.iter().any(|own| host.ends_with(own)).then(tenant)
    }
    fn is_published(&self, _: TenantId, user: &str) -> bool {
        !user.is_empty() && user != "404"
    }
    fn realm(&self, _: TenantId) -> String {
        "demo".to_owned()
    }
    fn desk_phone(&self, _: TenantId, user_name: &str) -> Option<DeskPhoneAccount> {
        (user_name == "ana").then(|| DeskPhoneAccount {
            agent: agent(),
            ha1_md5: md5("ana:demo:right"),
        })
    }
}

pub(crate) fn md5(text: &str) -> String {
    use md5::{Digest, Md5};
    Md5::digest(text.as_bytes())
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect()
}

pub(crate) struct House {
    pub(crate) service: Service,
    pub(crate) handle: Handle,
    pub(crate) events: mpsc::Receiver<Event>,
}

impl House {
    pub(crate) fn open() -> House {
        House::open_with(Limits::default(), Timers::default())
    }

    pub(crate) fn open_with(limits: Limits, timers: Timers) -> House {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let options = Options {
            udp: vec![any],
            tcp: vec![any],
            advertised: None,
            limits,
            timers,
        };
        let (service, handle, events) =
            hotline_sip::start(options, Arc::new(Demo)).expect("loopback is free");
        House {
            service,
            handle,
            events,
        }
    }

    pub(crate) async fn event(&mut self) -> Event {
        tokio::time::timeout(PATIENCE, self.events.recv())
            .await
            .expect("an event in time")
            .expect("the room lives")
    }

    pub(crate) async fn incoming(&mut self) -> Incoming {
        match self.event().await {
            Event::Incoming(incoming) => incoming,
            other => panic!("expected a call, got {other:?}"),
        }
    }

    pub(crate) fn answer(&self, leg: LegId) {
        self.handle.answer(leg, RTP.parse().unwrap());
    }

    pub(crate) async fn caller(&self, by: By) -> Line {
        match by {
            By::Udp => {
                let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
                socket.connect(self.service.udp()[0]).await.unwrap();
                Line::Udp(socket)
            }
            By::Tcp => Line::Tcp {
                stream: TcpStream::connect(self.service.tcp()[0]).await.unwrap(),
                read: Vec::new(),
            },
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Udp,
    Tcp,
}

pub(crate) const BOTH: &[By] = &[By::Udp, By::Tcp];

/// A far end's socket.
pub(crate) enum Line {
    Udp(UdpSocket),
    Tcp { stream: TcpStream, read: Vec<u8> },
}

impl Line {
    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Line::Udp(socket) => socket.local_addr().unwrap(),
            Line::Tcp { stream, .. } => stream.local_addr().unwrap(),
        }
    }

    pub(crate) fn transport(&self) -> &'static str {
        match self {
            Line::Udp(_) => "UDP",
            Line::Tcp { .. } => "TCP",
        }
    }

    pub(crate) async fn send(&mut self, octets: &[u8]) {
        match self {
            Line::Udp(socket) => {
                socket.send(octets).await.unwrap();
            }
            Line::Tcp { stream, .. } => stream.write_all(octets).await.unwrap(),
        }
    }

    /// The next message; none when the stream was closed.
    pub(crate) async fn receive_any(&mut self) -> Option<Received> {
        tokio::time::timeout(PATIENCE, self.receive_unbounded())
            .await
            .expect("a message in time")
    }

    async fn receive_unbounded(&mut self) -> Option<Received> {
        match self {
            Line::Udp(socket) => {
                let mut buffer = vec![0; 65_535];
                let length = socket.recv(&mut buffer).await.unwrap();
                Some(Received::parse(&buffer[..length]))
            }
            Line::Tcp { stream, read } => loop {
                if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
                    let head = String::from_utf8(read[..end + 4].to_vec()).unwrap();
                    let length: usize = value_of(&head, "Content-Length")
                        .expect("on a stream")
                        .parse()
                        .unwrap();
                    if read.len() >= end + 4 + length {
                        let message: Vec<u8> = read.drain(..end + 4 + length).collect();
                        return Some(Received::parse(&message));
                    }
                }
                let mut buffer = [0; 4096];
                match stream.read(&mut buffer).await {
                    Ok(0) | Err(_) => return None,
                    Ok(length) => read.extend_from_slice(&buffer[..length]),
                }
            },
        }
    }

    pub(crate) async fn receive(&mut self) -> Received {
        self.receive_any().await.expect("the stream is open")
    }

    /// The next message that satisfies `wanted`; others (retransmissions) are passed over.
    pub(crate) async fn receive_until(&mut self, wanted: impl Fn(&Received) -> bool) -> Received {
        loop {
            let received = self.receive().await;
            if wanted(&received) {
                return received;
            }
        }
    }

    /// The next final response.
    pub(crate) async fn receive_final(&mut self) -> Received {
        self.receive_until(|received| received.status.is_some_and(|status| status >= 200))
            .await
    }
}

fn value_of<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (written, value) = line.split_once(':')?;
        written
            .trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim())
    })
}

/// A message from the room.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) text: String,
    /// None for a request.
    pub(crate) status: Option<u16>,
}

impl Received {
    fn parse(octets: &[u8]) -> Received {
        let text = String::from_utf8(octets.to_vec()).expect("text");
        let second = rsip::SipMessage::try_from(octets)
            .unwrap_or_else(|error| panic!("rsip reads it: {error}\n{text}"));
        let status = match second {
            rsip::SipMessage::Response(response) => Some(response.status_code.code()),
            rsip::SipMessage::Request(_) => None,
        };
        let ours = text
            .strip_prefix("SIP/2.0 ")
            .and_then(|rest| rest[..3].parse().ok());
        assert_eq!(status, ours, "both parsers agree\n{text}");
        Received { text, status }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next().unwrap();
        value_of(head, name)
    }

    pub(crate) fn method(&self) -> &str {
        self.text.split(' ').next().unwrap()
    }

    pub(crate) fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").unwrap().1
    }

    pub(crate) fn reason(&self) -> &str {
        let line = self.text.lines().next().unwrap();
        line.splitn(3, ' ').nth(2).unwrap_or_default()
    }

    pub(crate) fn to_tag(&self) -> Option<&str> {
        Some(self.header("To")?.split_once(";tag=")?.1)
    }
}

static CALLS: AtomicU32 = AtomicU32::new(1);

pub(crate) fn unique(prefix: &str) -> String {
    format!("{prefix}{}", CALLS.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn sdp(port: u16, formats: &str, direction: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP {formats}\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n"
    )
}

/// What a phone that we call says.
pub(crate) fn reply(
    invite: &Received,
    status: &str,
    tag: &str,
    contact: &str,
    body: &str,
) -> String {
    let mut text = format!("SIP/2.0 {status}\r\n");
    for name in ["Via", "From", "Call-ID", "CSeq"] {
        text.push_str(&format!("{name}: {}\r\n", invite.header(name).unwrap()));
    }
    text.push_str(&format!(
        "To: {};tag={tag}\r\n",
        invite.header("To").unwrap()
    ));
    text.push_str(&format!(
        "Contact: <{contact}>\r\nContent-Type: application/sdp\r\n"
    ));
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    text
}

/// One side of a dialog, as a phone keeps it.
pub(crate) struct Phone {
    pub(crate) line: Line,
    pub(crate) call_id: String,
    pub(crate) own: String,
    pub(crate) far: String,
    pub(crate) target: String,
    pub(crate) cseq: u32,
    pub(crate) invite_branch: String,
}

impl Phone {
    pub(crate) fn new(line: Line, number: &str) -> Phone {
        Phone {
            call_id: unique("call"),
            own: format!("\"Bob\" <sip:bob@example.org>;tag={}", unique("t")),
            far: format!("<sip:{number}@example.com>"),
            target: format!("sip:{number}@example.com"),
            cseq: 0,
            invite_branch: String::new(),
            line,
        }
    }

    /// A request with the next CSeq; `lines` are whole header lines.
    pub(crate) fn request(&mut self, method: &str, lines: &[&str], body: &str) -> String {
        self.cseq += 1;
        let branch = unique("z9hG4bK-");
        if method == "INVITE" {
            self.invite_branch.clone_from(&branch);
        }
        self.write(method, self.cseq, &branch, lines, body)
    }

    pub(crate) fn write(
        &self,
        method: &str,
        cseq: u32,
        branch: &str,
        lines: &[&str],
        body: &str,
    ) -> String {
        let mut text = format!(
            "{method} {} SIP/2.0\r\nVia: SIP/2.0/{} {};branch={branch};rport\r\n\
             Max-Forwards: 70\r\nFrom: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {cseq} {method}\r\n\
             Contact: <sip:bob@{}>\r\n",
            self.target,
            self.line.transport(),
            self.line.address(),
            self.own,
            self.far,
            self.call_id,
            self.line.address(),
        );
        for line in lines {
            text.push_str(line);
            text.push_str("\r\n");
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        text
    }

    pub(crate) async fn send(&mut self, method: &str, lines: &[&str], body: &str) {
        let text = self.request(method, lines, body);
        self.line.send(text.as_bytes()).await;
    }

    pub(crate) async fn invite(&mut self, body: &str) {
        self.send("INVITE", &["Content-Type: application/sdp"], body)
            .await;
    }

    /// Takes the dialog from a 2xx and acknowledges it.
    pub(crate) async fn acknowledge(&mut self, answer: &Received, body: &str) {
        self.far = answer.header("To").unwrap().to_owned();
        self.target = answer
            .header("Contact")
            .unwrap()
            .trim_matches(['<', '>'])
            .to_owned();
        let lines: &[&str] = if body.is_empty() {
            &[]
        } else {
            &["Content-Type: application/sdp"]
        };
        let ack = self.write("ACK", self.cseq, &unique("z9hG4bK-"), lines, body);
        self.line.send(ack.as_bytes()).await;
    }

    /// Calls and is answered.
    pub(crate) async fn established(house: &mut House, by: By, offer: &str) -> (Phone, LegId) {
        let mut phone = Phone::new(house.caller(by).await, "100");
        phone.invite(offer).await;
        let incoming = house.incoming().await;
        house.answer(incoming.leg);
        let answer = phone.line.receive_final().await;
        assert_eq!(answer.status, Some(200), "{}", answer.text);
        phone.acknowledge(&answer, "").await;
        (phone, incoming.leg)
    }
}
