//! Queues as set up.

mod check;

use super::calendars;
use crate::error::{Error, Result};
use crate::rows::{Columns, json, stored};
use crate::schema::Database;
use hotline_vocabulary::configuration::{Otherwise, Queue, QueueRules, SkillExpression};
use hotline_vocabulary::ids::{QueueId, TenantId};
use hotline_vocabulary::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::borrow::Cow;

/// What a queue is made of or changed to: [`Queue`] without its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct QueueDraft {
    pub name: String,
    pub policy: Option<String>,
    /// Who qualifies: `english >= 4 and (cards >= 2 or loans)`; empty for anyone.
    #[serde(default)]
    pub skills: SkillExpression,
    pub ring_timeout_ms: Millis,
    pub wrap_up_ms: Option<Millis>,
    pub progress_every_ms: Millis,
    pub service_level_ms: Millis,
    pub max_waiting: u32,
    pub music: Option<String>,
    #[serde(default)]
    pub rules: QueueRules,
}

impl QueueDraft {
    /// A queue with the usual times: 20 s of ringing, 30 s of wrap-up, service level at 20 s.
    pub fn named(name: &str) -> Self {
        QueueDraft {
            name: name.to_owned(),
            policy: None,
            skills: SkillExpression::Anyone,
            ring_timeout_ms: Millis::from_secs(20),
            wrap_up_ms: Some(Millis::from_secs(30)),
            progress_every_ms: Millis::from_secs(20),
            service_level_ms: Millis::from_secs(20),
            max_waiting: 200,
            music: None,
            rules: QueueRules::default(),
        }
    }

    fn into_queue(self, id: QueueId) -> Queue {
        Queue {
            id,
            name: self.name,
            policy: self.policy,
            skills: self.skills,
            ring_timeout_ms: self.ring_timeout_ms,
            wrap_up_ms: self.wrap_up_ms,
            progress_every_ms: self.progress_every_ms,
            service_level_ms: self.service_level_ms,
            max_waiting: self.max_waiting,
            music: self.music,
            rules: self.rules,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Queues {
    database: Database,
}

const NO_QUEUE: Error = Error::NotFound { what: "queue" };
const UNIQUE: &[(&str, &str)] = &[("name", "name")];
const SELECT: &str = "SELECT id, name, policy, skills, ring_timeout_ms, wrap_up_ms, \
     progress_every_ms, service_level_ms, max_waiting, music, rules FROM queues";

impl Queues {
    pub(super) fn new(database: Database) -> Self {
        Queues { database }
    }

    /// By name.
    pub async fn all(&self, tenant: TenantId) -> Result<Vec<Queue>> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "{SELECT} WHERE tenant = $1 ORDER BY name"
        )))
        .bind(tenant.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        rows.iter().map(read).collect()
    }

    pub async fn get(&self, tenant: TenantId, queue: QueueId) -> Result<Queue> {
        let row = sqlx::query(AssertSqlSafe(format!(
            "{SELECT} WHERE tenant = $1 AND id = $2"
        )))
        .bind(tenant.to_string())
        .bind(queue.to_string())
        .fetch_optional(&self.database.reader)
        .await?;
        read(&row.ok_or(NO_QUEUE)?)
    }

    /// `Conflict` names `name`.
    pub async fn create(
        &self,
        tenant: TenantId,
        now: Timestamp,
        draft: QueueDraft,
    ) -> Result<Queue> {
        draft.check()?;
        let id: QueueId = self.database.mint(now);
        let mut transaction = self.database.begin().await?;
        check_references(&mut transaction, tenant, id, &draft).await?;
        sqlx::query(
            "INSERT INTO queues (tenant, id, name, policy, skills, ring_timeout_ms, \
             wrap_up_ms, progress_every_ms, service_level_ms, max_waiting, music, rules, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(tenant.to_string())
        .bind(id.to_string())
        .bind(draft.name.clone())
        .bind(draft.policy.clone())
        .bind(draft.skills.to_string())
        .bind(stored(draft.ring_timeout_ms.0))
        .bind(draft.wrap_up_ms.map(|time| stored(time.0)))
        .bind(stored(draft.progress_every_ms.0))
        .bind(stored(draft.service_level_ms.0))
        .bind(i64::from(draft.max_waiting))
        .bind(draft.music.clone())
        .bind(json(&draft.rules)?)
        .bind(now.0)
        .execute(&mut *transaction)
        .await
        .map_err(|error| Error::from_write(error, UNIQUE))?;
        transaction.commit().await?;
        Ok(draft.into_queue(id))
    }

    /// `Conflict` names `name`.
    pub async fn update(
        &self,
        tenant: TenantId,
        queue: QueueId,
        draft: QueueDraft,
    ) -> Result<Queue> {
        draft.check()?;
        let mut transaction = self.database.begin().await?;
        // Before its references, so that a stranger's queue is not found whatever the draft says.
        if !exists(&mut transaction, tenant, queue).await? {
            return Err(NO_QUEUE);
        }
        check_references(&mut transaction, tenant, queue, &draft).await?;
        let done = sqlx::query(
            "UPDATE queues SET name = $3, policy = $4, skills = $5, \
             ring_timeout_ms = $6, wrap_up_ms = $7, progress_every_ms = $8, \
             service_level_ms = $9, max_waiting = $10, music = $11, rules = $12 WHERE tenant = $1 AND id = $2",
        )
        .bind(tenant.to_string())
        .bind(queue.to_string())
        .bind(draft.name.clone())
        .bind(draft.policy.clone())
        .bind(draft.skills.to_string())
        .bind(stored(draft.ring_timeout_ms.0))
        .bind(draft.wrap_up_ms.map(|time| stored(time.0)))
        .bind(stored(draft.progress_every_ms.0))
        .bind(stored(draft.service_level_ms.0))
        .bind(i64::from(draft.max_waiting))
        .bind(draft.music.clone())
        .bind(json(&draft.rules)?)
        .execute(&mut *transaction)
        .await
        .map_err(|error| Error::from_write(error, UNIQUE))?;
        if done.rows_affected() == 0 {
            return Err(NO_QUEUE);
        }
        transaction.commit().await?;
        Ok(draft.into_queue(queue))
    }

    /// Takes it from its agents and from the default too. History keeps its name. `InUse` names the
    /// queues that send their contacts to it.
    pub async fn delete(&self, tenant: TenantId, queue: QueueId) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        let by = names_where(&mut transaction, tenant, |other| {
            other.id != queue && other.rules.destinations().contains(&queue)
        })
        .await?;
        if !by.is_empty() {
            return Err(Error::InUse { what: "queue", by });
        }
        let done = sqlx::query("DELETE FROM queues WHERE tenant = $1 AND id = $2")
            .bind(tenant.to_string())
            .bind(queue.to_string())
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Err(NO_QUEUE);
        }
        sqlx::query(
            "UPDATE settings SET default_queue = NULL WHERE tenant = $1 AND default_queue = $2",
        )
        .bind(tenant.to_string())
        .bind(queue.to_string())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Whether the tenant has such a queue.
pub(super) async fn exists(
    connection: &mut AnyConnection,
    tenant: TenantId,
    queue: QueueId,
) -> Result<bool> {
    let row = sqlx::query("SELECT id FROM queues WHERE tenant = $1 AND id = $2")
        .bind(tenant.to_string())
        .bind(queue.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// `Invalid` on `field` when the tenant has no such queue.
pub(super) async fn must_exist(
    connection: &mut AnyConnection,
    tenant: TenantId,
    field: impl Into<Cow<'static, str>>,
    queue: QueueId,
) -> Result<()> {
    match exists(connection, tenant, queue).await? {
        true => Ok(()),
        false => Err(Error::invalid(field, format!("no queue {queue}"))),
    }
}

/// The names of the tenant's queues of which this is true.
pub(super) async fn names_where(
    connection: &mut AnyConnection,
    tenant: TenantId,
    is_meant: impl Fn(&Queue) -> bool,
) -> Result<Vec<String>> {
    let sql = format!("{SELECT} WHERE tenant = $1 ORDER BY name");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(tenant.to_string())
        .fetch_all(connection)
        .await?;
    let queues = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let meant = queues.into_iter().filter(is_meant);
    Ok(meant.map(|queue| queue.name).collect())
}

/// What the rules name is there, and can be used.
async fn check_references(
    connection: &mut AnyConnection,
    tenant: TenantId,
    own: QueueId,
    draft: &QueueDraft,
) -> Result<()> {
    if let Some(calendar) = &draft.rules.hours
        && !calendars::hold(connection, tenant, calendar).await?
    {
        let message = format!("no calendar `{calendar}`");
        return Err(Error::invalid("rules.hours", message));
    }
    for (field, otherwise) in draft.rules.otherwise() {
        if let Otherwise::Queue(queue) = otherwise {
            if queue == own {
                return Err(Error::invalid(field, "leads back to this queue"));
            }
            must_exist(connection, tenant, field, queue).await?;
        }
    }
    Ok(())
}

fn read(row: &AnyRow) -> Result<Queue> {
    Ok(Queue {
        id: row.parsed("id")?,
        name: row.text("name")?,
        policy: row.optional_text("policy")?,
        skills: row.parsed("skills")?,
        ring_timeout_ms: row.millis("ring_timeout_ms")?,
        wrap_up_ms: row.optional_millis("wrap_up_ms")?,
        progress_every_ms: row.millis("progress_every_ms")?,
        service_level_ms: row.millis("service_level_ms")?,
        max_waiting: u32::try_from(row.integer("max_waiting")?)
            .map_err(|error| Error::corrupt("max_waiting", error))?,
        music: row.optional_text("music")?,
        rules: row.json("rules")?,
    })
}
