//! Tokens for programs. A token acts with a role and belongs to no person.

use super::caller::{Administrator, Role};
use super::problem::Problem;
use super::{App, Body, Path};
use crate::clock::now;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_records::repositories::tokens::{Token, TokenDraft};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::SessionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tokens {
    items: Vec<TokenItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenItem {
    id: SessionId,
    name: String,
    scopes: Vec<String>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl From<Token> for TokenItem {
    fn from(token: Token) -> Self {
        TokenItem {
            id: token.id,
            name: token.name,
            scopes: token.scopes,
            created_at: token.created_at,
            expires_at: token.expires_at,
        }
    }
}

/// The tokens, without their secrets
#[utoipa::path(get, operation_id = "list_tokens", path = "/tokens", tag = "tokens",
    responses((status = 200, body = Tokens), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Administrator(caller): Administrator,
) -> Result<Json<Tokens>, Problem> {
    let items = app.records.tokens.all(caller.tenant).await?;
    Ok(Json(Tokens {
        items: items.into_iter().map(TokenItem::from).collect(),
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenWish {
    name: String,
    /// `supervisor` reads everything, `admin` also changes the set-up.
    role: Role,
    /// Never, when absent.
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewToken {
    #[serde(flatten)]
    token: TokenItem,
    /// Shown this once.
    secret: String,
}

/// Creates a token
#[utoipa::path(post, operation_id = "create_token", path = "/tokens", tag = "tokens", request_body = TokenWish,
    responses((status = 201, body = NewToken), (status = "default", body = Problem)))]
pub(crate) async fn create(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Body(wish): Body<TokenWish>,
) -> Result<(StatusCode, Json<NewToken>), Problem> {
    if wish.role == Role::Agent {
        return Err(Problem::invalid(
            "role",
            "a program can be supervisor or admin",
        ));
    }
    let created_by = caller
        .user
        .ok_or_else(|| Problem::forbidden("admin, as a person"))?;
    let draft = TokenDraft {
        name: wish.name,
        scopes: vec![wish.role.as_str().to_owned()],
        created_by,
        expires_at: wish.expires_at,
    };
    let (token, secret) = app
        .records
        .tokens
        .create(caller.tenant, now(), draft)
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(NewToken {
            token: token.into(),
            secret,
        }),
    ))
}

/// Deletes a token; it is refused from now on
#[utoipa::path(delete, operation_id = "delete_token", path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn remove(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    app.records.tokens.delete(caller.tenant, id).await?;
    app.sockets.end(id);
    Ok(StatusCode::NO_CONTENT)
}
