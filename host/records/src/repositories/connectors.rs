//! What a tenant uses its connectors for, and what they still have to do after contacts.

use super::validate;
use crate::error::{Error, Result};
use crate::rows::{Columns, json};
use crate::schema::Database;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, BTreeSet};

/// What the host asks a connector by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConnectorUse {
    /// Who is that? Asked when a contact arrives, for the agent's screen.
    ScreenPop,
    /// What has happened, told when a contact is over.
    LogActivity,
}

impl ConnectorUse {
    pub const fn as_str(self) -> &'static str {
        match self {
            ConnectorUse::ScreenPop => "screen_pop",
            ConnectorUse::LogActivity => "log_activity",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Waiting,
    Done,
    GivenUp,
}

/// Something to be told to another system about a contact, once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConnectorJob {
    #[serde(skip)]
    pub tenant: TenantId,
    pub connector: String,
    pub use_for: ConnectorUse,
    pub contact: ContactId,
    pub state: JobState,
    /// Begun so far.
    pub tries: u64,
    pub created_at: Timestamp,
    /// When it is run next.
    pub due_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// What went wrong last.
    pub problem: Option<String>,
    /// What the other system calls what it stored.
    #[cfg_attr(feature = "schema", schema(value_type = Option<Object>))]
    pub result: Option<Value>,
}

#[derive(Debug, Clone)]
pub struct Connectors {
    database: Database,
}

impl Connectors {
    pub(super) fn new(database: Database) -> Self {
        Connectors { database }
    }

    /// By connector.
    pub async fn uses(&self, tenant: TenantId) -> Result<BTreeMap<String, BTreeSet<ConnectorUse>>> {
        let rows = sqlx::query("SELECT connector, use_for FROM connector_uses WHERE tenant = $1")
            .bind(tenant.to_string())
            .fetch_all(&self.database.reader)
            .await?;
        let mut uses: BTreeMap<String, BTreeSet<ConnectorUse>> = BTreeMap::new();
        for row in rows {
            let of = uses.entry(row.text("connector")?).or_default();
            of.insert(row.word("use_for")?);
        }
        Ok(uses)
    }

    /// In place of what it was used for.
    pub async fn set_uses(
        &self,
        tenant: TenantId,
        connector: &str,
        uses: &BTreeSet<ConnectorUse>,
    ) -> Result<()> {
        validate::name("connector", connector)?;
        let mut transaction = self.database.begin().await?;
        sqlx::query("DELETE FROM connector_uses WHERE tenant = $1 AND connector = $2")
            .bind(tenant.to_string())
            .bind(connector.to_owned())
            .execute(&mut *transaction)
            .await?;
        for use_for in uses {
            sqlx::query(
                "INSERT INTO connector_uses (tenant, connector, use_for) VALUES ($1, $2, $3)",
            )
            .bind(tenant.to_string())
            .bind(connector.to_owned())
            .bind(use_for.as_str())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The jobs that are due, the longest due first, at most `most`; of all tenants. Each is the
    /// caller's until `lease` is over, and somebody else's then.
    pub async fn claim(
        &self,
        now: Timestamp,
        lease: Millis,
        most: u32,
    ) -> Result<Vec<ConnectorJob>> {
        let sql = "SELECT tenant, connector, use_for, contact, state, tries, created_at, due_at, \
                   ended_at, problem, result FROM connector_jobs \
                   WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT $2";
        let rows = sqlx::query(sql)
            .bind(now.0)
            .bind(i64::from(most))
            .fetch_all(&self.database.reader)
            .await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut job = read(row)?;
            let until = now + lease;
            let done = sqlx::query(
                "UPDATE connector_jobs SET due_at = $6, tries = tries + 1 WHERE tenant = $1 \
                 AND contact = $2 AND connector = $3 AND use_for = $4 AND due_at = $5 \
                 AND state = 'waiting'",
            )
            .bind(job.tenant.to_string())
            .bind(job.contact.to_string())
            .bind(job.connector.clone())
            .bind(job.use_for.as_str())
            .bind(job.due_at.0)
            .bind(until.0)
            .execute(&self.database.writer)
            .await?;
            // Else another node was quicker.
            if done.rows_affected() > 0 {
                job.tries += 1;
                job.due_at = until;
                claimed.push(job);
            }
        }
        Ok(claimed)
    }

    /// It is done, with what the other system calls it.
    pub async fn done(&self, job: &ConnectorJob, now: Timestamp, result: &Value) -> Result<()> {
        self.end(job, JobState::Done, now, None, Some(json(result)?))
            .await
    }

    /// It failed for good.
    pub async fn give_up(&self, job: &ConnectorJob, now: Timestamp, problem: &str) -> Result<()> {
        self.end(job, JobState::GivenUp, now, Some(problem), None)
            .await
    }

    async fn end(
        &self,
        job: &ConnectorJob,
        state: JobState,
        now: Timestamp,
        problem: Option<&str>,
        result: Option<String>,
    ) -> Result<()> {
        let word = match state {
            JobState::Waiting => "waiting",
            JobState::Done => "done",
            JobState::GivenUp => "given_up",
        };
        sqlx::query(
            "UPDATE connector_jobs SET state = $5, ended_at = $6, problem = $7, result = $8 \
             WHERE tenant = $1 AND contact = $2 AND connector = $3 AND use_for = $4",
        )
        .bind(job.tenant.to_string())
        .bind(job.contact.to_string())
        .bind(job.connector.clone())
        .bind(job.use_for.as_str())
        .bind(word)
        .bind(now.0)
        .bind(problem.map(str::to_owned))
        .bind(result)
        .execute(&self.database.writer)
        .await?;
        Ok(())
    }

    /// It is to be run again at `due_at`; `problem` is why, and is none when it was only too early
    /// (which counts as no try).
    pub async fn postpone(
        &self,
        job: &ConnectorJob,
        due_at: Timestamp,
        problem: Option<&str>,
    ) -> Result<()> {
        let tries = match problem {
            Some(_) => job.tries,
            None => job.tries.saturating_sub(1),
        };
        sqlx::query(
            "UPDATE connector_jobs SET due_at = $5, tries = $6, problem = $7 \
             WHERE tenant = $1 AND contact = $2 AND connector = $3 AND use_for = $4",
        )
        .bind(job.tenant.to_string())
        .bind(job.contact.to_string())
        .bind(job.connector.clone())
        .bind(job.use_for.as_str())
        .bind(due_at.0)
        .bind(crate::rows::stored(tries))
        .bind(problem.map(str::to_owned))
        .execute(&self.database.writer)
        .await?;
        Ok(())
    }

    /// Of one connector: those that wait or were given up first, then the newest; at most 100.
    pub async fn jobs(&self, tenant: TenantId, connector: &str) -> Result<Vec<ConnectorJob>> {
        let sql = "SELECT tenant, connector, use_for, contact, state, tries, created_at, due_at, \
                   ended_at, problem, result FROM connector_jobs \
                   WHERE tenant = $1 AND connector = $2 \
                   ORDER BY CASE state WHEN 'done' THEN 1 ELSE 0 END, created_at DESC LIMIT 100";
        let rows = sqlx::query(sql)
            .bind(tenant.to_string())
            .bind(connector.to_owned())
            .fetch_all(&self.database.reader)
            .await?;
        rows.iter().map(read).collect()
    }

    /// One that was given up is run again, at once and with new tries.
    pub async fn revive(
        &self,
        tenant: TenantId,
        connector: &str,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<()> {
        let done = sqlx::query(
            "UPDATE connector_jobs SET state = 'waiting', tries = 0, due_at = $4, ended_at = NULL \
             WHERE tenant = $1 AND connector = $2 AND contact = $3 AND state = 'given_up'",
        )
        .bind(tenant.to_string())
        .bind(connector.to_owned())
        .bind(contact.to_string())
        .bind(now.0)
        .execute(&self.database.writer)
        .await?;
        match done.rows_affected() {
            0 => Err(Error::NotFound {
                what: "job that was given up",
            }),
            _ => Ok(()),
        }
    }
}

fn read(row: &AnyRow) -> Result<ConnectorJob> {
    let result = row.optional_text("result")?;
    let result = result.map(|text| serde_json::from_str(&text)).transpose();
    Ok(ConnectorJob {
        tenant: row.parsed("tenant")?,
        connector: row.text("connector")?,
        use_for: row.word("use_for")?,
        contact: row.parsed("contact")?,
        state: row.word("state")?,
        tries: row.count("tries")?,
        created_at: row.time("created_at")?,
        due_at: row.time("due_at")?,
        ended_at: row.optional_time("ended_at")?,
        problem: row.optional_text("problem")?,
        result: result.map_err(|error| Error::corrupt("result", error))?,
    })
}

/// What follows from contacts that have ended, in the transaction that says so: a job for each
/// connector that is told of activities. Once, however often the end is brought.
pub(crate) async fn after_contacts(
    connection: &mut AnyConnection,
    ended: &[(TenantId, ContactId, Timestamp)],
) -> Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    let rows = sqlx::query("SELECT DISTINCT tenant FROM connector_uses WHERE use_for = $1")
        .bind(ConnectorUse::LogActivity.as_str())
        .fetch_all(&mut *connection)
        .await?;
    let mut telling = BTreeSet::new();
    for row in rows {
        telling.insert(row.parsed::<TenantId>("tenant")?);
    }
    for (tenant, contact, at) in ended {
        if !telling.contains(tenant) {
            continue;
        }
        sqlx::query(
            "INSERT INTO connector_jobs (tenant, connector, use_for, contact, state, tries, \
             created_at, due_at) SELECT tenant, connector, use_for, CAST($2 AS TEXT), 'waiting', \
             0, CAST($3 AS BIGINT), CAST($3 AS BIGINT) FROM connector_uses \
             WHERE tenant = $1 AND use_for = $4 ON CONFLICT DO NOTHING",
        )
        .bind(tenant.to_string())
        .bind(contact.to_string())
        .bind(at.0)
        .bind(ConnectorUse::LogActivity.as_str())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
