//! From a service's JSON to a customer.

use crate::template::{Place, Template, percent_encoded, text_of};
use hotline_sdk::connector::Contact;
use hotline_sdk::host::log;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The contract's bounds.
const ID_BYTES: usize = 128;
const NAME_BYTES: usize = 200;
const FIELD_BYTES: usize = 2000;
const ADDRESSES: usize = 16;

/// Which parts of a JSON object make a text: one JSON pointer (RFC 6901), `/name`, or words with
/// pointers in braces, `{/first} {/last}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Extract {
    Pointer(Pointer),
    Words(Template<Pointer>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pointer(String);

impl Place for Pointer {
    const KNOWN: &'static str = "a JSON pointer such as `{/name}` is";

    fn parse(name: &str) -> Option<Pointer> {
        name.starts_with('/').then(|| Pointer(name.to_owned()))
    }
}

impl TryFrom<String> for Extract {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Ok(match Pointer::parse(&text) {
            Some(pointer) => Extract::Pointer(pointer),
            None => Extract::Words(text.try_into()?),
        })
    }
}

impl Extract {
    /// Where most services have it.
    pub(crate) fn of_id() -> Extract {
        Extract::Pointer(Pointer("/id".to_owned()))
    }

    /// Every text there: of a list, all that are in it.
    fn all(&self, from: &Value) -> Vec<String> {
        match self {
            Extract::Pointer(Pointer(pointer)) => match from.pointer(pointer) {
                Some(Value::Array(list)) => list.iter().filter_map(text_of).collect(),
                Some(value) => text_of(value).into_iter().collect(),
                None => Vec::new(),
            },
            Extract::Words(words) => words
                .filled(
                    &|Pointer(pointer)| from.pointer(pointer).cloned(),
                    str::to_owned,
                )
                .into_iter()
                .collect(),
        }
    }

    pub(crate) fn text(&self, from: &Value) -> Option<String> {
        let all = self.all(from);
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// An `https` address; a value that is put into one is encoded.
    pub(crate) fn link(&self, from: &Value) -> Option<String> {
        let link = match self {
            Extract::Pointer(_) => self.text(from),
            Extract::Words(words) => words.filled(
                &|Pointer(pointer)| from.pointer(pointer).cloned(),
                percent_encoded,
            ),
        }?;
        let is_shown = link.starts_with("https://") && link.len() <= FIELD_BYTES;
        if !is_shown {
            log::warn("a link that is no https address is left out");
        }
        is_shown.then_some(link)
    }
}

/// Where the parts of a customer are.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Customer {
    id: Extract,
    name: Extract,
    #[serde(default)]
    phones: Vec<Extract>,
    #[serde(default)]
    emails: Vec<Extract>,
    #[serde(default)]
    company: Option<Extract>,
    #[serde(default)]
    link: Option<Extract>,
    #[serde(default)]
    fields: BTreeMap<String, Extract>,
}

impl Customer {
    /// None without an id: nobody could refer to them.
    pub(crate) fn read(&self, from: &Value) -> Option<Contact> {
        let id = self.id.text(from).filter(|id| id.len() <= ID_BYTES)?;
        let name = self.name.text(from).unwrap_or_else(|| id.clone());
        let all = |extracts: &[Extract]| -> Vec<String> {
            let texts = extracts.iter().flat_map(|extract| extract.all(from));
            let short = texts.filter(|text| text.len() <= FIELD_BYTES);
            short.take(ADDRESSES).collect()
        };
        let fields = self.fields.iter().filter_map(|(shown, extract)| {
            let text = cut(extract.text(from)?, FIELD_BYTES);
            Some((shown.clone(), text))
        });
        let company = self.company.as_ref().and_then(|company| company.text(from));
        Some(Contact {
            phones: all(&self.phones),
            emails: all(&self.emails),
            company: company.map(|company| cut(company, FIELD_BYTES)),
            url: self.link.as_ref().and_then(|link| link.link(from)),
            fields: fields.collect(),
            ..Contact::new(&id, &cut(name, NAME_BYTES))
        })
    }
}

fn cut(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn customer() -> Customer {
        serde_json::from_value(json!({
            "id": "/id", "name": "{/name/first} {/name/last}",
            "phones": ["/phone", "/others"], "company": "/company",
            "link": "https://crm.example.com/c/{/id}",
            "fields": {"Tier": "/tier", "Open tickets": "/tickets", "Nothing": "/nothing"}
        }))
        .expect("a mapping")
    }

    #[test]
    fn a_customer_is_read_from_wherever_the_service_keeps_its_parts() {
        let said = json!({
            "id": 42, "name": {"first": "Li", "last": "Wei"}, "phone": "+8613800138000",
            "others": ["+4930111", ""], "tier": "gold", "tickets": 3, "nothing": null
        });
        let read = customer().read(&said).expect("a customer");
        assert_eq!(read.id.as_deref(), Some("42"));
        assert_eq!(read.name, "Li Wei");
        assert_eq!(read.phones, ["+8613800138000", "+4930111"]);
        assert_eq!(read.company, None);
        assert_eq!(read.url.as_deref(), Some("https://crm.example.com/c/42"));
        let fields = [("Open tickets", "3"), ("Tier", "gold")];
        assert_eq!(
            read.fields,
            fields.map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }

    #[test]
    fn whoever_has_no_id_is_left_out_and_who_has_no_name_is_called_by_the_id() {
        assert_eq!(customer().read(&json!({"name": {"first": "Li"}})), None);
        let read = customer().read(&json!({"id": "a/b"})).expect("a customer");
        assert_eq!(read.name, "a/b");
        assert_eq!(read.url.as_deref(), Some("https://crm.example.com/c/a%2Fb"));
    }

    #[test]
    fn a_link_that_is_not_https_is_left_out() {
        let link: Extract = serde_json::from_value(json!("/url")).expect("a pointer");
        assert_eq!(link.link(&json!({"url": "javascript:alert(1)"})), None);
        assert_eq!(
            link.link(&json!({"url": "https://x/1"})).as_deref(),
            Some("https://x/1")
        );
    }

    #[test]
    fn a_long_name_is_cut_between_two_characters() {
        let read =
            customer().read(&json!({"id": 1, "name": {"first": "密".repeat(90), "last": "x"}}));
        assert_eq!(read.expect("a customer").name.len(), 198);
    }
}
