//! Charges, added up: a row for each version of a plugin, day, purpose and outcome, and one for each
//! contact and version. Rows only grow, so several nodes may add to them.

use crate::error::Result;
use crate::rows::{Columns, Values, insert, stored};
use crate::schema::Database;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::metering::{Charge, Purpose};
use hotline_vocabulary::plugin::{FaultKind, PluginVersion};
use hotline_vocabulary::time::Timestamp;
use std::collections::HashMap;

const DAY_MS: i64 = 86_400_000;

/// The beginning of the day (UTC) that an instant lies in.
fn day_of(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(DAY_MS))
}

/// Which plugin, of whom.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Plugin<'a> {
    tenant: TenantId,
    kind: &'a str,
    version: &'a PluginVersion,
}

/// What a question was for, and how it failed if it did.
type Outcome = (Purpose, Option<FaultKind>);

#[derive(Debug, Default)]
struct Used {
    questions: u64,
    /// Questions that it was given.
    calls: u64,
    fuel: u64,
    took_us: u64,
    most_fuel: u64,
    most_took_us: u64,
    most_memory_bytes: u64,
}

impl Used {
    fn add(&mut self, charge: &Charge, fuel: u64, took_us: u64) {
        self.questions += 1;
        self.calls += u64::from(charge.was_run());
        self.fuel += fuel;
        self.took_us += took_us;
        self.most_fuel = self.most_fuel.max(charge.usage.fuel);
        self.most_took_us = self.most_took_us.max(charge.usage.took_us);
        self.most_memory_bytes = self.most_memory_bytes.max(charge.usage.memory_bytes);
    }
}

/// The charges of some lines. One that can not be read is left out, and said.
pub(super) fn parse(file: &str, place: u64, lines: &[u8]) -> Vec<Charge> {
    let lines = lines.split(|byte| *byte == b'\n');
    let mut unreadable = 0_u64;
    let charges = lines
        .filter(|line| !line.is_empty())
        .filter_map(|line| {
            let charge = serde_json::from_slice(line);
            charge.inspect_err(|_| unreadable += 1).ok()
        })
        .collect();
    if unreadable > 0 {
        tracing::error!(
            file,
            place,
            unreadable,
            "charges can not be read and are left out"
        );
    }
    charges
}

/// How far a file of the ledger is in SQL, in bytes.
pub(super) async fn place(database: &Database, file: &str) -> Result<u64> {
    let row = sqlx::query("SELECT place FROM usage_ledgers WHERE identity = $1")
        .bind(file.to_owned())
        .fetch_optional(&database.writer)
        .await?;
    row.map_or(Ok(0), |row| row.count("place"))
}

/// Nothing more comes from this file.
pub(super) async fn forget(database: &Database, file: &str) -> Result<()> {
    sqlx::query("DELETE FROM usage_ledgers WHERE identity = $1")
        .bind(file.to_owned())
        .execute(&database.writer)
        .await?;
    Ok(())
}

/// Adds charges, and notes how far their file is in SQL then: all or nothing.
pub(super) async fn add(
    database: &Database,
    charges: &[Charge],
    (file, place): (&str, u64),
) -> Result<()> {
    let mut days: HashMap<(Plugin<'_>, Timestamp, Outcome), Used> = HashMap::new();
    let mut contacts: HashMap<(Plugin<'_>, ContactId), (Used, u64)> = HashMap::new();
    for charge in charges {
        let plugin = || Plugin {
            tenant: charge.tenant,
            kind: &charge.kind,
            version: &charge.version,
        };
        let (fuel, took_us) = (charge.usage.fuel, charge.usage.took_us);
        let day = days.entry((plugin(), day_of(charge.at), (charge.purpose, charge.fault)));
        day.or_default().add(charge, fuel, took_us);
        for (place, contact) in charge.contacts.iter().enumerate() {
            let (used, faults) = contacts.entry((plugin(), *contact)).or_default();
            *faults += u64::from(charge.fault.is_some());
            let (fuel, took_us) = (charge.share(fuel, place), charge.share(took_us, place));
            used.add(charge, fuel, took_us);
        }
    }

    let mut transaction = database.begin().await?;
    insert(
        &mut transaction,
        "plugin_usage (tenant, day, kind, name, component, artifact, purpose, outcome, questions, \
         calls, fuel, took_us, most_fuel, most_took_us, most_memory_bytes)",
        15,
        "ON CONFLICT (tenant, day, kind, name, component, artifact, purpose, outcome) DO UPDATE SET \
         questions = plugin_usage.questions + excluded.questions, \
         calls = plugin_usage.calls + excluded.calls, \
         fuel = plugin_usage.fuel + excluded.fuel, \
         took_us = plugin_usage.took_us + excluded.took_us, \
         most_fuel = CASE WHEN excluded.most_fuel > plugin_usage.most_fuel \
             THEN excluded.most_fuel ELSE plugin_usage.most_fuel END, \
         most_took_us = CASE WHEN excluded.most_took_us > plugin_usage.most_took_us \
             THEN excluded.most_took_us ELSE plugin_usage.most_took_us END, \
         most_memory_bytes = \
             CASE WHEN excluded.most_memory_bytes > plugin_usage.most_memory_bytes \
             THEN excluded.most_memory_bytes ELSE plugin_usage.most_memory_bytes END",
        &Vec::from_iter(days),
        |values, ((plugin, day, (purpose, fault)), used)| {
            values.text(plugin.tenant)?;
            values.integer(day.0)?;
            named(values, plugin)?;
            values.text(purpose.as_str())?;
            values.text(fault.map_or("", FaultKind::as_str))?;
            values.integer(stored(used.questions))?;
            values.integer(stored(used.calls))?;
            values.integer(stored(used.fuel))?;
            values.integer(stored(used.took_us))?;
            values.integer(stored(used.most_fuel))?;
            values.integer(stored(used.most_took_us))?;
            values.integer(stored(used.most_memory_bytes))
        },
    )
    .await?;
    insert(
        &mut transaction,
        "contact_usage (tenant, contact, kind, name, component, artifact, questions, calls, \
         faults, fuel, took_us, most_memory_bytes)",
        12,
        "ON CONFLICT (tenant, contact, kind, name, component, artifact) DO UPDATE SET \
         questions = contact_usage.questions + excluded.questions, \
         calls = contact_usage.calls + excluded.calls, \
         faults = contact_usage.faults + excluded.faults, \
         fuel = contact_usage.fuel + excluded.fuel, \
         took_us = contact_usage.took_us + excluded.took_us, \
         most_memory_bytes = \
             CASE WHEN excluded.most_memory_bytes > contact_usage.most_memory_bytes \
             THEN excluded.most_memory_bytes ELSE contact_usage.most_memory_bytes END",
        &Vec::from_iter(contacts),
        |values, ((plugin, contact), (used, faults))| {
            values.text(plugin.tenant)?;
            values.text(contact)?;
            named(values, plugin)?;
            values.integer(stored(used.questions))?;
            values.integer(stored(used.calls))?;
            values.integer(stored(*faults))?;
            values.integer(stored(used.fuel))?;
            values.integer(stored(used.took_us))?;
            values.integer(stored(used.most_memory_bytes))
        },
    )
    .await?;
    sqlx::query(
        "INSERT INTO usage_ledgers (identity, place) VALUES ($1, $2) \
         ON CONFLICT (identity) DO UPDATE SET place = excluded.place",
    )
    .bind(file.to_owned())
    .bind(stored(place))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// The columns that say which plugin.
fn named(values: &mut Values, plugin: &Plugin<'_>) -> Result<()> {
    values.text(plugin.kind)?;
    values.text(&plugin.version.name)?;
    values.text(plugin.version.component)?;
    // Empty, not NULL: it is part of the key.
    values.text(
        plugin
            .version
            .artifact
            .map_or_else(String::new, |artifact| artifact.to_string()),
    )
}
