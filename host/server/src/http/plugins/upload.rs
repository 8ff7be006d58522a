//! A version that is sent: a component or a script as it is, or a form that brings a configuration
//! and a note with it.

use super::super::caller::Administrator;
use super::super::problem::Problem;
use super::super::{App, Path, Query};
use super::versions::Version;
use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use hotline_sandbox::limits::{COMPONENT_BYTES, CONFIG_BYTES};
use hotline_sandbox::rollout::{Upload, UploadBody, UploadError};
use hotline_sandbox::{LanguageName, PluginKind};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest component with the largest configuration, a note, and the form around them.
const BODY_BYTES: usize = (COMPONENT_BYTES + CONFIG_BYTES) as usize + 64 * 1024;

/// The one address that takes more than the others.
pub(in crate::http) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Said {
    /// What is said of this version, when the body is the file itself.
    #[serde(default)]
    note: String,
    /// What a script is written in, when the body is the file itself: the end of its name,
    /// `main.flow.LANGUAGE`. `yaml` when it is not said.
    language: Option<String>,
}

/// The form; or send the file itself as the body, as `application/wasm` or, of a script, as
/// `application/yaml` or another text.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of the form, for the document")]
pub(crate) struct UploadForm {
    /// The component, or the script of a flow: one in a language of the tenant's own is called
    /// `NAME.flow.LANGUAGE`.
    #[schema(format = Binary)]
    file: String,
    /// A JSON object; without it that of the active version.
    config: Option<String>,
    note: Option<String>,
}

/// Sends a new version: it is admitted, compiled and tried; then it waits until it is staged
///
/// The answer is the version in the state `compiled`, or `rejected` with what was wrong in `report`.
#[utoipa::path(post, operation_id = "upload_plugin_version", path = "/plugins/{kind}/{name}/versions", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path), Said),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Version), (status = "default", body = Problem)))]
pub(crate) async fn upload(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name)): Path<(PluginKind, String)>,
    Query(said): Query<Said>,
    request: Request,
) -> Result<(StatusCode, Json<Version>), Problem> {
    let language = said.language.as_deref().map(language).transpose()?;
    let sent = Sent::of(request, said.note, &app).await?;
    let cause = app.cause(&caller, sent.note).await?;
    let upload = Upload {
        kind,
        name,
        body: body(kind, sent.file, language.or(sent.language))?,
        config: sent.config,
    };
    let version = app.sandbox.upload(caller.tenant, upload, cause).await?;
    Ok((StatusCode::CREATED, Json(version.into())))
}

/// What a component begins with, in binary form.
const WASM: &[u8] = b"\0asm";

fn language(name: &str) -> Result<LanguageName, Problem> {
    LanguageName::parse(name).ok_or_else(|| {
        let message =
            "from 1 to 40 small letters, digits, `-` and `_`, a letter first, and not `wasm`";
        Problem::invalid("language", message)
    })
}

fn body(
    kind: PluginKind,
    file: Bytes,
    language: Option<LanguageName>,
) -> Result<UploadBody, Problem> {
    if file.starts_with(WASM) || kind != PluginKind::Flow {
        return Ok(UploadBody::Component(file));
    }
    match String::from_utf8(file.into()) {
        Ok(text) => Ok(UploadBody::Script {
            language: language.unwrap_or_else(LanguageName::shipped),
            text,
        }),
        Err(_) => Err(Problem::invalid(
            "file",
            "is neither a WebAssembly component in binary form nor text in UTF-8",
        )),
    }
}

struct Sent {
    file: Bytes,
    language: Option<LanguageName>,
    config: Option<String>,
    note: String,
}

impl Sent {
    async fn of(request: Request, note: String, app: &App) -> Result<Sent, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let is_form = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        if is_form {
            let form = Multipart::from_request(request, app).await;
            return Sent::of_form(
                form.map_err(|error| Problem::malformed(error.body_text()))?,
                note,
            )
            .await;
        }
        let file = Bytes::from_request(request, app).await;
        let file = file.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => Problem::malformed(error.body_text()),
        })?;
        Ok(Sent {
            file,
            language: None,
            config: None,
            note,
        })
    }

    async fn of_form(mut form: Multipart, note: String) -> Result<Sent, Problem> {
        let (mut file, mut language, mut config, mut note) = (None, None, None, note);
        while let Some(part) = form.next_field().await? {
            match part.name().unwrap_or_default() {
                "file" => {
                    let script = part.file_name().and_then(LanguageName::of_script);
                    language = script.map(|(_, language)| language);
                    file = Some(part.bytes().await?);
                }
                "config" => config = Some(part.text().await?),
                "note" => note = part.text().await?,
                other => {
                    let field = other.to_owned();
                    let message = "unknown part; `file`, `config` and `note` are known";
                    return Err(Problem::invalid(field, message));
                }
            }
        }
        let missing = || Problem::invalid("file", "is missing: send the component or the script");
        Ok(Sent {
            file: file.ok_or_else(missing)?,
            language,
            config,
            note,
        })
    }
}

fn too_large() -> Problem {
    Problem::larger_than(COMPONENT_BYTES)
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => Problem::malformed(error.body_text()),
        }
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Name => Problem::invalid("name", error.to_string()),
            UploadError::NoScript => Problem::invalid("file", error.to_string()),
            UploadError::TooLarge { most_bytes, .. } => Problem::larger_than(most_bytes),
            UploadError::NothingActive => Problem::conflict(error.to_string()),
            UploadError::Busy | UploadError::Unavailable => Problem::busy(error.to_string()),
            UploadError::Store(_) => Problem::internal(&error),
        }
    }
}
