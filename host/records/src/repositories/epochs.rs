//! Epochs: raised at each start of a tenant's switchboard, so that its facts never meet those of
//! an earlier one.

use crate::error::{Error, Result};
use crate::rows::Columns;
use crate::schema::Database;
use hotline_vocabulary::fact::Epoch;
use hotline_vocabulary::ids::TenantId;

#[derive(Debug, Clone)]
pub struct Epochs {
    database: Database,
}

impl Epochs {
    pub(super) fn new(database: Database) -> Self {
        Epochs { database }
    }

    /// The tenant's next epoch: above every one given before, every one in the facts, and `above`
    /// (the highest that the journal knows: the database may be older than it).
    pub async fn next(&self, tenant: TenantId, above: Epoch) -> Result<Epoch> {
        let mut transaction = self.database.begin().await?;
        // Raised first: the row is locked before the facts are looked at.
        sqlx::query(
            "INSERT INTO epochs (tenant, epoch) VALUES ($1, 1) \
             ON CONFLICT (tenant) DO UPDATE SET epoch = epochs.epoch + 1",
        )
        .bind(tenant.to_string())
        .execute(&mut *transaction)
        .await?;
        let row = sqlx::query(
            "SELECT epoch FROM epochs WHERE tenant = $1 \
             UNION ALL SELECT MAX(epoch) + 1 AS epoch FROM facts WHERE tenant = $1 \
             ORDER BY epoch DESC",
        )
        .bind(tenant.to_string())
        .fetch_all(&mut *transaction)
        .await?;
        let mut next = i64::from(above.0) + 1;
        for row in &row {
            next = next.max(row.optional_integer("epoch")?.unwrap_or(0));
        }
        sqlx::query("UPDATE epochs SET epoch = $2 WHERE tenant = $1")
            .bind(tenant.to_string())
            .bind(next)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        self.database.make_durable().await?;
        u32::try_from(next)
            .map(Epoch)
            .map_err(|error| Error::corrupt("epoch", error))
    }
}
