//! Plays the host to a connector: performs its requests by a function of the test.

use crate::bench::{MONDAY_TEN_O_CLOCK, caller};
use crate::connector::{
    Answer, Connector, Continuation, Fault, HttpRequest, HttpResponse, Operation, Progress, Task,
    begin, resume,
};
use std::collections::HashSet;

/// Rounds of requests that an operation may take.
pub const ROUNDS: u32 = 6;
/// Requests that one round may have.
pub const REQUESTS: usize = 8;

/// A task for [`caller`].
pub fn task(operation: Operation) -> Task {
    Task {
        operation,
        interaction: Some(caller()),
        at: MONDAY_TEN_O_CLOCK,
        ext: Vec::new(),
    }
}

/// A response with this status and JSON text; the bench gives it its id.
pub fn responds(status: u16, json: &str) -> HttpResponse {
    HttpResponse {
        id: String::new(),
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: json.as_bytes().to_vec(),
        failure: None,
        cached: false,
        ext: Vec::new(),
    }
}

/// Runs an operation to its end; `server` answers each request. Each call of the connector is made
/// twice and must give the same, and nothing is handed on but the returned state.
///
/// # Errors
/// The connector's fault.
///
/// # Panics
/// When the connector answers differently, asks for too much, or names two requests alike.
pub fn run<C: Connector>(
    operation: Operation,
    mut server: impl FnMut(&HttpRequest) -> HttpResponse,
) -> Result<Answer, Fault> {
    let task = task(operation);
    let first = begin::<C>(task.clone());
    assert_eq!(
        first,
        begin::<C>(task),
        "a connector must be a pure function"
    );
    let mut progress = first?;
    for round in 1..=ROUNDS + 1 {
        let pending = match progress {
            Progress::Done(answer) => return Ok(answer),
            Progress::Need(pending) => pending,
            Progress::Ext((name, _)) => panic!("`{name}` is no progress of this contract"),
        };
        assert!(round <= ROUNDS, "more than {ROUNDS} rounds of requests");
        let asked = pending.requests.len();
        assert!(
            (1..=REQUESTS).contains(&asked),
            "{asked} requests in one round"
        );
        let ids: HashSet<&str> = pending.requests.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids.len(), asked, "two requests with the same id");
        let responses = pending.requests.iter().map(|request| HttpResponse {
            id: request.id.clone(),
            ..server(request)
        });
        let continuation = Continuation {
            state: pending.state,
            responses: responses.collect(),
            round,
            ext: Vec::new(),
        };
        let next = resume::<C>(continuation.clone());
        assert_eq!(
            next,
            resume::<C>(continuation),
            "a connector must be a pure function"
        );
        progress = next?;
    }
    unreachable!("the last round returns or panics")
}
