//! What the records know of a customer, by their address: what routing policies may look up while
//! the customer waits.

use crate::error::Result;
use crate::rows::Columns;
use crate::schema::Database;
use hotline_vocabulary::Address;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::time::{Millis, Timestamp};
use serde::Serialize;
use sqlx::Row;

/// How far back contacts are counted.
const COUNTED: Millis = Millis::from_secs(90 * 24 * 3_600);

/// As policies are told it: `customer-history` in `wit/deps/routing`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CustomerHistory {
    /// Begun in the last 90 days, without the one that waits now.
    pub contacts_90_days: i64,
    pub last_ended_at: Option<Timestamp>,
    /// By name: the last queue of the last contact that has ended.
    pub last_queue: Option<String>,
    /// The last agent of that contact.
    pub last_agent: Option<String>,
    pub last_disposition: Option<String>,
    /// Tasks for this customer that are not done.
    pub open_tasks: i64,
}

#[derive(Debug, Clone)]
pub struct Customers {
    database: Database,
}

impl Customers {
    pub(super) fn new(database: Database) -> Self {
        Customers { database }
    }

    /// Of the customer with this address; `now_in` is the contact that asks.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn history(
        &self,
        tenant: TenantId,
        customer: &Address,
        now_in: ContactId,
        now: Timestamp,
    ) -> Result<CustomerHistory> {
        let (tenant, address) = (tenant.to_string(), customer.reveal());
        let mut connection = self.database.reader.acquire().await?;
        let counted = sqlx::query(
            "SELECT COUNT(*) AS contacts FROM contacts \
             WHERE tenant = $1 AND caller = $2 AND started_at >= $3 AND id <> $4",
        )
        .bind(&tenant)
        .bind(address)
        .bind(now.0.saturating_sub_unsigned(COUNTED.0))
        .bind(now_in.to_string())
        .fetch_one(&mut *connection)
        .await?;
        let tasks = sqlx::query(
            "SELECT COUNT(*) AS tasks FROM contacts \
             WHERE tenant = $1 AND caller = $2 AND channel = $3 AND ended_at IS NULL AND id <> $4",
        )
        .bind(&tenant)
        .bind(address)
        .bind(Channel::Task.as_str())
        .bind(now_in.to_string())
        .fetch_one(&mut *connection)
        .await?;
        let mut history = CustomerHistory {
            contacts_90_days: counted.try_get("contacts")?,
            open_tasks: tasks.try_get("tasks")?,
            ..CustomerHistory::default()
        };
        let last = sqlx::query(
            "SELECT id, ended_at, disposition FROM contacts \
             WHERE tenant = $1 AND caller = $2 AND ended_at IS NOT NULL AND id <> $3 \
             ORDER BY started_at DESC LIMIT 1",
        )
        .bind(&tenant)
        .bind(address)
        .bind(now_in.to_string())
        .fetch_optional(&mut *connection)
        .await?;
        let Some(last) = last else {
            return Ok(history);
        };
        history.last_ended_at = last.optional_integer("ended_at")?.map(Timestamp);
        history.last_disposition = last.optional_text("disposition")?;
        let id = last.text("id")?;
        let queue = sqlx::query(
            "SELECT queue_name FROM contact_queues WHERE tenant = $1 AND contact = $2 \
             ORDER BY entered_at DESC LIMIT 1",
        )
        .bind(&tenant)
        .bind(&id)
        .fetch_optional(&mut *connection)
        .await?;
        history.last_queue = queue.map(|row| row.text("queue_name")).transpose()?;
        let agent = sqlx::query(
            "SELECT agent FROM contact_agents WHERE tenant = $1 AND contact = $2 \
             ORDER BY connected_at DESC LIMIT 1",
        )
        .bind(&tenant)
        .bind(&id)
        .fetch_optional(&mut *connection)
        .await?;
        history.last_agent = agent.map(|row| row.text("agent")).transpose()?;
        Ok(history)
    }
}
