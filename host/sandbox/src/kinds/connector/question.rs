//! The house's words in the contract's.

use crate::bindings::owned::hotline::connector::types as wit;
use crate::host::millis;
use crate::kinds::interaction_owned;
use crate::wording::Wording;
use hotline_vocabulary::Personal;
use hotline_vocabulary::connector::{
    Activity, Contact, ContactQuery, Continuation, Failure, HttpResponse, NewCase, Operation, Task,
};

pub(super) fn task(task: &Task, wording: Wording) -> wit::Task {
    wit::Task {
        operation: operation(&task.operation, wording),
        interaction: task
            .interaction
            .as_ref()
            .map(|contact| interaction_owned(contact, wording)),
        at: millis(task.at),
        ext: wording.ext_owned(),
    }
}

pub(super) fn continuation(continuation: &Continuation, wording: Wording) -> wit::Continuation {
    wit::Continuation {
        state: continuation.state.clone(),
        responses: continuation
            .responses
            .iter()
            .map(|one| response(one, wording))
            .collect(),
        round: continuation.round,
        ext: wording.ext_owned(),
    }
}

fn operation(operation: &Operation, wording: Wording) -> wit::Operation {
    match operation {
        _ if let Some(unknown) = wording.unknown_case_owned() => wit::Operation::Ext(unknown),
        Operation::FindContact(query) => wit::Operation::FindContact(contact_query(query, wording)),
        Operation::UpsertContact(who) => wit::Operation::UpsertContact(contact(who, wording)),
        Operation::LogActivity(what) => wit::Operation::LogActivity(activity(what, wording)),
        Operation::OpenCase(case) => wit::Operation::OpenCase(new_case(case, wording)),
        Operation::Picklist(field) => wit::Operation::Picklist(field.clone()),
        Operation::CheckConnection => wit::Operation::CheckConnection,
        Operation::Own(own) => {
            wit::Operation::Ext((own.name.clone(), own.argument.reveal().clone()))
        }
    }
}

fn revealed(value: &Option<Personal<String>>) -> Option<String> {
    value.as_ref().map(|value| value.reveal().clone())
}

fn pairs(list: &[(String, Personal<String>)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| (name.clone(), value.reveal().clone()))
        .collect()
}

fn all(list: &[Personal<String>]) -> Vec<String> {
    list.iter().map(|value| value.reveal().clone()).collect()
}

fn contact_query(query: &ContactQuery, wording: Wording) -> wit::ContactQuery {
    wit::ContactQuery {
        id: query.id.clone(),
        phone: revealed(&query.phone),
        email: revealed(&query.email),
        text: revealed(&query.text),
        limit: query.limit.clamp(1, 50),
        ext: wording.ext_owned(),
    }
}

fn contact(who: &Contact, wording: Wording) -> wit::Contact {
    wit::Contact {
        id: who.id.clone(),
        name: who.name.reveal().clone(),
        phones: all(&who.phones),
        emails: all(&who.emails),
        company: revealed(&who.company),
        url: who.url.clone(),
        fields: pairs(&who.fields),
        ext: wording.ext_owned(),
    }
}

fn activity(what: &Activity, wording: Wording) -> wit::Activity {
    wit::Activity {
        contact: what.contact.clone(),
        interaction_id: what.interaction_id.clone(),
        subject: what.subject.reveal().clone(),
        body: what.body.reveal().clone(),
        direction: what.direction.clone(),
        channel: what.channel.clone(),
        started_at: millis(what.started_at),
        duration_ms: what.duration_ms.0,
        agent: what.agent.clone(),
        disposition: what.disposition.clone(),
        fields: pairs(&what.fields),
        ext: wording.ext_owned(),
    }
}

fn new_case(case: &NewCase, wording: Wording) -> wit::NewCase {
    wit::NewCase {
        contact: case.contact.clone(),
        subject: case.subject.reveal().clone(),
        description: case.description.reveal().clone(),
        priority: case.priority.clone(),
        category: case.category.clone(),
        fields: pairs(&case.fields),
        ext: wording.ext_owned(),
    }
}

fn response(response: &HttpResponse, wording: Wording) -> wit::HttpResponse {
    wit::HttpResponse {
        id: response.id.clone(),
        status: response.status,
        headers: pairs(&response.headers),
        body: response.body.0.clone(),
        failure: response.failure.as_ref().map(|failure| match failure {
            _ if let Some(unknown) = wording.unknown_case_owned() => wit::Failure::Ext(unknown),
            Failure::TimedOut => wit::Failure::TimedOut,
            Failure::Unreachable => wit::Failure::Unreachable,
            Failure::Forbidden(why) => wit::Failure::Forbidden(why.clone()),
            Failure::Unauthenticated(why) => wit::Failure::Unauthenticated(why.clone()),
            Failure::CircuitOpen => wit::Failure::CircuitOpen,
            Failure::TooLarge => wit::Failure::TooLarge,
        }),
        cached: response.cached,
        ext: wording.ext_owned(),
    }
}
