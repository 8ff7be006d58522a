//! A plugin's own settings: what its manifest says they look like, and what they are. A change is a
//! version like any other, which somebody stages, tries and activates.

use super::super::caller::{Administrator, Caller};
use super::super::problem::Problem;
use super::super::{App, Body, Path};
use super::no_such_plugin;
use super::versions::Version;
use crate::folders;
use axum::Json;
use axum::extract::State;
use hotline_manifest::{ConfigSchema, Text, check_config};
use hotline_sandbox::PluginKind;
use hotline_sandbox::limits::CONFIG_BYTES;
use hotline_sandbox::rollout::{Upload, UploadBody};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Prompts that are offered to choose from.
const PROMPTS: usize = 500;
/// What the prompt renderer reads.
const SOUND_FILES: [&str; 5] = ["wav", "mp3", "flac", "ogg", "oga"];

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PluginConfiguration)]
pub(crate) struct Configuration {
    /// The label of the active version, whose this is.
    version: String,
    /// What the plugin says about itself.
    description: Text,
    /// JSON Schema (2020-12), in its author's order; none when the plugin takes any object.
    #[schema(value_type = Option<Object>)]
    schema: Option<ConfigSchema>,
    #[schema(value_type = Object)]
    value: Value,
    choices: Choices,
}

/// What may be picked where the schema says `"x-hotline": "queue"`, ...
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ConfigurationChoices)]
pub(crate) struct Choices {
    queue: BTreeSet<String>,
    skill: BTreeSet<String>,
    prompt: BTreeSet<String>,
    secret: BTreeSet<String>,
    flow: BTreeSet<String>,
}

/// The configuration of a plugin's active version, and what it may be
#[utoipa::path(get, operation_id = "get_plugin_configuration", path = "/plugins/{kind}/{name}/configuration", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path)),
    responses((status = 200, body = Configuration), (status = "default", body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name)): Path<(PluginKind, String)>,
) -> Result<Json<Configuration>, Problem> {
    let status = app.sandbox.plugin(caller.tenant, kind, &name);
    let version = status.ok_or_else(no_such_plugin)?.label;
    let config = app.sandbox.config(caller.tenant, kind, &name);
    let (Some(version), Some(config)) = (version, config) else {
        return Err(Problem::not_found("active version of this plugin"));
    };
    let manifest = app.sandbox.manifest(caller.tenant, kind, &name);
    let manifest = manifest.as_deref();
    Ok(Json(Configuration {
        version,
        description: manifest.map_or_else(Text::default, |one| one.description.clone()),
        schema: manifest.and_then(|one| one.config_schema.clone()),
        value: serde_json::from_str(&config).map_err(|error| Problem::internal(&error))?,
        choices: Choices {
            secret: manifest.map_or_else(BTreeSet::new, |one| {
                one.secrets
                    .iter()
                    .map(|secret| secret.name.clone())
                    .collect()
            }),
            ..choices(&app, &caller).await?
        },
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigurationWish {
    #[schema(value_type = Object)]
    value: Value,
    /// What changed, and why.
    #[serde(default)]
    note: String,
}

/// Makes a version of the active one's code with another configuration
///
/// It waits in the state `compiled` until it is staged and activated. What does not fit the schema
/// is refused, each place by its JSON pointer.
#[utoipa::path(put, operation_id = "set_plugin_configuration", path = "/plugins/{kind}/{name}/configuration", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path)), request_body = ConfigurationWish,
    responses((status = 200, body = Version), (status = "default", body = Problem)))]
pub(crate) async fn set(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name)): Path<(PluginKind, String)>,
    Body(wish): Body<ConfigurationWish>,
) -> Result<Json<Version>, Problem> {
    let known = app.sandbox.plugin(caller.tenant, kind, &name);
    known.ok_or_else(no_such_plugin)?;
    if !wish.value.is_object() {
        return Err(Problem::invalid("value", "must be a JSON object"));
    }
    let config = wish.value.to_string();
    if config.len() as u64 > CONFIG_BYTES {
        return Err(Problem::larger_than(CONFIG_BYTES));
    }
    let manifest = app.sandbox.manifest(caller.tenant, kind, &name);
    if let Some(schema) = manifest.and_then(|one| one.config_schema.clone()) {
        check_config(schema.value(), &wish.value).map_err(Problem::does_not_fit)?;
    }
    let cause = app.cause(&caller, wish.note).await?;
    let upload = Upload {
        kind,
        name,
        body: UploadBody::Active,
        config: Some(config),
    };
    let version = app.sandbox.upload(caller.tenant, upload, cause).await?;
    Ok(Json(version.into()))
}

/// What the configuration of any plugin may name: the tenant's queues, skills, prompts and flows
///
/// For a plugin that is about to be uploaded; its secrets stand in its own manifest.
#[utoipa::path(get, operation_id = "get_configuration_choices", path = "/configuration-choices", tag = "plugins",
    responses((status = 200, body = Choices), (status = "default", body = Problem)))]
pub(crate) async fn offered(
    State(app): State<App>,
    Administrator(caller): Administrator,
) -> Result<Json<Choices>, Problem> {
    Ok(Json(choices(&app, &caller).await?))
}

/// All but the secrets, which are the plugin's own.
async fn choices(app: &App, caller: &Caller) -> Result<Choices, Problem> {
    let tenant = caller.tenant;
    let queues = app.records.queues.all(tenant).await?;
    let agents = app.records.users.agents(tenant).await?;
    let needed = queues.iter().flat_map(|queue| queue.skills.needs());
    let had = agents.into_iter().flat_map(|agent| agent.skills);
    let flows = app.sandbox.catalogue(tenant).into_iter();
    Ok(Choices {
        skill: needed
            .map(|need| need.skill)
            .chain(had.map(|skill| skill.name))
            .collect(),
        queue: queues.into_iter().map(|queue| queue.name).collect(),
        prompt: prompts(app, caller).await,
        flow: flows
            .filter(|plugin| plugin.kind == PluginKind::Flow)
            .map(|plugin| plugin.name)
            .collect(),
        secret: BTreeSet::new(),
    })
}

/// The audio files of the tenant's flows; none when there is no such folder.
async fn prompts(app: &App, caller: &Caller) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let Some(tenant) = app.directory.tenant(caller.tenant) else {
        return found;
    };
    let folder = folders::prompts(&app.flows, &tenant.name);
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else {
        return found;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = name.rsplit_once('.').map(|(_, kind)| kind.to_lowercase());
        if kind.is_some_and(|kind| SOUND_FILES.contains(&kind.as_str())) {
            found.insert(name);
        }
        if found.len() >= PROMPTS {
            break;
        }
    }
    found
}
