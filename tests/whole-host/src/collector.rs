//! An OpenTelemetry collector: takes OTLP over HTTP and keeps the spans.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    received: Arc<Received>,
}

#[derive(Debug, Default)]
struct Received {
    spans: Mutex<Vec<Span>>,
    more: Condvar,
}

impl Collector {
    /// Listens until the test's process ends.
    pub fn start() -> Collector {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let received = Arc::new(Received::default());
        let into = received.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let into = into.clone();
                std::thread::spawn(move || serve(stream, &into));
            }
        });
        Collector { address, received }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The spans so far, once they satisfy `enough`.
    pub fn spans(&self, within: Duration, enough: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let spans = self.received.spans.lock().expect("no panic while serving");
        let (spans, waited) = self
            .received
            .more
            .wait_timeout_while(spans, within, |spans| !enough(spans))
            .expect("no panic while serving");
        assert!(!waited.timed_out(), "only these in {within:?}: {spans:#?}");
        spans.clone()
    }
}

/// One connection, request after request.
fn serve(stream: TcpStream, into: &Received) {
    let mut reader = BufReader::new(stream);
    while let Some(body) = read(&mut reader) {
        let request = ExportTraceServiceRequest::decode(&body[..]).expect("OTLP in protobuf");
        let spans = request
            .resource_spans
            .into_iter()
            .flat_map(|resource| resource.scope_spans)
            .flat_map(|scope| scope.spans);
        into.spans
            .lock()
            .expect("no panic while serving")
            .extend(spans);
        into.more.notify_all();
        let answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        if reader.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The body of a request to `/v1/traces`; none at the end of the connection.
fn read(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    assert!(line.starts_with("POST /v1/traces "), "{line}");
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim().split_once(':') {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().expect("a number");
            }
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}
