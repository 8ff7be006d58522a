//! Secrets, and where a request refers to them: `{{secret:NAME}}`, or `{{token:ID}}` for what a
//! caller has typed under protection.

use std::fmt;
use zeroize::Zeroizing;

/// A secret's value: printed as dots, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(value: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(value.into()))
    }

    /// The deliberate way out.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.reveal() == other.reveal()
    }
}

impl Eq for Secret {}

/// What stands in a request in place of a value that no guest may see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// By its name in the manifest.
    Secret(String),
    /// A protected input of the contact (a card number, a PIN), by the token that the flow was
    /// given for it. Spent with the request.
    Token(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Secret(name) => write!(f, "{{{{secret:{name}}}}}"),
            Reference::Token(id) => write!(f, "{{{{token:{id}}}}}"),
        }
    }
}

const NAME_BYTES: usize = 64;

/// Whether a text can be the name of a secret: 1 to 64 of letters, digits, `.`, `_`, `-`.
pub fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=NAME_BYTES).contains(&text.len()) && text.bytes().all(plain)
}

/// A text cut at its references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    Plain(&'a str),
    Refers(Reference),
}

/// Cuts a text at its references. What looks like one and is not well formed stays text: a template
/// of another language that happens to pass through here is none of ours.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut plain_from, mut at) = (0, 0);
    while let Some(found) = text[at..].find("{{") {
        let start = at + found;
        match reference_at(&text[start..]) {
            Some((reference, bytes)) => {
                if plain_from < start {
                    parts.push(Part::Plain(&text[plain_from..start]));
                }
                parts.push(Part::Refers(reference));
                at = start + bytes;
                plain_from = at;
            }
            None => at = start + 1,
        }
    }
    if plain_from < text.len() {
        parts.push(Part::Plain(&text[plain_from..]));
    }
    parts
}

fn reference_at(text: &str) -> Option<(Reference, usize)> {
    let end = text.find("}}")?;
    let (kind, name) = text[2..end].split_once(':')?;
    let make = match kind {
        "secret" => Reference::Secret,
        "token" => Reference::Token,
        _ => return None,
    };
    is_name(name).then(|| (make(name.to_owned()), end + 2))
}

/// The references of a text, in order.
pub(crate) fn references(text: &str) -> Vec<Reference> {
    let referring = parts(text).into_iter().filter_map(|part| match part {
        Part::Refers(reference) => Some(reference),
        Part::Plain(_) => None,
    });
    referring.collect()
}

/// The text with each reference replaced by what `value` gives, written as `encode` says.
///
/// # Errors
/// The first that `value` has nothing for.
pub(crate) fn expand<'v>(
    text: &str,
    value: impl Fn(&Reference) -> Option<&'v Secret>,
    encode: impl Fn(&str) -> String,
) -> Result<Zeroizing<String>, Reference> {
    let mut expanded = Zeroizing::new(String::with_capacity(text.len() + 64));
    for part in parts(text) {
        match part {
            Part::Plain(plain) => expanded.push_str(plain),
            Part::Refers(reference) => match value(&reference) {
                Some(secret) => {
                    let encoded = Zeroizing::new(encode(secret.reveal()));
                    expanded.push_str(&encoded);
                }
                None => return Err(reference),
            },
        }
    }
    Ok(expanded)
}

/// Shorter values are not looked for in answers: they would be found everywhere.
const SHORTEST_ECHO_BYTES: usize = 6;

/// Takes the values out of what a server said, should it say them back.
pub(crate) fn scrub(text: &[u8], values: &[Zeroizing<String>]) -> Option<Vec<u8>> {
    let mut scrubbed: Option<Vec<u8>> = None;
    for value in values.iter().filter(|v| v.len() >= SHORTEST_ECHO_BYTES) {
        let now = scrubbed.as_deref().unwrap_or(text);
        if let Some(next) = replace(now, value.as_bytes(), b"[secret]") {
            scrubbed = Some(next);
        }
    }
    scrubbed
}

fn replace(text: &[u8], what: &[u8], with: &[u8]) -> Option<Vec<u8>> {
    let mut found = memchr::memmem::find_iter(text, what).peekable();
    found.peek()?;
    let mut replaced = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in found {
        replaced.extend_from_slice(&text[from..at]);
        replaced.extend_from_slice(with);
        from = at + what.len();
    }
    replaced.extend_from_slice(&text[from..]);
    Some(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn references_are_replaced_where_they_stand_and_nothing_else_is() {
        let key = Secret::new("s3cr3t\"");
        let known = |reference: &Reference| {
            (*reference == Reference::Secret("api-key".to_owned())).then_some(&key)
        };
        for (text, expected) in [
            ("Bearer {{secret:api-key}}", "Bearer s3cr3t\""),
            ("{{secret:api-key}}{{secret:api-key}}", "s3cr3t\"s3cr3t\""),
            ("{{{secret:api-key}}}", "{s3cr3t\"}"),
            (
                "{{name}} {{secret:}} {{secret:a b}}",
                "{{name}} {{secret:}} {{secret:a b}}",
            ),
            ("{{secret:api-key", "{{secret:api-key"),
            ("客户 {{", "客户 {{"),
        ] {
            let expanded = expand(text, known, str::to_owned).expect("known");
            assert_eq!(*expanded, expected, "{text}");
        }
        let missing = expand("{{token:t1}}", known, str::to_owned);
        assert_eq!(missing, Err(Reference::Token("t1".to_owned())));
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::new("s3cr3t");
        assert_eq!(
            format!("{secret:?} {:?}", Some(&secret)),
            "[secret] Some([secret])"
        );
    }

    #[test]
    fn a_value_that_a_server_says_back_is_taken_out() {
        let values = [
            Zeroizing::new("s3cr3t".to_owned()),
            Zeroizing::new("x".to_owned()),
        ];
        let scrubbed = scrub(b"<s3cr3t>x<s3cr3t", &values);
        assert_eq!(
            scrubbed.as_deref(),
            Some(b"<[secret]>x<[secret]".as_slice())
        );
        assert_eq!(scrub(b"nothing here", &values), None);
    }

    proptest! {
        #[test]
        fn parts_put_together_are_the_text(text in "[{}a:secrtokn-]{0,40}|(\\{\\{secret:k\\}\\}|\\{|x){0,9}") {
            let again: String = parts(&text)
                .into_iter()
                .map(|part| match part {
                    Part::Plain(plain) => plain.to_owned(),
                    Part::Refers(reference) => reference.to_string(),
                })
                .collect();
            prop_assert_eq!(again, text);
        }
    }
}
