//! A throw-away database for each test, of either kind. PostgreSQL runs as one cluster for each
//! test process, made from the installed binaries and gone when the process is.

use hotline_records::schema::{Database, Location, Options};
use sqlx::Connection;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Runs each test on SQLite and on PostgreSQL.
macro_rules! on_each_database {
    ($(async fn $name:ident($database:ident: TestDatabase) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn holds($database: $crate::databases::TestDatabase) $body

            #[tokio::test]
            async fn on_sqlite() {
                holds($crate::databases::TestDatabase::sqlite()).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                holds($crate::databases::TestDatabase::postgres().await).await;
            }
        }
    )*};
}

pub struct TestDatabase {
    pub location: Location,
    /// For the SQLite file and the journal.
    pub dir: TempDir,
}

impl TestDatabase {
    pub fn sqlite() -> TestDatabase {
        let dir = TempDir::new().expect("a temporary folder");
        TestDatabase {
            location: Location::Sqlite(dir.path().join("hot line.db")),
            dir,
        }
    }

    pub async fn postgres() -> TestDatabase {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        // Blocks the first test until the cluster is up.
        let cluster = Cluster::shared();
        cluster.run(&format!("CREATE DATABASE {name}")).await;
        TestDatabase {
            location: Location::Postgres(cluster.url(&name)),
            dir: TempDir::new().expect("a temporary folder"),
        }
    }

    pub async fn open(&self) -> Database {
        Database::open(&Options::new(self.location.clone()))
            .await
            .expect("the database opens")
    }

    pub fn journal_dir(&self) -> PathBuf {
        self.dir.path().join("journal")
    }
}

pub struct Cluster {
    port: u16,
    // Its standard input is the sign of life: when this process ends in whatever way, the shell
    // reads the end of it, stops the cluster and removes its folder.
    _keeper: Child,
}

impl Cluster {
    pub fn shared() -> &'static Cluster {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(Cluster::start)
    }

    fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        )
    }

    /// A statement outside of any test's database.
    pub async fn run(&self, statement: &str) {
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(&self.url("postgres"))
            .await
            .expect("the cluster answers");
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(&mut connection)
            .await
            .expect("the statement works");
    }

    fn start() -> Cluster {
        let binaries = find_binaries();
        let dir = TempDir::with_prefix("hotline-postgres-")
            .expect("a temporary folder")
            .keep();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let mut keeper = Command::new("sh")
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
        let patience = Instant::now() + Duration::from_secs(60);
        let is_ready = || {
            Command::new(binaries.join("pg_isready"))
                .args(["--quiet", "--host=127.0.0.1", &format!("--port={port}")])
                .status()
                .is_ok_and(|status| status.success())
        };
        while !is_ready() {
            let ended = keeper.try_wait().expect("the shell can be asked");
            assert!(ended.is_none(), "PostgreSQL did not start: {ended:?}");
            assert!(
                Instant::now() < patience,
                "PostgreSQL did not start in 60 s"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Cluster {
            port,
            _keeper: keeper,
        }
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
$as "$BINARIES/postgres" -D "$DATA/cluster" -p "$PORT" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c fsync=off -c max_connections=300 -c log_min_messages=fatal \
    </dev/null 2>"$DATA/log" &
cluster=$!
cat >/dev/null
kill -QUIT "$cluster" || true
wait "$cluster" || true
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
    match places.into_iter().find(has_server) {
        Some(place) => place,
        None => {
            let _ = std::io::stderr().write_all(b"apt-get install postgresql\n");
            panic!("these tests need PostgreSQL's server (Debian: postgresql)");
        }
    }
}
