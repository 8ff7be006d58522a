//! Looking for a customer: every search that can be made is, side by side.

use crate::places::SearchPlace;
use crate::settings::{Reading, Search, Settings, items, parameters};
use crate::template::percent_encoded;
use crate::{Asked, json};
use hotline_sdk::Fault;
use hotline_sdk::connector::{
    Answer, Contact, ContactQuery, HttpRequest, HttpResponse, Next, get, post,
};

const NOT_FOUND: u16 = 404;

/// `asker` is the interaction that it is done for.
pub(crate) fn ask(settings: &Settings, query: &ContactQuery, asker: Option<&str>) -> Next<Asked> {
    let endpoint = settings.auth.endpoint();
    let (searches, requests): (Vec<u32>, Vec<HttpRequest>) = (0u32..)
        .zip(&settings.find)
        .filter_map(|(place, search)| {
            let request = request(endpoint, search, query)?;
            // A search changes nothing; the key tells the host that it may be repeated.
            Some(match (search.method, asker) {
                (Reading::Post, Some(asker)) => (
                    place,
                    request.idempotency_key(format!("find-{asker}-{place}")),
                ),
                _ => (place, request),
            })
        })
        .unzip();
    if requests.is_empty() {
        return Next::Done(Answer::Contacts(Vec::new()));
    }
    let limit = query.limit;
    Next::Need(Asked::Customers { searches, limit }, requests)
}

/// None when something that it needs is not known.
fn request(endpoint: &str, search: &Search, query: &ContactQuery) -> Option<HttpRequest> {
    let known = |place: &SearchPlace| place.value(query);
    let path = search.path.filled(&known, percent_encoded)?;
    let (parameters, missing) = parameters(&search.query, &known);
    if !missing.is_empty() {
        return None;
    }
    let request = match (search.method, &search.body) {
        (Reading::Get, _) if search.cache_s > 0 => {
            get(endpoint, path).cached_for_ms(search.cache_s.saturating_mul(1000))
        }
        (Reading::Get, _) => get(endpoint, path),
        (Reading::Post, Some(body)) => post(endpoint, path, body.filled_whole(&known)?),
        (Reading::Post, None) => post(endpoint, path, "{}"),
    };
    let parameters = parameters.into_iter();
    Some(parameters.fold(request, |request, (name, value)| {
        request.query(&name, value)
    }))
}

/// Those whom the searches found, each once. A search that failed counts only when no other found
/// anybody.
///
/// # Errors
/// The first failure, when nobody was found.
pub(crate) fn read(
    settings: &Settings,
    searches: &[u32],
    limit: usize,
    responses: &[HttpResponse],
) -> Result<Vec<Contact>, Fault> {
    let mut found: Vec<Contact> = Vec::new();
    let mut failure = None;
    for (place, response) in searches.iter().zip(responses) {
        // The configuration may have changed since.
        let Some(search) = settings.find.get(*place as usize) else {
            continue;
        };
        match customers(settings, search, response) {
            Ok(customers) => {
                for customer in customers {
                    if !found.iter().any(|known| known.id == customer.id) {
                        found.push(customer);
                    }
                }
            }
            Err(fault) => failure = failure.or(Some(fault)),
        }
    }
    found.truncate(limit);
    match failure {
        Some(fault) if found.is_empty() => Err(fault),
        _ => Ok(found),
    }
}

fn customers(
    settings: &Settings,
    search: &Search,
    response: &HttpResponse,
) -> Result<Vec<Contact>, Fault> {
    if response.failure.is_none() && response.status == NOT_FOUND {
        return Ok(Vec::new());
    }
    let items = items(&json(response)?, &search.items)?;
    let read = items.iter().filter_map(|item| settings.customer.read(item));
    Ok(read.collect())
}
