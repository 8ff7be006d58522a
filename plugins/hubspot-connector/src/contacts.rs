//! `POST /crm/v3/objects/contacts/search`: at most 5 groups of filters, of which one has to fit.
//!
//! <https://developers.hubspot.com/docs/api/crm/search>

use crate::settings::Settings;
use crate::{ENDPOINT, Page, Record, read, sendable};
use hotline_sdk::Fault;
use hotline_sdk::connector::{Contact, ContactQuery, HttpRequest, HttpResponse, post};
use serde_json::{Value, json};

const PATH: &str = "/crm/v3/objects/contacts/search";
/// Asked for in any case; without a list the answer has but five properties.
const PROPERTIES: [&str; 6] = [
    "firstname",
    "lastname",
    "email",
    "phone",
    "mobilephone",
    "company",
];
const NAME_BYTES: usize = 200;
const FIELD_BYTES: usize = 2000;

/// None when there is nothing to look for. `asker` is the interaction that it is done for.
pub(crate) fn search(
    settings: &Settings,
    query: &ContactQuery,
    asker: Option<&str>,
) -> Option<HttpRequest> {
    let mut groups = Vec::new();
    let mut or = |property: &str, value: &str| {
        let filter = json!({"propertyName": property, "operator": "EQ", "value": value});
        groups.push(json!({"filters": [filter]}));
    };
    if let Some(id) = &query.id {
        or("hs_object_id", id);
    }
    if let Some(phone) = &query.phone {
        or("phone", phone);
        or("mobilephone", phone);
        if let Some(local) = local(settings, phone) {
            or("hs_searchable_calculated_phone_number", local);
            or("hs_searchable_calculated_mobile_number", local);
        }
    } else if let Some(email) = &query.email {
        or("email", email);
    }
    let mut body = json!({
        "limit": query.limit,
        "properties": PROPERTIES.iter().map(|name| json!(name))
            .chain(settings.fields.iter().map(|name| json!(name)))
            .collect::<Vec<Value>>(),
    });
    match (&query.text, groups.is_empty()) {
        (_, false) => body["filterGroups"] = groups.into(),
        (Some(text), true) => body["query"] = text.as_str().into(),
        (None, true) => return None,
    }
    let request = post(ENDPOINT, PATH, sendable(&body));
    // A search changes nothing; the key tells the host that it may be repeated.
    Some(match asker {
        Some(asker) => request.idempotency_key(format!("find-{asker}")),
        None => request,
    })
}

/// Area code and local number, which is what HubSpot's searchable properties hold.
fn local<'a>(settings: &Settings, phone: &'a str) -> Option<&'a str> {
    let code = settings.country_code.as_deref()?;
    phone.strip_prefix('+')?.strip_prefix(code)
}

pub(crate) fn found(settings: &Settings, response: &HttpResponse) -> Result<Vec<Contact>, Fault> {
    let page: Page = read(response)?;
    let contacts = page.results.into_iter();
    Ok(contacts.map(|record| contact(settings, &record)).collect())
}

fn contact(settings: &Settings, record: &Record) -> Contact {
    let said = |name: &str| record.said(name).map(|text| cut(text, FIELD_BYTES));
    let names: Vec<&str> = ["firstname", "lastname"]
        .into_iter()
        .filter_map(|name| record.said(name))
        .collect();
    let name = match names.as_slice() {
        [] => said("email").unwrap_or_else(|| record.id.clone()),
        _ => names.join(" "),
    };
    let fields = settings.fields.iter();
    Contact {
        phones: ["phone", "mobilephone"]
            .into_iter()
            .filter_map(said)
            .collect(),
        emails: said("email").into_iter().collect(),
        company: said("company"),
        url: settings.page(&record.id),
        fields: fields
            .filter_map(|name| Some((name.clone(), said(name)?)))
            .collect(),
        ..Contact::new(&record.id, &cut(&name, NAME_BYTES))
    }
}

fn cut(text: &str, bytes: usize) -> String {
    text[..text.floor_char_boundary(bytes)].to_owned()
}
