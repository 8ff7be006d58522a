//! One node: which kind it is, and its fields.

use crate::compile::Scope;
use crate::compile::fields::Fields;
use crate::compile::{hours, lookup, queue};
use crate::diagnostics::{Place, Report, suggest};
use crate::script::{Collect, Hours, If, Kind, Menu, Node, Target, Template, Text, Tries};
use crate::yaml::{Value, Yaml};

/// The word that makes a node what it is.
const KINDS: [&str; 12] = [
    "say",
    "menu",
    "collect",
    "hours",
    "queue",
    "callback",
    "voicemail",
    "lookup",
    "if",
    "goto",
    "hangup",
    "reject",
];

/// What any node may have besides.
const MODIFIERS: [&str; 2] = ["set", "language"];

/// Limits of a telephone key pad.
const KEYS: &str = "0123456789*#";

/// None when it is no node; everything wrong with it is told.
pub(crate) fn node(
    id: &Yaml,
    body: &Yaml,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Node> {
    let name = id.as_text().unwrap_or_default().to_owned();
    let mut fields = Fields::of(body, &format!("the node `{name}`"), report)?;
    fields.place = id.place;
    let set = fields.take("set").map(|yaml| set(yaml, scope, report));
    let language = fields
        .take("language")
        .map(|yaml| language(yaml, scope, report));
    let moved = set.is_some() || language.is_some();
    let language_sound = !matches!(language, Some(None));
    let kind = kind(&name, fields, moved, scope, report)?;
    language_sound.then_some(Node {
        id: name,
        set: set.unwrap_or_default(),
        language: language.flatten(),
        kind,
    })
}

fn set(yaml: &Yaml, scope: &mut Scope<'_>, report: &mut Report) -> Vec<(String, Template)> {
    let Some(fields) = Fields::of(yaml, "`set`", report) else {
        return Vec::new();
    };
    let mut set = Vec::new();
    for (name, value) in fields.into_entries() {
        let text = match &value.value {
            Value::Null => "",
            Value::Scalar(text) => text,
            _ => {
                report.error(
                    "script.wrong-type",
                    value.place,
                    format!("an attribute is a text, found {}", value.kind()),
                    None,
                );
                continue;
            }
        };
        if let Some(template) = scope.words.template(text, value.place, report) {
            set.push((name.as_text().unwrap_or_default().to_owned(), template));
        }
    }
    set
}

fn language(yaml: &Yaml, scope: &Scope<'_>, report: &mut Report) -> Option<u8> {
    let tag = yaml.as_text().unwrap_or_default();
    let languages = &scope.words.languages;
    let place = languages.iter().position(|known| known == tag);
    if place.is_none() {
        report.error(
            "script.unknown-language",
            yaml.place,
            format!("`{tag}` is not one of this flow's languages"),
            suggest(tag, languages.iter().map(String::as_str)),
        );
    }
    place.and_then(|place| u8::try_from(place).ok())
}

fn kind(
    name: &str,
    mut fields: Fields<'_>,
    moved: bool,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Kind> {
    let mut kinds: Vec<&str> = KINDS.into_iter().filter(|kind| fields.has(kind)).collect();
    if ["queue", "callback", "lookup"]
        .iter()
        .any(|kind| kinds.contains(kind))
    {
        // Each may say something first.
        kinds.retain(|kind| *kind != "say");
    }
    if let [first, second, ..] = kinds[..] {
        let place = fields.key(second).map_or(fields.place, |key| key.place);
        report.error(
            "script.two-kinds",
            place,
            format!("`{name}` is a `{first}` node and a `{second}` node at once"),
            Some("make two nodes of it, the first with `next:` to the second".to_owned()),
        );
        return None;
    }
    match kinds.first().copied() {
        Some("say") => say(fields, scope, report),
        Some("menu") => menu(fields, scope, report),
        Some("collect") => collect(fields, scope, report),
        Some("hours") => opening_hours(fields, scope, report),
        Some("queue") => queue::queue(fields, scope, report),
        Some("callback") => queue::callback(fields, scope, report),
        Some("voicemail") => queue::voicemail(fields, scope, report),
        Some("lookup") => lookup::lookup(fields, scope, report),
        Some("if") => choice(fields, scope, report),
        Some("goto") => {
            let target = fields
                .take("goto")
                .and_then(|yaml| scope.target(yaml, report));
            finish(fields, &["goto"], report);
            target.map(Kind::Goto)
        }
        Some("hangup") => {
            fields.ignore("hangup");
            finish(fields, &["hangup"], report);
            Some(Kind::HangUp)
        }
        Some("reject") => reject(fields, report),
        _ if moved => {
            let next = target(&mut fields, "next", scope, report);
            finish(fields, &["next"], report);
            next.map(|next| Kind::Set { next })
        }
        _ => {
            no_kind(name, &fields, report);
            None
        }
    }
}

fn no_kind(name: &str, fields: &Fields<'_>, report: &mut Report) {
    for key in fields.keys() {
        let written = key.as_text().unwrap_or_default();
        let hint = suggest(written, KINDS.into_iter().chain(MODIFIERS));
        if let Some(hint) = hint.filter(|hint| hint.starts_with("did you mean")) {
            report.error(
                "script.unknown-kind",
                key.place,
                format!("`{written}` is no kind of node"),
                Some(hint),
            );
            return;
        }
    }
    report.error(
        "script.unknown-kind",
        fields.place,
        format!("`{name}` does not say what it does"),
        Some(format!(
            "give it one of {}",
            KINDS.map(|kind| format!("`{kind}`")).join(", ")
        )),
    );
}

/// Every kind has its own fields, and the modifiers have been taken already.
pub(crate) fn finish(fields: Fields<'_>, known: &[&str], report: &mut Report) {
    let all: Vec<&str> = known.iter().copied().chain(MODIFIERS).collect();
    fields.finish(&all, report);
}

pub(crate) fn missing(fields: &Fields<'_>, field: &str, hint: &str, report: &mut Report) {
    report.error(
        "script.missing-field",
        fields.place,
        format!("`{field}` is missing"),
        Some(hint.to_owned()),
    );
}

/// A way on that the node must have.
pub(crate) fn target(
    fields: &mut Fields<'_>,
    field: &str,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Target> {
    match fields.take(field) {
        Some(yaml) => scope.target(yaml, report),
        None => {
            let hint = format!("say where to go on: `{field}: NODE`, or `{field}: hangup`");
            missing(fields, field, &hint, report);
            None
        }
    }
}

/// Its own text of this field, which must be there.
pub(crate) fn required_text(
    fields: &mut Fields<'_>,
    field: &str,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Text> {
    let place = fields.key(field).map_or(fields.place, |key| key.place);
    let yaml = fields.take(field)?;
    scope.words.text(yaml, field, place, report)
}

fn say(mut fields: Fields<'_>, scope: &mut Scope<'_>, report: &mut Report) -> Option<Kind> {
    let text = required_text(&mut fields, "say", scope, report);
    let next = target(&mut fields, "next", scope, report);
    finish(fields, &["say", "next"], report);
    Some(Kind::Say {
        text: text?,
        next: next?,
    })
}

const TRIES: [&str; 7] = [
    "attempts",
    "wrong_key",
    "no_key",
    "failed",
    "wait",
    "between",
    "barge_in",
];

/// What menus and collects share: how long to wait, how often to ask, what then.
fn tries(fields: &mut Fields<'_>, scope: &mut Scope<'_>, report: &mut Report) -> Option<Tries> {
    let most = fields.number("attempts", 1..=10, report).unwrap_or(3);
    let mut text = |name: &str, scope: &mut Scope<'_>| {
        fields
            .has(name)
            .then(|| required_text(fields, name, scope, report))
            .flatten()
    };
    let wrong = text("wrong_key", scope);
    let no_key = text("no_key", scope);
    let wait_ms = fields
        .length("wait", 500..=120_000, report)
        .unwrap_or(5_000);
    let between_ms = fields
        .length("between", 500..=60_000, report)
        .unwrap_or(3_000);
    let failed = match fields.take("failed") {
        Some(yaml) => scope.target(yaml, report),
        None => {
            if !scope.on_failure_written {
                missing(
                    fields,
                    "failed",
                    "say where callers go after the last attempt: `failed: NODE`, or `on_failure: NODE` for the whole flow",
                    report,
                );
            }
            scope.on_failure
        }
    };
    Some(Tries {
        most: most as u8,
        wrong,
        no_key,
        failed: failed?,
        wait_ms,
        between_ms,
    })
}

fn menu(mut fields: Fields<'_>, scope: &mut Scope<'_>, report: &mut Report) -> Option<Kind> {
    let text = required_text(&mut fields, "menu", scope, report);
    let pressed = match fields.take("keys") {
        Some(yaml) => Some(keys(yaml, "`keys`", scope, report)),
        None => {
            missing(
                &fields,
                "keys",
                "e.g. `keys: {1: support, 2: sales}`",
                report,
            );
            None
        }
    };
    let barge_in = fields.flag("barge_in", report).unwrap_or(true);
    let tries = tries(&mut fields, scope, report);
    let known: Vec<&str> = ["menu", "keys"].into_iter().chain(TRIES).collect();
    finish(fields, &known, report);
    Some(Kind::Menu(Menu {
        text: text?,
        keys: pressed?,
        barge_in,
        tries: tries?,
    }))
}

/// `1: support` lines.
pub(crate) fn keys(
    yaml: &Yaml,
    what: &str,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Vec<(String, Target)> {
    let Some(fields) = Fields::of(yaml, what, report) else {
        return Vec::new();
    };
    let entries = fields.into_entries();
    if entries.is_empty() {
        report.error(
            "script.missing-field",
            yaml.place,
            format!("{what} is empty"),
            Some("e.g. `1: support`".to_owned()),
        );
    }
    let mut keys = Vec::new();
    for (key, value) in entries {
        let pressed = key.as_text().unwrap_or_default();
        let good =
            (1..=4).contains(&pressed.len()) && pressed.chars().all(|key| KEYS.contains(key));
        if !good {
            report.error(
                "script.bad-key",
                key.place,
                format!("`{pressed}` is not on a telephone"),
                Some("keys are 0 to 9, \"*\" and \"#\", up to four of them".to_owned()),
            );
        }
        if let Some(target) = scope.target(value, report)
            && good
        {
            keys.push((pressed.to_owned(), target));
        }
    }
    keys
}

fn collect(mut fields: Fields<'_>, scope: &mut Scope<'_>, report: &mut Report) -> Option<Kind> {
    let text = required_text(&mut fields, "collect", scope, report);
    let into = fields.text("into", report).map(str::to_owned);
    if into.is_none() {
        missing(
            &fields,
            "into",
            "name the attribute that gets the keys: `into: account`",
            report,
        );
    }
    let digits = match fields.take("digits") {
        Some(yaml) => digits(yaml, report),
        None => {
            missing(
                &fields,
                "digits",
                "say how many: `digits: 6`, or `digits: 4-8`",
                report,
            );
            None
        }
    };
    let terminators = match fields.take("end") {
        None => "#".to_owned(),
        Some(Yaml {
            value: Value::Null, ..
        }) => String::new(),
        Some(yaml) => match yaml.as_text() {
            Some(end) if end.len() <= 4 && end.chars().all(|key| KEYS.contains(key)) => {
                end.to_owned()
            }
            _ => {
                report.error(
                    "script.bad-key",
                    yaml.place,
                    "`end` holds the keys that end the input",
                    Some("e.g. `end: \"#\"`".to_owned()),
                );
                String::new()
            }
        },
    };
    let sensitive = fields.flag("sensitive", report).unwrap_or(false);
    let barge_in = fields.flag("barge_in", report).unwrap_or(true);
    let next = target(&mut fields, "next", scope, report);
    let tries = tries(&mut fields, scope, report);
    let known: Vec<&str> = ["collect", "into", "digits", "end", "sensitive", "next"]
        .into_iter()
        .chain(TRIES)
        .collect();
    finish(fields, &known, report);
    let (least, most) = digits?;
    Some(Kind::Collect(Collect {
        text: text?,
        into: into?,
        least,
        most,
        terminators,
        sensitive,
        barge_in,
        next: next?,
        tries: tries?,
    }))
}

/// `6` or `4-8`, from 1 to 64.
fn digits(yaml: &Yaml, report: &mut Report) -> Option<(u32, u32)> {
    let text = yaml.as_text().unwrap_or_default();
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let read = |text: &str| text.trim().parse::<u32>().ok();
    match (read(least), read(most)) {
        (Some(least), Some(most)) if 1 <= least && least <= most && most <= 64 => {
            Some((least, most))
        }
        _ => {
            report.error(
                "script.bad-value",
                yaml.place,
                format!("`{text}` is no number of keys from 1 to 64"),
                Some("write it as in `6` or `4-8`".to_owned()),
            );
            None
        }
    }
}

fn opening_hours(
    mut fields: Fields<'_>,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Kind> {
    let week = fields
        .take("hours")
        .and_then(|yaml| hours::week(yaml, report));
    let own_offset = fields
        .take("utc_offset")
        .map(|yaml| hours::utc_offset(yaml, report));
    let mut closed_on = scope.closed_on.clone();
    if let Some(days) = fields.take("closed_on") {
        closed_on.extend(hours::closed_on(days, report));
    }
    let utc_offset_minutes = own_offset.or(scope.utc_offset).unwrap_or_else(|| {
        report.warning(
            "script.missing-field",
            fields.place,
            "without `utc_offset` the hours are UTC",
            Some("e.g. `utc_offset: \"+01:00\"` at the top of the flow".to_owned()),
        );
        0
    });
    let open = target(&mut fields, "open", scope, report);
    let closed = target(&mut fields, "closed", scope, report);
    finish(
        fields,
        &["hours", "open", "closed", "utc_offset", "closed_on"],
        report,
    );
    Some(Kind::Hours(Hours {
        utc_offset_minutes,
        week: week?,
        closed_on,
        open: open?,
        closed: closed?,
    }))
}

fn choice(mut fields: Fields<'_>, scope: &mut Scope<'_>, report: &mut Report) -> Option<Kind> {
    let all = fields
        .take("if")
        .and_then(|yaml| conditions(yaml, scope, report));
    let then = target(&mut fields, "then", scope, report);
    let otherwise = target(&mut fields, "else", scope, report);
    finish(fields, &["if", "then", "else"], report);
    Some(Kind::If(If {
        all: all?,
        then: then?,
        otherwise: otherwise?,
    }))
}

fn conditions(
    yaml: &Yaml,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Vec<(String, Vec<String>)>> {
    let entries = Fields::of(yaml, "`if`", report)?.into_entries();
    if entries.is_empty() {
        report.error(
            "script.missing-field",
            yaml.place,
            "`if` has no condition",
            Some("e.g. `if: {tier: gold}`".to_owned()),
        );
        return None;
    }
    let mut all = Vec::new();
    for (name, value) in entries {
        let attribute = name.as_text().unwrap_or_default().to_owned();
        scope.words.uses.push(crate::compile::text::Use {
            name: attribute.clone(),
            place: name.place,
            announced: false,
        });
        let patterns: Option<Vec<String>> = match &value.value {
            Value::Scalar(pattern) => Some(vec![pattern.clone()]),
            Value::Null => Some(vec![String::new()]),
            Value::Sequence(items) => items
                .iter()
                .map(|item| item.as_text().map(str::to_owned))
                .collect(),
            Value::Mapping(_) => None,
        };
        match patterns {
            Some(patterns) if !patterns.is_empty() => all.push((attribute, patterns)),
            _ => {
                report.error(
                    "script.wrong-type",
                    value.place,
                    "an attribute is compared with a text or a list of texts",
                    Some(
                        "e.g. `tier: gold`, `tier: [gold, silver]`, `tier: \"*\"` for any"
                            .to_owned(),
                    ),
                );
                return None;
            }
        }
    }
    Some(all)
}

fn reject(mut fields: Fields<'_>, report: &mut Report) -> Option<Kind> {
    let yaml = fields.take("reject")?;
    let place: Place = yaml.place;
    // RFC 3261, section 21.
    let status = match yaml.as_text() {
        Some("busy") => Some(486),
        Some("unavailable") => Some(480),
        Some("not_found") => Some(404),
        Some("declined") => Some(603),
        Some(number) => number
            .parse::<u16>()
            .ok()
            .filter(|status| (400..700).contains(status)),
        None => None,
    };
    if status.is_none() {
        report.error(
            "script.bad-value",
            place,
            "`reject` takes `busy`, `unavailable`, `declined`, `not_found`, or a SIP status from 400 to 699",
            None,
        );
    }
    finish(fields, &["reject"], report);
    status.map(Kind::Reject)
}
