//! Tenants: who they are and by which names they are found.

use super::settings::Settings;
use super::validate;
use crate::error::{Error, Result};
use crate::rows::{Columns, json};
use crate::schema::Database;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::time::Timestamp;
use sqlx::any::AnyRow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    /// The short name in addresses (`/call/demo`) and of the flows folder; unique.
    pub name: String,
    pub display_name: String,
    /// The host part of its SIP addresses; unique, none when found by trunk alone.
    pub sip_domain: Option<String>,
    /// BCP 47.
    pub language: String,
}

/// What a tenant is made of or changed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantDraft {
    pub name: String,
    pub display_name: String,
    pub sip_domain: Option<String>,
    pub language: String,
}

#[derive(Debug, Clone)]
pub struct Tenants {
    database: Database,
}

const UNIQUE: &[(&str, &str)] = &[("sip_domain", "sip_domain"), ("name", "name")];

impl Tenants {
    pub(super) fn new(database: Database) -> Self {
        Tenants { database }
    }

    /// Makes a tenant with default settings. `Conflict` names `name` or `sip_domain`.
    pub async fn create(&self, now: Timestamp, draft: TenantDraft) -> Result<Tenant> {
        let draft = checked(draft)?;
        let id: TenantId = self.database.mint(now);
        let mut transaction = self.database.begin().await?;
        sqlx::query(
            "INSERT INTO tenants (id, name, display_name, sip_domain, language, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.to_string())
        .bind(draft.name.clone())
        .bind(draft.display_name.clone())
        .bind(draft.sip_domain.clone())
        .bind(draft.language.clone())
        .bind(now.0)
        .execute(&mut *transaction)
        .await
        .map_err(|error| Error::from_write(error, UNIQUE))?;
        let settings = Settings::default();
        sqlx::query(
            "INSERT INTO settings (tenant, default_queue, pause_reasons, dispositions, limits) \
             VALUES ($1, NULL, $2, $3, $4)",
        )
        .bind(id.to_string())
        .bind(json(&settings.pause_reasons)?)
        .bind(json(&settings.dispositions)?)
        .bind(json(&settings.limits)?)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(with_id(id, draft))
    }

    pub async fn update(&self, tenant: TenantId, draft: TenantDraft) -> Result<Tenant> {
        let draft = checked(draft)?;
        let done = sqlx::query(
            "UPDATE tenants SET name = $2, display_name = $3, sip_domain = $4, language = $5 \
             WHERE id = $1",
        )
        .bind(tenant.to_string())
        .bind(draft.name.clone())
        .bind(draft.display_name.clone())
        .bind(draft.sip_domain.clone())
        .bind(draft.language.clone())
        .execute(&self.database.writer)
        .await
        .map_err(|error| Error::from_write(error, UNIQUE))?;
        match done.rows_affected() {
            0 => Err(NO_TENANT),
            _ => Ok(with_id(tenant, draft)),
        }
    }

    pub async fn get(&self, tenant: TenantId) -> Result<Tenant> {
        let row = sqlx::query(
            "SELECT id, name, display_name, sip_domain, language FROM tenants WHERE id = $1",
        )
        .bind(tenant.to_string())
        .fetch_optional(&self.database.reader)
        .await?;
        read(&row.ok_or(NO_TENANT)?)
    }

    /// Every tenant of this host, by name.
    pub async fn all(&self) -> Result<Vec<Tenant>> {
        let rows = sqlx::query(
            "SELECT id, name, display_name, sip_domain, language FROM tenants ORDER BY name",
        )
        .fetch_all(&self.database.reader)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Finds a tenant by its short name.
    pub async fn by_name(&self, name: &str) -> Result<Tenant> {
        let row = sqlx::query(
            "SELECT id, name, display_name, sip_domain, language FROM tenants WHERE name = $1",
        )
        .bind(name.to_owned())
        .fetch_optional(&self.database.reader)
        .await?;
        read(&row.ok_or(NO_TENANT)?)
    }
}

const NO_TENANT: Error = Error::NotFound { what: "tenant" };

fn with_id(id: TenantId, draft: TenantDraft) -> Tenant {
    Tenant {
        id,
        name: draft.name,
        display_name: draft.display_name,
        sip_domain: draft.sip_domain,
        language: draft.language,
    }
}

/// Domains are compared without case (RFC 3261, section 19.1.4), so they are stored small.
fn checked(mut draft: TenantDraft) -> Result<TenantDraft> {
    validate::name("name", &draft.name)?;
    validate::title("display_name", &draft.display_name)?;
    validate::language("language", &draft.language)?;
    if let Some(domain) = &mut draft.sip_domain {
        domain.make_ascii_lowercase();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        if !(1..=253).contains(&domain.len()) || !domain.bytes().all(allowed) {
            return Err(Error::invalid("sip_domain", "must be a host name"));
        }
    }
    Ok(draft)
}

fn read(row: &AnyRow) -> Result<Tenant> {
    Ok(Tenant {
        id: row.parsed("id")?,
        name: row.text("name")?,
        display_name: row.text("display_name")?,
        sip_domain: row.optional_text("sip_domain")?,
        language: row.text("language")?,
    })
}
