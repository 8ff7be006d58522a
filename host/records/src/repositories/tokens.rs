//! Tokens of programs: named, scoped, with or without an end.

use super::{passwords, validate};
use crate::error::{Error, Result};
use crate::rows::{Columns, json};
use crate::schema::Database;
use hotline_vocabulary::ids::{SessionId, TenantId, UserId};
use hotline_vocabulary::time::Timestamp;
use sqlx::any::AnyRow;

const PREFIX: &str = "hlt_";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: SessionId,
    /// Unique in the tenant.
    pub name: String,
    /// What it may be used for; the words are the API's.
    pub scopes: Vec<String>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    /// None means until it is deleted.
    pub expires_at: Option<Timestamp>,
}

/// What a token is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenDraft {
    pub name: String,
    pub scopes: Vec<String>,
    pub created_by: UserId,
    pub expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct Tokens {
    database: Database,
}

impl Tokens {
    pub(super) fn new(database: Database) -> Self {
        Tokens { database }
    }

    /// The token and its secret, which is never seen again. `Conflict` names `name`.
    pub async fn create(
        &self,
        tenant: TenantId,
        now: Timestamp,
        draft: TokenDraft,
    ) -> Result<(Token, String)> {
        validate::title("name", &draft.name)?;
        for scope in &draft.scopes {
            validate::name("scopes", scope)?;
        }
        let secret = passwords::new_secret(PREFIX);
        let token = Token {
            id: self.database.mint(now),
            name: draft.name,
            scopes: draft.scopes,
            created_by: draft.created_by,
            created_at: now,
            expires_at: draft.expires_at,
        };
        sqlx::query(
            "INSERT INTO tokens (tenant, id, name, scopes, secret_hash, created_by, created_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(tenant.to_string())
        .bind(token.id.to_string())
        .bind(token.name.clone())
        .bind(json(&token.scopes)?)
        .bind(passwords::digest(&secret))
        .bind(token.created_by.to_string())
        .bind(now.0)
        .bind(token.expires_at.map(|at| at.0))
        .execute(&self.database.writer)
        .await
        .map_err(|error| Error::from_write(error, &[("name", "name")]))?;
        Ok((token, secret))
    }

    /// By name.
    pub async fn all(&self, tenant: TenantId) -> Result<Vec<Token>> {
        let rows = sqlx::query(
            "SELECT id, name, scopes, created_by, created_at, expires_at FROM tokens \
             WHERE tenant = $1 ORDER BY name",
        )
        .bind(tenant.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        rows.iter().map(read).collect()
    }

    pub async fn delete(&self, tenant: TenantId, token: SessionId) -> Result<()> {
        let done = sqlx::query("DELETE FROM tokens WHERE tenant = $1 AND id = $2")
            .bind(tenant.to_string())
            .bind(token.to_string())
            .execute(&self.database.writer)
            .await?;
        match done.rows_affected() {
            0 => Err(Error::NotFound { what: "token" }),
            _ => Ok(()),
        }
    }

    /// Finds the token, and with it the tenant, by its secret; none when unknown or expired.
    pub async fn authenticate(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<(TenantId, Token)>> {
        if !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let row = sqlx::query(
            "SELECT tenant, id, name, scopes, created_by, created_at, expires_at FROM tokens \
             WHERE secret_hash = $1 AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(passwords::digest(secret))
        .bind(now.0)
        .fetch_optional(&self.database.reader)
        .await?;
        row.map(|row| Ok((row.parsed("tenant")?, read(&row)?)))
            .transpose()
    }
}

fn read(row: &AnyRow) -> Result<Token> {
    Ok(Token {
        id: row.parsed("id")?,
        name: row.text("name")?,
        scopes: row.json("scopes")?,
        created_by: row.parsed("created_by")?,
        created_at: row.time("created_at")?,
        expires_at: row.optional_time("expires_at")?,
    })
}
