//! Numbers that callers may dial.

use super::validate;
use crate::error::{Error, Result};
use crate::rows::Columns;
use crate::schema::Database;
use hotline_vocabulary::configuration::Number;
use hotline_vocabulary::ids::TenantId;

#[derive(Debug, Clone)]
pub struct Numbers {
    database: Database,
}

impl Numbers {
    pub(super) fn new(database: Database) -> Self {
        Numbers { database }
    }

    /// In the order of their text.
    pub async fn all(&self, tenant: TenantId) -> Result<Vec<Number>> {
        let rows = sqlx::query(
            "SELECT dialled, flow, click_to_call FROM numbers WHERE tenant = $1 ORDER BY dialled",
        )
        .bind(tenant.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Number {
                    dialled: row.text("dialled")?,
                    flow: row.text("flow")?,
                    click_to_call: row.integer("click_to_call")? != 0,
                })
            })
            .collect()
    }

    /// Makes the number or changes it.
    pub async fn put(&self, tenant: TenantId, number: &Number) -> Result<()> {
        validate::dialled("dialled", &number.dialled)?;
        validate::name("flow", &number.flow)?;
        sqlx::query(
            "INSERT INTO numbers (tenant, dialled, flow, click_to_call) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant, dialled) DO UPDATE SET flow = excluded.flow, \
             click_to_call = excluded.click_to_call",
        )
        .bind(tenant.to_string())
        .bind(number.dialled.clone())
        .bind(number.flow.clone())
        .bind(i64::from(number.click_to_call))
        .execute(&self.database.writer)
        .await?;
        Ok(())
    }

    pub async fn delete(&self, tenant: TenantId, dialled: &str) -> Result<()> {
        let done = sqlx::query("DELETE FROM numbers WHERE tenant = $1 AND dialled = $2")
            .bind(tenant.to_string())
            .bind(dialled.to_owned())
            .execute(&self.database.writer)
            .await?;
        match done.rows_affected() {
            0 => Err(Error::NotFound { what: "number" }),
            _ => Ok(()),
        }
    }
}
