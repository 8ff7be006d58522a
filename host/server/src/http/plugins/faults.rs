//! Calls in which a plugin broke down: what was said of each, and all that it was given, as a file
//! that `hotline plugin replay` runs again.

use super::super::caller::Administrator;
use super::super::problem::Problem;
use super::super::{App, Path};
use super::no_such_plugin;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hotline_sandbox::{KeptFault, LanguageName, PluginKind};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PluginFaults)]
pub(crate) struct Faults {
    /// The newest first; at most 20 are kept, for as long as recorded calls are.
    items: Vec<Item>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PluginFaultItem)]
pub(crate) struct Item {
    #[serde(flatten)]
    fault: KeptFault,
    /// Runs the call again on the plugin of the folder that one is in, once its file is there. Ends
    /// alike, unless the fault was `timed_out`: that is the host's clock, which a replay does not have.
    command: String,
}

/// The last calls in which a plugin broke down, with the way to see each again
#[utoipa::path(get, operation_id = "list_plugin_faults", path = "/plugins/{kind}/{name}/faults", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path)),
    responses((status = 200, body = Faults), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name)): Path<(PluginKind, String)>,
) -> Result<Json<Faults>, Problem> {
    let known = app.sandbox.plugin(caller.tenant, kind, &name);
    known.ok_or_else(no_such_plugin)?;
    let kept = app.sandbox.faults(caller.tenant, kind, &name).await;
    let kept = kept.map_err(|error| Problem::internal(&error))?;
    let item = |fault: KeptFault| {
        let is_script = fault
            .version
            .as_ref()
            .filter(|version| version.artifact.is_some());
        let path = is_script.map(|version| {
            let kept = (app.sandbox).version(caller.tenant, kind, &name, &version.label());
            kept.map(|kept| kept.path).unwrap_or_default()
        });
        let script = path.map_or_else(String::new, |path| script(&name, &path));
        Item {
            command: format!("hotline plugin replay '{}'{script}", file(&name, &fault.id)),
            fault,
        }
    };
    Ok(Json(Faults {
        items: kept.into_iter().map(item).collect(),
    }))
}

/// One of them whole: the question, the configuration, the fault
///
/// It holds what the plugin saw of a customer.
#[utoipa::path(get, operation_id = "get_plugin_fault", path = "/plugins/{kind}/{name}/faults/{fault}", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path), ("fault" = String, Path)),
    responses((status = 200, content_type = "application/json", body = Object), (status = "default", body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name, fault)): Path<(PluginKind, String, String)>,
) -> Result<Response, Problem> {
    let known = app.sandbox.plugin(caller.tenant, kind, &name);
    known.ok_or_else(no_such_plugin)?;
    let kept = app.sandbox.fault(caller.tenant, kind, &name, &fault).await;
    let kept = kept.map_err(|error| Problem::internal(&error))?;
    let json = kept.ok_or_else(|| Problem::not_found("failed call"))?;
    let attached = format!("attachment; filename=\"{}\"", file(&name, &fault));
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, attached),
    ];
    Ok((headers, json).into_response())
}

/// The arguments for a script, by its file's path: itself, and the language that compiles it unless
/// that comes with Hotline.
fn script(name: &str, path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or_default();
    let language = LanguageName::of_script(file).map(|(_, language)| language);
    match language.filter(|language| !language.is_shipped()) {
        Some(language) => {
            format!(" '{name}.flow.{language}' --language '{language}.language.wasm'")
        }
        None => format!(" '{name}.flow.yaml'"),
    }
}

/// What the file is called where it is put down. Quotes and the like in a name would end its own.
fn file(name: &str, fault: &str) -> String {
    let plain = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => letter,
        _ => '_',
    };
    let name: String = name.chars().map(plain).collect();
    format!("{name}-fault-{fault}.json")
}
