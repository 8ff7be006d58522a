//! YAML as a tree in which everything knows where it stands. Aliases and tags are refused: a flow
//! says things twice or gives them a name under `prompts`.

use crate::diagnostics::{Place, Report};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

/// Deeper nesting than any flow has; keeps a hostile file off the stack.
const DEEPEST: usize = 16;

#[derive(Debug, Clone, PartialEq)]
pub struct Yaml {
    pub place: Place,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// Everything else that is written as one word or text; numbers too.
    Scalar(String),
    Sequence(Vec<Yaml>),
    Mapping(Vec<(Yaml, Yaml)>),
}

impl Yaml {
    /// What it is, for "expected this, found that".
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a block of `key: value` lines",
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads one document. A syntax error is told and ends the reading: nothing after it can be
/// understood.
pub fn read(text: &str, report: &mut Report) -> Option<Yaml> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        report,
    };
    let mut root = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            Event::StreamEnd => return Some(root.unwrap_or_else(|| nothing(span))),
            event if root.is_none() => root = Some(reader.value(event, span, 0)?),
            _ => {
                reader.report.error(
                    "script.syntax",
                    place(span),
                    "a flow is one document, this begins a second one",
                    Some("remove the `---` line and what follows".to_owned()),
                );
                return None;
            }
        }
    }
}

fn nothing(span: Span) -> Yaml {
    Yaml {
        place: place(span),
        value: Value::Null,
    }
}

/// From the first character to the end of it, or of its first line.
fn place(span: Span) -> Place {
    let length = if span.end.line() == span.start.line() {
        span.end.col().saturating_sub(span.start.col())
    } else {
        0
    };
    Place {
        length: u32::try_from(length).unwrap_or(0),
        ..point(span.start)
    }
}

fn point(mark: Marker) -> Place {
    Place {
        line: u32::try_from(mark.line().max(1)).unwrap_or(u32::MAX),
        column: u32::try_from(mark.col() + 1).unwrap_or(u32::MAX),
        length: 0,
    }
}

struct Reader<'t, 'r> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    report: &'r mut Report,
}

impl<'t> Reader<'t, '_> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        match self.parser.next()? {
            Ok(found) => Some(found),
            Err(error) => {
                let (message, hint) = syntax(error.info());
                self.report
                    .error("script.syntax", point(*error.marker()), message, Some(hint));
                None
            }
        }
    }

    fn value(&mut self, event: Event<'t>, span: Span, depth: usize) -> Option<Yaml> {
        if depth > DEEPEST {
            self.report.error(
                "script.syntax",
                place(span),
                format!("nested more than {DEEPEST} levels deep"),
                None,
            );
            return None;
        }
        let value = match event {
            Event::Scalar(text, style, _, _) => {
                let plain = style == ScalarStyle::Plain;
                if plain && matches!(&*text, "" | "~" | "null") {
                    Value::Null
                } else {
                    Value::Scalar(text.into_owned())
                }
            }
            Event::SequenceStart(..) => Value::Sequence(self.sequence(depth)?),
            Event::MappingStart(..) => Value::Mapping(self.mapping(depth)?),
            Event::Alias(_) => {
                self.report.error(
                    "script.alias",
                    place(span),
                    "`*name` is an alias in YAML, which flows do not have",
                    Some(
                        "write the star key as \"*\"; for a text used twice see `prompts:`"
                            .to_owned(),
                    ),
                );
                Value::Null
            }
            _ => return None,
        };
        Some(Yaml {
            place: place(span),
            value,
        })
    }

    fn sequence(&mut self, depth: usize) -> Option<Vec<Yaml>> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Some(items),
                (event, span) => items.push(self.value(event, span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Option<Vec<(Yaml, Yaml)>> {
        let mut entries: Vec<(Yaml, Yaml)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return Some(entries);
            }
            let key = self.value(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let value = self.value(event, span, depth + 1)?;
            let name = key.as_text().map(str::to_owned);
            let earlier = entries
                .iter()
                .find(|(other, _)| name.is_some() && other.as_text() == name.as_deref());
            match (earlier, name) {
                (Some((other, _)), Some(name)) => self.report.error(
                    "script.duplicate-key",
                    key.place,
                    format!(
                        "`{name}` stands here twice, first in line {}",
                        other.place.line
                    ),
                    Some("keep one of them".to_owned()),
                ),
                _ => entries.push((key, value)),
            }
        }
    }
}

/// The parser's words, and what usually is the matter.
fn syntax(info: &str) -> (String, String) {
    let hint = if info.contains("mapping values are not allowed") {
        "a text with `: ` in it needs quotes; otherwise check the indentation"
    } else if info.contains("tab") {
        "indent with spaces, not tabs"
    } else if info.contains("quoted scalar") || info.contains("end of stream") {
        "a quote or bracket is opened and not closed"
    } else if info.contains("alias") || info.contains("anchor") {
        "write the star key as \"*\""
    } else {
        "check the indentation, quotes and brackets here and in the line above"
    };
    (format!("this is not valid YAML: {info}"), hint.to_owned())
}
