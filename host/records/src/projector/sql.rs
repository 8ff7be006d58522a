//! One batch of the journal, one transaction.

use super::contact::{self, Beside, Contact};
use crate::error::{Error, Result};
use crate::journal::{Batch, Position, RawFact};
use crate::rows::{self, Columns, insert, select_in, stored};
use crate::schema::Database;
use hotline_vocabulary::Personal;
use hotline_vocabulary::ids::{ContactId, TenantId};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor};
use std::collections::{BTreeMap, BTreeSet};

/// How far the journal with this identity is in SQL.
pub(super) async fn position(database: &Database, identity: &str) -> Result<Option<Position>> {
    let row = sqlx::query("SELECT segment, place FROM journals WHERE identity = $1")
        .bind(identity.to_owned())
        .fetch_optional(&database.writer)
        .await?;
    row.map(|row| {
        Ok(Position {
            segment: row.count("segment")?,
            offset: row.count("place")?,
        })
    })
    .transpose()
}

/// A fact with its two columns taken apart.
struct Entry<'a> {
    fact: RawFact<'a>,
    kind: &'a str,
    body: Option<&'a str>,
}

/// Brings a batch: facts, projections and the position behind them, all or nothing.
pub(super) async fn bring(database: &Database, identity: &str, batch: &Batch) -> Result<()> {
    let mut entries: Vec<Entry<'_>> = batch
        .facts()
        .map(|fact| {
            let (kind, body) = fact
                .kind_and_body()
                .ok_or_else(|| Error::corrupt("fact", "its JSON does not begin with its kind"))?;
            Ok(Entry { fact, kind, body })
        })
        .collect::<Result<_>>()?;

    let mut transaction = database.begin().await?;
    let written = insert_facts(&mut transaction, &entries).await?;
    if written != entries.len() as u64 {
        // Some are there already, from a journal whose position was lost: leave those out.
        transaction.rollback().await?;
        transaction = database.begin().await?;
        let mut fresh = Vec::new();
        for entry in entries {
            if !is_known(&mut transaction, &entry.fact).await? {
                fresh.push(entry);
            }
        }
        entries = fresh;
        insert_facts(&mut transaction, &entries).await?;
    }
    project_contacts(&mut transaction, &entries).await?;
    sqlx::query(
        "INSERT INTO journals (identity, segment, place) VALUES ($1, $2, $3) \
         ON CONFLICT (identity) DO UPDATE SET segment = excluded.segment, place = excluded.place",
    )
    .bind(identity.to_owned())
    .bind(stored(batch.end.segment))
    .bind(stored(batch.end.offset))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn insert_facts(connection: &mut AnyConnection, entries: &[Entry<'_>]) -> Result<u64> {
    insert(
        connection,
        "facts (tenant, epoch, sequence, at, contact, agent, kind, body)",
        8,
        "ON CONFLICT DO NOTHING",
        entries,
        |values, entry| {
            values.text(entry.fact.tenant)?;
            values.integer(i64::from(entry.fact.epoch.0))?;
            values.integer(stored(entry.fact.sequence.0))?;
            values.integer(entry.fact.at.0)?;
            values.optional_text(entry.fact.contact)?;
            values.optional_text(entry.fact.agent)?;
            values.text(entry.kind)?;
            values.optional_text(entry.body)
        },
    )
    .await
}

async fn is_known(connection: &mut AnyConnection, fact: &RawFact<'_>) -> Result<bool> {
    let query =
        sqlx::query("SELECT epoch FROM facts WHERE tenant = $1 AND epoch = $2 AND sequence = $3")
            .bind(fact.tenant.to_string())
            .bind(i64::from(fact.epoch.0))
            .bind(stored(fact.sequence.0));
    Ok(connection.fetch_optional(query).await?.is_some())
}

type Key = (TenantId, ContactId);

async fn project_contacts(connection: &mut AnyConnection, entries: &[Entry<'_>]) -> Result<()> {
    let mut changes = Vec::new();
    for entry in entries {
        let Some(contact) = entry.fact.contact else {
            continue;
        };
        if !contact::changes_contact(entry.kind) {
            continue;
        }
        match entry.fact.parse_what() {
            Ok(what) => changes.push(((entry.fact.tenant, contact), &entry.fact, what)),
            // It stays in the history as it is.
            Err(error) => tracing::error!(
                tenant = %entry.fact.tenant,
                epoch = entry.fact.epoch.0,
                sequence = entry.fact.sequence.0,
                %error,
                "a fact can not be read and is left out of its contact's row"
            ),
        }
    }
    if changes.is_empty() {
        return Ok(());
    }

    let keys: BTreeSet<Key> = changes.iter().map(|(key, ..)| *key).collect();
    let mut contacts = load(connection, &keys).await?;
    let mut besides = Vec::new();
    for (key, fact, what) in &changes {
        if let Some(contact) = contacts.get_mut(key) {
            contact.apply(fact.at, what);
        } else if let Some(contact) = Contact::begun_by(fact.at, what) {
            contacts.insert(*key, contact);
        } else {
            tracing::error!(
                tenant = %key.0,
                contact = %key.1,
                "a fact belongs to a contact that never started"
            );
            continue;
        }
        if let Some(beside) = contact::beside(fact.at, fact.agent, what) {
            besides.push((*key, beside));
        }
    }
    store(connection, &contacts).await?;
    store_besides(connection, &besides).await
}

async fn load(
    connection: &mut AnyConnection,
    keys: &BTreeSet<Key>,
) -> Result<BTreeMap<Key, Contact>> {
    let mut by_tenant: BTreeMap<TenantId, Vec<ContactId>> = BTreeMap::new();
    for (tenant, contact) in keys {
        by_tenant.entry(*tenant).or_default().push(*contact);
    }
    let mut contacts = BTreeMap::new();
    for (tenant, ids) in by_tenant {
        let select = "SELECT id, channel, caller, dialled, flow, started_at, answered_at, \
                      ended_at, end_reason, waited_ms, talked_ms, disposition, attributes, \
                      flow_versions FROM contacts";
        for row in select_in(connection, select, &tenant.to_string(), "id", &ids).await? {
            contacts.insert((tenant, row.parsed("id")?), read(&row)?);
        }
    }
    Ok(contacts)
}

/// A contact's own row, as [`Contact::recount`] would give it.
pub(crate) fn read(row: &AnyRow) -> Result<Contact> {
    let ended_at = row.optional_time("ended_at")?;
    Ok(Contact {
        channel: row.word("channel")?,
        caller: Personal::new(row.text("caller")?),
        dialled: row.text("dialled")?,
        flow: row.text("flow")?,
        started_at: row.time("started_at")?,
        answered_at: row.optional_time("answered_at")?,
        ended: ended_at.zip(row.optional_word("end_reason")?),
        waited_ms: row.millis("waited_ms")?,
        talked_ms: row.millis("talked_ms")?,
        disposition: row.optional_text("disposition")?,
        attributes: row.json("attributes")?,
        flow_versions: row.json("flow_versions")?,
    })
}

async fn store(connection: &mut AnyConnection, contacts: &BTreeMap<Key, Contact>) -> Result<()> {
    let rows: Vec<(&Key, &Contact)> = contacts.iter().collect();
    insert(
        connection,
        "contacts (tenant, id, channel, caller, dialled, flow, started_at, answered_at, ended_at, \
         end_reason, blame, waited_ms, talked_ms, disposition, attributes, flow_versions)",
        16,
        "ON CONFLICT (tenant, id) DO UPDATE SET answered_at = excluded.answered_at, \
         ended_at = excluded.ended_at, end_reason = excluded.end_reason, blame = excluded.blame, \
         waited_ms = excluded.waited_ms, talked_ms = excluded.talked_ms, \
         disposition = excluded.disposition, attributes = excluded.attributes, \
         flow_versions = excluded.flow_versions",
        &rows,
        |values, ((tenant, id), contact)| {
            values.text(tenant)?;
            values.text(id)?;
            values.text(contact.channel.as_str())?;
            values.text(contact.caller.reveal())?;
            values.text(&contact.dialled)?;
            values.text(&contact.flow)?;
            values.integer(contact.started_at.0)?;
            values.optional_integer(contact.answered_at.map(|at| at.0))?;
            values.optional_integer(contact.ended.map(|(at, _)| at.0))?;
            values.optional_text(contact.ended.map(|(_, reason)| reason.as_str()))?;
            let blame = contact.ended.map(|(_, reason)| reason.blame());
            values.optional_text(blame.map(crate::repositories::contacts::blame_word))?;
            values.integer(stored(contact.waited_ms.0))?;
            values.integer(stored(contact.talked_ms.0))?;
            values.optional_text(contact.disposition.as_ref())?;
            values.text(rows::json(&contact.attributes)?)?;
            values.text(rows::json(&contact.flow_versions)?)
        },
    )
    .await?;
    Ok(())
}

async fn store_besides(connection: &mut AnyConnection, besides: &[(Key, Beside)]) -> Result<()> {
    for ((tenant, contact), beside) in besides {
        let (tenant, contact) = (tenant.to_string(), contact.to_string());
        let query = match beside {
            Beside::Queue {
                queue,
                name,
                entered_at,
            } => sqlx::query(
                "INSERT INTO contact_queues (tenant, contact, queue, queue_name, entered_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            )
            .bind(tenant)
            .bind(contact)
            .bind(queue.to_string())
            .bind(name.clone())
            .bind(entered_at.0),
            Beside::Agent {
                agent,
                connected_at,
            } => sqlx::query(
                "INSERT INTO contact_agents (tenant, contact, agent, connected_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(tenant)
            .bind(contact)
            .bind(agent.to_string())
            .bind(connected_at.0),
            Beside::RecordingStarted {
                recording,
                started_at,
            } => sqlx::query(
                "INSERT INTO recordings (tenant, contact, id, started_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(tenant)
            .bind(contact)
            .bind(recording.to_string())
            .bind(started_at.0),
            Beside::RecordingFinished {
                recording,
                finished_at,
                length_ms,
                bytes,
            } => sqlx::query(
                "INSERT INTO recordings (tenant, contact, id, started_at, length_ms, bytes) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, contact, id) \
                 DO UPDATE SET length_ms = excluded.length_ms, bytes = excluded.bytes",
            )
            .bind(tenant)
            .bind(contact)
            .bind(recording.to_string())
            .bind(finished_at.0 - stored(length_ms.0))
            .bind(stored(length_ms.0))
            .bind(stored(*bytes)),
            Beside::Leg {
                leg,
                measured_at,
                statistics,
            } => sqlx::query(
                "INSERT INTO leg_statistics (tenant, contact, leg, measured_at, statistics) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, contact, leg) \
                 DO UPDATE SET statistics = excluded.statistics",
            )
            .bind(tenant)
            .bind(contact)
            .bind(leg.to_string())
            .bind(measured_at.0)
            .bind(rows::json(statistics)?),
        };
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
