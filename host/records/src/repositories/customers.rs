//! What the records know of customers, by their address: what routing policies may look up while
//! one waits, and what a switchboard that starts has to remember.

use crate::error::{Error, Result};
use crate::journal::join_kind_and_body;
use crate::rows::Columns;
use crate::schema::Database;
use hotline_vocabulary::Address;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::end_reason::EndReason;
use hotline_vocabulary::fact::{VisitEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, QueueId, TenantId};
use hotline_vocabulary::time::{Millis, Timestamp};
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;

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

/// Who spoke with a customer, and when that was over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastTalk {
    pub customer: Address,
    pub agent: AgentId,
    pub at: Timestamp,
}

/// A caller who left a queue without an answer: gave up, or was cut off by the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftWaiting {
    pub queue: QueueId,
    pub customer: Address,
    /// Since when their place counts.
    pub since: Timestamp,
    pub left: Timestamp,
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
    /// The latest `most` talks of contacts that began at `from` or later, oldest first. A customer
    /// may be in it more than once.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn last_talks(
        &self,
        tenant: TenantId,
        from: Timestamp,
        most: u32,
    ) -> Result<Vec<LastTalk>> {
        let rows = sqlx::query(
            "SELECT contacts.caller AS caller, spoke.agent AS agent, spoke.connected_at AS \
             connected_at, contacts.ended_at AS ended_at \
             FROM contacts JOIN contact_agents AS spoke \
             ON spoke.tenant = contacts.tenant AND spoke.contact = contacts.id \
             WHERE contacts.tenant = $1 AND contacts.started_at >= $2 AND contacts.caller <> '' \
             ORDER BY contacts.started_at DESC LIMIT $3",
        )
        .bind(tenant.to_string())
        .bind(from.0)
        .bind(i64::from(most))
        .fetch_all(&self.database.reader)
        .await?;
        let mut talks = rows
            .iter()
            .map(|row| {
                let connected = row.time("connected_at")?;
                let talk = LastTalk {
                    customer: Address::from(row.text("caller")?),
                    agent: row.parsed("agent")?,
                    at: row.optional_time("ended_at")?.unwrap_or(connected),
                };
                Ok((connected, talk))
            })
            .collect::<Result<Vec<_>>>()?;
        talks.sort_by_key(|(connected, talk)| (talk.at, *connected));
        Ok(talks.into_iter().map(|(_, talk)| talk).collect())
    }

    /// Callers whose last visit to a queue ended at `from` or later without an answer, one entry for
    /// each queue and caller, latest first; found in the latest `most` visits.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn left_waiting(
        &self,
        tenant: TenantId,
        from: Timestamp,
        most: u32,
    ) -> Result<Vec<LeftWaiting>> {
        let rows = sqlx::query(
            "SELECT facts.at AS left_at, facts.body AS left_body, entered.at AS entered_at, \
             entered.body AS entered_body, contacts.caller AS caller, \
             contacts.end_reason AS end_reason FROM facts \
             JOIN contacts ON contacts.tenant = facts.tenant AND contacts.id = facts.contact \
             JOIN facts AS entered ON entered.tenant = facts.tenant \
             AND entered.contact = facts.contact AND entered.kind = 'queue_entered' \
             WHERE facts.tenant = $1 AND facts.kind = 'queue_left' AND facts.at >= $2 \
             AND contacts.channel NOT IN ($3, $4) \
             ORDER BY facts.at DESC, facts.epoch DESC, facts.sequence DESC LIMIT $5",
        )
        .bind(tenant.to_string())
        .bind(from.0)
        .bind(Channel::Task.as_str())
        .bind(Channel::Callback.as_str())
        .bind(i64::from(most))
        .fetch_all(&self.database.reader)
        .await?;
        let mut seen: BTreeSet<(QueueId, Address)> = BTreeSet::new();
        let mut left_waiting = Vec::new();
        for row in &rows {
            let Some((how, place)) = visit(row)? else {
                continue;
            };
            let is_last = seen.insert((place.queue, place.customer.clone()));
            let cut_off = Some(EndReason::HostRestart);
            let unanswered = match how {
                VisitEnd::Abandoned => true,
                VisitEnd::Ended => row.optional_word("end_reason")? == cut_off,
                _ => false,
            };
            if is_last && unanswered {
                left_waiting.push(place);
            }
        }
        Ok(left_waiting)
    }
}

/// A visit from its end and one of its contact's beginnings; none when they are not the same visit's,
/// or mean nothing to this version.
fn visit(row: &AnyRow) -> Result<Option<(VisitEnd, LeftWaiting)>> {
    let fact = |kind, body| {
        let body = row.optional_text(body)?;
        join_kind_and_body(kind, body.as_deref()).map_err(|error| Error::corrupt("fact", error))
    };
    let facts = (
        fact("queue_left", "left_body"),
        fact("queue_entered", "entered_body"),
    );
    let (
        Ok(What::QueueLeft {
            visit, queue, how, ..
        }),
        Ok(What::QueueEntered {
            visit: entered,
            place_since,
            ..
        }),
    ) = facts
    else {
        return Ok(None);
    };
    let place = LeftWaiting {
        queue,
        customer: Address::from(row.text("caller")?),
        since: place_since.unwrap_or(row.time("entered_at")?),
        left: row.time("left_at")?,
    };
    Ok((visit == entered).then_some((how, place)))
}
