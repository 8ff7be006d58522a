//! What a tenant chose once for all, and the whole set-up as the switchboard wants it.

use super::{calendars, numbers, queues, users, validate};
use crate::error::{Error, Result};
use crate::rows::{Columns, json};
use crate::schema::Database;
use hotline_vocabulary::configuration::{Configuration, RecordingRule, TenantLimits};
use hotline_vocabulary::ids::{QueueId, TenantId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Where the safe flow sends a caller whose flow failed.
    pub default_queue: Option<QueueId>,
    pub pause_reasons: Vec<String>,
    pub dispositions: Vec<String>,
    pub limits: TenantLimits,
}

impl Default for Settings {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Settings {
            default_queue: None,
            pause_reasons: words(&["break", "meal", "training", "meeting"]),
            dispositions: words(&["resolved", "follow-up", "wrong number"]),
            limits: TenantLimits::default(),
        }
    }
}

#[derive(Debug, Clone)]
pub struct SettingsRepository {
    database: Database,
}

impl SettingsRepository {
    pub(super) fn new(database: Database) -> Self {
        SettingsRepository { database }
    }

    pub async fn get(&self, tenant: TenantId) -> Result<Settings> {
        let row = sqlx::query(
            "SELECT default_queue, pause_reasons, dispositions, limits FROM settings \
             WHERE tenant = $1",
        )
        .bind(tenant.to_string())
        .fetch_optional(&self.database.reader)
        .await?
        .ok_or(Error::NotFound { what: "tenant" })?;
        Ok(Settings {
            default_queue: row.optional_parsed("default_queue")?,
            pause_reasons: row.json("pause_reasons")?,
            dispositions: row.json("dispositions")?,
            limits: row.json("limits")?,
        })
    }

    pub async fn set(&self, tenant: TenantId, settings: &Settings) -> Result<()> {
        validate::choices("pause_reasons", &settings.pause_reasons)?;
        validate::choices("dispositions", &settings.dispositions)?;
        let mut transaction = self.database.begin().await?;
        if let Some(queue) = settings.default_queue {
            queues::must_exist(&mut transaction, tenant, "default_queue", queue).await?;
        }
        let done = sqlx::query(
            "UPDATE settings SET default_queue = $2, pause_reasons = $3, dispositions = $4, \
             limits = $5 WHERE tenant = $1",
        )
        .bind(tenant.to_string())
        .bind(settings.default_queue.map(|queue| queue.to_string()))
        .bind(json(&settings.pause_reasons)?)
        .bind(json(&settings.dispositions)?)
        .bind(json(&settings.limits)?)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound { what: "tenant" });
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Everything that the tenant's switchboard is configured with. Whether it records is the
    /// operator's to say, not kept here.
    pub async fn configuration(&self, tenant: TenantId) -> Result<Configuration> {
        let settings = self.get(tenant).await?;
        let language = sqlx::query("SELECT language FROM tenants WHERE id = $1")
            .bind(tenant.to_string())
            .fetch_one(&self.database.reader)
            .await?
            .text("language")?;
        let users = users::Users::new(self.database.clone());
        Ok(Configuration {
            numbers: numbers::Numbers::new(self.database.clone())
                .all(tenant)
                .await?,
            queues: queues::Queues::new(self.database.clone())
                .all(tenant)
                .await?,
            agents: users.agents(tenant).await?,
            calendars: calendars::Calendars::new(self.database.clone())
                .all(tenant)
                .await?,
            default_queue: settings.default_queue,
            language,
            recording: RecordingRule::default(),
            dials_out: false,
            limits: settings.limits,
        })
    }
}
