//! One batch of the journal, one transaction.

use super::besides;
use super::contact::{self, Contact};
use crate::error::{Error, Result};
use crate::journal::{Batch, Position, RawFact};
use crate::repositories::connectors;
use crate::rows::{self, Columns, insert, select_in, stored};
use crate::schema::Database;
use hotline_vocabulary::Personal;
use hotline_vocabulary::end_reason::Blame;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{ContactId, TenantId};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor};
use std::collections::{BTreeMap, BTreeSet};

/// Contacts whose rows are remembered between batches: about a kilobyte each.
const REMEMBERED: usize = 1_024;

/// By age first, so that the oldest is the first to be forgotten.
type Key = (ContactId, TenantId);

/// What SQL holds of the latest contacts, so that each batch need not read it again: nobody but the
/// projector writes these rows.
#[derive(Debug, Default)]
pub(super) struct Remembered(BTreeMap<Key, Contact>);

impl Remembered {
    /// First those that have ended, of which little more is heard.
    fn forget_some(&mut self) {
        if self.0.len() > REMEMBERED {
            self.0.retain(|_, contact| contact.ended.is_none());
        }
        while self.0.len() > REMEMBERED {
            self.0.pop_first();
        }
    }
}

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
pub(super) async fn bring(
    database: &Database,
    identity: &str,
    batch: &Batch,
    remembered: &mut Remembered,
) -> Result<()> {
    let brought = bring_all(database, identity, batch, remembered).await;
    match brought {
        Ok(()) => remembered.forget_some(),
        // What was rolled back is in memory already.
        Err(_) => remembered.0.clear(),
    }
    brought
}

async fn bring_all(
    database: &Database,
    identity: &str,
    batch: &Batch,
    remembered: &mut Remembered,
) -> Result<()> {
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
    project_contacts(&mut transaction, &entries, &mut remembered.0).await?;
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

async fn project_contacts(
    connection: &mut AnyConnection,
    entries: &[Entry<'_>],
    contacts: &mut BTreeMap<Key, Contact>,
) -> Result<()> {
    let mut changes = Vec::new();
    for entry in entries {
        let Some(contact) = entry.fact.contact else {
            continue;
        };
        if !contact::changes_contact(entry.kind) {
            continue;
        }
        match entry.fact.parse_what() {
            Ok(what) => changes.push(((contact, entry.fact.tenant), &entry.fact, what)),
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

    let unknown: BTreeSet<Key> = changes
        .iter()
        .map(|(key, ..)| *key)
        .filter(|key| !contacts.contains_key(key))
        .collect();
    load(connection, &unknown, contacts).await?;
    let mut changed = BTreeSet::new();
    let (mut besides, mut ended) = (Vec::new(), Vec::new());
    for (key, fact, what) in &changes {
        if let Some(contact) = contacts.get_mut(key) {
            if contact.apply(fact.at, what) {
                changed.insert(*key);
            }
        } else if let Some(contact) = Contact::begun_by(fact.at, what) {
            contacts.insert(*key, contact);
            changed.insert(*key);
        } else {
            tracing::error!(
                tenant = %key.1,
                contact = %key.0,
                "a fact belongs to a contact that never started"
            );
            continue;
        }
        if let Some(beside) = contact::beside(fact.at, fact.agent, what) {
            besides.push((*key, beside));
        }
        if matches!(what, What::ContactEnded { .. }) {
            ended.push((key.1, key.0, fact.at));
        }
    }
    let rows: Vec<(Key, &Contact)> = changed
        .into_iter()
        .filter_map(|key| Some((key, contacts.get(&key)?)))
        .collect();
    store(connection, &rows).await?;
    besides::store(connection, &besides).await?;
    connectors::after_contacts(connection, &ended).await
}

async fn load(
    connection: &mut AnyConnection,
    keys: &BTreeSet<Key>,
    contacts: &mut BTreeMap<Key, Contact>,
) -> Result<()> {
    let mut by_tenant: BTreeMap<TenantId, Vec<ContactId>> = BTreeMap::new();
    for (contact, tenant) in keys {
        by_tenant.entry(*tenant).or_default().push(*contact);
    }
    for (tenant, ids) in by_tenant {
        let select = "SELECT id, channel, caller, dialled, flow, started_at, answered_at, \
                      ended_at, end_reason, waited_ms, talked_ms, disposition, attributes, \
                      flow_versions FROM contacts";
        for row in select_in(connection, select, &tenant.to_string(), "id", &ids).await? {
            contacts.insert((row.parsed("id")?, tenant), read(&row)?);
        }
    }
    Ok(())
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

async fn store(connection: &mut AnyConnection, rows: &[(Key, &Contact)]) -> Result<()> {
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
        rows,
        |values, ((id, tenant), contact)| {
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
            values.optional_text(blame.map(blame_word))?;
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

const fn blame_word(blame: Blame) -> &'static str {
    match blame {
        Blame::Caller => "caller",
        Blame::Agent => "agent",
        Blame::Us => "us",
        Blame::Carrier => "carrier",
        Blame::Nobody => "nobody",
    }
}
