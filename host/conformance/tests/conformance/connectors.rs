//! Each law of connectors can fail, and every fault of the other system is played.

use crate::answerer::{Answerer, Asked, Function, assert_breaks, assert_sound, declared, fault};
use hotline_conformance::{Case, Effort, Fixture, Kind, Law, run, sample};
use hotline_sandbox::offline::Wording;
use hotline_vocabulary::connector::{
    Answer as Said, Connection, Continuation, Failure, HttpRequest, Operation, Pending, Progress,
    Question as Ask, Stored,
};
use hotline_vocabulary::plugin::{FaultKind, PluginFault};
use hotline_vocabulary::question::{Answer, Question};
use std::cell::RefCell;
use std::collections::BTreeSet;

fn ask<'a>(asked: &Asked<'a>) -> &'a Ask {
    match asked.question {
        Question::Connector { ask, .. } => ask,
        other => panic!("a connector was asked {other:?}"),
    }
}

/// The operation's number, which is all that it has to remember.
fn number(operation: &Operation) -> u8 {
    match operation {
        Operation::FindContact(_) => 0,
        Operation::Picklist(_) => 1,
        Operation::CheckConnection => 2,
        _ => 3,
    }
}

fn need(state: u8) -> Result<Answer, PluginFault> {
    let authorization = ("authorization".to_owned(), "{{secret:key}}".into());
    Ok(Answer::Connector(Progress::Need(Pending {
        state: vec![state],
        requests: vec![HttpRequest {
            id: "1".to_owned(),
            endpoint: "crm".to_owned(),
            method: "GET".to_owned(),
            path: "/".into(),
            query: Vec::new(),
            headers: vec![authorization],
            body: None,
            timeout_ms: None,
            cache_ms: None,
            idempotency_key: None,
        }],
    })))
}

fn done(state: u8) -> Result<Answer, PluginFault> {
    Ok(Answer::Connector(Progress::Done(match state {
        0 => Said::Contacts(Vec::new()),
        1 => Said::Choices(Vec::new()),
        2 => Said::Connected(Connection {
            summary: "It answered.".to_owned(),
        }),
        _ => Said::Stored(Stored {
            id: "7".to_owned(),
            created: true,
            url: None,
        }),
    })))
}

/// Asks once; a success is an answer, anything else a fault.
fn plain(asked: &Asked<'_>) -> Result<Answer, PluginFault> {
    match ask(asked) {
        Ask::Begin(_) if asked.wording == Wording::UnknownCases => {
            declared("connector.unknown-operation: this one finds contacts")
        }
        Ask::Begin(task) => need(number(&task.operation)),
        Ask::Resume(back) => match back.responses[0].status {
            200..=299 => done(back.state[0]),
            status => declared(&format!("connector.failed: status {status}")),
        },
    }
}

/// As [`plain`], but for some responses.
fn unless(
    asked: &Asked<'_>,
    special: impl Fn(&Continuation) -> Option<Result<Answer, PluginFault>>,
) -> Result<Answer, PluginFault> {
    match ask(asked) {
        Ask::Resume(back) => special(back).unwrap_or_else(|| plain(asked)),
        Ask::Begin(_) => plain(asked),
    }
}

fn is_json(back: &Continuation) -> bool {
    let body = &back.responses[0].body.0;
    body.is_empty() || serde_json::from_slice::<serde_json::Value>(body).is_ok()
}

#[test]
fn each_flaw_of_a_connector_breaks_its_law() {
    let report = assert_sound(Kind::Connector, &plain);
    let functions: Vec<&str> = report.budget.iter().map(|line| line.function).collect();
    assert_eq!(functions, ["begin", "resume"]);
    let flaws: [(&str, Law, &Function<'_>); 11] = [
        ("traps on JSON that is cut off", Law::Sound, &|asked| {
            unless(asked, |back| {
                (!is_json(back)).then(|| Err(fault(FaultKind::Trapped, "unwrap on an error")))
            })
        }),
        ("gives up without a word", Law::Sound, &|asked| {
            unless(asked, |back| {
                (back.responses[0].status == 429).then(|| declared(": "))
            })
        }),
        ("answers something else", Law::Sound, &|asked| {
            unless(asked, |back| (back.state[0] == 1).then(|| done(2)))
        }),
        ("counts its calls", Law::Deterministic, &|asked| {
            unless(asked, |_| {
                Some(declared(&format!(
                    "connector.failed: call {}",
                    asked.before
                )))
            })
        }),
        ("remembers in itself", Law::SurvivesRestart, &|asked| {
            unless(asked, |_| {
                (asked.before == 0).then(|| declared("connector.failed: who are you?"))
            })
        }),
        ("asks until it is let in", Law::BoundedRequests, &|asked| {
            unless(asked, |back| {
                (back.responses[0].status == 429).then(|| need(back.state[0]))
            })
        }),
        (
            "takes a failure for nothing",
            Law::FailuresAreTold,
            &|asked| {
                unless(asked, |back| {
                    (back.responses[0].failure == Some(Failure::TimedOut))
                        .then(|| done(back.state[0]))
                })
            },
        ),
        ("quotes its request", Law::SecretsStayOut, &|asked| {
            unless(asked, |back| {
                (back.responses[0].status == 401)
                    .then(|| declared("connector.failed: sent {{secret:key}}, got 401"))
            })
        }),
        (
            "says that it can do everything",
            Law::ToleratesTheUnknown,
            &|asked| match (ask(asked), asked.wording) {
                (Ask::Begin(_), Wording::UnknownCases) => need(0),
                _ => plain(asked),
            },
        ),
        (
            "does not know the failure",
            Law::ToleratesTheUnknown,
            &|asked| match (ask(asked), asked.wording) {
                (Ask::Resume(_), Wording::UnknownCases) => {
                    Err(fault(FaultKind::Trapped, "unreachable"))
                }
                _ => plain(asked),
            },
        ),
        ("copies long answers", Law::HoldsAtTenTimes, &|asked| {
            unless(asked, |back| {
                (back.responses[0].body.0.len() > 60_000)
                    .then(|| Err(fault(FaultKind::OutOfMemory, "asked for 128 MiB")))
            })
        }),
    ];
    for (flaw, law, flawed) in flaws {
        assert_breaks(Kind::Connector, flaw, law, flawed, &plain);
    }
}

#[test]
fn every_fault_of_the_other_system_is_played() {
    let seen = RefCell::new(BTreeSet::new());
    let watching = |asked: &Asked<'_>| {
        if let Ask::Resume(back) = ask(asked) {
            let response = &back.responses[0];
            let mut headers = response.headers.iter();
            let waits = headers.any(|(name, _)| name == "retry-after");
            seen.borrow_mut().insert(match &response.failure {
                Some(failure) => format!("{failure:?}"),
                None if response.status == 200 && !is_json(back) => "cut off".to_owned(),
                None if waits => format!("{} retry-after", response.status),
                None => response.status.to_string(),
            });
        }
        plain(asked)
    };
    run(
        &Answerer::new(&watching),
        Kind::Connector,
        &[],
        Effort::default(),
        &|_| {},
    );
    let seen = seen.into_inner();
    for fault in [
        "TimedOut",
        "Unreachable",
        "CircuitOpen",
        "TooLarge",
        "401",
        "429 retry-after",
        "500",
        "cut off",
    ] {
        assert!(seen.contains(fault), "{fault} is not among {seen:?}");
    }
}

#[test]
fn an_errand_reads_as_what_was_requested_and_what_came_of_it() {
    let mut case = sample(Kind::Connector, Some("open-case")).expect("an operation");
    if let Case::Errand(errand) = &mut case {
        errand.replies = vec!["429 retry-after 30".parse().expect("a reply")];
    }
    let written = Fixture::of(case).text();
    let fixture = Fixture::read("x.json", &written).expect("it is read again");
    let played = fixture
        .case
        .play(&Answerer::new(&plain))
        .expect("it gives up");
    assert_eq!(
        played.output,
        serde_json::json!([
            "open-case",
            "  GET crm / [authorization: {{secret:key}}]",
            "429 retry-after 30",
            "  gives up: connector.failed: status 429",
        ])
    );
    let error = sample(Kind::Connector, Some("sing")).expect_err("no such operation");
    assert!(error.to_string().contains("find-contact"), "{error}");
}
