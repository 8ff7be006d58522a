//! The rows beside the contacts' own: one statement a table and batch, not one a row.

use super::contact::Beside;
use crate::error::Result;
use crate::rows::{self, insert, stored};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, QueueId, RecordingId, TenantId};
use hotline_vocabulary::media::MediaStatistics;
use hotline_vocabulary::time::{Millis, Timestamp};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

type Key = (ContactId, TenantId);

struct Finished {
    at: Timestamp,
    length_ms: Millis,
    bytes: u64,
}

/// Rows by their primary keys: a statement may not change a row twice in PostgreSQL.
#[derive(Default)]
struct Tables<'a> {
    queues: BTreeMap<(Key, QueueId), (&'a str, Timestamp)>,
    agents: BTreeMap<(Key, AgentId), Timestamp>,
    started: BTreeMap<(Key, RecordingId), Timestamp>,
    finished: BTreeMap<(Key, RecordingId), Finished>,
    legs: BTreeMap<(Key, LegId), (Timestamp, &'a MediaStatistics)>,
}

impl<'a> Tables<'a> {
    /// Of rows that are never changed the first counts, of the others the last.
    fn of(besides: &'a [(Key, Beside)]) -> Self {
        let mut tables = Tables::default();
        for (key, beside) in besides {
            let key = *key;
            match beside {
                Beside::Queue {
                    queue,
                    name,
                    entered_at,
                } => {
                    let row = (name.as_str(), *entered_at);
                    tables.queues.entry((key, *queue)).or_insert(row);
                }
                Beside::Agent {
                    agent,
                    connected_at,
                } => {
                    tables.agents.entry((key, *agent)).or_insert(*connected_at);
                }
                Beside::RecordingStarted {
                    recording,
                    started_at,
                } => {
                    let row = tables.started.entry((key, *recording));
                    row.or_insert(*started_at);
                }
                Beside::RecordingFinished {
                    recording,
                    finished_at,
                    length_ms,
                    bytes,
                } => {
                    let row = Finished {
                        at: *finished_at,
                        length_ms: *length_ms,
                        bytes: *bytes,
                    };
                    tables.finished.insert((key, *recording), row);
                }
                Beside::Leg {
                    leg,
                    measured_at,
                    statistics,
                } => {
                    tables.legs.insert((key, *leg), (*measured_at, statistics));
                }
            }
        }
        tables
    }
}

pub(super) async fn store(connection: &mut AnyConnection, besides: &[(Key, Beside)]) -> Result<()> {
    let tables = Tables::of(besides);
    insert(
        connection,
        "contact_queues (tenant, contact, queue, queue_name, entered_at)",
        5,
        "ON CONFLICT DO NOTHING",
        &Vec::from_iter(tables.queues),
        |values, (((contact, tenant), queue), (name, entered_at))| {
            values.text(tenant)?;
            values.text(contact)?;
            values.text(queue)?;
            values.text(name)?;
            values.integer(entered_at.0)
        },
    )
    .await?;
    insert(
        connection,
        "contact_agents (tenant, contact, agent, connected_at)",
        4,
        "ON CONFLICT DO NOTHING",
        &Vec::from_iter(tables.agents),
        |values, (((contact, tenant), agent), connected_at)| {
            values.text(tenant)?;
            values.text(contact)?;
            values.text(agent)?;
            values.integer(connected_at.0)
        },
    )
    .await?;
    // Before those that finished: one may do both within a batch.
    insert(
        connection,
        "recordings (tenant, contact, id, started_at)",
        4,
        "ON CONFLICT DO NOTHING",
        &Vec::from_iter(tables.started),
        |values, (((contact, tenant), recording), started_at)| {
            values.text(tenant)?;
            values.text(contact)?;
            values.text(recording)?;
            values.integer(started_at.0)
        },
    )
    .await?;
    insert(
        connection,
        "recordings (tenant, contact, id, started_at, length_ms, bytes)",
        6,
        "ON CONFLICT (tenant, contact, id) \
         DO UPDATE SET length_ms = excluded.length_ms, bytes = excluded.bytes",
        &Vec::from_iter(tables.finished),
        |values, (((contact, tenant), recording), finished)| {
            values.text(tenant)?;
            values.text(contact)?;
            values.text(recording)?;
            values.integer(finished.at.0 - stored(finished.length_ms.0))?;
            values.integer(stored(finished.length_ms.0))?;
            values.integer(stored(finished.bytes))
        },
    )
    .await?;
    insert(
        connection,
        "leg_statistics (tenant, contact, leg, measured_at, statistics)",
        5,
        "ON CONFLICT (tenant, contact, leg) DO UPDATE SET statistics = excluded.statistics",
        &Vec::from_iter(tables.legs),
        |values, (((contact, tenant), leg), (measured_at, statistics))| {
            values.text(tenant)?;
            values.text(contact)?;
            values.text(leg)?;
            values.integer(measured_at.0)?;
            values.text(rows::json(*statistics)?)
        },
    )
    .await?;
    Ok(())
}
