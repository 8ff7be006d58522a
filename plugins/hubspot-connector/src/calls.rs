//! `POST /crm/v3/objects/calls`, after `POST /crm/v3/objects/calls/search` has shown that the call is
//! not there yet: HubSpot knows no idempotency keys.
//!
//! <https://developers.hubspot.com/docs/guides/api/crm/engagements/calls>

use crate::settings::Settings;
use crate::{ENDPOINT, Page, Record, accepted, read, sendable};
use hotline_sdk::Fault;
use hotline_sdk::connector::{Activity, Answer, HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const PATH: &str = "/crm/v3/objects/calls";
/// Call to contact, of the association types that HubSpot defines.
const CALL_TO_CONTACT: u32 = 194;
/// More calls that began in the same millisecond are not looked through.
const ALIKE: u32 = 20;

/// A call to be created, kept while it is looked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Call {
    interaction: String,
    body: String,
}

impl Call {
    pub(crate) fn interaction(&self) -> &str {
        &self.interaction
    }
}

/// Everything that began in the same millisecond; which of it is this call, its text says.
pub(crate) fn look(activity: &Activity) -> HttpRequest {
    let began = json!({
        "propertyName": "hs_timestamp", "operator": "EQ", "value": activity.started_at.to_string(),
    });
    let body = json!({
        "limit": ALIKE,
        "properties": ["hs_call_body"],
        "filterGroups": [{"filters": [began]}],
    });
    post(ENDPOINT, format!("{PATH}/search"), body.to_string())
        .idempotency_key(format!("look-{}", activity.interaction_id))
}

pub(crate) fn call(settings: &Settings, activity: &Activity) -> Call {
    let mut text = html(&activity.body);
    if !text.is_empty() {
        text.push_str("<br><br>");
    }
    if let Some(agent) = &activity.agent {
        text.push_str(&format!("{}<br>", html(agent)));
    }
    text.push_str(&reference(&activity.interaction_id));
    let mut properties = json!({
        "hs_timestamp": activity.started_at.to_string(),
        "hs_call_title": activity.subject,
        "hs_call_body": text,
        "hs_call_duration": activity.duration_ms.to_string(),
        "hs_call_direction": activity.direction.to_uppercase(),
        "hs_call_status": "COMPLETED",
    });
    let disposition = activity.disposition.as_ref();
    if let Some(outcome) = disposition.and_then(|chosen| settings.outcomes.get(chosen)) {
        properties["hs_call_disposition"] = outcome.as_str().into();
    }
    let associations = activity.contact.as_ref().map(|contact| {
        json!([{
            "to": {"id": contact},
            "types": [{
                "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": CALL_TO_CONTACT,
            }],
        }])
    });
    let body = json!({
        "properties": properties,
        "associations": associations.unwrap_or_else(|| Value::Array(Vec::new())),
    });
    Call {
        interaction: activity.interaction_id.clone(),
        body: sendable(&body),
    }
}

/// The call's id, if it was created before.
pub(crate) fn existing(call: &Call, response: &HttpResponse) -> Result<Option<Answer>, Fault> {
    let page: Page = read(response)?;
    let reference = reference(&call.interaction);
    let is_it = |record: &&Record| {
        let body = record.said("hs_call_body");
        body.is_some_and(|body| body.contains(&reference))
    };
    let found = page.results.iter().find(is_it);
    Ok(found.map(|record| Answer::stored(&record.id, false)))
}

/// Without an idempotency key: the host must not repeat it by itself.
pub(crate) fn create(call: Call) -> HttpRequest {
    post(ENDPOINT, PATH, call.body)
}

/// Once it is stored, an answer that can not be read is no reason to store it again.
pub(crate) fn created(interaction: &str, response: &HttpResponse) -> Result<Answer, Fault> {
    accepted(response)?;
    let created: Result<Record, Fault> = read(response);
    Ok(match created {
        Ok(record) => Answer::stored(&record.id, true),
        Err(_) => Answer::stored(interaction, true),
    })
}

/// By which a call is known again.
fn reference(interaction: &str) -> String {
    format!("Hotline {interaction}")
}

/// HubSpot shows a call's text as HTML; what people typed shall not be taken for any.
fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.trim().chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\n' => html.push_str("<br>"),
            other => html.push(other),
        }
    }
    html
}
