//! From sources to an artifact, collecting every problem on the way.

mod fields;
mod hours;
mod lookup;
mod node;
mod queue;
mod text;

use crate::analyse;
use crate::diagnostics::{Place, Report, suggest};
use crate::script::{self, HANG_UP, Header, Node, Reload, Target};
use crate::yaml::{self, Value, Yaml};
use fields::Fields;
use hotline_sdk::flow_language::{Checked, Source};
use std::collections::BTreeMap;
pub(crate) use text::Use;
use text::Words;

const LARGEST_SOURCE_BYTES: usize = 256 * 1024;
const LARGEST_ARTIFACT_BYTES: usize = 1024 * 1024;
const MOST_NODES: usize = 2_000;

const SETTINGS: [&str; 10] = [
    "flow",
    "languages",
    "start",
    "reload",
    "utc_offset",
    "closed_on",
    "always",
    "on_failure",
    "prompts",
    "nodes",
];

/// Compiles a flow. The first source is the flow; it includes no others.
pub fn check(sources: &[Source]) -> Checked {
    let Some(source) = sources.first() else {
        return Checked::refused(Vec::new());
    };
    let mut report = Report::new(&source.path);
    let artifact = if source.text.len() > LARGEST_SOURCE_BYTES {
        report.error(
            "script.too-large",
            Place {
                line: 1,
                column: 1,
                length: 0,
            },
            format!(
                "the file is larger than {} KiB",
                LARGEST_SOURCE_BYTES / 1024
            ),
            Some("make several flows of it".to_owned()),
        );
        None
    } else {
        yaml::read(&source.text, &mut report)
            .and_then(|root| compile(&root, &source.text, &mut report))
    };
    let artifact = artifact.filter(|_| !report.has_errors());
    let diagnostics = report.finish();
    match artifact {
        Some(artifact) => Checked::sound(artifact, diagnostics),
        None => Checked::refused(diagnostics),
    }
}

fn how_to_reload(written: &Yaml, report: &mut Report) -> Option<Reload> {
    let reload = match written.as_text() {
        Some("pin") => Some(Reload::Pin),
        Some("migrate") => Some(Reload::Migrate),
        Some("restart") => Some(Reload::Restart),
        _ => None,
    };
    if reload.is_none() {
        report.error(
            "script.bad-value",
            written.place,
            "`reload` says what becomes of calls in progress when the flow is saved",
            Some("write `pin`, `migrate` or `restart`".to_owned()),
        );
    }
    reload
}

fn compile(root: &Yaml, source: &str, report: &mut Report) -> Option<Vec<u8>> {
    let mut fields = Fields::of(root, "a flow", report)?;
    fields.ignore("flow");
    let languages = languages(&mut fields, report);
    let prompts = fields.take("prompts");
    let nodes = fields.take("nodes");
    let Some(nodes) = nodes else {
        report.error(
            "script.missing-field",
            root.place,
            "the flow has no `nodes`",
            Some(
                "add `nodes:` with at least one node, e.g. `hello: {say: Hello, next: hangup}`"
                    .to_owned(),
            ),
        );
        fields.finish(&SETTINGS, report);
        return None;
    };
    let Some(nodes) = Fields::of(nodes, "`nodes`", report) else {
        fields.finish(&SETTINGS, report);
        return None;
    };
    let nodes = nodes.into_entries();
    let mut scope = Scope {
        names: names(&nodes, report),
        words: Words::new(languages, source),
        utc_offset: None,
        closed_on: Vec::new(),
        on_failure: None,
        on_failure_written: false,
    };
    if let Some(prompts) = prompts {
        scope.words.define(prompts, report);
    }
    if let Some(offset) = fields.take("utc_offset") {
        scope.utc_offset = Some(hours::utc_offset(offset, report));
    }
    if let Some(days) = fields.take("closed_on") {
        scope.closed_on = hours::closed_on(days, report);
    }
    if let Some(target) = fields.take("on_failure") {
        scope.on_failure_written = true;
        scope.on_failure = scope.target(target, report);
    }
    let always = fields
        .take("always")
        .map(|keys| node::keys(keys, "`always`", &mut scope, report))
        .unwrap_or_default();
    let start = match fields.take("start") {
        Some(target) => scope.target(target, report).unwrap_or(0),
        None => 0,
    };
    let reload = fields
        .take("reload")
        .and_then(|reload| how_to_reload(reload, report))
        .unwrap_or_default();
    let header = Header {
        reload,
        languages: scope.words.languages.clone(),
        start,
        on_failure: scope.on_failure,
        always,
    };
    fields.finish(&SETTINGS, report);
    let mut compiled = Vec::new();
    for (id, body) in &nodes {
        compiled.push(node::node(id, body, &mut scope, report));
    }
    scope.words.report_unused(report);
    let places: Vec<Place> = nodes.iter().map(|(id, _)| id.place).collect();
    analyse::values(&compiled, &scope.words.uses, report);
    let sound = compiled.iter().all(Option::is_some);
    let whole: Vec<Node> = compiled
        .into_iter()
        .map(|node| node.unwrap_or_else(dead_end))
        .collect();
    analyse::loops(&whole, &places, report);
    if !sound {
        // What leads where is not known then.
        return None;
    }
    if whole.is_empty() {
        report.error(
            "script.missing-field",
            root.place,
            "`nodes` is empty",
            Some("add a first node, e.g. `hello: {say: Hello, next: hangup}`".to_owned()),
        );
        return None;
    }
    analyse::graph(&header, &whole, &places, report);
    let artifact = script::encode(&header, &whole).ok()?;
    if artifact.len() > LARGEST_ARTIFACT_BYTES {
        report.error(
            "script.too-large",
            root.place,
            "the compiled flow is larger than 1 MiB",
            Some("make several flows of it".to_owned()),
        );
    }
    Some(artifact)
}

/// Stands for a node that could not be understood, so that the others keep their places.
fn dead_end() -> Node {
    Node {
        id: String::new(),
        set: Vec::new(),
        language: None,
        kind: script::Kind::HangUp,
    }
}

/// What nodes are compiled against.
pub(crate) struct Scope<'y> {
    /// Node names, each with its place in the script.
    names: BTreeMap<String, Target>,
    words: Words<'y>,
    utc_offset: Option<i16>,
    closed_on: Vec<i32>,
    on_failure: Option<Target>,
    /// Even when its target is unknown: that is told once.
    on_failure_written: bool,
}

impl Scope<'_> {
    /// A node's name, or `hangup`.
    pub(crate) fn target(&mut self, yaml: &Yaml, report: &mut Report) -> Option<Target> {
        let Some(name) = yaml.as_text() else {
            report.error(
                "script.wrong-type",
                yaml.place,
                format!("expected the name of a node, found {}", yaml.kind()),
                None,
            );
            return None;
        };
        if let Some(target) = self.names.get(name) {
            return Some(*target);
        }
        if name == "hangup" {
            return Some(HANG_UP);
        }
        let names = self.names.keys().map(String::as_str).chain(["hangup"]);
        report.error(
            "script.unknown-node",
            yaml.place,
            format!("there is no node `{name}`"),
            suggest(name, names),
        );
        None
    }
}

fn languages(fields: &mut Fields<'_>, report: &mut Report) -> Vec<String> {
    let written = match fields.take("languages") {
        None => Vec::new(),
        Some(Yaml {
            value: Value::Scalar(tag),
            place,
        }) => vec![(tag.clone(), *place)],
        Some(Yaml {
            value: Value::Sequence(tags),
            ..
        }) => tags
            .iter()
            .filter_map(|tag| Some((tag.as_text()?.to_owned(), tag.place)))
            .collect(),
        Some(other) => {
            report.error(
                "script.wrong-type",
                other.place,
                format!("`languages` is a list of tags, found {}", other.kind()),
                Some("e.g. `languages: [en, zh-CN]`".to_owned()),
            );
            Vec::new()
        }
    };
    let mut languages: Vec<String> = Vec::new();
    for (tag, place) in written {
        let plausible = tag.len() <= 35
            && tag.split('-').enumerate().all(|(part, letters)| {
                let least = if part == 0 { 2 } else { 1 };
                (least..=8).contains(&letters.len())
                    && letters.chars().all(|letter| letter.is_ascii_alphanumeric())
            });
        if !plausible {
            report.error(
                "script.bad-value",
                place,
                format!("`{tag}` is no language tag"),
                Some("write it as in `en`, `zh-CN`, `de-AT`".to_owned()),
            );
        } else if !languages.contains(&tag) && languages.len() < 100 {
            languages.push(tag);
        }
    }
    if languages.is_empty() {
        languages.push("en".to_owned());
    }
    languages
}

fn names(nodes: &[(&Yaml, &Yaml)], report: &mut Report) -> BTreeMap<String, Target> {
    if nodes.len() > MOST_NODES {
        report.error(
            "script.too-large",
            nodes[MOST_NODES].0.place,
            format!("a flow has at most {MOST_NODES} nodes"),
            None,
        );
    }
    let mut names = BTreeMap::new();
    for (place, (id, _)) in nodes.iter().enumerate().take(MOST_NODES) {
        match id.as_text() {
            Some(name) if !name.is_empty() && name.len() <= 100 => {
                names.insert(name.to_owned(), place as Target);
            }
            _ => report.error(
                "script.bad-value",
                id.place,
                "a node's name is a text of 1 to 100 bytes",
                None,
            ),
        }
    }
    names
}
