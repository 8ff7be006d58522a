//! A server that answers as it is told, byte by byte where that matters, and remembers what it saw.

use parking_lot::Mutex;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    pub method: String,
    /// With its query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What to answer.
#[derive(Debug, Clone)]
pub enum Reply {
    Whole {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Says that the body has more bytes than it sends, and closes.
    Cut { body: &'static str, says: usize },
    /// Nothing, for as long as the test lasts.
    Silence,
    /// The connection is closed at once.
    Close,
}

pub fn reply(status: u16, body: &str) -> Reply {
    Reply::Whole {
        status,
        headers: Vec::new(),
        body: body.to_owned(),
    }
}

impl Reply {
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        if let Reply::Whole { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// `answer` is told how many requests came before, and this one.
    pub async fn start(answer: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, noted) = (Arc::new(answer), seen.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, noted) = (answer.clone(), noted.clone());
                tokio::spawn(async move {
                    // A client that gives up is part of some tests.
                    let _ = serve(stream, &*answer, &noted).await;
                });
            }
        });
        Server { address, seen }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().clone()
    }

    pub fn count(&self) -> usize {
        self.seen.lock().len()
    }
}

async fn serve(
    stream: TcpStream,
    answer: &(dyn Fn(usize, &Seen) -> Reply + Send + Sync),
    noted: &Mutex<Vec<Seen>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let seen = read(&mut stream).await?;
    let before = {
        let mut noted = noted.lock();
        noted.push(seen.clone());
        noted.len() - 1
    };
    match answer(before, &seen) {
        Reply::Whole {
            status,
            headers,
            body,
        } => {
            let mut head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
            for (name, value) in headers {
                write!(head, "{name}: {value}\r\n").expect("a String");
            }
            write!(head, "content-length: {}\r\n\r\n", body.len()).expect("a String");
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body.as_bytes()).await?;
        }
        Reply::Cut { body, says } => {
            let head = format!("HTTP/1.1 200 X\r\ncontent-length: {says}\r\n\r\n{body}");
            stream.write_all(head.as_bytes()).await?;
        }
        Reply::Silence => std::future::pending().await,
        Reply::Close => {}
    }
    stream.shutdown().await
}

async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Seen> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut seen = Seen {
        method: words.next().unwrap_or_default(),
        target: words.next().unwrap_or_default(),
        ..Seen::default()
    };
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let header = (name.to_ascii_lowercase(), value.trim().to_owned());
        seen.headers.push(header);
    }
    let length = seen.header("content-length").map(str::parse);
    if let Some(Ok(length)) = length {
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        seen.body = String::from_utf8(body).expect("tests send text");
    }
    Ok(seen)
}
