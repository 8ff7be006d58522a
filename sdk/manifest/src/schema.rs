//! Which JSON Schemas a manifest may bring. They come from strangers and are run on each save of a
//! configuration, and the console makes a form of them: so a subset that is bounded in size, in
//! what its references unfold to, and in what its patterns cost; no reference leaves the document.

use crate::Problem;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A schema whose JSON text is longer is refused.
pub const SCHEMA_BYTES: usize = 64 * 1024;
/// Schemas within the schema, each counted as often as references reach it.
const UNFOLDED: u64 = 4096;
const DEPTH: usize = 24;
const PATTERN_BYTES: usize = 200;
/// Of the `x-hotline` key: what the console offers to pick from.
const PICKERS: [&str; 5] = ["queue", "skill", "prompt", "secret", "flow"];

/// What stands behind a keyword.
enum Holds {
    /// A value that is no schema.
    Data,
    Pattern,
    Picker,
    Words,
    Reference,
    Schema,
    Schemas,
    SchemasByName,
    SchemasByPattern,
}

fn keyword(name: &str) -> Option<Holds> {
    Some(match name {
        "type" | "enum" | "const" | "default" | "examples" | "title" | "description"
        | "$comment" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"
        | "multipleOf" | "minLength" | "maxLength" | "format" | "minItems" | "maxItems"
        | "uniqueItems" | "required" | "minProperties" | "maxProperties" | "dependentRequired"
        | "deprecated" | "readOnly" | "minContains" | "maxContains" => Holds::Data,
        "pattern" => Holds::Pattern,
        "x-hotline" => Holds::Picker,
        "x-hotline-text" => Holds::Words,
        "$ref" => Holds::Reference,
        "items"
        | "contains"
        | "additionalProperties"
        | "propertyNames"
        | "not"
        | "if"
        | "then"
        | "else" => Holds::Schema,
        "prefixItems" | "allOf" | "anyOf" | "oneOf" => Holds::Schemas,
        "properties" | "$defs" | "definitions" | "dependentSchemas" => Holds::SchemasByName,
        "patternProperties" => Holds::SchemasByPattern,
        _ if name.starts_with("x-") => Holds::Data,
        _ => return None,
    })
}

/// Whether a manifest may bring this schema.
///
/// # Errors
/// Each mistake with the JSON pointer of its place in [`Problem::path`].
pub fn check_schema(schema: &Value) -> Result<(), Vec<Problem>> {
    let mut walk = Walk::default();
    let size = schema.to_string().len();
    if size > SCHEMA_BYTES {
        walk.add(
            "",
            format!("has {size} bytes; at most {SCHEMA_BYTES} are possible"),
        );
        return Err(walk.problems);
    }
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        walk.add("/type", "must be `object`: a configuration is one");
    }
    walk.schema(schema, "", 0);
    if walk.problems.is_empty() {
        walk.unfold();
    }
    if walk.problems.is_empty()
        && let Err(error) = crate::config::compile(schema)
    {
        walk.add(error.schema_path().as_str(), error.to_string());
    }
    if walk.problems.is_empty() {
        Ok(())
    } else {
        Err(walk.problems)
    }
}

/// A schema's own count, and the references in it: enough to know what it unfolds to.
#[derive(Default)]
struct Walk {
    problems: Vec<Problem>,
    /// By pointer of each schema: the pointers of schemas directly in it, and of those it refers to.
    inside: HashMap<String, Vec<String>>,
}

impl Walk {
    fn add(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(Problem::at(pointer, message));
    }

    fn schema(&mut self, schema: &Value, at: &str, depth: usize) {
        if depth > DEPTH {
            self.add(at, format!("is nested more than {DEPTH} deep"));
            return;
        }
        self.inside.entry(at.to_owned()).or_default();
        let keywords = match schema {
            Value::Bool(_) => return,
            Value::Object(keywords) => keywords,
            _ => {
                self.add(at, "is no schema: an object, `true` or `false` is expected");
                return;
            }
        };
        for (name, value) in keywords {
            if name == "$schema" && at.is_empty() {
                self.dialect(value);
                continue;
            }
            let place = format!("{at}/{}", escaped(name));
            match keyword(name) {
                None => self.add(&place, format!("`{name}` is not understood here")),
                Some(Holds::Data) => {}
                Some(Holds::Pattern) => self.pattern(value.as_str().unwrap_or_default(), &place),
                Some(Holds::Picker) => {
                    if !value.as_str().is_some_and(|kind| PICKERS.contains(&kind)) {
                        self.add(&place, format!("must be one of {}", PICKERS.join(", ")));
                    }
                }
                Some(Holds::Words) => self.words(value, &place),
                Some(Holds::Reference) => match value.as_str().and_then(|r| r.strip_prefix('#')) {
                    Some(target) => self.contains(at, target.to_owned()),
                    None => self.add(&place, "must point into this schema: `#/$defs/NAME`"),
                },
                Some(Holds::Schema) => self.inner(value, at, place, depth),
                Some(Holds::Schemas) => {
                    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
                    for (index, entry) in list.iter().enumerate() {
                        self.inner(entry, at, format!("{place}/{index}"), depth);
                    }
                }
                Some(Holds::SchemasByName) => self.named(value, at, &place, depth, false),
                Some(Holds::SchemasByPattern) => self.named(value, at, &place, depth, true),
            }
        }
    }

    /// Title and description in other languages: `{"zh-CN": {"title": "...", "description": "..."}}`.
    fn words(&mut self, value: &Value, place: &str) {
        let Some(languages) = value.as_object() else {
            self.add(place, "must be an object with a key for each language");
            return;
        };
        for (language, words) in languages {
            let place = format!("{place}/{}", escaped(language));
            let Some(words) = words.as_object() else {
                self.add(&place, "must be an object with `title` and `description`");
                continue;
            };
            for (name, text) in words {
                let place = format!("{place}/{}", escaped(name));
                if !matches!(name.as_str(), "title" | "description") {
                    self.add(&place, "is not understood; `title` and `description` are");
                } else if !text.is_string() {
                    self.add(&place, "must be a text");
                }
            }
        }
    }

    fn named(&mut self, value: &Value, at: &str, place: &str, depth: usize, patterns: bool) {
        let none = Map::new();
        // Definitions count where they are referred to.
        let defines = place.ends_with("/$defs") || place.ends_with("/definitions");
        for (name, entry) in value.as_object().unwrap_or(&none) {
            let inner = format!("{place}/{}", escaped(name));
            if patterns {
                self.pattern(name, &inner);
            }
            if defines {
                self.schema(entry, &inner, depth + 1);
            } else {
                self.inner(entry, at, inner, depth);
            }
        }
    }

    fn inner(&mut self, schema: &Value, at: &str, place: String, depth: usize) {
        self.schema(schema, &place, depth + 1);
        self.contains(at, place);
    }

    fn contains(&mut self, at: &str, inner: String) {
        self.inside.entry(at.to_owned()).or_default().push(inner);
    }

    fn dialect(&mut self, value: &Value) {
        let known = "https://json-schema.org/draft/2020-12/schema";
        if value.as_str() != Some(known) {
            self.add("/$schema", format!("must be `{known}`; or leave it out"));
        }
    }

    fn pattern(&mut self, pattern: &str, place: &str) {
        if pattern.len() > PATTERN_BYTES {
            self.add(place, format!("is longer than {PATTERN_BYTES} bytes"));
        }
    }

    /// Counts what references unfold to, and refuses one that comes back to itself: a form has an
    /// end.
    fn unfold(&mut self) {
        let mut counts = HashMap::new();
        let counted = self.count("", &mut counts, &mut Vec::new());
        match counted {
            Ok(count) if count <= UNFOLDED => {}
            Ok(_) => self.add("", format!("unfolds to more than {UNFOLDED} schemas")),
            Err((pointer, message)) => self.add(&pointer, message),
        }
    }

    fn count(
        &self,
        at: &str,
        counts: &mut HashMap<String, u64>,
        open: &mut Vec<String>,
    ) -> Result<u64, (String, String)> {
        if let Some(count) = counts.get(at) {
            return Ok(*count);
        }
        if open.iter().any(|outer| outer == at) {
            return Err((
                at.to_owned(),
                "refers to itself; it would have no end".to_owned(),
            ));
        }
        let Some(inside) = self.inside.get(at) else {
            let from = open.last().cloned().unwrap_or_default();
            return Err((from, format!("refers to `#{at}`, where no schema is")));
        };
        open.push(at.to_owned());
        let mut count = 1u64;
        for inner in inside {
            count = count.saturating_add(self.count(inner, counts, open)?);
        }
        open.pop();
        counts.insert(at.to_owned(), count);
        Ok(count)
    }
}

/// A token of a JSON pointer, RFC 6901.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
