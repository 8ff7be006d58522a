//! Signed-in sessions of people. The secret is given out once; a hash of it is stored.

use super::passwords;
use super::users::{User, Users};
use crate::error::{Error, Result};
use crate::rows::Columns;
use crate::schema::Database;
use hotline_vocabulary::ids::{SessionId, TenantId, UserId};
use hotline_vocabulary::time::{Millis, Timestamp};

const PREFIX: &str = "hls_";

/// A session just begun: the only time its secret is seen.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    pub id: SessionId,
    pub secret: String,
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSession")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Whose request it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub tenant: TenantId,
    pub session: SessionId,
    pub user: User,
}

#[derive(Debug, Clone)]
pub struct Sessions {
    database: Database,
}

impl Sessions {
    pub(super) fn new(database: Database) -> Self {
        Sessions { database }
    }

    pub async fn create(
        &self,
        tenant: TenantId,
        user: UserId,
        now: Timestamp,
        lifetime: Millis,
    ) -> Result<NewSession> {
        let session = NewSession {
            id: self.database.mint(now),
            secret: passwords::new_secret(PREFIX),
            expires_at: now + lifetime,
        };
        sqlx::query(
            "INSERT INTO sessions (tenant, id, user_id, secret_hash, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(tenant.to_string())
        .bind(session.id.to_string())
        .bind(user.to_string())
        .bind(passwords::digest(&session.secret))
        .bind(now.0)
        .bind(session.expires_at.0)
        .execute(&self.database.writer)
        .await?;
        Ok(session)
    }

    /// Finds the session, and with it the tenant, by its secret; none when unknown or expired.
    pub async fn authenticate(&self, secret: &str, now: Timestamp) -> Result<Option<SignedIn>> {
        if !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let row = sqlx::query(
            "SELECT tenant, id, user_id FROM sessions WHERE secret_hash = $1 AND expires_at > $2",
        )
        .bind(passwords::digest(secret))
        .bind(now.0)
        .fetch_optional(&self.database.reader)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let tenant = row.parsed("tenant")?;
        let users = Users::new(self.database.clone());
        match users.get(tenant, row.parsed("user_id")?).await {
            Ok(user) => Ok(Some(SignedIn {
                tenant,
                session: row.parsed("id")?,
                user,
            })),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Signs out; no error when it was over already.
    pub async fn end(&self, tenant: TenantId, session: SessionId) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE tenant = $1 AND id = $2")
            .bind(tenant.to_string())
            .bind(session.to_string())
            .execute(&self.database.writer)
            .await?;
        Ok(())
    }

    /// Ends what expired, of every tenant. Returns how many.
    pub async fn end_expired(&self, now: Timestamp) -> Result<u64> {
        let done = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now.0)
            .execute(&self.database.writer)
            .await?;
        Ok(done.rows_affected())
    }
}
