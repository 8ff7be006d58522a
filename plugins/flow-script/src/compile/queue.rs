//! Nodes that have a contact wait for an agent, now or later: `queue`, `callback`, `voicemail`.

use crate::compile::Scope;
use crate::compile::fields::{self, Fields};
use crate::compile::node::{finish, keys, required_text};
use crate::diagnostics::{Place, Report};
use crate::script::{
    Callback, HANG_UP, Kind, Piece, Preferred, Queue, Target, Template, Voicemail,
};
use crate::yaml::{Value, Yaml};
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::skills::SkillExpression;

pub(crate) fn queue(
    mut fields: Fields<'_>,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Kind> {
    let queue = fields.text("queue", report).map(str::to_owned);
    let priority = fields
        .number("priority", -1_000..=1_000, report)
        .unwrap_or(0);
    let skills = fields.take("skills").map(|yaml| skills(yaml, report));
    let preferred = fields.take("preferred");
    let preferred = preferred.and_then(|yaml| preference(yaml, scope, report));
    let say = fields
        .has("say")
        .then(|| required_text(&mut fields, "say", scope, report))
        .flatten();
    let mut announcement = |field: &str| {
        let place = fields.key(field).map_or(fields.place, |key| key.place);
        let yaml = fields.take(field)?;
        scope.words.announcement(yaml, field, place, report)
    };
    let announce = announcement("announce");
    let announce_wait = announcement("announce_wait");
    let keys_place = fields.key("keys").map(|key| key.place);
    let pressed = fields
        .take("keys")
        .map(|yaml| keys(yaml, "`keys`", scope, report))
        .unwrap_or_default();
    if let Some(place) = keys_place {
        check_keys(
            &pressed,
            place,
            announce.is_some() || announce_wait.is_some(),
            report,
        );
    }
    let mut way = |field: &str| fields.take(field).map(|yaml| scope.target(yaml, report));
    let (full, unknown, overflowed) = (way("full"), way("unknown"), way("overflowed"));
    if full.is_none() && !scope.on_failure_written {
        no_exit("full", "when the queue is full", fields.place, report);
    }
    finish(
        fields,
        &[
            "queue",
            "priority",
            "skills",
            "preferred",
            "say",
            "announce",
            "announce_wait",
            "keys",
            "full",
            "unknown",
            "overflowed",
        ],
        report,
    );
    Some(Kind::Queue(Queue {
        queue: queue?,
        priority: priority as i32,
        skills: skills.unwrap_or_default(),
        preferred,
        say,
        announce,
        announce_wait,
        keys: pressed,
        full: full.flatten(),
        unknown: unknown.flatten(),
        overflowed: overflowed.flatten(),
    }))
}

/// Keys are heard after an announcement, one at a time.
fn check_keys(keys: &[(String, Target)], place: Place, announced: bool, report: &mut Report) {
    if let Some((key, _)) = keys.iter().find(|(key, _)| key.len() > 1) {
        report.error(
            "script.bad-key",
            place,
            format!("`{key}` is more than one key; a queue listens for one"),
            None,
        );
    }
    if !announced {
        report.error(
            "script.missing-field",
            place,
            "`keys` are asked for by an announcement, and there is none",
            Some("e.g. `announce: To be called back instead, press 1.`".to_owned()),
        );
    }
}

fn no_exit(field: &str, when: &str, place: Place, report: &mut Report) {
    report.warning(
        "script.missing-exit",
        place,
        format!("the flow does not say where callers go {when}"),
        Some(format!(
            "add `{field}: NODE`, or `on_failure: NODE` for the whole flow"
        )),
    );
}

/// `english >= 4 and (cards or loans)`, or `{english: 4}`: all of these at least at this level.
fn skills(yaml: &Yaml, report: &mut Report) -> String {
    match &yaml.value {
        Value::Scalar(text) => match text.parse::<SkillExpression>() {
            Ok(_) => text.clone(),
            Err(error) => {
                report.error(
                    "script.bad-skills",
                    within(yaml.place, text, error.at),
                    format!("no skill expression: {}", error.problem),
                    Some("e.g. `skills: english >= 4 and (cards or loans)`".to_owned()),
                );
                String::new()
            }
        },
        Value::Mapping(_) => levels(yaml, report),
        _ => {
            report.error(
                "script.wrong-type",
                yaml.place,
                format!("`skills` is an expression, found {}", yaml.kind()),
                Some("e.g. `skills: english >= 4 and (cards or loans)`".to_owned()),
            );
            String::new()
        }
    }
}

/// The place of a character, from 1, of a text on one line; of another the text's own.
fn within(place: Place, text: &str, at: usize) -> Place {
    let letters = text.chars().count() as u32;
    let quote = match place.length.checked_sub(letters) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return place,
    };
    Place {
        column: place.column + quote + at as u32 - 1,
        length: 1,
        ..place
    }
}

fn levels(yaml: &Yaml, report: &mut Report) -> String {
    let entries = Fields::of(yaml, "`skills`", report).map(Fields::into_entries);
    let mut all = SkillExpression::Anyone;
    for (name, level) in entries.unwrap_or_default() {
        let (place, name) = (name.place, name.as_text().unwrap_or_default());
        if name.is_empty() || name.contains('"') {
            let what = format!("`{name}` is no skill's name");
            report.error("script.bad-skills", place, what, None);
        } else if let Some(level) = fields::number(level, name, 1..=10, report) {
            all = all.and(SkillExpression::at_least(name, level as u8));
        }
    }
    all.to_string()
}

/// `{agent: "{last_agent}", wait: 20s}`.
fn preference(yaml: &Yaml, scope: &mut Scope<'_>, report: &mut Report) -> Option<Preferred> {
    let mut fields = Fields::of(yaml, "`preferred`", report)?;
    let wait_ms = fields.length("wait", 1_000..=3_600_000, report);
    let place = fields.key("agent").map_or(fields.place, |key| key.place);
    let agent = match fields.take("agent") {
        Some(yaml) => {
            let text = yaml.as_text().unwrap_or_default();
            let template = scope.words.template(text, yaml.place, report);
            if let Some(Template(pieces)) = &template
                && let [Piece::Literal(id)] = &pieces[..]
                && id.parse::<AgentId>().is_err()
            {
                report.error(
                    "script.bad-value",
                    yaml.place,
                    format!("`{id}` is no agent's id"),
                    Some(
                        "it begins with `ag_`; or take an attribute's: `\"{last_agent}\"`"
                            .to_owned(),
                    ),
                );
            }
            template
        }
        None => {
            report.error(
                "script.missing-field",
                place,
                "`agent` is missing",
                Some("e.g. `preferred: {agent: \"{last_agent}\", wait: 20s}`".to_owned()),
            );
            None
        }
    };
    fields.finish(&["agent", "wait"], report);
    Some(Preferred {
        agent: agent?,
        wait_ms: wait_ms.unwrap_or(20_000),
    })
}

pub(crate) fn callback(
    mut fields: Fields<'_>,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Kind> {
    let number = match fields.take("callback") {
        Some(Yaml {
            value: Value::Scalar(text),
            place,
        }) => scope.words.template(text, *place, report),
        Some(yaml) if !matches!(yaml.value, Value::Null) => {
            report.error(
                "script.wrong-type",
                yaml.place,
                format!("`callback` is a number, found {}", yaml.kind()),
                Some("leave it empty for the caller's own, or `callback: \"{number}\"`".to_owned()),
            );
            None
        }
        _ => Some(Template(Vec::new())),
    };
    let say = fields
        .has("say")
        .then(|| required_text(&mut fields, "say", scope, report))
        .flatten();
    let refused = way_out(
        &mut fields,
        "refused",
        "nobody is called back",
        scope,
        report,
    );
    finish(fields, &["callback", "say", "refused"], report);
    Some(Kind::Callback(Callback {
        number: number?,
        say,
        refused,
    }))
}

pub(crate) fn voicemail(
    mut fields: Fields<'_>,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Kind> {
    let text = required_text(&mut fields, "voicemail", scope, report);
    let longest = fields.length("longest", 1_000..=600_000, report);
    let next = fields.take("next").map(|yaml| scope.target(yaml, report));
    let failed = way_out(
        &mut fields,
        "failed",
        "no message can be taken",
        scope,
        report,
    );
    finish(fields, &["voicemail", "longest", "next", "failed"], report);
    Some(Kind::Voicemail(Voicemail {
        text: text?,
        longest_ms: longest.unwrap_or(120_000),
        next: next.unwrap_or(Some(HANG_UP))?,
        failed,
    }))
}

/// Where callers go when what they were promised does not come about.
fn way_out(
    fields: &mut Fields<'_>,
    field: &str,
    when: &str,
    scope: &mut Scope<'_>,
    report: &mut Report,
) -> Option<Target> {
    let written = fields.take(field);
    if written.is_none() && !scope.on_failure_written {
        no_exit(field, &format!("when {when}"), fields.place, report);
    }
    written.and_then(|yaml| scope.target(yaml, report))
}
