//! A PostgreSQL of our own for tests, made from Debian's binaries and gone when the process is.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    binaries: PathBuf,
    // Its standard input is the sign of life: when this process ends in whatever way, the shell
    // reads the end of it, stops the cluster and removes its folder.
    keeper: Child,
}

/// How long starting may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Cluster {
    /// One for the whole process.
    pub fn shared() -> &'static Cluster {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(Cluster::start)
    }

    /// One that may be stopped.
    pub fn start() -> Cluster {
        let binaries = find_binaries();
        let dir = tempfile::TempDir::with_prefix("hotline-postgres-")
            .expect("a temporary folder")
            .keep();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let keeper = Command::new("sh")
            .arg("-c")
            .arg(KEEPER)
            .env("BINARIES", &binaries)
            .env("DATA", &dir)
            .env("PORT", port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("a shell");
        let mut cluster = Cluster {
            port,
            binaries,
            keeper,
        };
        cluster.tell("start");
        cluster.await_readiness(true);
        cluster
    }

    /// The address of a database, as sqlx takes it.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        )
    }

    pub fn create_database(&self, name: &str) {
        let status = Command::new(self.binaries.join("createdb"))
            .args(["--host=127.0.0.1", "--username=postgres"])
            .arg(format!("--port={}", self.port))
            .arg(name)
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "creating {name} failed"
        );
    }

    /// Stops at once, as a power cut would; what was committed stays.
    pub fn stop(&mut self) {
        self.tell("stop");
        self.await_readiness(false);
    }

    pub fn start_again(&mut self) {
        self.tell("start");
        self.await_readiness(true);
    }

    fn tell(&mut self, word: &str) {
        let input = self.keeper.stdin.as_mut().expect("piped");
        writeln!(input, "{word}").expect("the keeper reads");
    }

    fn await_readiness(&mut self, wanted: bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ready = Command::new(self.binaries.join("pg_isready"))
                .args(["--quiet", "--host=127.0.0.1"])
                .arg(format!("--port={}", self.port))
                .status()
                .is_ok_and(|status| status.success());
            if ready == wanted {
                return;
            }
            let ended = self.keeper.try_wait().expect("the shell can be asked");
            assert!(ended.is_none(), "PostgreSQL's keeper ended: {ended:?}");
            assert!(
                Instant::now() < deadline,
                "PostgreSQL did not start or stop in {PATIENCE:?}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// PostgreSQL refuses to run as root: then another user runs it.
const KEEPER: &str = r#"
set -e
as=
if [ "$(id -u)" = 0 ]; then
    user=nobody
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    chown "$user" "$DATA"
    as="setpriv --reuid=$user --regid=$(id -g $user) --clear-groups"
fi
cd "$DATA"
trap '' INT
$as "$BINARIES/initdb" -D "$DATA/cluster" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
cluster=
stop() {
    if [ -n "$cluster" ]; then
        kill -QUIT "$cluster" || true
        wait "$cluster" || true
        cluster=
    fi
}
while read -r word; do
    case "$word" in
    start)
        $as "$BINARIES/postgres" -D "$DATA/cluster" -p "$PORT" -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories= -c fsync=off -c max_connections=300 \
            -c log_min_messages=fatal </dev/null 2>>"$DATA/log" &
        cluster=$!
        ;;
    stop) stop ;;
    esac
done
stop
rm -rf "$DATA"
"#;

fn find_binaries() -> PathBuf {
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let mut places: Vec<PathBuf> = asked
        .into_iter()
        .map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
        .collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        places.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    let has_server = |place: &PathBuf| {
        let runs = |name: &str| Path::exists(&place.join(name));
        runs("initdb") && runs("postgres")
    };
    places.into_iter().find(has_server).unwrap_or_else(|| {
        panic!("these tests need PostgreSQL's server: apt-get install postgresql")
    })
}
