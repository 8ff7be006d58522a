//! Contacts: the list, one contact with what lies beside it, its timeline. All of it is projected
//! from facts.

use super::events;
use super::page::{ContactCursor, Limit, Page};
use crate::error::{Error, Result};
use crate::projector::contact::Contact;
use crate::projector::read_contact;
use crate::rows::{Columns, Values, select_in, stored};
use crate::schema::Database;
use hotline_vocabulary::address::{Address, Channel};
use hotline_vocabulary::end_reason::{Blame, EndReason};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, QueueId, RecordingId, TenantId, UserId};
use hotline_vocabulary::media::MediaStatistics;
use hotline_vocabulary::time::{Millis, Timestamp};
use hotline_vocabulary::{Fact, Personal};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::BTreeMap;

/// A line of the list of contacts, shaped as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactRow {
    pub id: ContactId,
    pub channel: Channel,
    pub caller: Address,
    pub dialled: String,
    pub flow: String,
    pub started_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<EndReason>,
    pub blame: Option<Blame>,
    /// In the order of the first visit.
    pub queue_names: Vec<String>,
    /// In the order of the first segment.
    pub agent_names: Vec<String>,
    /// Over all queue visits.
    pub waited_ms: Millis,
    /// Over all segments.
    pub talked_ms: Millis,
    pub disposition: Option<String>,
    pub has_recording: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LegMedia {
    pub leg: LegId,
    pub statistics: MediaStatistics,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Recording {
    pub id: RecordingId,
    pub started_at: Timestamp,
    /// None until the file is complete.
    pub length_ms: Option<Millis>,
    pub bytes: Option<u64>,
}

/// One contact with what lies beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactDetail {
    #[serde(flatten)]
    pub row: ContactRow,
    pub attributes: Vec<(String, String)>,
    /// Labels of the flow versions that it ran on, in order.
    pub flow_versions: Vec<String>,
    pub media: Vec<LegMedia>,
    pub recordings: Vec<Recording>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ContactState {
    Open,
    Ended,
}

/// Which contacts; what is none excludes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactFilter {
    pub state: Option<ContactState>,
    /// Was in this queue.
    pub queue: Option<QueueId>,
    /// Was connected with this agent.
    pub agent: Option<AgentId>,
    /// Part of the caller's address, without regard to case.
    pub caller: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Contacts {
    database: Database,
}

const COLUMNS: &str = "id, channel, caller, dialled, flow, started_at, answered_at, ended_at, \
     end_reason, waited_ms, talked_ms, disposition, attributes, flow_versions";

impl Contacts {
    pub(super) fn new(database: Database) -> Self {
        Contacts { database }
    }

    /// Newest first.
    pub async fn page(
        &self,
        tenant: TenantId,
        filter: &ContactFilter,
        after: Option<ContactCursor>,
        limit: Limit,
    ) -> Result<Page<ContactRow, ContactCursor>> {
        let (sql, values) = page_query(tenant, filter, after, limit)?;
        let mut connection = self.database.reader.acquire().await?;
        let mut rows = sqlx::query_with(AssertSqlSafe(sql), values.into_arguments())
            .fetch_all(&mut *connection)
            .await?;
        let more = rows.len() > limit.rows();
        rows.truncate(limit.rows());
        let contacts = rows
            .iter()
            .map(|row| Ok((row.parsed("id")?, read_contact(row)?)))
            .collect::<Result<Vec<_>>>()?;
        let items = with_names(&mut connection, tenant, contacts).await?;
        let next = items.last().filter(|_| more).map(|row| ContactCursor {
            started_at: row.started_at,
            id: row.id,
        });
        Ok(Page { items, next })
    }

    pub async fn get(&self, tenant: TenantId, contact: ContactId) -> Result<ContactDetail> {
        let mut connection = self.database.reader.acquire().await?;
        let folded = self.folded_on(&mut connection, tenant, contact).await?;
        let attributes = folded.attributes.clone();
        let flow_versions = folded.flow_versions.clone();
        let mut rows = with_names(&mut connection, tenant, vec![(contact, folded)]).await?;
        let row = rows.pop().ok_or(NO_CONTACT)?;
        let media = sqlx::query(
            "SELECT leg, statistics FROM leg_statistics WHERE tenant = $1 AND contact = $2 \
             ORDER BY measured_at, leg",
        )
        .bind(tenant.to_string())
        .bind(contact.to_string())
        .fetch_all(&mut *connection)
        .await?
        .iter()
        .map(|row| {
            Ok(LegMedia {
                leg: row.parsed("leg")?,
                statistics: row.json("statistics")?,
            })
        })
        .collect::<Result<_>>()?;
        Ok(ContactDetail {
            row,
            attributes,
            flow_versions,
            media,
            recordings: recordings(&mut connection, tenant, contact).await?,
        })
    }

    /// The contact's own row as the projector keeps it; equals [`Contact::recount`] over the
    /// timeline.
    pub async fn folded(&self, tenant: TenantId, contact: ContactId) -> Result<Contact> {
        let mut connection = self.database.reader.acquire().await?;
        self.folded_on(&mut connection, tenant, contact).await
    }

    async fn folded_on(
        &self,
        connection: &mut AnyConnection,
        tenant: TenantId,
        contact: ContactId,
    ) -> Result<Contact> {
        let sql = format!("SELECT {COLUMNS} FROM contacts WHERE tenant = $1 AND id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(tenant.to_string())
            .bind(contact.to_string())
            .fetch_optional(connection)
            .await?;
        read_contact(&row.ok_or(NO_CONTACT)?)
    }

    /// Every fact of the contact, oldest first.
    pub async fn timeline(&self, tenant: TenantId, contact: ContactId) -> Result<Vec<Fact>> {
        let rows = sqlx::query(
            "SELECT epoch, sequence, at, contact, agent, kind, body FROM facts \
             WHERE tenant = $1 AND contact = $2 ORDER BY epoch, sequence",
        )
        .bind(tenant.to_string())
        .bind(contact.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        if rows.is_empty() {
            return Err(NO_CONTACT);
        }
        events::read_all(tenant, &rows)
    }

    pub async fn recordings(&self, tenant: TenantId, contact: ContactId) -> Result<Vec<Recording>> {
        let mut connection = self.database.reader.acquire().await?;
        recordings(&mut connection, tenant, contact).await
    }

    /// Contacts that have not ended, oldest first. While a host runs, also the ones it serves.
    pub async fn open(&self, tenant: TenantId) -> Result<Vec<ContactId>> {
        let rows = sqlx::query(
            "SELECT id FROM contacts WHERE tenant = $1 AND ended_at IS NULL ORDER BY id",
        )
        .bind(tenant.to_string())
        .fetch_all(&self.database.writer)
        .await?;
        rows.iter().map(|row| row.parsed("id")).collect()
    }

    /// Contacts with a recording that was never completed, oldest first.
    pub async fn with_unfinished_recordings(&self, tenant: TenantId) -> Result<Vec<ContactId>> {
        let rows = sqlx::query(
            "SELECT DISTINCT contact FROM recordings WHERE tenant = $1 AND length_ms IS NULL \
             ORDER BY contact",
        )
        .bind(tenant.to_string())
        .fetch_all(&self.database.writer)
        .await?;
        rows.iter().map(|row| row.parsed("contact")).collect()
    }
}

const NO_CONTACT: Error = Error::NotFound { what: "contact" };

/// One row more than the page has: it tells whether another page follows.
fn page_query(
    tenant: TenantId,
    filter: &ContactFilter,
    after: Option<ContactCursor>,
    limit: Limit,
) -> Result<(String, Values)> {
    let mut sql = format!("SELECT {COLUMNS} FROM contacts WHERE tenant = $1");
    let mut values = Values::default();
    values.text(tenant)?;
    match filter.state {
        Some(ContactState::Open) => sql.push_str(" AND ended_at IS NULL"),
        Some(ContactState::Ended) => sql.push_str(" AND ended_at IS NOT NULL"),
        None => {}
    }
    if let Some(queue) = filter.queue {
        values.text(queue)?;
        sql.push_str(&format!(
            " AND id IN (SELECT contact FROM contact_queues WHERE tenant = $1 AND queue = ${})",
            values.len()
        ));
    }
    if let Some(agent) = filter.agent {
        values.text(agent)?;
        sql.push_str(&format!(
            " AND id IN (SELECT contact FROM contact_agents WHERE tenant = $1 AND agent = ${})",
            values.len()
        ));
    }
    if let Some(caller) = &filter.caller {
        values.text(contains_pattern(caller))?;
        sql.push_str(&format!(
            " AND lower(caller) LIKE ${} ESCAPE '!'",
            values.len()
        ));
    }
    if let Some(after) = after {
        values.integer(after.started_at.0)?;
        let time = values.len();
        values.text(after.id)?;
        let id = values.len();
        sql.push_str(&format!(
            " AND (started_at < ${time} OR (started_at = ${time} AND id < ${id}))"
        ));
    }
    values.integer(stored(limit.rows() as u64 + 1))?;
    sql.push_str(&format!(
        " ORDER BY started_at DESC, id DESC LIMIT ${}",
        values.len()
    ));
    Ok((sql, values))
}

/// A LIKE pattern for text that contains this one as it is.
fn contains_pattern(part: &str) -> String {
    let mut pattern = String::from("%");
    for character in part.to_lowercase().replace('\0', "\u{FFFD}").chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

async fn with_names(
    connection: &mut AnyConnection,
    tenant: TenantId,
    contacts: Vec<(ContactId, Contact)>,
) -> Result<Vec<ContactRow>> {
    let ids: Vec<ContactId> = contacts.iter().map(|(id, _)| *id).collect();
    let tenant_text = tenant.to_string();
    let select = "SELECT contact, queue_name, entered_at FROM contact_queues";
    let rows = select_in(connection, select, &tenant_text, "contact", &ids).await?;
    let mut queues = ordered(&rows, "entered_at", |row| row.text("queue_name"))?;

    let select = "SELECT contact, agent, connected_at FROM contact_agents";
    let rows = select_in(connection, select, &tenant_text, "contact", &ids).await?;
    let users: Vec<UserId> = rows
        .iter()
        .map(|row| Ok(row.parsed::<AgentId>("agent")?.into()))
        .collect::<Result<_>>()?;
    let names: BTreeMap<UserId, String> = select_in(
        connection,
        "SELECT id, display_name FROM users",
        &tenant_text,
        "id",
        &users,
    )
    .await?
    .iter()
    .map(|row| Ok((row.parsed("id")?, row.text("display_name")?)))
    .collect::<Result<_>>()?;
    let mut agents = ordered(&rows, "connected_at", |row| {
        let agent: AgentId = row.parsed("agent")?;
        let name = names.get(&agent.into()).cloned();
        Ok(name.unwrap_or_else(|| agent.to_string()))
    })?;

    let select = "SELECT contact FROM \
                  (SELECT * FROM recordings WHERE bytes IS NULL OR bytes > 0) AS kept";
    let rows = select_in(connection, select, &tenant_text, "contact", &ids).await?;
    let recorded = rows
        .iter()
        .map(|row| row.parsed("contact"))
        .collect::<Result<std::collections::BTreeSet<ContactId>>>()?;

    Ok(contacts
        .into_iter()
        .map(|(id, contact)| ContactRow {
            id,
            channel: contact.channel,
            caller: Personal::new(contact.caller.into_inner()),
            dialled: contact.dialled,
            flow: contact.flow,
            started_at: contact.started_at,
            answered_at: contact.answered_at,
            ended_at: contact.ended.map(|(at, _)| at),
            end_reason: contact.ended.map(|(_, reason)| reason),
            blame: contact.ended.map(|(_, reason)| reason.blame()),
            queue_names: queues.remove(&id).unwrap_or_default(),
            agent_names: agents.remove(&id).unwrap_or_default(),
            waited_ms: contact.waited_ms,
            talked_ms: contact.talked_ms,
            disposition: contact.disposition,
            has_recording: recorded.contains(&id),
        })
        .collect())
}

/// Values by contact, in the order of a time.
fn ordered(
    rows: &[AnyRow],
    time: &'static str,
    value: impl Fn(&AnyRow) -> Result<String>,
) -> Result<BTreeMap<ContactId, Vec<String>>> {
    let mut timed: BTreeMap<ContactId, Vec<(Timestamp, String)>> = BTreeMap::new();
    for row in rows {
        timed
            .entry(row.parsed("contact")?)
            .or_default()
            .push((row.time(time)?, value(row)?));
    }
    Ok(timed
        .into_iter()
        .map(|(contact, mut values)| {
            values.sort();
            (
                contact,
                values.into_iter().map(|(_, value)| value).collect(),
            )
        })
        .collect())
}

/// Those that are being made or came to a file: one that was begun as the host died did not.
async fn recordings(
    connection: &mut AnyConnection,
    tenant: TenantId,
    contact: ContactId,
) -> Result<Vec<Recording>> {
    sqlx::query(
        "SELECT id, started_at, length_ms, bytes FROM recordings \
         WHERE tenant = $1 AND contact = $2 AND (bytes IS NULL OR bytes > 0) \
         ORDER BY started_at, id",
    )
    .bind(tenant.to_string())
    .bind(contact.to_string())
    .fetch_all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(Recording {
            id: row.parsed("id")?,
            started_at: row.time("started_at")?,
            length_ms: row.optional_millis("length_ms")?,
            bytes: row.optional_millis("bytes")?.map(|count| count.0),
        })
    })
    .collect()
}
