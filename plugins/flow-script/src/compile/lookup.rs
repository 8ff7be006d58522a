//! The node that looks something up: in the host's records, in a table, or by a connector.

use crate::compile::Scope;
use crate::compile::fields::Fields;
use crate::compile::node::{finish, missing, required_text, target};
use crate::diagnostics::{Report, suggest};
use crate::script::{Argument, Kind, Lookup, Path, Source, Target};
use crate::yaml::{Value, Yaml};

/// The longest wait that the contract allows, and the usual one.
const LONGEST_MS: u32 = 30_000;
const USUAL_MS: u32 = 5_000;

/// What the host's records know of a customer.
const HISTORY: [&str; 6] = [
    "contacts_90_days",
    "last_ended_at",
    "last_queue",
    "last_agent",
    "last_disposition",
    "open_tasks",
];

/// The contract's operations, with the fields that they take; any other name is a connector's own.
const OPERATIONS: [(&str, &[&str]); 3] = [
    ("find-contact", &["id", "phone", "email", "text"]),
    (
        "upsert-contact",
        &["id", "name", "phones", "emails", "company", "url", "fields"],
    ),
    (
        "open-case",
        &[
            "contact",
            "subject",
            "description",
            "priority",
            "category",
            "fields",
        ],
    ),
];

pub(crate) fn lookup(
    mut fields: Fields<'_>,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Kind> {
    let source = fields
        .take("lookup")
        .and_then(|yaml| source(yaml, scope, report));
    let say = fields
        .has("say")
        .then(|| required_text(&mut fields, "say", scope, report))
        .flatten();
    let within_ms = fields
        .length("within", 100..=LONGEST_MS, report)
        .unwrap_or(USUAL_MS);
    let into = fields.take("into").map(|yaml| {
        let history = matches!(source, Some(Source::History));
        into(yaml, history, report)
    });
    let next = target(&mut fields, "next", scope, report);
    let nothing = fields
        .take("nothing")
        .map(|yaml| scope.target(yaml, report));
    let failed = failed(&mut fields, scope, report);
    let known = [
        "lookup", "say", "within", "into", "next", "nothing", "failed",
    ];
    finish(fields, &known, report);
    let failed = failed?;
    Some(Kind::Lookup(Lookup {
        source: source?,
        say,
        within_ms,
        into: into.unwrap_or_default(),
        next: next?,
        nothing: match nothing {
            Some(target) => target?,
            None => failed,
        },
        failed,
    }))
}

fn failed(fields: &mut Fields<'_>, scope: &mut Scope<'_>, report: &mut Report) -> Option<Target> {
    if let Some(yaml) = fields.take("failed") {
        return scope.target(yaml, report);
    }
    if !scope.on_failure_written {
        missing(
            fields,
            "failed",
            "say where callers go when there is no answer: `failed: NODE`, or `on_failure: NODE` for the whole flow",
            report,
        );
    }
    scope.on_failure
}

const EXAMPLES: &str = "write `history`, `{table: tiers, key: \"{caller}\"}`, or \
     `{connector: crm, operation: find-contact, with: {phone: \"{caller}\"}}`";

fn source(yaml: &Yaml, scope: &mut Scope<'_>, report: &mut Report) -> Option<Source> {
    match &yaml.value {
        Value::Scalar(word) if word == "history" => return Some(Source::History),
        Value::Mapping(_) => {}
        _ => {
            report.error(
                "script.wrong-type",
                yaml.place,
                format!("`lookup` says where to look, found {}", yaml.kind()),
                Some(EXAMPLES.to_owned()),
            );
            return None;
        }
    }
    let mut fields = Fields::of(yaml, "`lookup`", report)?;
    if fields.has("table") {
        let table = fields.text("table", report).map(str::to_owned);
        let key = match fields.take("key") {
            Some(yaml) => text(yaml, scope, report),
            None => {
                missing(&fields, "key", "say which row: `key: \"{caller}\"`", report);
                None
            }
        };
        fields.finish(&["table", "key"], report);
        return Some(Source::Table {
            table: table?,
            key: key?,
        });
    }
    if !fields.has("connector") {
        missing(&fields, "connector", EXAMPLES, report);
        fields.finish(&["table", "key", "connector", "operation", "with"], report);
        return None;
    }
    let connector = fields.text("connector", report).map(str::to_owned);
    let operation = fields.text("operation", report).map(str::to_owned);
    if operation.is_none() && !fields.has("operation") {
        missing(
            &fields,
            "operation",
            "say what the connector shall do: `operation: find-contact`",
            report,
        );
    }
    let with = match fields.take("with") {
        Some(yaml) => with(yaml, operation.as_deref(), scope, report),
        None => Some(Argument::Object(Vec::new())),
    };
    fields.finish(&["connector", "operation", "with"], report);
    Some(Source::Connector {
        connector: connector?,
        operation: operation?,
        with: with?,
    })
}

/// What the operation is given.
fn with(
    yaml: &Yaml,
    operation: Option<&str>,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Argument> {
    let Value::Mapping(entries) = &yaml.value else {
        report.error(
            "script.wrong-type",
            yaml.place,
            format!(
                "`with` is a block of `name: value` lines, found {}",
                yaml.kind()
            ),
            Some("e.g. `with: {phone: \"{caller}\"}`".to_owned()),
        );
        return None;
    };
    let contracts = OPERATIONS.iter().find(|(name, _)| Some(*name) == operation);
    if let Some((operation, taken)) = contracts {
        for (key, _) in entries {
            let name = key.as_text().unwrap_or_default();
            if !taken.contains(&name) {
                report.error(
                    "script.unknown-key",
                    key.place,
                    format!("`{operation}` takes no `{name}`"),
                    suggest(name, taken.iter().copied()),
                );
            }
        }
    }
    argument(yaml, scope, report)
}

fn argument(yaml: &Yaml, scope: &mut Scope<'_>, report: &mut Report) -> Option<Argument> {
    match &yaml.value {
        Value::Null | Value::Scalar(_) => text(yaml, scope, report).map(Argument::Text),
        Value::Sequence(items) => {
            let items = items.iter().map(|item| argument(item, scope, report));
            items.collect::<Option<_>>().map(Argument::List)
        }
        Value::Mapping(entries) => {
            let entries = entries.iter().map(|(name, value)| {
                let name = name.as_text().unwrap_or_default().to_owned();
                Some((name, argument(value, scope, report)?))
            });
            entries.collect::<Option<_>>().map(Argument::Object)
        }
    }
}

fn text(
    yaml: &Yaml,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<crate::script::Template> {
    let words = match &yaml.value {
        Value::Null => "",
        Value::Scalar(words) => words,
        _ => {
            report.error(
                "script.wrong-type",
                yaml.place,
                format!("a value here is a text, found {}", yaml.kind()),
                None,
            );
            return None;
        }
    };
    scope.words.template(words, yaml.place, report)
}

/// `tier: fields.tier`: attributes, and where in what was found their value stands.
fn into(yaml: &Yaml, history: bool, report: &mut Report) -> Vec<(String, Path)> {
    if let Value::Scalar(attribute) = &yaml.value {
        // The whole of it.
        return vec![(attribute.clone(), Path(Vec::new()))];
    }
    let Some(fields) = Fields::of(yaml, "`into`", report) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (attribute, path) in fields.into_entries() {
        let Some(written) = path.as_text().filter(|path| !path.is_empty()) else {
            report.error(
                "script.wrong-type",
                path.place,
                format!(
                    "an attribute is filled from a place in what was found, found {}",
                    path.kind()
                ),
                Some("e.g. `into: {tier: fields.tier}`".to_owned()),
            );
            continue;
        };
        let parts: Vec<String> = written.split('.').map(str::to_owned).collect();
        if parts.iter().any(String::is_empty) {
            report.error(
                "script.bad-value",
                path.place,
                format!("`{written}` is no place in what was found"),
                Some("write names with dots between, as in `fields.tier`".to_owned()),
            );
            continue;
        }
        if history && !HISTORY.contains(&written) {
            report.error(
                "script.unknown-key",
                path.place,
                format!("a customer's history has no `{written}`"),
                suggest(written, HISTORY),
            );
        }
        all.push((
            attribute.as_text().unwrap_or_default().to_owned(),
            Path(parts),
        ));
    }
    all
}
