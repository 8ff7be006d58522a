//! Writing down a call that is over, once: by the header `Idempotency-Key`, or by looking first
//! whether it is there.

use crate::places::ActivityPlace;
use crate::settings::{Log, Settings, items, parameters};
use crate::template::percent_encoded;
use crate::{Asked, json};
use hotline_sdk::Fault;
use hotline_sdk::connector::{
    Activity, Answer, HttpRequest, HttpResponse, Next, Stored, get, no_customer, request,
    unknown_operation,
};
use hotline_sdk::host::log;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const NOT_FOUND: u16 = 404;

/// What will be sent, kept while the host looks whether it is there.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    interaction: String,
    path: String,
    query: Vec<(String, String)>,
    body: String,
}

pub(crate) fn begin(settings: &Settings, activity: &Activity) -> Result<Next<Asked>, Fault> {
    let log = configured(settings)?;
    let known = |place: &ActivityPlace| place.value(activity);
    let needs =
        |path: &str| no_customer(format!("`{path}` needs what is not known of this contact"));
    let path = log.path.filled(&known, percent_encoded);
    let entry = Entry {
        interaction: activity.interaction_id.clone(),
        path: path.ok_or_else(|| needs("log.path"))?,
        query: parameters(&log.query, &known).0,
        body: log.body.filled(&known),
    };
    let Some(existing) = &log.existing else {
        return Ok(write(settings, log, entry));
    };
    let path = existing.path.filled(&known, percent_encoded);
    let path = path.ok_or_else(|| needs("log.existing.path"))?;
    let (parameters, missing) = parameters(&existing.query, &known);
    if !missing.is_empty() {
        return Err(needs("log.existing.query"));
    }
    let look = parameters.into_iter().fold(
        get(settings.auth.endpoint(), path),
        |look, (name, value)| look.query(&name, value),
    );
    Ok(Next::Need(Asked::Existing(entry), vec![look]))
}

pub(crate) fn unless_existing(
    settings: &Settings,
    entry: Entry,
    response: &HttpResponse,
) -> Result<Next<Asked>, Fault> {
    let log = configured(settings)?;
    let is_none = response.failure.is_none() && response.status == NOT_FOUND;
    if let (Some(existing), false) = (&log.existing, is_none) {
        let items = items(&json(response)?, &existing.items)?;
        let mut ids = items.iter().filter_map(|item| existing.id.text(item));
        if let Some(id) = ids.next() {
            return Ok(Next::Done(Answer::stored(&id, false)));
        }
    }
    Ok(write(settings, log, entry))
}

fn write(settings: &Settings, log: &Log, entry: Entry) -> Next<Asked> {
    let (endpoint, method) = (settings.auth.endpoint(), log.method.name());
    let mut write: HttpRequest = request(method, endpoint, entry.path).json(entry.body);
    write.query = entry.query;
    if log.existing.is_none() {
        write = write.idempotency_key(&entry.interaction);
    }
    let interaction = entry.interaction;
    Next::Need(Asked::Written { interaction }, vec![write])
}

/// Once it is stored, an answer that can not be read is no reason to store it again.
pub(crate) fn written(
    settings: &Settings,
    interaction: &str,
    response: &HttpResponse,
) -> Result<Answer, Fault> {
    response.ok()?;
    let log = configured(settings)?;
    let said = json(response).unwrap_or_else(|fault| {
        log::warn(&fault.message);
        Value::Null
    });
    Ok(Answer::Stored(Stored {
        id: log.id.text(&said).unwrap_or_else(|| interaction.to_owned()),
        created: true,
        url: log.link.as_ref().and_then(|link| link.link(&said)),
        ext: Vec::new(),
    }))
}

fn configured(settings: &Settings) -> Result<&Log, Fault> {
    let log = settings.log.as_ref();
    log.ok_or_else(|| unknown_operation("`log` is not configured: no call is written down"))
}
