//! The database: SQLite (default) or PostgreSQL behind sqlx's `Any` driver, its connections and
//! its schema. Statements are common SQL: ids and JSON as text, times and counts BIGINT,
//! placeholders `$1`.

use crate::error::{Error, Result};
use hotline_vocabulary::ids::{Id, Minter};
use hotline_vocabulary::time::Timestamp;
use sqlx::any::{Any, AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyPool, Executor, SqlSafeStr, Transaction};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where the records are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// One file, embedded; made when missing.
    Sqlite(PathBuf),
    /// `postgres://user:password@host:port/database`.
    Postgres(String),
}

#[derive(Debug, Clone)]
pub struct Options {
    pub location: Location,
    /// Connections that read (SQLite) or do anything (PostgreSQL).
    pub connections: u32,
    /// How long a question waits for a connection before it is `Unavailable`.
    pub acquire_timeout: Duration,
}

impl Options {
    pub fn new(location: Location) -> Self {
        Options {
            location,
            connections: 8,
            acquire_timeout: Duration::from_secs(5),
        }
    }
}

/// The connections. Cheap to clone. SQLite has one writer and several readers (WAL); PostgreSQL
/// one pool for both.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) reader: AnyPool,
    pub(crate) writer: AnyPool,
    engine: Engine,
    minter: Arc<Mutex<Minter>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

/// WAL: readers do not wait for the writer. NORMAL: a commit survives a crash of the process; a
/// power loss may take back the last commits, which the projector then does again from the journal.
/// A checkpoint each 16 MiB (4,000 pages) writes a page that changed often once, and is a flush.
const SQLITE_CONNECTION: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
     PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
     PRAGMA wal_autocheckpoint = 4000;";
/// In KiB. What the writer changes is in its cache until it commits.
const SQLITE_WRITER_CACHE: &str = "PRAGMA cache_size = -16384;";
/// For each reader; what is not in it the operating system still has.
const SQLITE_READER_CACHE: &str = "PRAGMA cache_size = -4096;";

impl Database {
    /// Connects and brings the schema up to date.
    pub async fn open(options: &Options) -> Result<Database> {
        sqlx::any::install_default_drivers();
        let database = match &options.location {
            Location::Sqlite(path) => {
                let address = sqlite_address(path)?;
                let connect = |cache: &'static str| {
                    AnyPoolOptions::new()
                        .acquire_timeout(options.acquire_timeout)
                        .idle_timeout(None)
                        .max_lifetime(None)
                        .after_connect(move |connection, _| {
                            Box::pin(async move {
                                connection.execute(sqlx::raw_sql(SQLITE_CONNECTION)).await?;
                                connection.execute(sqlx::raw_sql(cache)).await?;
                                Ok(())
                            })
                        })
                };
                // The writer first: it makes the file and turns WAL on.
                let writer = connect(SQLITE_WRITER_CACHE)
                    .max_connections(1)
                    .connect_with(address.clone())
                    .await?;
                let reader = connect(SQLITE_READER_CACHE)
                    .max_connections(options.connections.max(1))
                    .connect_with(address)
                    .await?;
                Database::new(reader, writer, Engine::Sqlite)
            }
            Location::Postgres(url) => {
                let pool = AnyPoolOptions::new()
                    .acquire_timeout(options.acquire_timeout)
                    .max_connections(options.connections.max(2))
                    .connect_with(AnyConnectOptions::from_str(url)?)
                    .await?;
                Database::new(pool.clone(), pool, Engine::Postgres)
            }
        };
        migrator(database.engine).run(&database.writer).await?;
        Ok(database)
    }

    fn new(reader: AnyPool, writer: AnyPool, engine: Engine) -> Database {
        Database {
            reader,
            writer,
            engine,
            minter: Arc::new(Mutex::new(Minter::new(rand::random()))),
        }
    }

    pub(crate) fn mint<T: Id>(&self, now: Timestamp) -> T {
        self.minter
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .mint(now)
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>> {
        Ok(self.writer.begin().await?)
    }

    /// Forces what was committed to the disk. PostgreSQL does so at each commit; SQLite does with
    /// FULL, where a commit flushes the whole WAL file, so also the commits before it.
    pub(crate) async fn make_durable(&self) -> Result<()> {
        if self.engine == Engine::Sqlite {
            let mut connection = self.writer.acquire().await?;
            connection
                .execute(sqlx::raw_sql("PRAGMA synchronous = FULL"))
                .await?;
            let flushed = connection
                .execute("UPDATE journals SET place = place")
                .await;
            connection
                .execute(sqlx::raw_sql("PRAGMA synchronous = NORMAL"))
                .await?;
            flushed?;
        }
        Ok(())
    }

    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

fn sqlite_address(path: &Path) -> Result<AnyConnectOptions> {
    let path =
        std::path::absolute(path).map_err(|error| Error::invalid("data", error.to_string()))?;
    let text = path
        .to_str()
        .ok_or_else(|| Error::invalid("data", "the path is not UTF-8"))?;
    let encoded: String = text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    });
    Ok(AnyConnectOptions::from_str(&format!(
        "sqlite://{encoded}?mode=rwc"
    ))?)
}

/// The schema's steps, in order; each folder of `migrations` has all of them.
macro_rules! migrations {
    ($folder:literal) => {
        [
            (
                1,
                "tenants",
                include_str!(concat!(
                    "../../../migrations/",
                    $folder,
                    "/0001_tenants.sql"
                )),
            ),
            (
                2,
                "accounts",
                include_str!(concat!(
                    "../../../migrations/",
                    $folder,
                    "/0002_accounts.sql"
                )),
            ),
            (
                3,
                "facts",
                include_str!(concat!("../../../migrations/", $folder, "/0003_facts.sql")),
            ),
            (
                4,
                "queue rules",
                include_str!(concat!(
                    "../../../migrations/",
                    $folder,
                    "/0004_queue_rules.sql"
                )),
            ),
            (
                5,
                "explanations",
                include_str!(concat!(
                    "../../../migrations/",
                    $folder,
                    "/0005_explanations.sql"
                )),
            ),
            (
                9,
                "customers",
                include_str!(concat!(
                    "../../../migrations/",
                    $folder,
                    "/0009_customers.sql"
                )),
            ),
            (
                10,
                "plugin secrets",
                include_str!(concat!(
                    "../../../migrations/",
                    $folder,
                    "/0010_plugin_secrets.sql"
                )),
            ),
            (
                11,
                "connector jobs",
                include_str!(concat!(
                    "../../../migrations/",
                    $folder,
                    "/0011_connector_jobs.sql"
                )),
            ),
            (
                13,
                "usage",
                include_str!(concat!("../../../migrations/", $folder, "/0013_usage.sql")),
            ),
            (
                14,
                "usage purposes",
                include_str!(concat!(
                    "../../../migrations/",
                    $folder,
                    "/0014_usage_purposes.sql"
                )),
            ),
        ]
    };
}

fn migrator(engine: Engine) -> Migrator {
    let steps = match engine {
        Engine::Sqlite => migrations!("sqlite"),
        Engine::Postgres => migrations!("postgres"),
    };
    let migrations = steps.map(|(version, name, sql)| {
        Migration::new(
            version,
            name.into(),
            MigrationType::Simple,
            SqlSafeStr::into_sql_str(sql),
            false,
        )
    });
    Migrator::with_migrations(migrations.into())
}
