//! Texts with places in braces: `/customers/{id}`. A brace that is no place is written twice.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What may stand in braces.
pub(crate) trait Place: Sized {
    /// For whoever wrote another one.
    const KNOWN: &'static str;

    fn parse(name: &str) -> Option<Self>;
}

/// What a place is worth; none when nobody knows.
pub(crate) type Known<'a, P> = &'a dyn Fn(&P) -> Option<Value>;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String", bound = "")]
pub(crate) struct Template<P: Place>(Vec<Part<P>>);

#[derive(Debug, Clone, PartialEq)]
enum Part<P> {
    Text(String),
    Place(P),
}

impl<P: Place> TryFrom<String> for Template<P> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let brace = &rest[at..=at];
            plain.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
            } else if brace == "}" {
                return Err(format!("`{text}` has a `}}` without its `{{`"));
            } else {
                let (name, after) = rest
                    .split_once('}')
                    .ok_or_else(|| format!("`{text}` has a `{{` without its `}}`"))?;
                let place = P::parse(name)
                    .ok_or_else(|| format!("`{{{name}}}` is not known here; {}", P::KNOWN))?;
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Place(place));
                rest = after;
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Template(parts))
    }
}

impl<P: Place> Template<P> {
    /// Whether one of its places is such.
    pub(crate) fn any(&self, is: fn(&P) -> bool) -> bool {
        self.0.iter().any(|part| match part {
            Part::Text(_) => false,
            Part::Place(place) => is(place),
        })
    }

    /// The text with all its places, each passed through `encode`; none when one is not known.
    pub(crate) fn filled(&self, known: Known<'_, P>, encode: fn(&str) -> String) -> Option<String> {
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Place(place) => filled.push_str(&encode(&text_of(&known(place)?)?)),
            }
        }
        Some(filled)
    }

    /// For a JSON text: a place that stands alone keeps its type, and is none when it is not known;
    /// among words what is not known leaves a gap.
    fn value(&self, known: Known<'_, P>) -> Option<Value> {
        if let [Part::Place(place)] = self.0.as_slice() {
            return known(place);
        }
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Place(place) => {
                    filled.push_str(&known(place).as_ref().and_then(text_of).unwrap_or_default());
                }
            }
        }
        Some(Value::String(filled))
    }
}

/// JSON to send, with templates for its texts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Value", bound = "")]
pub(crate) enum Body<P: Place> {
    Text(Template<P>),
    List(Vec<Body<P>>),
    Object(BTreeMap<String, Body<P>>),
    Other(Value),
}

impl<P: Place> TryFrom<Value> for Body<P> {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        Ok(match value {
            Value::String(text) => Body::Text(text.try_into()?),
            Value::Array(list) => Body::List(
                list.into_iter()
                    .map(Body::try_from)
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(members) => Body::Object(
                members
                    .into_iter()
                    .map(|(name, value)| Ok((name, Body::try_from(value)?)))
                    .collect::<Result<_, String>>()?,
            ),
            other => Body::Other(other),
        })
    }
}

impl<P: Place> Body<P> {
    pub(crate) fn any(&self, is: fn(&P) -> bool) -> bool {
        match self {
            Body::Text(template) => template.any(is),
            Body::List(list) => list.iter().any(|entry| entry.any(is)),
            Body::Object(members) => members.values().any(|member| member.any(is)),
            Body::Other(_) => false,
        }
    }

    /// As [`Body::filled`]; none when any place is not known.
    pub(crate) fn filled_whole(&self, known: Known<'_, P>) -> Option<String> {
        self.is_known(known).then(|| self.filled(known))
    }

    fn is_known(&self, known: Known<'_, P>) -> bool {
        match self {
            Body::Text(template) => template.filled(known, str::to_owned).is_some(),
            Body::List(list) => list.iter().all(|entry| entry.is_known(known)),
            Body::Object(members) => members.values().all(|member| member.is_known(known)),
            Body::Other(_) => true,
        }
    }

    /// Without the members and elements whose only place is not known.
    fn value(&self, known: Known<'_, P>) -> Option<Value> {
        Some(match self {
            Body::Text(template) => template.value(known)?,
            Body::List(list) => list.iter().filter_map(|entry| entry.value(known)).collect(),
            Body::Object(members) => members
                .iter()
                .filter_map(|(name, member)| Some((name.clone(), member.value(known)?)))
                .collect(),
            Body::Other(value) => value.clone(),
        })
    }

    /// The JSON text to send. What people typed can not become a reference of the host's, such as
    /// `{{secret:NAME}}`: the first of two braces is escaped, which JSON reads back as it was.
    pub(crate) fn filled(&self, known: Known<'_, P>) -> String {
        let text = self.value(known).unwrap_or(Value::Null).to_string();
        without_double_braces(&text, "\\u007b")
    }
}

/// The text with `instead` for each opening brace that another one follows.
fn without_double_braces(text: &str, instead: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('{', Some('{')) => safe.push_str(instead),
            _ => safe.push(character),
        }
    }
    safe
}

/// Texts, numbers and truth values as people would write them; none for what is empty or has parts.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// For a part of a path, RFC 3986, section 2.3.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// For a query parameter, which the host encodes: no reference of the host's comes about in it.
pub(crate) fn unreferring(text: &str) -> String {
    without_double_braces(text, "{ ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Clone, PartialEq)]
    struct Letter(char);

    impl Place for Letter {
        const KNOWN: &'static str = "known are single letters";

        fn parse(name: &str) -> Option<Letter> {
            let mut letters = name.chars();
            let letter = letters.next()?;
            letters.next().is_none().then_some(Letter(letter))
        }
    }

    fn known(letter: &Letter) -> Option<Value> {
        match letter.0 {
            'n' => Some(json!(7)),
            's' => Some(json!("a/b c")),
            'r' => Some(json!("{{{secret:key}}")),
            'e' => Some(json!("  ")),
            _ => None,
        }
    }

    fn template(text: &str) -> Template<Letter> {
        text.to_owned().try_into().expect("a template")
    }

    #[test]
    fn places_are_filled_and_encoded_and_an_unknown_one_leaves_no_text() {
        let path = template("/{n}/{s}/{{x}}");
        let filled = path.filled(&known, percent_encoded);
        assert_eq!(filled.as_deref(), Some("/7/a%2Fb%20c/{x}"));
        for text in ["/{u}", "/{e}"] {
            assert_eq!(
                template(text).filled(&known, percent_encoded),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn a_mistake_says_what_would_be_right() {
        for (text, said) in [
            (
                "{fone}",
                "`{fone}` is not known here; known are single letters",
            ),
            ("a {n", "without its `}`"),
            ("a } b", "without its `{`"),
        ] {
            let refused = Template::<Letter>::try_from(text.to_owned()).expect_err(text);
            assert!(refused.contains(said), "{refused}");
        }
    }

    #[test]
    fn in_json_a_lone_place_keeps_its_type_and_is_left_out_when_unknown() {
        let body = json!({
            "number": "{n}", "text": "no {n}{u}", "gone": "{u}",
            "list": ["{u}", "{s}", true], "deep": {"gone": "{u}"}
        });
        let body: Body<Letter> = body.try_into().expect("a body");
        assert_eq!(
            serde_json::from_str::<Value>(&body.filled(&known)).expect("JSON"),
            json!({"number": 7, "text": "no 7", "list": ["a/b c", true], "deep": {}})
        );
    }

    #[test]
    fn what_somebody_typed_is_no_reference_to_a_secret_and_arrives_as_it_was() {
        let body: Body<Letter> = json!({"note": "{r}"}).try_into().expect("a body");
        let sent = body.filled(&known);
        assert!(!sent.contains("{{"), "{sent}");
        let read: Value = serde_json::from_str(&sent).expect("JSON");
        assert_eq!(read["note"], "{{{secret:key}}");
        assert!(!unreferring("{{{secret:key}}").contains("{{secret"));
    }
}
