//! What plugins used: by day and version, and by contact and version.

use super::page::{Limit, Page};
use crate::error::{Error, Result};
use crate::rows::{Columns, stored};
use crate::schema::Database;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::plugin::{FaultKind, PluginVersion};
use hotline_vocabulary::time::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What one version of a plugin used within a day for one purpose.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DayUsage {
    /// `2026-11-22`, UTC.
    pub day: Day,
    /// What it decides: `flow`, `policy`, `qa`, `connector`.
    pub plugin_kind: String,
    pub version: PluginVersion,
    /// `name@digest`.
    pub label: String,
    pub purpose: Purpose,
    /// Questions that it was given, well answered or not.
    pub calls: u64,
    /// Questions that came to nothing, also those that it was not given.
    pub faults: BTreeMap<FaultKind, u64>,
    /// Fuel of all calls together: about one unit an instruction.
    pub fuel: u64,
    /// Of the dearest call.
    pub most_fuel: u64,
    /// Time on the worker's thread of all calls together.
    pub took_us: u64,
    /// Of the slowest call.
    pub longest_us: u64,
    /// The largest linear memory of a call.
    pub most_memory_bytes: u64,
}

/// What one version of a plugin used for one contact. Of a decision about several waiting contacts
/// each has an equal share of fuel and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactUsage {
    /// What it decides: `flow`, `policy`, `qa`, `connector`.
    pub plugin_kind: String,
    pub version: PluginVersion,
    /// `name@digest`.
    pub label: String,
    /// Calls that the contact had a part in.
    pub calls: u64,
    /// Questions that came to nothing.
    pub faults: u64,
    pub fuel: u64,
    pub took_us: u64,
    pub most_memory_bytes: u64,
}

/// A day, UTC; as text `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

impl Day {
    /// The day that an instant lies in.
    pub fn of(at: Timestamp) -> Day {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        Day(at.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// So many days before this one; the first that there is when that is none.
    #[must_use]
    pub fn before(self, days: u16) -> Day {
        let span = jiff::Span::new().days(i64::from(days));
        Day(self.0.saturating_sub(span))
    }

    fn begins(self) -> Timestamp {
        let zoned = self.0.to_zoned(jiff::tz::TimeZone::UTC);
        Timestamp(zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = Error;

    fn from_str(text: &str) -> Result<Day> {
        let date = text.parse().map(Day);
        date.map_err(|_| Error::invalid("day", "must be a day like 2026-11-22"))
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(
                utoipa::openapi::KnownFormat::Date,
            )))
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Day {}

/// A place in a tenant's days of usage. Opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageCursor {
    day: Day,
    kind: String,
    name: String,
    component: String,
    artifact: String,
    purpose: String,
}

impl fmt::Display for UsageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, kind, name) = (self.day, &self.kind, &self.name);
        write!(
            f,
            "{day}~{kind}~{name}~{}~{}~{}",
            self.component, self.artifact, self.purpose
        )
    }
}

impl FromStr for UsageCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<UsageCursor> {
        let parts: Vec<&str> = text.split('~').collect();
        let [day, kind, name, component, artifact, purpose] = parts[..] else {
            return Err(Error::invalid(
                "cursor",
                "must be the next_cursor of an earlier answer",
            ));
        };
        Ok(UsageCursor {
            day: day.parse()?,
            kind: kind.to_owned(),
            name: name.to_owned(),
            component: component.to_owned(),
            artifact: artifact.to_owned(),
            purpose: purpose.to_owned(),
        })
    }
}

/// Rows that one version can have in a day for one purpose: one for each kind of fault, and one for
/// good answers.
const OUTCOMES: usize = 16;
/// Versions of plugins that are shown of one contact.
const OF_A_CONTACT: i64 = 500;

#[derive(Debug, Clone)]
pub struct UsageRepository {
    database: Database,
}

impl UsageRepository {
    pub(super) fn new(database: Database) -> Self {
        UsageRepository { database }
    }

    /// From the first to the last of `days`, the newest day first; within a day by kind, name and
    /// purpose.
    pub async fn days(
        &self,
        tenant: TenantId,
        (first, last): (Day, Day),
        after: Option<&UsageCursor>,
        limit: Limit,
    ) -> Result<Page<DayUsage, UsageCursor>> {
        // Rows of one version, purpose and day stand together, and are folded into one.
        let sql = "SELECT day, kind, name, component, artifact, purpose, outcome, questions, calls, fuel, \
             took_us, most_fuel, most_took_us, most_memory_bytes FROM plugin_usage \
             WHERE tenant = $1 AND day >= $2 AND day <= $3 \
             AND (day < $4 OR (day = $4 AND (kind, name, component, artifact, purpose) > ($5, $6, $7, $8, $9))) \
             ORDER BY day DESC, kind, name, component, artifact, purpose LIMIT $10";
        let most = (limit.rows() + 1) * OUTCOMES;
        let text = |part: fn(&UsageCursor) -> &String| after.map(part).cloned().unwrap_or_default();
        // Without a cursor: a day after the last one.
        let from = after.map_or(i64::MAX, |cursor| cursor.day.begins().0);
        let rows = sqlx::query(sql)
            .bind(tenant.to_string())
            .bind(first.begins().0)
            .bind(last.begins().0)
            .bind(from)
            .bind(text(|cursor| &cursor.kind))
            .bind(text(|cursor| &cursor.name))
            .bind(text(|cursor| &cursor.component))
            .bind(text(|cursor| &cursor.artifact))
            .bind(text(|cursor| &cursor.purpose))
            .bind(stored(most as u64))
            .fetch_all(&self.database.reader)
            .await?;
        let mut items: Vec<DayUsage> = Vec::new();
        for row in &rows {
            let (kind, version) = plugin(row)?;
            let (day, purpose) = (Day::of(row.time("day")?), row.word("purpose")?);
            let is_same = |item: &DayUsage| {
                item.day == day
                    && item.plugin_kind == kind
                    && item.version == version
                    && item.purpose == purpose
            };
            if !items.last().is_some_and(is_same) {
                items.push(DayUsage::nothing(day, kind, version, purpose));
            }
            if let Some(item) = items.last_mut() {
                item.take_in(row)?;
            }
        }
        let next = (items.len() > limit.rows()).then(|| {
            items.truncate(limit.rows());
            items.last().map(UsageCursor::behind)
        });
        Ok(Page {
            items,
            next: next.flatten(),
        })
    }

    /// By kind and name, the first 500; empty for a contact that no plugin was asked about.
    pub async fn of_contact(
        &self,
        tenant: TenantId,
        contact: ContactId,
    ) -> Result<Vec<ContactUsage>> {
        let sql = "SELECT kind, name, component, artifact, calls, faults, fuel, took_us, \
             most_memory_bytes FROM contact_usage WHERE tenant = $1 AND contact = $2 \
             ORDER BY kind, name, component, artifact LIMIT $3";
        let rows = sqlx::query(sql)
            .bind(tenant.to_string())
            .bind(contact.to_string())
            .bind(OF_A_CONTACT)
            .fetch_all(&self.database.reader)
            .await?;
        let read = |row: &AnyRow| {
            let (plugin_kind, version) = plugin(row)?;
            Ok(ContactUsage {
                plugin_kind,
                label: version.label(),
                version,
                calls: row.count("calls")?,
                faults: row.count("faults")?,
                fuel: row.count("fuel")?,
                took_us: row.count("took_us")?,
                most_memory_bytes: row.count("most_memory_bytes")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

impl DayUsage {
    fn nothing(
        day: Day,
        plugin_kind: String,
        version: PluginVersion,
        purpose: Purpose,
    ) -> DayUsage {
        DayUsage {
            day,
            plugin_kind,
            label: version.label(),
            version,
            purpose,
            calls: 0,
            faults: BTreeMap::new(),
            fuel: 0,
            most_fuel: 0,
            took_us: 0,
            longest_us: 0,
            most_memory_bytes: 0,
        }
    }

    /// The row of one outcome.
    fn take_in(&mut self, row: &AnyRow) -> Result<()> {
        if !row.text("outcome")?.is_empty() {
            let fault = row.word("outcome")?;
            self.faults.insert(fault, row.count("questions")?);
        }
        self.calls += row.count("calls")?;
        self.fuel += row.count("fuel")?;
        self.took_us += row.count("took_us")?;
        self.most_fuel = self.most_fuel.max(row.count("most_fuel")?);
        self.longest_us = self.longest_us.max(row.count("most_took_us")?);
        self.most_memory_bytes = self.most_memory_bytes.max(row.count("most_memory_bytes")?);
        Ok(())
    }
}

impl UsageCursor {
    fn behind(item: &DayUsage) -> UsageCursor {
        let version = &item.version;
        let artifact = version.artifact.map(|artifact| artifact.to_string());
        UsageCursor {
            day: item.day,
            kind: item.plugin_kind.clone(),
            name: version.name.clone(),
            component: version.component.to_string(),
            artifact: artifact.unwrap_or_default(),
            purpose: item.purpose.as_str().to_owned(),
        }
    }
}

fn plugin(row: &AnyRow) -> Result<(String, PluginVersion)> {
    let artifact = row.text("artifact")?;
    let artifact = (!artifact.is_empty()).then(|| artifact.parse()).transpose();
    let version = PluginVersion {
        name: row.text("name")?,
        component: row.parsed("component")?,
        artifact: artifact.map_err(|error| Error::corrupt("artifact", error))?,
    };
    Ok((row.text("kind")?, version))
}
