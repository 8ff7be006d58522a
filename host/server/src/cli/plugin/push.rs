//! `hotline plugin push`: sends a version to a server, and prints its admission report.

use super::component::{Component, config_text};
use hotline_sandbox::{LanguageName, PluginKind};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Compiling a component of the largest size may take a server a minute.
const LONGEST: Duration = Duration::from_secs(120);

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The plugin's folder, which is built first, a component, or a script (NAME.flow.yaml, or
    /// NAME.flow.LANGUAGE)
    #[arg(default_value = ".", value_name = "PLUGIN")]
    path: PathBuf,
    /// The server
    #[arg(
        long,
        env = "HOTLINE_SERVER",
        value_name = "URL",
        value_parser = address,
        default_value = "http://127.0.0.1:8080"
    )]
    server: Url,
    /// An administrator's token, made in the console under "Administration"
    #[arg(
        long,
        env = "HOTLINE_TOKEN",
        value_name = "TOKEN",
        value_parser = token,
        hide_env_values = true
    )]
    token: String,
    /// What it is called there [default: its own name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// What changed, and why: stands beside the version for good
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Its configuration, a JSON object [default: the active version's]
    #[arg(long, value_name = "FILE.json")]
    config: Option<PathBuf>,
    /// For programs: the server's answer as it is
    #[arg(long)]
    json: bool,
}

fn address(text: &str) -> Result<Url, String> {
    let url = text.parse::<Url>().ok();
    url.filter(|url| url.has_host()).ok_or_else(|| {
        "it is no address of a server; write one such as http://127.0.0.1:8080, or \
         https://centre.example"
            .to_owned()
    })
}

fn token(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("it is empty; make one in the console under \"Administration\"".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// What is sent, and as what.
struct Parcel {
    kind: PluginKind,
    name: String,
    file_name: String,
    bytes: Vec<u8>,
}

/// As much of the server's answer as people are told (`docs/rollout.md`).
#[derive(Debug, Deserialize)]
struct Version {
    label: String,
    state: String,
    report: Vec<Finding>,
    permission_changes: Changes,
}

#[derive(Debug, Deserialize)]
struct Finding {
    code: String,
    path: String,
    line: Option<u32>,
    message: String,
    hint: Option<String>,
    page: String,
}

#[derive(Debug, Deserialize)]
struct Changes {
    added: Vec<Permission>,
}

#[derive(Debug, Deserialize)]
struct Permission {
    en: String,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    guard_the_token(&options.server)?;
    let parcel = Parcel::of(options)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    // Another default is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let answer = runtime.block_on(send(options, &parcel))?;
    let version: Version = serde_json::from_value(answer.clone())
        .map_err(|error| format!("the server's answer is not understood: {error}"))?;
    if options.json {
        super::print_json(&answer)?;
    } else {
        tell(options, &parcel, &version);
    }
    Ok(super::status(version.state != "rejected"))
}

/// A token is a password: in the clear it goes no further than this machine.
fn guard_the_token(server: &Url) -> Result<(), String> {
    let host = server.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match server.scheme() {
        "https" => Ok(()),
        "http" if here => Ok(()),
        _ => Err(format!(
            "the token would travel to {server} in the clear: use https (`hotline up --tls`)"
        )),
    }
}

impl Parcel {
    fn of(options: &Options) -> Result<Parcel, String> {
        let file_name = options.path.file_name().unwrap_or_default();
        let file_name = file_name.to_string_lossy().into_owned();
        let (kind, own_name, file_name, bytes) = match LanguageName::of_script(&file_name) {
            Some((name, _)) => {
                let bytes = std::fs::read(&options.path)
                    .map_err(|error| format!("can not read {}: {error}", options.path.display()))?;
                (PluginKind::Flow, name.to_owned(), file_name.clone(), bytes)
            }
            None => {
                let component = Component::find(&options.path)?;
                let kind = component.kind()?;
                let file_name = format!("{}.{kind}.wasm", component.name());
                (kind, component.name(), file_name, component.bytes)
            }
        };
        Ok(Parcel {
            kind,
            name: options.name.clone().unwrap_or(own_name),
            file_name,
            bytes,
        })
    }
}

async fn send(options: &Options, parcel: &Parcel) -> Result<Value, String> {
    let mut address = options.server.clone();
    address
        .path_segments_mut()
        .map_err(|()| format!("{} is no address of a server", options.server))?
        .pop_if_empty()
        .extend([
            "api",
            "v1",
            "plugins",
            &parcel.kind.to_string(),
            &parcel.name,
            "versions",
        ]);
    let mut form = Form::new()
        .part(
            "file",
            Part::bytes(parcel.bytes.clone()).file_name(parcel.file_name.clone()),
        )
        .text("note", options.note.clone());
    if let Some(path) = &options.config {
        form = form.text("config", config_text(path)?);
    }
    let answered = async {
        let client = Client::builder().timeout(LONGEST).build()?;
        let answer = client
            .post(address)
            .bearer_auth(&options.token)
            .multipart(form)
            .send()
            .await?;
        Ok::<_, reqwest::Error>((answer.status(), answer.text().await?))
    };
    let (status, text) = answered.await.map_err(|error| {
        format!(
            "{} could not be reached: {}\n\
                 Is a server running there? `--server` or HOTLINE_SERVER names another one",
            options.server,
            chain(&error)
        )
    })?;
    let answer: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if status.is_success() {
        return Ok(answer);
    }
    // What is no server of ours may answer with a whole page.
    let said = answer["detail"].as_str().unwrap_or_else(|| {
        let line = text.lines().next().unwrap_or_default();
        &line[..line.floor_char_boundary(200)]
    });
    Err(match status {
        StatusCode::UNAUTHORIZED => {
            format!(
                "the server does not know this token ({said}); make one in the console under \
                 \"Administration\", and give it by `--token` or HOTLINE_TOKEN"
            )
        }
        StatusCode::NOT_FOUND => format!(
            "{} has no place for plugins ({status}): {said}\n\
             Is it a server of Hotline? `--server` or HOTLINE_SERVER names another one",
            options.server
        ),
        _ => format!("the server refused ({status}): {said}"),
    })
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
fn tell(options: &Options, parcel: &Parcel, version: &Version) {
    let server = options.server.as_str().trim_end_matches('/');
    println!("{} is {}", version.label, version.state);
    for finding in &version.report {
        let line = finding
            .line
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        println!(
            "{}{line}: {} [{}]",
            finding.path, finding.message, finding.code
        );
        if let Some(hint) = &finding.hint {
            println!("  {hint}");
        }
        println!("  {server}{}", finding.page);
    }
    let added = &version.permission_changes.added;
    if !added.is_empty() {
        println!("It asks for more than the active version:");
        for permission in added {
            println!("  {}", permission.en);
        }
        println!("An administrator must accept that before it is put into service.");
    }
    if version.state != "rejected" {
        println!(
            "Stage it, try it, activate it: {server}/flows/{}",
            parcel.name
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_in_the_clear_to_this_machine_only() {
        for (server, may) in [
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("http://localhost", true),
            ("https://centre.example", true),
            ("http://centre.example", false),
            ("http://192.0.2.7:8080", false),
            ("ftp://localhost", false),
        ] {
            let url: Url = server.parse().expect("an address");
            assert_eq!(guard_the_token(&url).is_ok(), may, "{server}");
        }
    }
}
