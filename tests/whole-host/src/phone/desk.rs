//! A telephone on an agent's desk: registers with a password and answers what rings.

use super::{Call, Phone, media_address, respond, unique};
use crate::rtp::Stream;
use rsip::prelude::*;
use std::time::{Duration, Instant};

/// A phone that rings; it is answered or left alone.
#[derive(Debug)]
pub struct Ringing {
    invite: rsip::Request,
    to: String,
}

impl Ringing {
    /// Who calls, as the phone's display shows it.
    pub fn from(&self) -> String {
        self.invite
            .from_header()
            .expect("a From header")
            .value()
            .to_owned()
    }
}

impl Phone {
    /// Registers by digest (RFC 3261 section 22); gives the final status.
    pub fn register(&mut self, user: &str, password: &str) -> u16 {
        user.clone_into(&mut self.user);
        let domain = self.domain.clone().unwrap_or_else(|| self.host.to_string());
        let target = format!("sip:{domain}");
        let (call_id, tag) = (unique("register-"), unique("tag-"));
        let own = format!("<sip:{user}@{domain}>");
        let mut authorization = String::new();
        for sequence in 1..=2 {
            let branch = unique("z9hG4bK-");
            let from = format!("{own};tag={tag}");
            let headers = format!("Expires: 120\r\n{authorization}");
            let text = self.text(
                "REGISTER", &target, &branch, &call_id, &from, &own, sequence, &headers, "",
            );
            let response = self.answer_to(&text);
            let status = response.status_code.code();
            let Some(challenge) = response.www_authenticate_header().filter(|_| sequence == 1)
            else {
                return status;
            };
            let challenge = challenge.typed().expect("a digest challenge");
            let uri = rsip::Uri::try_from(target.as_str()).expect("our own URI");
            let cnonce = unique("cnonce-");
            let quality = rsip::headers::auth::AuthQop::Auth {
                cnonce: cnonce.clone(),
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
                algorithm: challenge
                    .algorithm
                    .unwrap_or(rsip::headers::auth::Algorithm::Md5),
            }
            .compute();
            authorization = format!(
                "Authorization: Digest username=\"{user}\", realm=\"{}\", nonce=\"{}\", \
                 uri=\"{target}\", response=\"{answer}\", algorithm=MD5, qop=auth, nc=00000001, \
                 cnonce=\"{cnonce}\"\r\n",
                challenge.realm, challenge.nonce
            );
        }
        unreachable!("the second answer is final")
    }

    /// Sends a request until its final answer comes, at most 8 s.
    fn answer_to(&mut self, text: &str) -> rsip::Response {
        let deadline = Instant::now() + Duration::from_secs(8);
        let mut resend = Instant::now();
        while Instant::now() < deadline {
            if Instant::now() >= resend {
                self.send(text);
                resend += Duration::from_millis(500);
            }
            if let Some(rsip::SipMessage::Response(response)) =
                self.receive(Duration::from_millis(100))
                && response.status_code.code() >= 200
            {
                return response;
            }
        }
        panic!("no answer in 8 s to {text}");
    }

    /// Waits until somebody calls this phone, and rings.
    pub fn rings(&mut self, within: Duration) -> Ringing {
        let deadline = Instant::now() + within;
        while Instant::now() < deadline {
            if let Some(rsip::SipMessage::Request(invite)) =
                self.receive(Duration::from_millis(100))
                && invite.method == rsip::Method::Invite
            {
                let to = invite.to_header().expect("a To header").value();
                let to = format!("{to};tag={}", unique("tag-"));
                let ringing = tagged(&respond(&invite, 180, "Ringing"), &to, "", "");
                self.send(&ringing);
                return Ringing { invite, to };
            }
        }
        panic!("the phone did not ring within {within:?}");
    }

    /// Picks up and waits for the ACK.
    pub fn pick_up(mut self, ringing: Ringing) -> Box<Call> {
        let Ringing { invite, to } = ringing;
        let stream = Stream::open(self.law).expect("a free UDP port");
        let media = media_address(&invite.body);
        stream.connect(media);
        let sdp = self.audio_offer(stream.local);
        let headers = format!(
            "Contact: <sip:{}@{}>\r\nContent-Type: application/sdp\r\n",
            self.user, self.local
        );
        let ok = tagged(&respond(&invite, 200, "OK"), &to, &headers, &sdp);
        let deadline = Instant::now() + Duration::from_secs(8);
        let mut resend = Instant::now();
        loop {
            assert!(Instant::now() < deadline, "no ACK in 8 s");
            if Instant::now() >= resend {
                self.send(&ok);
                resend += Duration::from_millis(500);
            }
            if let Some(rsip::SipMessage::Request(request)) =
                self.receive(Duration::from_millis(100))
                && request.method == rsip::Method::Ack
            {
                break;
            }
        }
        let value = |header: Option<&str>| header.unwrap_or_default().to_owned();
        let contact = invite.contact_header().ok().map(|header| header.value());
        let target = value(contact)
            .trim_start_matches('<')
            .split('>')
            .next()
            .unwrap_or("")
            .to_owned();
        Box::new(Call {
            stream,
            call_id: value(invite.call_id_header().ok().map(|header| header.value())),
            // Within the dialog we are From and the host is To.
            from: to,
            to: value(invite.from_header().ok().map(|header| header.value())),
            target,
            media,
            sequence: 1,
            phone: self,
        })
    }
}

/// A response with our tag in its To, more headers and a body.
fn tagged(response: &str, to: &str, headers: &str, body: &str) -> String {
    let mut text = String::new();
    for line in response.lines().take_while(|line| !line.is_empty()) {
        let name = line.split(':').next().unwrap_or("").to_ascii_lowercase();
        match name.as_str() {
            "to" => text.push_str(&format!("To: {to}\r\n")),
            "content-length" => {}
            _ => text.push_str(&format!("{line}\r\n")),
        }
    }
    text.push_str(&format!(
        "{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    text
}
