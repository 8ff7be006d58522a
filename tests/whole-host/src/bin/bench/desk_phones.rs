//! All agents' desk phones in two sockets: one signals for everybody and picks up whatever rings,
//! the other echoes every packet to where it came from and measures what arrives. The host keeps a
//! socket for each leg, so a source port tells the calls apart.

use rsip::prelude::*;
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A phone rang: whose, and when the INVITE was read.
#[derive(Debug)]
pub(crate) struct Rang {
    pub(crate) user: String,
    pub(crate) at: Instant,
}

/// What arrived at the phones since [`DeskPhones::measure`].
#[derive(Debug, Default, Clone)]
pub(crate) struct Arrived {
    pub(crate) packets: u64,
    /// Holes in the sequence numbers.
    pub(crate) lost: u64,
    /// Calls that packets came of.
    pub(crate) calls: usize,
    /// Time between two packets of a call, in microseconds.
    pub(crate) gaps_us: Vec<u32>,
}

#[derive(Debug, Default)]
struct Ear {
    arrived: Arrived,
    streams: HashMap<SocketAddr, Stream>,
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    sequence: u16,
    at: Instant,
}

#[derive(Debug, Default)]
struct Shared {
    stop: AtomicBool,
    /// Calls picked up, as counted by their ACKs.
    picked_up: AtomicU64,
    ear: Mutex<Ear>,
}

#[derive(Debug)]
pub(crate) struct DeskPhones {
    shared: Arc<Shared>,
    pub(crate) rang: Receiver<Rang>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl DeskPhones {
    /// Registers a phone for each user, then picks up what rings.
    pub(crate) fn register(host: SocketAddr, users: &[(String, String)]) -> DeskPhones {
        let signalling = socket();
        for (user, password) in users {
            register(&signalling, host, user, password);
        }
        let media = socket();
        let port = media.local_addr().expect("a bound address").port();
        let shared = Arc::new(Shared::default());
        let (ringing, rang) = channel();
        let threads = vec![
            std::thread::spawn({
                let shared = shared.clone();
                move || signal(&shared, &signalling, port, &ringing)
            }),
            std::thread::spawn({
                let shared = shared.clone();
                move || echo(&shared, &media)
            }),
        ];
        DeskPhones {
            shared,
            rang,
            threads,
        }
    }

    pub(crate) fn picked_up(&self) -> u64 {
        self.shared.picked_up.load(Ordering::Relaxed)
    }

    /// Forgets what arrived so far.
    pub(crate) fn measure(&self) {
        *self.shared.ear.lock().expect("no panic while echoing") = Ear::default();
    }

    pub(crate) fn arrived(&self) -> Arrived {
        let ear = self.shared.ear.lock().expect("no panic while echoing");
        Arrived {
            calls: ear.streams.len(),
            ..ear.arrived.clone()
        }
    }
}

impl Drop for DeskPhones {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// With room for half a second of five hundred calls, so that what is lost was lost by the host.
fn socket() -> UdpSocket {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP)).expect("a UDP socket");
    let _ = socket.set_recv_buffer_size(8 << 20);
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&any.into()).expect("a free port");
    let timeout = Some(Duration::from_millis(200));
    socket.set_read_timeout(timeout).expect("a timeout above 0");
    socket.into()
}

/// Registers by digest (RFC 3261 section 22).
fn register(socket: &UdpSocket, host: SocketAddr, user: &str, password: &str) {
    let local = socket.local_addr().expect("a bound address");
    let target = format!("sip:{host}");
    let id = fastrand::u64(..);
    let mut authorization = String::new();
    for sequence in 1..=2 {
        let request = format!(
            "REGISTER {target} SIP/2.0\r\n\
             Via: SIP/2.0/UDP {local};branch=z9hG4bK{id}{sequence}\r\n\
             From: <sip:{user}@{host}>;tag={id}\r\nTo: <sip:{user}@{host}>\r\n\
             Call-ID: {id}\r\nCSeq: {sequence} REGISTER\r\nMax-Forwards: 70\r\n\
             Contact: <sip:{user}@{local}>\r\nExpires: 1800\r\n{authorization}\
             Content-Length: 0\r\n\r\n"
        );
        let response = answer_to(socket, host, &request);
        let challenge = match response.status_code.code() {
            200 => return,
            401 if sequence == 1 => response.www_authenticate_header(),
            status => panic!("{user}'s desk phone was refused with {status}"),
        };
        let challenge = challenge
            .and_then(|header| header.typed().ok())
            .expect("a challenge");
        let uri = rsip::Uri::try_from(target.as_str()).expect("our own URI");
        let quality = rsip::headers::auth::AuthQop::Auth {
            cnonce: id.to_string(),
            nc: 1,
        };
        let answer = rsip::services::DigestGenerator {
            username: user,
            password,
            nonce: &challenge.nonce,
            uri: &uri,
            realm: &challenge.realm,
            method: &rsip::Method::Register,
            qop: Some(&quality),
            algorithm: rsip::headers::auth::Algorithm::Md5,
        }
        .compute();
        authorization = format!(
            "Authorization: Digest username=\"{user}\", realm=\"{}\", nonce=\"{}\", \
             uri=\"{target}\", response=\"{answer}\", algorithm=MD5, qop=auth, nc=00000001, \
             cnonce=\"{id}\"\r\n",
            challenge.realm, challenge.nonce
        );
    }
}

fn answer_to(socket: &UdpSocket, host: SocketAddr, request: &str) -> rsip::Response {
    let mut buffer = [0u8; 8_192];
    for _ in 0..20 {
        socket.send_to(request.as_bytes(), host).expect("loopback");
        while let Ok((length, _)) = socket.recv_from(&mut buffer) {
            if let Ok(rsip::SipMessage::Response(response)) =
                rsip::SipMessage::try_from(&buffer[..length])
                && response.status_code.code() >= 200
            {
                return response;
            }
        }
    }
    panic!("no answer in 4 s to {request}");
}

fn signal(shared: &Shared, socket: &UdpSocket, media_port: u16, ringing: &Sender<Rang>) {
    let local = socket.local_addr().expect("a bound address");
    let mut buffer = [0u8; 16_384];
    // By Call-ID; forgotten with the BYE.
    let mut answered: HashMap<String, bool> = HashMap::new();
    while !shared.stop.load(Ordering::Relaxed) {
        let Ok((length, from)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        let at = Instant::now();
        let Ok(text) = std::str::from_utf8(&buffer[..length]) else {
            continue;
        };
        let method = text.split(' ').next().unwrap_or("");
        let call = field(text, "Call-ID");
        let response = match method {
            "INVITE" => {
                let user = text.split([':', '@']).nth(1).unwrap_or("");
                if answered.insert(call.to_owned(), false).is_none() {
                    // Nobody listens outside the figures that ask for it.
                    let user = user.to_owned();
                    let _ = ringing.send(Rang { user, at });
                }
                Some(ok(text, &format!("<sip:{user}@{local}>"), media_port))
            }
            "ACK" => {
                if answered.insert(call.to_owned(), true) == Some(false) {
                    shared.picked_up.fetch_add(1, Ordering::Relaxed);
                }
                None
            }
            "BYE" | "CANCEL" | "OPTIONS" => {
                answered.remove(call);
                Some(format!("{}Content-Length: 0\r\n\r\n", head(text, "")))
            }
            _ => None,
        };
        if let Some(response) = response {
            let _ = socket.send_to(response.as_bytes(), from);
        }
    }
}

fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let value = |line: &'a str| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    };
    text.lines().find_map(value).unwrap_or("")
}

/// The status line and the header fields that a response repeats (RFC 3261 section 8.2.6.2).
fn head(request: &str, tag: &str) -> String {
    let mut response = String::from("SIP/2.0 200 OK\r\n");
    for line in request.lines().take_while(|line| !line.is_empty()) {
        let name = line.split(':').next().unwrap_or("").to_ascii_lowercase();
        match name.as_str() {
            "via" | "from" | "call-id" | "cseq" => response.push_str(&format!("{line}\r\n")),
            "to" => response.push_str(&format!("{line}{tag}\r\n")),
            _ => {}
        }
    }
    response
}

fn ok(invite: &str, contact: &str, media_port: u16) -> String {
    let sdp = format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio {media_port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\n"
    );
    format!(
        "{}Contact: {contact}\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
        head(invite, ";tag=desk"),
        sdp.len()
    )
}

fn echo(shared: &Shared, socket: &UdpSocket) {
    let mut buffer = [0u8; 2_048];
    while !shared.stop.load(Ordering::Relaxed) {
        let Ok((length, from)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        // RTP only; RTCP that shares the port has types from 64 to 95 (RFC 5761).
        if length < 12 || buffer[0] >> 6 != 2 || (64..=95).contains(&(buffer[1] & 0x7F)) {
            continue;
        }
        let at = Instant::now();
        let sequence = u16::from_be_bytes([buffer[2], buffer[3]]);
        let _ = socket.send_to(&buffer[..length], from);
        let mut ear = shared.ear.lock().expect("no panic while measuring");
        let now = Stream { sequence, at };
        let before = ear.streams.insert(from, now);
        let arrived = &mut ear.arrived;
        arrived.packets += 1;
        if let Some(before) = before {
            let missing = sequence.wrapping_sub(before.sequence).wrapping_sub(1);
            // Half of the numbers lie behind us: a late packet is no hole.
            arrived.lost += u64::from(if missing < 0x8000 { missing } else { 0 });
            let gap = at.duration_since(before.at).as_micros();
            arrived.gaps_us.push(u32::try_from(gap).unwrap_or(u32::MAX));
        }
    }
}
