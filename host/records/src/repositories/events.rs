//! A tenant's facts in the order in which they became history.

use super::page::{FactCursor, Limit, Page};
use super::users::Users;
use crate::error::{Error, Result};
use crate::journal::join_kind_and_body;
use crate::rows::{Columns, stored};
use crate::schema::Database;
use hotline_vocabulary::Fact;
use hotline_vocabulary::fact::{Epoch, Sequence};
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::time::Timestamp;
use serde::Serialize;
use sqlx::any::AnyRow;

/// A decision of routing, with the queue that it was made for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DecisionRow {
    pub fact: Fact,
    /// None when the queue's own fact has not been projected.
    pub queue_name: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Events {
    database: Database,
}

impl Events {
    pub(super) fn new(database: Database) -> Self {
        Events { database }
    }

    /// The facts behind `after`, oldest first. `next` is the cursor of the last one given, or
    /// `after` itself when there is none yet: ask again with it to follow.
    pub async fn page(
        &self,
        tenant: TenantId,
        after: FactCursor,
        limit: Limit,
    ) -> Result<Page<Fact, FactCursor>> {
        let rows = sqlx::query(
            "SELECT epoch, sequence, at, contact, agent, kind, body FROM facts \
             WHERE tenant = $1 AND (epoch > $2 OR (epoch = $2 AND sequence > $3)) \
             ORDER BY epoch, sequence LIMIT $4",
        )
        .bind(tenant.to_string())
        .bind(i64::from(after.epoch.0))
        .bind(stored(after.sequence.0))
        .bind(limit.rows() as i64)
        .fetch_all(&self.database.reader)
        .await?;
        let next = rows.last().map_or(Ok(after), cursor)?;
        Ok(Page {
            items: read_all(tenant, &rows)?,
            next: Some(next),
        })
    }

    /// The cursor behind which the facts from `at` on begin; the zero cursor when none are older.
    pub async fn before(&self, tenant: TenantId, at: Timestamp) -> Result<FactCursor> {
        let row = sqlx::query(
            "SELECT epoch, sequence FROM facts WHERE tenant = $1 AND at < $2 \
             ORDER BY epoch DESC, sequence DESC LIMIT 1",
        )
        .bind(tenant.to_string())
        .bind(at.0)
        .fetch_optional(&self.database.reader)
        .await?;
        row.map_or(Ok(FactCursor::default()), |row| cursor(&row))
    }

    /// The latest decisions of routing, newest first.
    pub async fn decisions(&self, tenant: TenantId, limit: Limit) -> Result<Vec<DecisionRow>> {
        let rows = sqlx::query(
            "SELECT epoch, sequence, at, contact, agent, kind, body, \
             (SELECT queue_name FROM contact_queues AS visited WHERE visited.tenant = facts.tenant \
              AND visited.contact = facts.contact AND entered_at <= at \
              ORDER BY entered_at DESC LIMIT 1) AS queue_name \
             FROM facts WHERE tenant = $1 AND kind = 'routing_decided' \
             ORDER BY epoch DESC, sequence DESC LIMIT $2",
        )
        .bind(tenant.to_string())
        .bind(limit.rows() as i64)
        .fetch_all(&self.database.reader)
        .await?;
        let decision = |row: &AnyRow| {
            let facts = read_all(tenant, std::slice::from_ref(row))?;
            let queue_name = row.optional_text("queue_name")?;
            let rows = facts.into_iter().map(|fact| DecisionRow {
                fact,
                queue_name: queue_name.clone(),
            });
            Ok(rows.collect::<Vec<_>>())
        };
        let decisions = rows.iter().map(decision).collect::<Result<Vec<_>>>()?;
        Ok(decisions.into_iter().flatten().collect())
    }

    /// What the monitors found broken, newest first.
    pub async fn violations(&self, tenant: TenantId, limit: Limit) -> Result<Vec<Fact>> {
        let rows = sqlx::query(
            "SELECT epoch, sequence, at, contact, agent, kind, body FROM facts \
             WHERE tenant = $1 AND kind = 'invariant_violated' \
             ORDER BY epoch DESC, sequence DESC LIMIT $2",
        )
        .bind(tenant.to_string())
        .bind(limit.rows() as i64)
        .fetch_all(&self.database.reader)
        .await?;
        read_all(tenant, &rows)
    }

    /// The newest fact's cursor; the zero cursor when the tenant has none.
    pub async fn end(&self, tenant: TenantId) -> Result<FactCursor> {
        let row = sqlx::query(
            "SELECT epoch, sequence FROM facts WHERE tenant = $1 \
             ORDER BY epoch DESC, sequence DESC LIMIT 1",
        )
        .bind(tenant.to_string())
        .fetch_optional(&self.database.reader)
        .await?;
        row.map_or(Ok(FactCursor::default()), |row| cursor(&row))
    }

    /// When the newest fact happened; none when the tenant has none.
    pub async fn last_at(&self, tenant: TenantId) -> Result<Option<Timestamp>> {
        let row = sqlx::query(
            "SELECT at FROM facts WHERE tenant = $1 ORDER BY epoch DESC, sequence DESC LIMIT 1",
        )
        .bind(tenant.to_string())
        .fetch_optional(&self.database.reader)
        .await?;
        row.map(|row| row.time("at")).transpose()
    }

    /// The last change of state of each agent that the tenant has.
    pub async fn last_agent_states(&self, tenant: TenantId) -> Result<Vec<Fact>> {
        let mut facts = Vec::new();
        for agent in Users::new(self.database.clone()).agents(tenant).await? {
            let row = sqlx::query(
                "SELECT epoch, sequence, at, contact, agent, kind, body FROM facts \
                 WHERE tenant = $1 AND agent = $2 AND kind = 'agent_state_changed' \
                 ORDER BY epoch DESC, sequence DESC LIMIT 1",
            )
            .bind(tenant.to_string())
            .bind(agent.id.to_string())
            .fetch_optional(&self.database.reader)
            .await?;
            if let Some(row) = row {
                facts.push(read(tenant, &row)?);
            }
        }
        Ok(facts)
    }
}

fn cursor(row: &AnyRow) -> Result<FactCursor> {
    Ok(FactCursor {
        epoch: Epoch(
            u32::try_from(row.integer("epoch")?).map_err(|error| Error::corrupt("epoch", error))?,
        ),
        sequence: Sequence(row.count("sequence")?),
    })
}

/// Rows as facts. One whose body means nothing to this version (or never did: JSON has no number
/// that is not finite) is left out and said, so that it hides nothing but itself.
pub(crate) fn read_all(tenant: TenantId, rows: &[AnyRow]) -> Result<Vec<Fact>> {
    let mut facts = Vec::with_capacity(rows.len());
    for row in rows {
        match read(tenant, row) {
            Err(error @ Error::Corrupt { what: "fact", .. }) => {
                let cursor = cursor(row)?;
                tracing::error!(%tenant, %cursor, %error, "a fact can not be read");
            }
            fact => facts.push(fact?),
        }
    }
    Ok(facts)
}

fn read(tenant: TenantId, row: &AnyRow) -> Result<Fact> {
    let cursor = cursor(row)?;
    let body = row.optional_text("body")?;
    Ok(Fact {
        tenant,
        epoch: cursor.epoch,
        sequence: cursor.sequence,
        at: row.time("at")?,
        contact: row.optional_parsed("contact")?,
        agent: row.optional_parsed("agent")?,
        what: join_kind_and_body(&row.text("kind")?, body.as_deref())
            .map_err(|error| Error::corrupt("fact", error))?,
    })
}
