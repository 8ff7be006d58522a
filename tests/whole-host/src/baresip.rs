//! baresip as a telephone: a SIP and media stack that shares nothing with ours. Scripted over its
//! control connection; what it hears is a file.

use crate::phone::Transport;
use crate::rtp::Law;
use crate::tones;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[derive(Debug)]
pub struct Baresip {
    process: Child,
    control: TcpStream,
    folder: tempfile::TempDir,
    transport: Transport,
}

impl Baresip {
    /// A telephone that says a tone.
    pub fn start(transport: Transport, law: Law, says_hz: f64) -> Baresip {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let here = folder.path().display();
        tones::write_tone(
            &folder.path().join("tone.wav"),
            says_hz,
            Duration::from_secs(60),
        );
        let (sip, control) = (pair_of_ports(), free_port());
        let config = format!(
            "module_path {}\nmodule g711.so\nmodule aufile.so\nmodule aubridge.so\n\
             module sndfile.so\nmodule_tmp account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n\
             audio_player aubridge,pseudo\naudio_source aufile,{here}/tone.wav\n\
             audio_alert aubridge,alert\nsip_listen 127.0.0.1:{sip}\nnet_interface 127.0.0.1\n\
             ctrl_tcp_listen 127.0.0.1:{control}\nsnd_path {here}\n",
            modules().display(),
        );
        let codec = match law {
            Law::Pcmu => "PCMU",
            Law::Pcma => "PCMA",
        };
        let account = format!(
            "<sip:baresip@127.0.0.1;transport={}>;regint=0;audio_codecs={codec}/8000/1\n",
            name(transport)
        );
        for (file, text) in [
            ("config", config.as_str()),
            ("accounts", &account),
            ("contacts", ""),
        ] {
            std::fs::write(folder.path().join(file), text).expect("room for a file");
        }
        let process = Command::new("baresip")
            .arg("-f")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("baresip is installed");
        let address = SocketAddr::from(([127, 0, 0, 1], control));
        let deadline = Instant::now() + Duration::from_secs(30);
        let control = loop {
            match TcpStream::connect(address) {
                Ok(stream) => break stream,
                Err(error) => assert!(Instant::now() < deadline, "baresip: {error}"),
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        Baresip {
            process,
            control,
            folder,
            transport,
        }
    }

    pub fn dial(&mut self, number: &str, host: SocketAddr) {
        let target = format!("sip:{number}@{host};transport={}", name(self.transport));
        self.command("dial", &target);
    }

    /// Presses a key by RFC 4733.
    pub fn press(&mut self, key: char) {
        self.command("sndcode", &key.to_string());
    }

    /// Hangs up, and gives what was heard in the call.
    pub fn hang_up(mut self) -> Vec<i16> {
        self.command("hangup", "");
        self.command("quit", "");
        let deadline = Instant::now() + Duration::from_secs(30);
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        let heard = self.file().expect("baresip wrote what it heard");
        let mut reader = hound::WavReader::open(heard).expect("a WAV file");
        reader.samples::<i16>().map_while(Result::ok).collect()
    }

    /// Waits until what was heard so far satisfies `enough`.
    pub fn hears(&self, what: &str, within: Duration, enough: impl Fn(&[i16]) -> bool) {
        let deadline = Instant::now() + within;
        loop {
            let file = self.file().and_then(|file| std::fs::read(file).ok());
            let bytes = file.unwrap_or_default();
            // Its sizes are written at the end: the samples begin after a header of 44 bytes.
            let samples: Vec<i16> = bytes
                .get(44..)
                .unwrap_or_default()
                .chunks_exact(2)
                .map(|sample| i16::from_le_bytes([sample[0], sample[1]]))
                .collect();
            if enough(&samples) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "baresip did not hear {what} within {within:?}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where it writes what it hears.
    fn file(&self) -> Option<PathBuf> {
        std::fs::read_dir(self.folder.path())
            .expect("our own folder")
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.to_string_lossy().ends_with("-dec.wav"))
    }

    /// A JSON object as a netstring.
    fn command(&mut self, command: &str, parameters: &str) {
        let text = serde_json::json!({"command": command, "params": parameters}).to_string();
        write!(self.control, "{}:{text},", text.len()).expect("the control connection is open");
    }
}

impl Drop for Baresip {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn name(transport: Transport) -> &'static str {
    match transport {
        Transport::Udp => "udp",
        Transport::Tcp => "tcp",
    }
}

/// Where Debian keeps baresip's modules.
fn modules() -> PathBuf {
    ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"]
        .iter()
        .map(PathBuf::from)
        .find(|folder| folder.is_dir())
        .expect("baresip's modules are installed")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound address").port()
}

/// baresip takes the port after its SIP port for TLS.
fn pair_of_ports() -> u16 {
    loop {
        let port = free_port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}
