//! People: who may sign in, and the agents among them.

use super::caller::{Administrator, Role, Supervisor};
use super::problem::Problem;
use super::{App, Body, Path};
use crate::clock::now;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_records::repositories::users::{User, UserDraft};
use hotline_vocabulary::configuration::{Capacity, Membership, Skill};
use hotline_vocabulary::ids::{AgentId, TenantId, UserId};
use hotline_vocabulary::live::AgentLive;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Agents {
    items: Vec<AgentItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentItem {
    #[serde(flatten)]
    agent: AgentLive,
    skills: Vec<Skill>,
    queues: Vec<Membership>,
    capacity: Vec<Capacity>,
}

/// The agents and what they do now
#[utoipa::path(get, operation_id = "list_agents", path = "/agents", tag = "people",
    responses((status = 200, body = Agents), (status = "default", body = Problem)))]
pub(crate) async fn agents(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
) -> Result<Json<Agents>, Problem> {
    let people = app.records.users.all(caller.tenant).await?;
    let live = app.exchange(caller.tenant)?.live().borrow().clone();
    let items = live
        .agents
        .iter()
        .map(|agent| {
            let person = people
                .iter()
                .find(|person| AgentId::from(person.id) == agent.id)
                .cloned();
            let (skills, queues, capacity) = person
                .map(|person| (person.skills, person.queues, person.capacity))
                .unwrap_or_default();
            AgentItem {
                agent: agent.clone(),
                skills,
                queues,
                capacity,
            }
        })
        .collect();
    Ok(Json(Agents { items }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Users {
    items: Vec<User>,
}

/// Everybody who may sign in
#[utoipa::path(get, operation_id = "list_users", path = "/users", tag = "people",
    responses((status = 200, body = Users), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Administrator(caller): Administrator,
) -> Result<Json<Users>, Problem> {
    Ok(Json(Users {
        items: app.records.users.all(caller.tenant).await?,
    }))
}

/// A user, with the secrets that are to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserWish {
    user_name: String,
    display_name: String,
    role: Role,
    /// BCP 47; the tenant's when absent.
    language: Option<String>,
    #[serde(default)]
    skills: Vec<Skill>,
    /// The queues that the user serves.
    #[serde(default)]
    queues: Vec<Membership>,
    /// Contacts at once by medium; one call and nothing else when empty.
    #[serde(default)]
    capacity: Vec<Capacity>,
    /// At least 8 characters; needed for a new user, else the old one stays.
    password: Option<String>,
    /// For the agent's SIP phone, at least 10 characters; an empty one takes the phone away.
    desk_phone_password: Option<String>,
}

impl UserWish {
    fn draft(&self) -> UserDraft {
        UserDraft {
            user_name: self.user_name.clone(),
            display_name: self.display_name.clone(),
            role: self.role,
            language: self.language.clone(),
            skills: self.skills.clone(),
            queues: self.queues.clone(),
            capacity: self.capacity.clone(),
        }
    }

    /// Looked at before anything is changed, so that a refusal leaves everything as it was.
    fn check_desk_phone(&self) -> Result<(), Problem> {
        match self.desk_phone_password.as_deref() {
            Some(password) if !password.is_empty() && password.chars().count() < SHORTEST => {
                let message = format!("must have at least {SHORTEST} characters");
                Err(Problem::invalid("desk_phone_password", message))
            }
            _ => Ok(()),
        }
    }
}

/// Creates a user
#[utoipa::path(post, operation_id = "create_user", path = "/users", tag = "people", request_body = UserWish,
    responses((status = 201, body = User), (status = "default", body = Problem)))]
pub(crate) async fn create(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Body(wish): Body<UserWish>,
) -> Result<(StatusCode, Json<User>), Problem> {
    let password = wish
        .password
        .as_deref()
        .ok_or_else(|| Problem::invalid("password", "is missing"))?;
    wish.check_desk_phone()?;
    let user = app
        .records
        .users
        .create(caller.tenant, now(), wish.draft(), password)
        .await?;
    set_desk_phone(
        &app,
        caller.tenant,
        &user,
        wish.desk_phone_password.as_deref(),
    )
    .await?;
    app.configuration_changed(caller.tenant).await?;
    Ok((
        StatusCode::CREATED,
        Json(app.records.users.get(caller.tenant, user.id).await?),
    ))
}

/// Changes a user; nobody is signed out by it
#[utoipa::path(put, operation_id = "replace_user", path = "/users/{id}", tag = "people", request_body = UserWish,
    params(("id" = String, Path)),
    responses((status = 200, body = User), (status = "default", body = Problem)))]
pub(crate) async fn replace(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(id): Path<UserId>,
    Body(wish): Body<UserWish>,
) -> Result<Json<User>, Problem> {
    if caller.user == Some(id) && wish.role != Role::Admin {
        return Err(Problem::conflict(
            "you can not take your own administration away",
        ));
    }
    wish.check_desk_phone()?;
    let user = app
        .records
        .users
        .update(caller.tenant, id, wish.draft())
        .await?;
    if let Some(password) = &wish.password {
        app.records
            .users
            .set_password(caller.tenant, id, password)
            .await?;
    }
    set_desk_phone(
        &app,
        caller.tenant,
        &user,
        wish.desk_phone_password.as_deref(),
    )
    .await?;
    app.configuration_changed(caller.tenant).await?;
    Ok(Json(app.records.users.get(caller.tenant, id).await?))
}

/// Shortest password of a desk phone, in characters.
const SHORTEST: usize = 10;

async fn set_desk_phone(
    app: &App,
    tenant: TenantId,
    user: &User,
    password: Option<&str>,
) -> Result<(), Problem> {
    let ha1 = match password {
        None => return Ok(()),
        Some("") => None,
        Some(password) => {
            let realm = hotline_sip::Directory::realm(&app.directory, tenant);
            Some(hotline_sip::ha1_md5(&user.user_name, &realm, password))
        }
    };
    Ok(app
        .records
        .users
        .set_desk_phone(tenant, user.id, ha1.as_deref())
        .await?)
}
