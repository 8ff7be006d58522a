//! The messages of RFC 4475, in builds of our own: a row a message, with the section that decides
//! and what it must get. `Accepted` means that the message reached a call of its own (100).

use crate::harness::{BOTH, By, House, Line, Phone, Received, unique};
use hotline_sip::Event;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Status(u16),
    Accepted,
    /// No answer at all.
    Ignored,
}
use Expect::{Accepted, Ignored, Status};

struct Row {
    /// The name in RFC 4475.
    name: &'static str,
    /// The section that decides.
    section: &'static str,
    by: &'static [By],
    message: Vec<u8>,
    expect: Expect,
    /// A header field that the answer must have, and what must stand in it.
    with: Option<(&'static str, &'static str)>,
}

fn row(name: &'static str, section: &'static str, expect: Expect, message: Text) -> Row {
    Row {
        name,
        section,
        by: BOTH,
        message: message.octets(),
        expect,
        with: None,
    }
}

impl Row {
    fn only(mut self, by: &'static [By]) -> Row {
        self.by = by;
        self
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Row {
        self.with = Some((name, value));
        self
    }
}

const SDP: &str = "v=0\r\no=mhandley 29739 7272939 IN IP4 192.0.2.1\r\ns=-\r\n\
    c=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49217 RTP/AVP 0 12\r\nm=video 3227 RTP/AVP 31\r\n\
    a=rtpmap:31 LPC\r\n";

/// A message in the making: a good one, bent by the row.
struct Text {
    start: String,
    lines: Vec<(String, String)>,
    body: Vec<u8>,
    trailing: Vec<u8>,
}

fn request(method: &str) -> Text {
    let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Text {
        start: format!("{method} sip:user@example.com SIP/2.0"),
        lines: vec![
            line("To", "sip:j.user@example.com"),
            line("From", "sip:caller@example.net;tag=33242"),
            line("Max-Forwards", "70"),
            line("Call-ID", &unique("torture-")),
            line("CSeq", &format!("8 {method}")),
            line(
                "Via",
                &format!("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{}", unique("t")),
            ),
            line("Contact", "<sip:caller@host5.example.net>"),
            line("Content-Length", ""),
        ],
        body: Vec::new(),
        trailing: Vec::new(),
    }
}

fn invite() -> Text {
    let mut text = request("INVITE");
    text.lines
        .push(("Content-Type".to_owned(), "application/sdp".to_owned()));
    text.body = SDP.into();
    text
}

fn register() -> Text {
    request("REGISTER")
        .start("REGISTER sip:example.com SIP/2.0")
        .set("To", "sip:user@example.com")
}

fn response(start: &str) -> Text {
    request("INVITE").start(start)
}

impl Text {
    fn start(mut self, start: &str) -> Text {
        self.start = start.to_owned();
        self
    }

    /// Replaces a line, or adds it.
    fn set(mut self, name: &str, value: &str) -> Text {
        match self.lines.iter_mut().find(|(written, _)| written == name) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.lines.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Adds a line beside those of the same name.
    fn add(mut self, name: &str, value: &str) -> Text {
        self.lines.push((name.to_owned(), value.to_owned()));
        self
    }

    fn rename(mut self, name: &str, written: &str) -> Text {
        for line in &mut self.lines {
            if line.0 == name {
                line.0 = written.to_owned();
            }
        }
        self
    }

    fn without(mut self, name: &str) -> Text {
        self.lines.retain(|(written, _)| written != name);
        self
    }

    fn body(mut self, body: &[u8]) -> Text {
        self.body = body.to_vec();
        self
    }

    fn followed_by(mut self, octets: Vec<u8>) -> Text {
        self.trailing = octets;
        self
    }

    fn octets(self) -> Vec<u8> {
        let mut octets = format!("{}\r\n", self.start).into_bytes();
        for (name, value) in &self.lines {
            let length = self.body.len().to_string();
            let is_length = matches!(name.trim(), "Content-Length" | "l") && value.is_empty();
            let value = if is_length { &length } else { value };
            let colon = if name.ends_with(' ') || value.starts_with('\r') {
                ":"
            } else {
                ": "
            };
            octets.extend_from_slice(format!("{name}{colon}{value}\r\n").as_bytes());
        }
        octets.extend_from_slice(b"\r\n");
        octets.extend_from_slice(&self.body);
        octets.extend_from_slice(&self.trailing);
        octets
    }
}

/// The first message, twisted in spelling only.
fn tortuous(to: &str) -> Text {
    invite()
        .start("INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0")
        .set("To", to)
        .rename("To", "TO ")
        .set("From", "\"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8")
        .rename("From", "from   ")
        .set("Max-Forwards", "0068")
        .rename("Max-Forwards", "MaX-fOrWaRdS")
        .rename("Content-Length", "l")
        .set("CSeq", "0009\r\n  INVITE")
        .rename("CSeq", "cseq")
        .set("Via", &format!("SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390{}", unique("s")))
        .rename("Via", "Via  ")
        .add("s ", "")
        .add("NewFangledHeader", "newfangled value\r\n continued newfangled value")
        .add("UnknownHeaderWithUnusualValue", ";;,,;;,;")
        .add("Route", "\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>")
        .add(
            "v",
            "SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n \
             SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239",
        )
        .without("Contact")
        .add(
            "m",
            "\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n  \
             secondparam ; q = 0.33",
        )
}

const UDP: &[By] = &[By::Udp];
const TCP: &[By] = &[By::Tcp];

/// RFC 4475, section 3.1.1: valid messages, and what this house says to them.
fn valid() -> Vec<Row> {
    let long = "very".repeat(20) + "long";
    vec![
        // The To tag names a dialog that is not here (RFC 3261, section 12.2.2).
        row("wsinv", "3.1.1.1", Status(481), tortuous("\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n")),
        row("wsinv, initial", "3.1.1.1", Accepted, tortuous("\r\n sip:vivekg@chair-dnrc.example.com")),
        // A well-formed method that nobody knows (RFC 3261, section 21.5.2).
        row("intmeth", "3.1.1.2", Status(501), request("!interesting-Method0123456789_*+`.%indeed'~")
            .start("!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0")
            .set("To", "\"BEL:\\\u{7} NUL:\\\u{1} DEL:\\\u{7f}\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>")
            .set("From", "token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\u{440}\u{430}\u{431}\";tag=_token~1'+`*%!-.")
            .set("Call-ID", "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{")
            .set("CSeq", "139122385 !interesting-Method0123456789_*+`.%indeed'~")
            .add("extensionHeader-!.%*+_`'~", "\u{fffd}\u{fffd}")),
        row("esc01", "3.1.1.3", Accepted, invite()
            .start("INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0")
            .set("To", "sip:%75se%72@example.com")
            .set("From", "<sip:I%20have%20spaces@example.net>;tag=938")
            .set("Contact", "\r\n  <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>")),
        row("escnull", "3.1.1.4", Status(401), register()
            .set("From", "sip:null-%00-null@example.com;tag=839923423")
            .set("To", "sip:null-%00-null@example.com")
            .set("Contact", "<sip:%00@host5.example.com>")
            .add("Contact", "<sip:%00%00@host5.example.com>")),
        // RE%47IST%45R is not REGISTER.
        row("esc02", "3.1.1.5", Status(501), request("RE%47IST%45R")
            .start("RE%47IST%45R sip:registrar.example.com SIP/2.0")
            .set("To", "\"%Z%45\" <sip:resource@example.com>")
            .set("From", "\"%Z%45\" <sip:resource@example.com>;tag=f232jadfj23")),
        row("lwsdisp", "3.1.1.6", Status(200), request("OPTIONS").set("From", "caller<sip:caller@example.com>;tag=323")),
        row("longreq", "3.1.1.7", Accepted, invite()
            .set("To", &format!("\"I have a user name of {long} proportion\"<sip:user@example.com:6000;unknownparam1={long};{long}ParameterNameWithNoValue>"))
            .set("From", &format!("sip:{long}name@example.net;tag=1{};{long}={long};{long}x", "2982".repeat(40)))
            .set("Call-ID", &unique(&format!("longreq.one{long}{long}")))
            .add(&format!("Unknown-{long}-Name"), &format!("unknown-{long}-value"))
            .add("Via", &format!("SIP/2.0/TCP sip{long}.example.com;branch={long}"))),
        // Octets behind the body: nothing in a datagram, the next message on a stream.
        row("dblreq", "3.1.1.8", Status(401), register().followed_by(invite().octets())),
        row("semiuri", "3.1.1.9", Status(200), request("OPTIONS")
            .start("OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0")),
        row("transports", "3.1.1.10", Status(200), request("OPTIONS")
            .set("Via", "SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw")
            .add("Via", "SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf")
            .add("Via", "SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj")
            .add("Via", "SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en")),
        // Understood and not wanted here (RFC 3261, section 8.2.1).
        row("mpart01", "3.1.1.11", Status(405), request("MESSAGE")
            .add("Content-Type", "multipart/mixed;boundary=7a9cbec02ceef655")
            .body(b"--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n\r\nHello\r\n--7a9cbec02ceef655--\r\n"))
            .with("Allow", "INVITE"),
        row("unreason", "3.1.1.12", Ignored, response("SIP/2.0 200 = 2**3 * 5**2 \u{43d}\u{43e}")),
        row("noreason", "3.1.1.13", Ignored, response("SIP/2.0 100 ")),
    ]
}

/// RFC 4475, section 3.1.2: messages with a fault of syntax.
fn invalid() -> Vec<Row> {
    vec![
        row(
            "badinv01",
            "3.1.2.1",
            Status(400),
            invite()
                .set("Via", "SIP/2.0/UDP 192.0.2.15;;,;,,")
                .set("Contact", "\"Joe\" <sip:joe@example.org>;;;;"),
        ),
        row(
            "clerr",
            "3.1.2.2",
            Status(400),
            invite().set("Content-Length", "9999"),
        )
        .only(UDP),
        // On a stream the rest may still come: nothing is said until it does.
        row(
            "ncl",
            "3.1.2.3",
            Status(400),
            invite().set("Content-Length", "-999"),
        ),
        row(
            "scalar02",
            "3.1.2.4",
            Status(400),
            register()
                .set("CSeq", "36893488147419103232 REGISTER")
                .set("Max-Forwards", "300")
                .add("Expires", "10000000000000000000000000000000000")
                .set(
                    "Contact",
                    "<sip:user@host129.example.com>;expires=280297596632815",
                ),
        ),
        row(
            "scalarlg",
            "3.1.2.5",
            Ignored,
            response("SIP/2.0 503 Service Unavailable")
                .set("CSeq", "9292394834772304023312 OPTIONS")
                .add("Retry-After", "949302838503028349304023988"),
        ),
        row(
            "quotbal",
            "3.1.2.6",
            Status(400),
            invite().set("To", "\"Mr. J. User <sip:j.user@example.com>"),
        ),
        row(
            "ltgtruri",
            "3.1.2.7",
            Status(400),
            invite().start("INVITE <sip:user@example.com> SIP/2.0"),
        ),
        row(
            "lwsruri",
            "3.1.2.8",
            Status(400),
            invite().start("INVITE sip:user@example.com; lr SIP/2.0"),
        ),
        row(
            "lwsstart",
            "3.1.2.9",
            Status(400),
            invite().start("INVITE  sip:user@example.com  SIP/2.0"),
        ),
        row(
            "trws",
            "3.1.2.10",
            Status(400),
            request("OPTIONS").start("OPTIONS sip:user@example.com SIP/2.0  "),
        ),
        row(
            "escruri",
            "3.1.2.11",
            Status(400),
            invite().start("INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0"),
        ),
        row(
            "baddate",
            "3.1.2.12",
            Status(400),
            invite().add("Date", "Fri, 01 Jan 2010 16:00:00 EST"),
        ),
        row(
            "regbadct",
            "3.1.2.13",
            Status(400),
            register().set(
                "Contact",
                "sip:user@example.com?Route=%3Csip:sip.example.com%3E",
            ),
        ),
        row(
            "badaspec",
            "3.1.2.14",
            Status(400),
            request("OPTIONS").set("To", "\"Watson, Thomas\" < sip:t.watson@example.org >"),
        ),
        row(
            "baddn",
            "3.1.2.15",
            Status(400),
            request("OPTIONS").set("From", "Bell, Alexander <sip:a.g.bell@example.com>;tag=43"),
        ),
        row(
            "badvers",
            "3.1.2.16",
            Status(505),
            request("OPTIONS").start("OPTIONS sip:user@example.com SIP/7.0"),
        ),
        row(
            "mismatch01",
            "3.1.2.17",
            Status(400),
            request("OPTIONS").set("CSeq", "8 INVITE"),
        ),
        row(
            "mismatch02",
            "3.1.2.18",
            Status(501),
            request("NEWMETHOD").set("CSeq", "8 INVITE"),
        ),
        row(
            "bigcode",
            "3.1.2.19",
            Ignored,
            response("SIP/2.0 4294967301 better not break the receiver"),
        ),
    ]
}

/// RFC 4475, sections 3.2 to 3.4: transactions, applications, backward compatibility.
fn semantic() -> Vec<Row> {
    vec![
        row(
            "badbranch",
            "3.2.1",
            Status(400),
            request("OPTIONS").set("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"),
        ),
        row(
            "insuf",
            "3.3.1",
            Status(400),
            invite().without("Call-ID").without("From").without("To"),
        ),
        row(
            "unkscm",
            "3.3.2",
            Status(416),
            request("OPTIONS").start("OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0"),
        ),
        row(
            "novelsc",
            "3.3.3",
            Status(416),
            request("OPTIONS").start("OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0"),
        ),
        // No address of record of this domain (RFC 3261, section 10.3, step 5).
        row(
            "unksm2",
            "3.3.4",
            Status(404),
            register()
                .set("To", "isbn:2983792873")
                .set("From", "<http://www.example.com>;tag=3234233")
                .set("Contact", "<name:John_Smith>"),
        ),
        row(
            "bext01",
            "3.3.5",
            Status(420),
            request("OPTIONS")
                .add(
                    "Proxy-Require",
                    "noProxiesSupportThis, norDoAnyProxiesSupportThis",
                )
                .add("Require", "nothingSupportsThis, nothingSupportsThisEither"),
        )
        .with(
            "Unsupported",
            "nothingSupportsThis, nothingSupportsThisEither",
        ),
        row(
            "invut",
            "3.3.6",
            Status(415),
            invite()
                .set("Content-Type", "application/unknownformat")
                .body(b"<audio><pcmu port=\"443\"/></audio>"),
        )
        .with("Accept", "application/sdp"),
        row(
            "regaut01",
            "3.3.7",
            Status(401),
            register().add("Authorization", "NoOneKnowsThisScheme opaque-data=here"),
        )
        .with("WWW-Authenticate", "Digest realm=\"demo\""),
        row(
            "multi01",
            "3.3.8",
            Status(400),
            invite()
                .add("CSeq", "59 INVITE")
                .add("Call-ID", "multi01.98asdh@192.0.2.2")
                .add("To", "sip:other@example.net")
                .add("From", "sip:caller@example.net;tag=2923420123"),
        ),
        row(
            "mcl01",
            "3.3.9",
            Status(400),
            request("OPTIONS")
                .add("Content-Length", "5")
                .body(b"There's no way to know"),
        ),
        row(
            "bcast",
            "3.3.10",
            Ignored,
            response("SIP/2.0 200 OK")
                .add("Via", "SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23"),
        ),
        // A UAS does not count hops, least of all for OPTIONS (RFC 3261, section 16.3, step 3).
        row(
            "zeromf",
            "3.3.11",
            Status(200),
            request("OPTIONS").set("Max-Forwards", "0"),
        ),
        row(
            "zeromf, for another",
            "3.3.11",
            Status(483),
            invite()
                .start("INVITE sip:user@elsewhere.test SIP/2.0")
                .set("Max-Forwards", "0"),
        ),
        row(
            "cparam01",
            "3.3.12",
            Status(401),
            register().set("Contact", "sip:+19725552222@gw1.example.net;unknownparam"),
        ),
        row(
            "cparam02",
            "3.3.13",
            Status(401),
            register().set("Contact", "<sip:+19725552222@gw1.example.net;unknownparam>"),
        ),
        row(
            "regescrt",
            "3.3.14",
            Status(401),
            register().set(
                "Contact",
                "<sip:user@example.com?Route=%3Csip:sip.example.com%3E>",
            ),
        ),
        row(
            "sdp01",
            "3.3.15",
            Status(406),
            invite().add("Accept", "text/nobodyKnowsThis"),
        ),
        // Neither tag, branch, Max-Forwards nor Contact.
        row(
            "inv2543",
            "3.4",
            Accepted,
            invite()
                .start("INVITE sip:UserB@example.com SIP/2.0")
                .set(
                    "Via",
                    &format!("SIP/2.0/UDP iftgw{}.example.com", unique("")),
                )
                .set(
                    "From",
                    "<sip:+13035551111@ift.client.example.net;user=phone>",
                )
                .add(
                    "Record-Route",
                    "<sip:UserB@example.com;maddr=ss1.example.com>",
                )
                .set("To", "sip:+16505552222@ss1.example.net;user=phone")
                .without("Max-Forwards")
                .without("Contact"),
        ),
        // Streams need a length (RFC 3261, section 18.3); a datagram has an end.
        row(
            "inv2543, on a stream",
            "3.4",
            Status(400),
            invite().without("Content-Length"),
        )
        .only(TCP),
        row(
            "inv2543, in a datagram",
            "3.4",
            Accepted,
            invite().without("Content-Length"),
        )
        .only(UDP),
        row(
            "no version",
            "RFC 3261, 7.1",
            Status(400),
            request("OPTIONS").start("OPTIONS sip:user@example.com"),
        ),
        // Methods are case-sensitive (RFC 3261, section 7.1).
        row(
            "lower case",
            "RFC 3261, 7.1",
            Status(501),
            request("options").start("options sip:user@example.com SIP/2.0"),
        ),
        // A header line that is not UTF-8 ends nothing.
        row(
            "not UTF-8",
            "RFC 3261, 7.3",
            Status(420),
            request("OPTIONS")
                .add("Subject", "caf\u{e9}")
                .add("Require", "foo"),
        ),
    ]
}

/// The first answer to the row's message. Behind one that must be ignored goes a probe: when the
/// answer to that comes first, there was none to the message.
async fn first_answer(line: Line, row: &Row) -> Option<Received> {
    let mut phone = Phone::new(line, "100");
    phone.line.send(&row.message).await;
    if row.expect == Ignored {
        phone.send("OPTIONS", &[], "").await;
    }
    let answer = phone.line.receive_any().await?;
    (answer.header("Call-ID") != Some(&phone.call_id)).then_some(answer)
}

#[tokio::test]
async fn every_message_of_rfc_4475_gets_what_its_section_says() {
    let mut house = House::open();
    let handle = house.handle.clone();
    // The calls that are let in are refused by the house, so that none stays.
    let mut events = std::mem::replace(&mut house.events, tokio::sync::mpsc::channel(1).1);
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            if let Event::Incoming(incoming) = event {
                handle.reject(incoming.leg, 486);
            }
        }
    });
    let mut failures = Vec::new();
    let mut rows = 0;
    for build in [valid, invalid, semantic] {
        // Each transport gets its own build: two equal requests would be one transaction.
        for by in BOTH {
            for row in build().into_iter().filter(|row| row.by.contains(by)) {
                rows += 1;
                let line = house.caller(*by).await;
                let answer = first_answer(line, &row).await;
                let got = match answer.as_ref().map(|answer| answer.status) {
                    None => Ignored,
                    Some(Some(100)) => Accepted,
                    Some(status) => Status(status.unwrap_or_default()),
                };
                if got != row.expect {
                    let reason = answer.as_ref().map(Received::reason).unwrap_or_default();
                    failures.push(format!(
                        "{} ({}) over {by:?}: wanted {:?}, got {got:?} {reason}",
                        row.name, row.section, row.expect
                    ));
                    continue;
                }
                if let (Some(answer), Some((name, value))) = (&answer, row.with) {
                    let ours = answer.header(name).unwrap_or_default();
                    if !ours.contains(value) {
                        failures.push(format!("{}: {name} is {ours:?}", row.name));
                    }
                }
                if let (Some(answer), Status(400)) = (&answer, row.expect)
                    && !answer.reason().starts_with("Bad Request: ")
                {
                    failures.push(format!("{}: 400 does not say why", row.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(rows > 90, "{rows} rows were sent");
}
