//! Somebody else's web service, played by a test: answers as the test says, and keeps what was sent.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    /// With the query, still encoded.
    pub target: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Method and path, as `GET /customers`.
    pub fn operation(&self) -> String {
        let path = self.target.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

/// What is answered: a status, further headers, a JSON text.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            body: body.to_string(),
        }
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

#[derive(Debug)]
pub struct Service {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Service {
    /// Listens on loopback until the test's process ends. `answer` is given each request and those
    /// that came before it.
    pub fn start(answer: impl Fn(&Received, &[Received]) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let received = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (received.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, answer) = (kept.clone(), answer.clone());
                std::thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Service { address, received }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far, in their order.
    pub fn received(&self) -> Vec<Received> {
        let received = self.received.lock();
        received.expect("no panic while serving").clone()
    }
}

/// One connection, request after request.
fn serve(
    stream: TcpStream,
    kept: &Mutex<Vec<Received>>,
    answer: &(impl Fn(&Received, &[Received]) -> Reply + ?Sized),
) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let reply = {
            let mut before = kept.lock().expect("no panic while serving");
            let reply = answer(&request, &before);
            before.push(request);
            reply
        };
        let mut head = format!(
            "HTTP/1.1 {} -\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            reply.status,
            reply.body.len()
        );
        for (name, value) in &reply.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let text = format!("{head}\r\n{}", reply.body);
        if reader.get_mut().write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

/// None at the end of the connection.
fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim().split_once(':') {
            None => break,
            Some((name, value)) => {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }
    let mut request = Received {
        method,
        target,
        headers,
        body: Vec::new(),
    };
    let length = request.header("content-length").map(str::parse);
    request.body = vec![0; length.and_then(Result::ok).unwrap_or(0)];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}
