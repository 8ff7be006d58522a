//! The house's words in the contract's.

use crate::bindings::owned::hotline::connector::types as wit;
use crate::host::millis;
use crate::kinds::interaction_owned;
use hotline_vocabulary::Personal;
use hotline_vocabulary::connector::{
    Activity, Contact, ContactQuery, Continuation, Failure, HttpResponse, NewCase, Operation, Task,
};

pub(super) fn task(task: &Task) -> wit::Task {
    wit::Task {
        operation: operation(&task.operation),
        interaction: task.interaction.as_ref().map(interaction_owned),
        at: millis(task.at),
        ext: Vec::new(),
    }
}

pub(super) fn continuation(continuation: &Continuation) -> wit::Continuation {
    wit::Continuation {
        state: continuation.state.clone(),
        responses: continuation.responses.iter().map(response).collect(),
        round: continuation.round,
        ext: Vec::new(),
    }
}

fn operation(operation: &Operation) -> wit::Operation {
    match operation {
        Operation::FindContact(query) => wit::Operation::FindContact(contact_query(query)),
        Operation::UpsertContact(who) => wit::Operation::UpsertContact(contact(who)),
        Operation::LogActivity(what) => wit::Operation::LogActivity(activity(what)),
        Operation::OpenCase(case) => wit::Operation::OpenCase(new_case(case)),
        Operation::Picklist(field) => wit::Operation::Picklist(field.clone()),
        Operation::CheckConnection => wit::Operation::CheckConnection,
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

fn contact_query(query: &ContactQuery) -> wit::ContactQuery {
    wit::ContactQuery {
        id: query.id.clone(),
        phone: revealed(&query.phone),
        email: revealed(&query.email),
        text: revealed(&query.text),
        limit: query.limit.clamp(1, 50),
        ext: Vec::new(),
    }
}

fn contact(who: &Contact) -> wit::Contact {
    wit::Contact {
        id: who.id.clone(),
        name: who.name.reveal().clone(),
        phones: all(&who.phones),
        emails: all(&who.emails),
        company: revealed(&who.company),
        url: who.url.clone(),
        fields: pairs(&who.fields),
        ext: Vec::new(),
    }
}

fn activity(what: &Activity) -> wit::Activity {
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
        ext: Vec::new(),
    }
}

fn new_case(case: &NewCase) -> wit::NewCase {
    wit::NewCase {
        contact: case.contact.clone(),
        subject: case.subject.reveal().clone(),
        description: case.description.reveal().clone(),
        priority: case.priority.clone(),
        category: case.category.clone(),
        fields: pairs(&case.fields),
        ext: Vec::new(),
    }
}

fn response(response: &HttpResponse) -> wit::HttpResponse {
    wit::HttpResponse {
        id: response.id.clone(),
        status: response.status,
        headers: pairs(&response.headers),
        body: response.body.0.clone(),
        failure: response.failure.as_ref().map(|failure| match failure {
            Failure::TimedOut => wit::Failure::TimedOut,
            Failure::Unreachable => wit::Failure::Unreachable,
            Failure::Forbidden(why) => wit::Failure::Forbidden(why.clone()),
            Failure::Unauthenticated(why) => wit::Failure::Unauthenticated(why.clone()),
            Failure::CircuitOpen => wit::Failure::CircuitOpen,
            Failure::TooLarge => wit::Failure::TooLarge,
        }),
        cached: response.cached,
        ext: Vec::new(),
    }
}
