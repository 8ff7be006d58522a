//! People who sign in: agents, supervisors, administrators. A user in the role of an agent is an
//! [`AgentId`] of the same bits.

use super::{passwords, queues, validate};
use crate::error::{Error, Result};
use crate::rows::{Columns, insert, json, stored};
use crate::schema::Database;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::configuration::{Agent, Capacity, Membership, Skill};
use hotline_vocabulary::ids::{AgentId, TenantId, UserId};
use hotline_vocabulary::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::{BTreeMap, BTreeSet};

/// What a person may do; each may what the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Role {
    Agent,
    Supervisor,
    Admin,
}

impl Role {
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Supervisor => "supervisor",
            Role::Admin => "admin",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    /// Unique in the tenant; compared without case.
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    /// BCP 47; none means the tenant's.
    pub language: Option<String>,
    pub skills: Vec<Skill>,
    /// The queues that the user serves, each with its level and delay.
    pub queues: Vec<Membership>,
    /// Contacts at once by medium; one call and nothing else when empty.
    pub capacity: Vec<Capacity>,
    pub has_desk_phone: bool,
}

/// What a user is made of or changed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UserDraft {
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    pub language: Option<String>,
    #[serde(default)]
    pub skills: Vec<Skill>,
    #[serde(default)]
    pub queues: Vec<Membership>,
    #[serde(default)]
    pub capacity: Vec<Capacity>,
}

/// The account of an agent's desk phone.
#[derive(Clone, PartialEq, Eq)]
pub struct DeskPhone {
    pub user_name: String,
    pub agent: AgentId,
    /// MD5(user:realm:password), hexadecimal.
    pub ha1_md5: String,
}

/// The HA1 is as good as the password: never printed.
impl std::fmt::Debug for DeskPhone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskPhone")
            .field("user_name", &self.user_name)
            .field("agent", &self.agent)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone)]
pub struct Users {
    database: Database,
}

const NO_USER: Error = Error::NotFound { what: "user" };
const UNIQUE: &[(&str, &str)] = &[("user_name", "user_name")];
/// Queues that one user may serve.
const QUEUES: usize = 500;
/// The queue that comes after all others.
const LAST_LEVEL: u8 = 100;
/// Contacts of one medium at once.
const MOST_AT_ONCE: u8 = 20;
const SELECT: &str = "SELECT id, user_name, display_name, role, language, password_hash, \
     capacity, CASE WHEN desk_phone_ha1 IS NULL THEN 0 ELSE 1 END AS has_desk_phone FROM users \
     WHERE tenant = $1";

impl Users {
    pub(super) fn new(database: Database) -> Self {
        Users { database }
    }

    /// By user name.
    pub async fn all(&self, tenant: TenantId) -> Result<Vec<User>> {
        let rows = sqlx::query(AssertSqlSafe(format!("{SELECT} ORDER BY user_name")))
            .bind(tenant.to_string())
            .fetch_all(&self.database.reader)
            .await?;
        let mut belongings = self.belongings(tenant).await?;
        rows.iter()
            .map(|row| {
                let id = row.parsed("id")?;
                read(row, belongings.remove(&id).unwrap_or_default())
            })
            .collect()
    }

    /// The users of this tenant who serve a queue, or have the role of an agent.
    pub async fn agents(&self, tenant: TenantId) -> Result<Vec<Agent>> {
        let users = self.all(tenant).await?;
        Ok(users
            .into_iter()
            .filter(|user| user.role == Role::Agent || !user.queues.is_empty())
            .map(|user| Agent {
                id: user.id.into(),
                name: user.display_name,
                skills: user.skills,
                queues: user.queues,
                capacity: user.capacity,
            })
            .collect())
    }

    pub async fn get(&self, tenant: TenantId, user: UserId) -> Result<User> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} AND id = $2")))
            .bind(tenant.to_string())
            .bind(user.to_string())
            .fetch_optional(&self.database.reader)
            .await?
            .ok_or(NO_USER)?;
        let mut belongings = self.belongings_of(tenant, user).await?;
        read(&row, belongings.remove(&user).unwrap_or_default())
    }

    /// `Conflict` names `user_name`; `Invalid` names `queues` when the tenant lacks one.
    pub async fn create(
        &self,
        tenant: TenantId,
        now: Timestamp,
        draft: UserDraft,
        password: &str,
    ) -> Result<User> {
        let draft = checked(draft)?;
        validate::password("password", password)?;
        let hash = passwords::hash(password.to_owned()).await?;
        let id: UserId = self.database.mint(now);
        let mut transaction = self.database.begin().await?;
        sqlx::query(
            "INSERT INTO users (tenant, id, user_name, display_name, role, language, \
             password_hash, capacity, desk_phone_ha1, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)",
        )
        .bind(tenant.to_string())
        .bind(id.to_string())
        .bind(draft.user_name.clone())
        .bind(draft.display_name.clone())
        .bind(draft.role.as_str().to_owned())
        .bind(draft.language.clone())
        .bind(hash)
        .bind(json(&draft.capacity)?)
        .bind(now.0)
        .execute(&mut *transaction)
        .await
        .map_err(|error| Error::from_write(error, UNIQUE))?;
        set_belongings(&mut transaction, tenant, id, &draft).await?;
        transaction.commit().await?;
        self.get(tenant, id).await
    }

    /// Changes everything but the password and the desk phone.
    pub async fn update(&self, tenant: TenantId, user: UserId, draft: UserDraft) -> Result<User> {
        let draft = checked(draft)?;
        let mut transaction = self.database.begin().await?;
        let done = sqlx::query(
            "UPDATE users SET user_name = $3, display_name = $4, role = $5, language = $6, \
             capacity = $7 WHERE tenant = $1 AND id = $2",
        )
        .bind(tenant.to_string())
        .bind(user.to_string())
        .bind(draft.user_name.clone())
        .bind(draft.display_name.clone())
        .bind(draft.role.as_str().to_owned())
        .bind(draft.language.clone())
        .bind(json(&draft.capacity)?)
        .execute(&mut *transaction)
        .await
        .map_err(|error| Error::from_write(error, UNIQUE))?;
        if done.rows_affected() == 0 {
            return Err(NO_USER);
        }
        for table in ["user_skills", "user_queues"] {
            let sql = format!("DELETE FROM {table} WHERE tenant = $1 AND user_id = $2");
            sqlx::query(AssertSqlSafe(sql))
                .bind(tenant.to_string())
                .bind(user.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        set_belongings(&mut transaction, tenant, user, &draft).await?;
        transaction.commit().await?;
        self.get(tenant, user).await
    }

    /// Also ends the user's sessions.
    pub async fn set_password(&self, tenant: TenantId, user: UserId, password: &str) -> Result<()> {
        validate::password("password", password)?;
        let hash = passwords::hash(password.to_owned()).await?;
        let mut transaction = self.database.begin().await?;
        let done = sqlx::query("UPDATE users SET password_hash = $3 WHERE tenant = $1 AND id = $2")
            .bind(tenant.to_string())
            .bind(user.to_string())
            .bind(hash)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Err(NO_USER);
        }
        sqlx::query("DELETE FROM sessions WHERE tenant = $1 AND user_id = $2")
            .bind(tenant.to_string())
            .bind(user.to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Sets the desk phone's HA1 (MD5 of `user:realm:password`, hexadecimal), or takes it away.
    pub async fn set_desk_phone(
        &self,
        tenant: TenantId,
        user: UserId,
        ha1_md5: Option<&str>,
    ) -> Result<()> {
        if let Some(ha1) = ha1_md5 {
            validate::ha1("desk_phone", ha1)?;
        }
        let done =
            sqlx::query("UPDATE users SET desk_phone_ha1 = $3 WHERE tenant = $1 AND id = $2")
                .bind(tenant.to_string())
                .bind(user.to_string())
                .bind(ha1_md5.map(str::to_ascii_lowercase))
                .execute(&self.database.writer)
                .await?;
        match done.rows_affected() {
            0 => Err(NO_USER),
            _ => Ok(()),
        }
    }

    pub async fn desk_phones(&self, tenant: TenantId) -> Result<Vec<DeskPhone>> {
        let rows = sqlx::query(
            "SELECT id, user_name, desk_phone_ha1 FROM users \
             WHERE tenant = $1 AND desk_phone_ha1 IS NOT NULL ORDER BY user_name",
        )
        .bind(tenant.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(DeskPhone {
                    user_name: row.text("user_name")?,
                    agent: AgentId::from(row.parsed::<UserId>("id")?),
                    ha1_md5: row.text("desk_phone_ha1")?,
                })
            })
            .collect()
    }

    /// The user with this name and password. A wrong name takes as long as a wrong password.
    pub async fn verify(
        &self,
        tenant: TenantId,
        user_name: &str,
        password: &str,
    ) -> Result<Option<User>> {
        // Longer can not be right, and would only keep a core busy.
        if password.len() > 256 {
            return Ok(None);
        }
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} AND user_name = $2")))
            .bind(tenant.to_string())
            .bind(user_name.to_lowercase())
            .fetch_optional(&self.database.reader)
            .await?;
        let Some(row) = row else {
            passwords::matches_nobody(password.to_owned()).await?;
            return Ok(None);
        };
        if !passwords::matches(password.to_owned(), row.text("password_hash")?).await? {
            return Ok(None);
        }
        let id = row.parsed("id")?;
        let mut belongings = self.belongings_of(tenant, id).await?;
        read(&row, belongings.remove(&id).unwrap_or_default()).map(Some)
    }

    async fn belongings(&self, tenant: TenantId) -> Result<BTreeMap<UserId, Belongings>> {
        let skills = sqlx::query(
            "SELECT user_id, skill, level FROM user_skills WHERE tenant = $1 ORDER BY skill",
        )
        .bind(tenant.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        let queues = sqlx::query(
            "SELECT user_id, queue_id, level, after_ms FROM user_queues WHERE tenant = $1 \
             ORDER BY level, queue_id",
        )
        .bind(tenant.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        collect_belongings(&skills, &queues)
    }

    async fn belongings_of(
        &self,
        tenant: TenantId,
        user: UserId,
    ) -> Result<BTreeMap<UserId, Belongings>> {
        let skills = sqlx::query(
            "SELECT user_id, skill, level FROM user_skills WHERE tenant = $1 AND user_id = $2 \
             ORDER BY skill",
        )
        .bind(tenant.to_string())
        .bind(user.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        let queues = sqlx::query(
            "SELECT user_id, queue_id, level, after_ms FROM user_queues \
             WHERE tenant = $1 AND user_id = $2 ORDER BY level, queue_id",
        )
        .bind(tenant.to_string())
        .bind(user.to_string())
        .fetch_all(&self.database.reader)
        .await?;
        collect_belongings(&skills, &queues)
    }
}

#[derive(Debug, Default)]
struct Belongings {
    skills: Vec<Skill>,
    queues: Vec<Membership>,
}

fn collect_belongings(
    skills: &[AnyRow],
    queues: &[AnyRow],
) -> Result<BTreeMap<UserId, Belongings>> {
    let mut all: BTreeMap<UserId, Belongings> = BTreeMap::new();
    for row in skills {
        all.entry(row.parsed("user_id")?)
            .or_default()
            .skills
            .push(Skill {
                name: row.text("skill")?,
                level: level(row)?,
            });
    }
    for row in queues {
        all.entry(row.parsed("user_id")?)
            .or_default()
            .queues
            .push(Membership {
                queue: row.parsed("queue_id")?,
                level: level(row)?,
                after_ms: row.millis("after_ms")?,
            });
    }
    Ok(all)
}

fn level(row: &AnyRow) -> Result<u8> {
    u8::try_from(row.integer("level")?).map_err(|error| Error::corrupt("level", error))
}

async fn set_belongings(
    connection: &mut AnyConnection,
    tenant: TenantId,
    user: UserId,
    draft: &UserDraft,
) -> Result<()> {
    insert(
        connection,
        "user_skills (tenant, user_id, skill, level)",
        4,
        "",
        &draft.skills,
        |values, skill| {
            values.text(tenant)?;
            values.text(user)?;
            values.text(&skill.name)?;
            values.integer(i64::from(skill.level))
        },
    )
    .await?;
    for (place, membership) in draft.queues.iter().enumerate() {
        let field = format!("queues[{place}].queue");
        queues::must_exist(connection, tenant, field, membership.queue).await?;
    }
    insert(
        connection,
        "user_queues (tenant, user_id, queue_id, level, after_ms)",
        5,
        "",
        &draft.queues,
        |values, membership| {
            values.text(tenant)?;
            values.text(user)?;
            values.text(membership.queue)?;
            values.integer(i64::from(membership.level))?;
            values.integer(stored(membership.after_ms.0))
        },
    )
    .await?;
    Ok(())
}

fn checked(mut draft: UserDraft) -> Result<UserDraft> {
    validate::name("user_name", &draft.user_name)?;
    draft.user_name.make_ascii_lowercase();
    validate::title("display_name", &draft.display_name)?;
    if let Some(language) = &draft.language {
        validate::language("language", language)?;
    }
    validate::skills(&draft.skills)?;
    memberships(&draft.queues)?;
    capacity(&draft.capacity)?;
    Ok(draft)
}

fn memberships(queues: &[Membership]) -> Result<()> {
    validate::at_most("queues", queues, QUEUES)?;
    let mut seen = BTreeSet::new();
    for (place, membership) in queues.iter().enumerate() {
        let at = |field: &str| format!("queues[{place}].{field}");
        if !seen.insert(membership.queue) {
            return Err(Error::invalid(at("queue"), "this queue occurs twice"));
        }
        if !(1..=LAST_LEVEL).contains(&membership.level) {
            let message = format!("must be from 1 to {LAST_LEVEL}");
            return Err(Error::invalid(at("level"), message));
        }
        let day = Millis::from_secs(86_400);
        validate::between(at("after_ms"), membership.after_ms, Millis::ZERO, day)?;
    }
    Ok(())
}

fn capacity(capacity: &[Capacity]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (place, one) in capacity.iter().enumerate() {
        let at = |field: &str| format!("capacity[{place}].{field}");
        if !seen.insert(one.medium) {
            return Err(Error::invalid(at("medium"), "this medium occurs twice"));
        }
        let most = match one.medium {
            Medium::Voice => 1,
            Medium::Chat | Medium::Email | Medium::Task => MOST_AT_ONCE,
        };
        if !(1..=most).contains(&one.at_once) {
            let message = match most {
                1 => "a person has one conversation at a time".to_owned(),
                most => format!("must be from 1 to {most}"),
            };
            return Err(Error::invalid(at("at_once"), message));
        }
        for (inner, medium) in one.interrupted_by.iter().enumerate() {
            let field = || at(&format!("interrupted_by[{inner}]"));
            if *medium == one.medium {
                let message = "a medium does not interrupt itself; see `at_once`";
                return Err(Error::invalid(field(), message));
            }
            if one.interrupted_by[..inner].contains(medium) {
                return Err(Error::invalid(field(), "this medium occurs twice"));
            }
        }
    }
    Ok(())
}

fn read(row: &AnyRow, belongings: Belongings) -> Result<User> {
    Ok(User {
        id: row.parsed("id")?,
        user_name: row.text("user_name")?,
        display_name: row.text("display_name")?,
        role: row.word("role")?,
        language: row.optional_text("language")?,
        skills: belongings.skills,
        queues: belongings.queues,
        capacity: row.json("capacity")?,
        has_desk_phone: row.integer("has_desk_phone")? != 0,
    })
}
