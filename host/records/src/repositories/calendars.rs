//! Business hours and holidays, by name.

use super::{queues, validate};
use crate::error::{Error, Result};
use crate::rows::{Columns, json};
use crate::schema::Database;
use hotline_vocabulary::configuration::{Calendar, DayHours, Exception, Hours};
use hotline_vocabulary::ids::TenantId;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;

/// What a calendar is set to: [`Calendar`] without its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CalendarDraft {
    /// IANA time zone (`Europe/Berlin`, `Asia/Shanghai`).
    pub time_zone: String,
    /// Each day of the week at most once; a day that is not named is closed.
    #[serde(default)]
    pub weekly: Vec<DayHours>,
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

#[derive(Debug, Clone)]
pub struct Calendars {
    database: Database,
}

const NO_CALENDAR: Error = Error::NotFound { what: "calendar" };
/// Holidays and the like in one calendar.
const EXCEPTIONS: usize = 500;
/// Openings of one day.
const OPENINGS: usize = 8;

impl Calendars {
    pub(super) fn new(database: Database) -> Self {
        Calendars { database }
    }

    /// By name.
    pub async fn all(&self, tenant: TenantId) -> Result<Vec<Calendar>> {
        let rows = sqlx::query("SELECT name, body FROM calendars WHERE tenant = $1 ORDER BY name")
            .bind(tenant.to_string())
            .fetch_all(&self.database.reader)
            .await?;
        rows.iter().map(read).collect()
    }

    pub async fn get(&self, tenant: TenantId, name: &str) -> Result<Calendar> {
        let row = sqlx::query("SELECT name, body FROM calendars WHERE tenant = $1 AND name = $2")
            .bind(tenant.to_string())
            .bind(name.to_owned())
            .fetch_optional(&self.database.reader)
            .await?;
        read(&row.ok_or(NO_CALENDAR)?)
    }

    /// Makes the calendar or changes it.
    pub async fn put(
        &self,
        tenant: TenantId,
        name: &str,
        draft: CalendarDraft,
    ) -> Result<Calendar> {
        validate::title("name", name)?;
        let draft = checked(draft)?;
        sqlx::query(
            "INSERT INTO calendars (tenant, name, body) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant, name) DO UPDATE SET body = excluded.body",
        )
        .bind(tenant.to_string())
        .bind(name.to_owned())
        .bind(json(&draft)?)
        .execute(&self.database.writer)
        .await?;
        Ok(named(name.to_owned(), draft))
    }

    /// `InUse` names the queues that keep these hours.
    pub async fn delete(&self, tenant: TenantId, name: &str) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        if !hold(&mut transaction, tenant, name).await? {
            return Err(NO_CALENDAR);
        }
        let by = queues::names_where(&mut transaction, tenant, |queue| {
            queue.rules.hours.as_deref() == Some(name)
        })
        .await?;
        if !by.is_empty() {
            let what = "calendar";
            return Err(Error::InUse { what, by });
        }
        sqlx::query("DELETE FROM calendars WHERE tenant = $1 AND name = $2")
            .bind(tenant.to_string())
            .bind(name.to_owned())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Whether the tenant has the calendar, which then stays until the transaction is over: a queue
/// can not begin to use one that is being deleted.
pub(super) async fn hold(
    connection: &mut AnyConnection,
    tenant: TenantId,
    name: &str,
) -> Result<bool> {
    let done = sqlx::query("UPDATE calendars SET name = name WHERE tenant = $1 AND name = $2")
        .bind(tenant.to_string())
        .bind(name.to_owned())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

fn checked(mut draft: CalendarDraft) -> Result<CalendarDraft> {
    let known = TimeZone::get(&draft.time_zone).ok();
    let named = known.as_ref().and_then(TimeZone::iana_name);
    draft.time_zone = named.map(str::to_owned).ok_or_else(|| {
        let message = "no such time zone; expected one of the IANA list, such as `Europe/Berlin`";
        Error::invalid("time_zone", message)
    })?;
    let mut days = BTreeSet::new();
    for (place, entry) in draft.weekly.iter().enumerate() {
        for (day_place, day) in entry.days.iter().enumerate() {
            if !days.insert(*day) {
                let field = format!("weekly[{place}].days[{day_place}]");
                return Err(Error::invalid(field, "this day occurs twice"));
            }
        }
        openings(&format!("weekly[{place}].hours"), &entry.hours)?;
    }
    validate::at_most("exceptions", &draft.exceptions, EXCEPTIONS)?;
    let mut dates = BTreeSet::new();
    for (place, exception) in draft.exceptions.iter().enumerate() {
        let at = format!("exceptions[{place}]");
        if !dates.insert(exception.date) {
            let message = format!("{} occurs twice", exception.date);
            return Err(Error::invalid(format!("{at}.date"), message));
        }
        validate::title(format!("{at}.name"), &exception.name)?;
        openings(&format!("{at}.hours"), &exception.hours)?;
    }
    draft.exceptions.sort_by_key(|exception| exception.date);
    Ok(draft)
}

/// In order and apart from each other; only the last may run into the next day.
fn openings(field: &str, hours: &[Hours]) -> Result<()> {
    if hours.len() > OPENINGS {
        return Err(Error::invalid(
            field.to_owned(),
            format!("at most {OPENINGS}"),
        ));
    }
    for (place, pair) in hours.windows(2).enumerate() {
        let [before, next] = [pair[0], pair[1]];
        if before.to <= before.from {
            let message = "runs into the next day, so it must be the day's last";
            return Err(Error::invalid(format!("{field}[{place}]"), message));
        }
        if next.from < before.to {
            let message = format!("must not begin before {}", before.to);
            return Err(Error::invalid(
                format!("{field}[{}].from", place + 1),
                message,
            ));
        }
    }
    Ok(())
}

fn named(name: String, draft: CalendarDraft) -> Calendar {
    Calendar {
        name,
        time_zone: draft.time_zone,
        weekly: draft.weekly,
        exceptions: draft.exceptions,
    }
}

fn read(row: &AnyRow) -> Result<Calendar> {
    Ok(named(row.text("name")?, row.json("body")?))
}
