//! The whole host as a process: the binary as it ships, in a folder of its own, on free ports.

use crate::api::Api;
use crate::quiet::Place;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How a host is started.
#[derive(Debug, Clone, Default)]
pub struct HostOptions {
    /// More arguments of `hotline up`.
    pub arguments: Vec<String>,
    /// PostgreSQL instead of the embedded SQLite.
    pub database: Option<String>,
    /// Other UDP ports for RTP than a thousand of its own: the first and the last.
    pub rtp_ports: Option<(u16, u16)>,
    /// Where it listens, and not at 127.0.0.1; it must be reached there too.
    pub bind: Option<IpAddr>,
}

/// A running host; ends when dropped.
#[derive(Debug)]
pub struct Host {
    process: Child,
    folder: Arc<tempfile::TempDir>,
    pub http: SocketAddr,
    pub sip: SocketAddr,
    /// Passwords of the demo users, by user name.
    pub passwords: HashMap<String, String>,
    output: Arc<Mutex<Vec<String>>>,
    options: HostOptions,
    rtp_ports: (u16, u16),
    _place: Place,
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

/// The binary that Cargo built beside these tests.
pub fn binary() -> PathBuf {
    let here = std::env::current_exe().expect("a path of our own");
    let profile = here
        .ancestors()
        .find(|folder| folder.join("hotline").is_file())
        .unwrap_or_else(|| panic!("no `hotline` beside {}: run `make test`", here.display()));
    profile.join("hotline")
}

/// Each host gets RTP ports of its own, so that tests can run side by side.
static HOSTS: AtomicU16 = AtomicU16::new(0);

impl Host {
    pub fn start() -> Host {
        Self::with(HostOptions::default())
    }

    pub fn with(options: HostOptions) -> Host {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(&root().join("flows"), &folder.path().join("flows"));
        crate::compiled::lend(&folder.path().join("data"));
        let first = 20_000 + HOSTS.fetch_add(1, Ordering::Relaxed) % 40 * 1_000;
        let rtp_ports = options.rtp_ports.unwrap_or((first, first + 999));
        Self::launch(
            Arc::new(folder),
            free_port(),
            free_port(),
            options,
            rtp_ports,
            HashMap::new(),
        )
    }

    fn launch(
        folder: Arc<tempfile::TempDir>,
        http: SocketAddr,
        sip: SocketAddr,
        options: HostOptions,
        rtp_ports: (u16, u16),
        known: HashMap<String, String>,
    ) -> Host {
        let place = Place::take();
        let mut command = command(folder.path(), http, sip, &options, rtp_ports);
        let mut process = command.spawn().expect("the binary starts");
        let output = Arc::new(Mutex::new(Vec::new()));
        collect(process.stdout.take().expect("piped"), &output);
        collect(process.stderr.take().expect("piped"), &output);
        let mut host = Host {
            process,
            folder,
            http,
            sip,
            passwords: known,
            output,
            options,
            rtp_ports,
            _place: place,
        };
        host.await_ready();
        host
    }

    fn await_ready(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            if let Ok(Some(status)) = self.process.try_wait() {
                panic!(
                    "the host ended with {status}:\n{}",
                    self.output().join("\n")
                );
            }
            let output = self.output();
            if let Some(end) = output.iter().position(|line| line.contains("ready")) {
                for line in &output[..=end] {
                    // "  ana  agent  PASSWORD"
                    if let [user, _role, password] = line.split_whitespace().collect::<Vec<_>>()[..]
                    {
                        self.passwords.insert(user.to_owned(), password.to_owned());
                    }
                }
                crate::compiled::keep(&self.folder.path().join("data"));
                return;
            }
            assert!(
                Instant::now() < deadline,
                "not ready in 120 s:\n{}",
                output.join("\n")
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Everything that the host has printed.
    pub fn output(&self) -> Vec<String> {
        self.output
            .lock()
            .expect("no panic while reading output")
            .clone()
    }

    /// Waits until it has printed this.
    pub fn says(&self, within: Duration, what: &str) {
        let deadline = Instant::now() + within;
        while !self.output().iter().any(|line| line.contains(what)) {
            assert!(
                Instant::now() < deadline,
                "`{what}` is not said within {within:?}:\n{}",
                self.output().join("\n")
            );
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Where a browser finds it.
    pub fn url(&self) -> String {
        let tls = |argument: &String| argument.starts_with("--tls");
        let scheme = if self.options.arguments.iter().any(tls) {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.http)
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of a tenant's flows.
    pub fn flows(&self, tenant: &str) -> PathBuf {
        self.folder.path().join("flows").join(tenant)
    }

    /// `kill -9`, then a new process on the same data and addresses.
    pub fn kill_and_restart(mut self) -> Host {
        self.process.kill().expect("our own child");
        self.process.wait().expect("our own child");
        let known = std::mem::take(&mut self.passwords);
        let (folder, options) = (self.folder.clone(), self.options.clone());
        let (http, sip, rtp_ports) = (self.http, self.sip, self.rtp_ports);
        drop(self);
        Self::launch(folder, http, sip, options, rtp_ports, known)
    }

    /// Starts a killed host on the same data and addresses, and kills it before it may be ready.
    pub fn start_and_kill(&self, after: Duration) {
        let mut process = command(
            self.folder.path(),
            self.http,
            self.sip,
            &self.options,
            self.rtp_ports,
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
        std::thread::sleep(after);
        process.kill().expect("our own child");
        process.wait().expect("our own child");
    }

    /// SIGTERM, as a service manager would; how it ended.
    pub fn stop(&mut self, within: Duration) -> std::process::ExitStatus {
        // The shell's own `kill`: a small machine has no program of that name.
        let told = Command::new("sh")
            .args(["-c", &format!("kill {}", self.pid())])
            .status();
        assert!(told.is_ok_and(|status| status.success()), "no SIGTERM sent");
        let deadline = Instant::now() + within;
        loop {
            if let Some(status) = self.process.try_wait().expect("our own child") {
                return status;
            }
            assert!(
                Instant::now() < deadline,
                "the host does not stop:\n{}",
                self.output().join("\n")
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// `kill -9`, and nothing after it.
    pub fn kill(&mut self) {
        self.process.kill().expect("our own child");
        self.process.wait().expect("our own child");
    }

    /// Creates a tenant with `hotline tenant create` while the host runs, and signs its
    /// administrator in.
    pub fn create_tenant(&self, name: &str, sip_domain: &str) -> Api {
        let mut command = Command::new(binary());
        command
            .current_dir(self.folder.path())
            .args(["tenant", "create", name, "--sip-domain", sip_domain])
            .args(["--data", "data", "--flows", "flows"]);
        if let Some(database) = &self.options.database {
            command.arg(format!("--database={database}"));
        }
        let output = command.output().expect("the binary starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "creating {name}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let password = text
            .lines()
            .find_map(
                |line| match line.split_whitespace().collect::<Vec<_>>()[..] {
                    ["admin", "admin", password] => Some(password.to_owned()),
                    _ => None,
                },
            )
            .unwrap_or_else(|| panic!("no password in {text}"));
        let within = Duration::from_secs(30);
        let anyone = Api::anonymous(self.http);
        anyone.until("the new tenant", &format!("/public/{name}"), within, |_| {
            true
        });
        let admin = Api::sign_in(self.http, name, "admin", &password);
        admin.until("the new switchboard", "/queues", within, |_| true);
        admin
    }

    /// Signs a demo user in.
    pub fn sign_in(&self, user: &str) -> Api {
        let password = self
            .passwords
            .get(user)
            .unwrap_or_else(|| panic!("no password of {user} in {:?}", self.output()));
        Api::sign_in(self.http, "demo", user, password)
    }

    /// CPU time that the process has used, user and system together.
    pub fn cpu_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))
            .expect("our own child's statistics");
        // Fields 14 and 15, counted after the name, which may hold spaces (proc(5)).
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or("")
            .split_whitespace()
            .collect();
        let ticks: u64 =
            fields[11].parse::<u64>().unwrap_or(0) + fields[12].parse::<u64>().unwrap_or(0);
        Duration::from_millis(ticks * 10)
    }

    /// Resident memory, in bytes.
    pub fn memory(&self) -> u64 {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.process.id()))
            .expect("our own child's statistics");
        statm
            .split_whitespace()
            .nth(1)
            .and_then(|pages| pages.parse::<u64>().ok())
            .unwrap_or(0)
            * 4_096
    }
}

fn command(
    folder: &Path,
    http: SocketAddr,
    sip: SocketAddr,
    options: &HostOptions,
    rtp_ports: (u16, u16),
) -> Command {
    let at =
        |address: SocketAddr| SocketAddr::new(options.bind.unwrap_or(address.ip()), address.port());
    let mut command = Command::new(binary());
    command
        .current_dir(folder)
        .args(["up", "--demo", "--data", "data", "--flows", "flows"])
        .arg(format!("--http={}", at(http)))
        .arg(format!("--sip={}", at(sip)))
        .arg(format!("--rtp-ports={}-{}", rtp_ports.0, rtp_ports.1))
        .args(&options.arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .stdin(Stdio::null());
    if let Some(database) = &options.database {
        command.arg(format!("--database={database}"));
    }
    command
}

impl Drop for Host {
    #[expect(clippy::print_stderr, reason = "a failing test shows why")]
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            let output = self.output();
            let tail = output.len().saturating_sub(60);
            eprintln!(
                "--- the host's last words ---\n{}",
                output[tail..].join("\n")
            );
        }
    }
}

fn collect(from: impl std::io::Read + Send + 'static, into: &Arc<Mutex<Vec<String>>>) {
    let into = into.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock()
                .expect("no panic while reading output")
                .push(line);
        }
    });
}

/// A port that is free for UDP and TCP alike. Below those that the system hands out, so that nobody
/// is given it before the host listens.
fn free_port() -> SocketAddr {
    // Browsers refuse 10080.
    const FIRST: u32 = 11_000;
    const PORTS: u32 = 9_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut candidates = (0..PORTS).map(|_| {
        // Test processes begin at different places.
        let place = std::process::id().wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        SocketAddr::from(([127, 0, 0, 1], (FIRST + place % PORTS) as u16))
    });
    let is_free = |address: &SocketAddr| {
        TcpListener::bind(address).is_ok() && UdpSocket::bind(address).is_ok()
    };
    candidates.find(is_free).expect("a free port")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder in our own temporary one");
    for entry in std::fs::read_dir(from)
        .expect("a folder of the repository")
        .flatten()
    {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("room for a copy");
        }
    }
}
