//! The fields of one block, taken one by one; what is left over is unknown.

use crate::diagnostics::{Place, Report, suggest};
use crate::yaml::{Value, Yaml};

pub(crate) struct Fields<'y> {
    /// Where the block's name stands, or the block.
    pub(crate) place: Place,
    entries: Vec<(&'y Yaml, &'y Yaml)>,
}

impl<'y> Fields<'y> {
    /// None, and told, when it is no block.
    pub(crate) fn of(yaml: &'y Yaml, what: &str, report: &mut Report) -> Option<Fields<'y>> {
        match &yaml.value {
            Value::Mapping(entries) => Some(Fields {
                place: yaml.place,
                entries: entries.iter().map(|(key, value)| (key, value)).collect(),
            }),
            _ => {
                report.error(
                    "script.wrong-type",
                    yaml.place,
                    format!(
                        "{what} is a block of `key: value` lines, found {}",
                        yaml.kind()
                    ),
                    Some("write it as `key: value` lines, indented alike".to_owned()),
                );
                None
            }
        }
    }

    pub(crate) fn into_entries(self) -> Vec<(&'y Yaml, &'y Yaml)> {
        self.entries
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries
            .iter()
            .any(|(key, _)| key.as_text() == Some(name))
    }

    /// The key as written, for its place.
    pub(crate) fn key(&self, name: &str) -> Option<&'y Yaml> {
        let mut found = self
            .entries
            .iter()
            .filter(|(key, _)| key.as_text() == Some(name));
        found.next().map(|(key, _)| *key)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &'y Yaml> {
        self.entries.iter().map(|(key, _)| *key)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<&'y Yaml> {
        let place = self
            .entries
            .iter()
            .position(|(key, _)| key.as_text() == Some(name))?;
        Some(self.entries.remove(place).1)
    }

    pub(crate) fn ignore(&mut self, name: &str) {
        self.take(name);
    }

    /// Tells every field that nobody took.
    pub(crate) fn finish(self, known: &[&str], report: &mut Report) {
        for (key, _) in self.entries {
            let (name, hint) = match key.as_text() {
                Some(name) if known.contains(&name) => {
                    (name, Some("it does not go with the others here".to_owned()))
                }
                Some(name) => (name, suggest(name, known.iter().copied())),
                None => ("", None),
            };
            report.error(
                "script.unknown-key",
                key.place,
                format!("`{name}` is not known here"),
                hint,
            );
        }
    }

    /// A number in the range; told when it is something else.
    pub(crate) fn number(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<i64>,
        report: &mut Report,
    ) -> Option<i64> {
        number(self.take(name)?, name, range, report)
    }

    pub(crate) fn flag(&mut self, name: &str, report: &mut Report) -> Option<bool> {
        let yaml = self.take(name)?;
        match yaml.as_text() {
            Some("true" | "yes" | "on") => Some(true),
            Some("false" | "no" | "off") => Some(false),
            _ => {
                report.error(
                    "script.wrong-type",
                    yaml.place,
                    format!("`{name}` is `true` or `false`"),
                    None,
                );
                None
            }
        }
    }

    pub(crate) fn text(&mut self, name: &str, report: &mut Report) -> Option<&'y str> {
        let yaml = self.take(name)?;
        let text = yaml.as_text().filter(|text| !text.is_empty());
        if text.is_none() {
            report.error(
                "script.wrong-type",
                yaml.place,
                format!("`{name}` is a text, found {}", yaml.kind()),
                None,
            );
        }
        text
    }

    /// `5s`, `500ms`, `2m`, or a bare number of seconds; in milliseconds.
    pub(crate) fn length(
        &mut self,
        name: &str,
        range_ms: std::ops::RangeInclusive<u32>,
        report: &mut Report,
    ) -> Option<u32> {
        let yaml = self.take(name)?;
        let ms = yaml.as_text().and_then(parse_length);
        match ms {
            Some(ms) if range_ms.contains(&ms) => Some(ms),
            Some(_) => {
                let show = |ms: &u32| f64::from(*ms) / 1_000.0;
                report.error(
                    "script.bad-value",
                    yaml.place,
                    format!(
                        "`{name}` is from {}s to {}s",
                        show(range_ms.start()),
                        show(range_ms.end())
                    ),
                    None,
                );
                None
            }
            None => {
                report.error(
                    "script.wrong-type",
                    yaml.place,
                    format!("`{name}` is a length of time"),
                    Some("write it as in `5s`, `500ms`, `2m`".to_owned()),
                );
                None
            }
        }
    }
}

pub(crate) fn number(
    yaml: &Yaml,
    name: &str,
    range: std::ops::RangeInclusive<i64>,
    report: &mut Report,
) -> Option<i64> {
    let value = yaml.as_text().and_then(|text| text.parse::<i64>().ok());
    match value {
        Some(value) if range.contains(&value) => Some(value),
        Some(_) => {
            report.error(
                "script.bad-value",
                yaml.place,
                format!("`{name}` is from {} to {}", range.start(), range.end()),
                None,
            );
            None
        }
        None => {
            report.error(
                "script.wrong-type",
                yaml.place,
                format!("`{name}` is a whole number, found {}", yaml.kind()),
                None,
            );
            None
        }
    }
}

fn parse_length(text: &str) -> Option<u32> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number: f64 = text[..text.len() - unit.len()].parse().ok()?;
    let ms = match unit.trim() {
        "ms" => number,
        "" | "s" => number * 1_000.0,
        "m" | "min" => number * 60_000.0,
        _ => return None,
    };
    (ms.is_finite() && ms <= f64::from(u32::MAX)).then_some(ms.round() as u32)
}
