//! What the places of a search and of an activity stand for.

use crate::template::Place;
use hotline_sdk::connector::{Activity, ContactQuery};
use jiff::Timestamp;
use serde_json::Value;

/// A place of a search, worth what is known of whom to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SearchPlace {
    Id,
    Phone,
    /// Without the plus sign.
    PhoneDigits,
    Email,
    Text,
    Limit,
}

impl Place for SearchPlace {
    const KNOWN: &'static str =
        "known are {phone}, {phone_digits}, {email}, {text}, {id} and {limit}";

    fn parse(name: &str) -> Option<SearchPlace> {
        Some(match name {
            "id" => SearchPlace::Id,
            "phone" => SearchPlace::Phone,
            "phone_digits" => SearchPlace::PhoneDigits,
            "email" => SearchPlace::Email,
            "text" => SearchPlace::Text,
            "limit" => SearchPlace::Limit,
            _ => return None,
        })
    }
}

impl SearchPlace {
    pub(crate) fn value(self, query: &ContactQuery) -> Option<Value> {
        let phone = query.phone.as_deref();
        let text = match self {
            SearchPlace::Limit => return Some(query.limit.into()),
            SearchPlace::Id => query.id.as_deref(),
            SearchPlace::Phone => phone,
            SearchPlace::PhoneDigits => phone.map(|phone| phone.trim_start_matches('+')),
            SearchPlace::Email => query.email.as_deref(),
            SearchPlace::Text => query.text.as_deref(),
        };
        text.map(Value::from)
    }
}

/// A place of an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ActivityPlace {
    Customer,
    Interaction,
    Subject,
    Body,
    Direction,
    Channel,
    Agent,
    Disposition,
    /// RFC 3339 in UTC.
    StartedAt,
    EndedAt,
    /// Since 1970.
    StartedAtMs,
    DurationS,
    DurationMs,
    /// Of the contact, by name.
    Attribute(String),
}

impl Place for ActivityPlace {
    const KNOWN: &'static str = "known are {customer}, {interaction}, {subject}, {body}, \
         {direction}, {channel}, {agent}, {disposition}, {started_at}, {ended_at}, \
         {started_at_ms}, {duration_s}, {duration_ms} and {attribute:NAME}";

    fn parse(name: &str) -> Option<ActivityPlace> {
        Some(match name {
            "customer" => ActivityPlace::Customer,
            "interaction" => ActivityPlace::Interaction,
            "subject" => ActivityPlace::Subject,
            "body" => ActivityPlace::Body,
            "direction" => ActivityPlace::Direction,
            "channel" => ActivityPlace::Channel,
            "agent" => ActivityPlace::Agent,
            "disposition" => ActivityPlace::Disposition,
            "started_at" => ActivityPlace::StartedAt,
            "ended_at" => ActivityPlace::EndedAt,
            "started_at_ms" => ActivityPlace::StartedAtMs,
            "duration_s" => ActivityPlace::DurationS,
            "duration_ms" => ActivityPlace::DurationMs,
            _ => ActivityPlace::Attribute(name.strip_prefix("attribute:")?.to_owned()),
        })
    }
}

impl ActivityPlace {
    pub(crate) fn value(&self, activity: &Activity) -> Option<Value> {
        let text = |text: &str| Some(Value::from(text));
        let optional = |text: &Option<String>| text.as_deref().map(Value::from);
        match self {
            ActivityPlace::Customer => optional(&activity.contact),
            ActivityPlace::Interaction => text(&activity.interaction_id),
            ActivityPlace::Subject => text(&activity.subject),
            ActivityPlace::Body => text(&activity.body),
            ActivityPlace::Direction => text(&activity.direction),
            ActivityPlace::Channel => text(&activity.channel),
            ActivityPlace::Agent => optional(&activity.agent),
            ActivityPlace::Disposition => optional(&activity.disposition),
            ActivityPlace::StartedAt => instant(activity.started_at),
            ActivityPlace::EndedAt => {
                instant(activity.started_at.saturating_add(activity.duration_ms))
            }
            ActivityPlace::StartedAtMs => Some(activity.started_at.into()),
            ActivityPlace::DurationS => Some((activity.duration_ms / 1000).into()),
            ActivityPlace::DurationMs => Some(activity.duration_ms.into()),
            ActivityPlace::Attribute(name) => {
                let mut fields = activity.fields.iter();
                let found = fields.find(|(field, _)| field == name);
                found.map(|(_, value)| Value::from(value.as_str()))
            }
        }
    }
}

/// None for one that no calendar has.
fn instant(ms: u64) -> Option<Value> {
    let instant = Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
    Some(instant.to_string().into())
}
