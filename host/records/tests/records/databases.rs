//! A throw-away database for each test, of either kind. PostgreSQL runs as one cluster for each
//! test process.

use hotline_records::schema::{Database, Location, Options};
use hotline_throwaway_postgres::Cluster;
use sqlx::Connection;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
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
        cluster.create_database(&name);
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

    /// A statement behind the back of whoever has it open.
    pub async fn run(&self, statement: &str) {
        sqlx::any::install_default_drivers();
        let url = match &self.location {
            Location::Sqlite(path) => {
                let path = path.to_str().expect("a path in UTF-8");
                format!("sqlite://{}", path.replace(' ', "%20"))
            }
            Location::Postgres(url) => url.clone(),
        };
        run_at(&url, statement).await;
    }

    /// The statement by which step 13 of the schema made a table.
    pub fn table_of_0013(&self, table: &str) -> String {
        let step = match self.location {
            Location::Sqlite(_) => include_str!("../../../../migrations/sqlite/0013_usage.sql"),
            Location::Postgres(_) => include_str!("../../../../migrations/postgres/0013_usage.sql"),
        };
        let begins = step.find(&format!("CREATE TABLE {table} ("));
        let statement = &step[begins.expect("the step makes it")..];
        let end = statement.find("\n\n").expect("another statement comes");
        statement[..end].to_owned()
    }

    pub fn journal_dir(&self) -> PathBuf {
        self.dir.path().join("journal")
    }
}

/// A statement outside of any test's database.
pub async fn run(cluster: &Cluster, statement: &str) {
    sqlx::any::install_default_drivers();
    run_at(&cluster.url("postgres"), statement).await;
}

async fn run_at(url: &str, statement: &str) {
    let mut connection = sqlx::AnyConnection::connect(url)
        .await
        .expect("the database answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(&mut connection)
        .await
        .expect("the statement works");
}
