//! Secrets of a tenant's plugins. Only what the host has sealed comes in here, and only the host can
//! open it: see `hotline_outbound::Sealing`.

use super::validate;
use crate::error::{Error, Result};
use crate::rows::Columns;
use crate::schema::Database;
use hotline_vocabulary::ids::{TenantId, UserId};
use hotline_vocabulary::time::Timestamp;
use serde::{Deserialize, Serialize};

/// All that can be read of a secret: that there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PluginSecret {
    pub name: String,
    /// None: a program has set it, or the host itself (a refresh token that was replaced).
    pub set_by: Option<UserId>,
    pub set_at: Timestamp,
}

#[derive(Debug, Clone)]
pub struct PluginSecrets {
    database: Database,
}

/// Of one plugin.
const SECRETS: i64 = 32;

impl PluginSecrets {
    pub(super) fn new(database: Database) -> Self {
        PluginSecrets { database }
    }

    /// Puts it in place of what there was. `plugin` is its key, `connector/NAME`.
    pub async fn set(
        &self,
        tenant: TenantId,
        (plugin, name): (&str, &str),
        sealed: &str,
        set_by: Option<UserId>,
        now: Timestamp,
    ) -> Result<()> {
        validate::name("name", name)?;
        let mut transaction = self.database.begin().await?;
        let others: i64 = sqlx::query(
            "SELECT COUNT(*) AS others FROM plugin_secrets \
             WHERE tenant = $1 AND plugin = $2 AND name <> $3",
        )
        .bind(tenant.to_string())
        .bind(plugin.to_owned())
        .bind(name.to_owned())
        .fetch_one(&mut *transaction)
        .await?
        .integer("others")?;
        if others >= SECRETS {
            let message = format!("a plugin has at most {SECRETS} secrets");
            return Err(Error::invalid("name", message));
        }
        sqlx::query(
            "INSERT INTO plugin_secrets (tenant, plugin, name, sealed, set_by, set_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, plugin, name) DO UPDATE \
             SET sealed = excluded.sealed, set_by = excluded.set_by, set_at = excluded.set_at",
        )
        .bind(tenant.to_string())
        .bind(plugin.to_owned())
        .bind(name.to_owned())
        .bind(sealed.to_owned())
        .bind(set_by.map(|user| user.to_string()))
        .bind(now.0)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// By name.
    pub async fn all(&self, tenant: TenantId, plugin: &str) -> Result<Vec<PluginSecret>> {
        let rows = sqlx::query(
            "SELECT name, set_by, set_at FROM plugin_secrets \
             WHERE tenant = $1 AND plugin = $2 ORDER BY name",
        )
        .bind(tenant.to_string())
        .bind(plugin.to_owned())
        .fetch_all(&self.database.reader)
        .await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(PluginSecret {
                name: row.text("name")?,
                set_by: row.optional_parsed("set_by")?,
                set_at: row.time("set_at")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// As it was given; none when it is not set.
    pub async fn sealed(
        &self,
        tenant: TenantId,
        plugin: &str,
        name: &str,
    ) -> Result<Option<String>> {
        let row = sqlx::query(
            "SELECT sealed FROM plugin_secrets WHERE tenant = $1 AND plugin = $2 AND name = $3",
        )
        .bind(tenant.to_string())
        .bind(plugin.to_owned())
        .bind(name.to_owned())
        .fetch_optional(&self.database.reader)
        .await?;
        row.map(|row| row.text("sealed")).transpose()
    }

    pub async fn delete(&self, tenant: TenantId, plugin: &str, name: &str) -> Result<()> {
        let done = sqlx::query(
            "DELETE FROM plugin_secrets WHERE tenant = $1 AND plugin = $2 AND name = $3",
        )
        .bind(tenant.to_string())
        .bind(plugin.to_owned())
        .bind(name.to_owned())
        .execute(&self.database.writer)
        .await?;
        match done.rows_affected() {
            0 => Err(Error::NotFound { what: "secret" }),
            _ => Ok(()),
        }
    }
}
