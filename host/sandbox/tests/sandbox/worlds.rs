//! QA rules and connectors at their author's desk: loaded, asked and asked again.

use crate::stand::{built, interaction, step};
use hotline_sandbox::offline::{Bench, Plugin};
use hotline_sandbox::{Compiling, Diagnostic, PluginKind};
use hotline_vocabulary::connector::{
    Answer as CrmAnswer, Body, ContactQuery, Continuation, HttpResponse, Operation, Progress, Task,
};
use hotline_vocabulary::flow::{FlowEvent, Interaction};
use hotline_vocabulary::ids::{ContactId, Id};
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::qa::{Speaker, Subject, Transcript, Turn, Utterance, Verdict};
use hotline_vocabulary::question::{Answer, Question};
use hotline_vocabulary::time::Millis;
use hotline_vocabulary::{Timestamp, connector, qa};
use std::path::Path;

const CRM_CONFIG: &str = r#"{"base_url": "https://crm.example.com/v1"}"#;

pub(crate) fn load(kind: PluginKind, name: &str, config: &str) -> Result<Plugin, Vec<Diagnostic>> {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("offline-compiled");
    let bench = Bench::open(Compiling::Here, &cache, 1).expect("a bench opens");
    let path = format!("demo/{name}.{kind}.wasm");
    bench.load(kind, name, &path, &built(name), config)
}

pub(crate) fn caller() -> Interaction {
    interaction(ContactId::from_bits(7))
}

/// Turns of agent and customer in turn.
pub(crate) fn said(lines: &[String]) -> Transcript {
    let turns = (0u64..).zip(lines).map(|(place, line)| Turn {
        speaker: match place % 2 {
            0 => Speaker::Agent("Li".to_owned()),
            _ => Speaker::Customer,
        },
        start_ms: Millis(place * 1_000),
        end_ms: Millis(place * 1_000 + 900),
        text: line.as_str().into(),
        language: None,
        confidence: Some(0.9),
    });
    Transcript {
        turns: turns.collect(),
    }
}

/// Says the turns to a rule that listens, one after the other, each with the state that it returned
/// before. The places at which it hinted.
pub(crate) fn hinted_at(rule: &Plugin, transcript: Transcript) -> Vec<u32> {
    let mut state = Vec::new();
    let mut places = Vec::new();
    for (place, said) in (0u32..).zip(transcript.turns) {
        let heard = Question::Qa {
            rule: "qa_greeting".to_owned(),
            contact: ContactId::from_bits(7),
            at: Timestamp(i64::from(place)),
            ask: qa::Question::Observe(Utterance {
                interaction: caller(),
                state,
                place,
                said,
            }),
        };
        let Ok(Answer::Qa(qa::Answer::Observed(observed))) = rule.invoke(&heard).output else {
            panic!("no hints at {place}");
        };
        state = observed.state;
        places.extend(observed.hints.iter().map(|_| place));
    }
    places
}

pub(crate) fn judging(transcript: Transcript) -> Question {
    Question::Qa {
        rule: "qa_greeting".to_owned(),
        contact: ContactId::from_bits(7),
        at: Timestamp(60_000),
        ask: qa::Question::Evaluate {
            subject: Subject {
                interaction: caller(),
                queue: None,
                agents: vec!["Li".to_owned()],
                duration_ms: Millis(60_000),
            },
            transcript,
        },
    }
}

pub(crate) fn asking(ask: connector::Question) -> Question {
    Question::Connector {
        connector: "rest_connector_minimal".to_owned(),
        operation: 5,
        contact: None,
        at: Timestamp(60_000),
        ask,
    }
}

pub(crate) fn finding(phone: &str) -> Question {
    asking(connector::Question::Begin(Box::new(Task {
        operation: Operation::FindContact(ContactQuery {
            phone: Some(phone.into()),
            limit: 3,
            ..ContactQuery::default()
        }),
        interaction: Some(caller()),
        at: Timestamp(60_000),
    })))
}

#[test]
fn a_rule_reads_a_long_transcript_page_by_page_and_judges_it() {
    let rule = load(PluginKind::Qa, "qa_greeting", "{}").expect("it is good");
    let mut lines: Vec<String> = (0..1_000).map(|turn| format!("words {turn}")).collect();
    lines[2] = "Good morning, this is Li.".to_owned();
    let outcome = rule.invoke(&judging(said(&lines)));
    let Ok(Answer::Qa(qa::Answer::Findings(findings))) = &outcome.output else {
        panic!("{outcome:?}");
    };
    assert_eq!(findings[0].verdict, Verdict::Passed);
    assert_eq!(findings[0].at_turn, Some(2));
    assert_eq!(findings[0].evidence.reveal(), "Good morning, this is Li.");
    assert_eq!(outcome.measures.counts, [("greeted".to_owned(), 1)]);

    lines[2] = "Yes?".to_owned();
    let outcome = rule.invoke(&judging(said(&lines)));
    assert!(
        matches!(&outcome.output, Ok(Answer::Qa(qa::Answer::Findings(findings)))
            if findings[0].verdict == Verdict::Failed),
        "{outcome:?}"
    );
}

#[test]
fn a_rule_that_listens_remembers_between_utterances_only_what_it_returned() {
    let rule = load(PluginKind::Qa, "qa_greeting", "{}").expect("it is good");
    let words = ["Yes?", "Hello!", "What is it?", "Nothing."].map(str::to_owned);
    assert_eq!(hinted_at(&rule, said(&words)), [2]);
}

#[test]
fn a_connector_describes_its_request_and_reads_the_response() {
    let crm = load(PluginKind::Connector, "rest_connector_minimal", CRM_CONFIG).expect("good");
    let Ok(Answer::Connector(Progress::Need(pending))) =
        crm.invoke(&finding("+8613800138000")).output
    else {
        panic!("a request was expected");
    };
    let request = &pending.requests[0];
    assert_eq!(
        (request.endpoint.as_str(), request.method.as_str()),
        ("crm", "GET")
    );
    assert_eq!(request.path.reveal(), "/customers");
    let respond = |status, body: &str| {
        asking(connector::Question::Resume(Continuation {
            state: pending.state.clone(),
            responses: vec![HttpResponse {
                id: request.id.clone(),
                status,
                headers: Vec::new(),
                body: Body::from(body),
                failure: None,
                cached: false,
            }],
            round: 1,
        }))
    };
    let found = crm
        .invoke(&respond(200, r#"[{"id": 7, "name": "Li"}]"#))
        .output;
    let Ok(Answer::Connector(Progress::Done(CrmAnswer::Contacts(contacts)))) = found else {
        panic!("{found:?}");
    };
    assert_eq!(contacts[0].name.reveal(), "Li");
    let refused = crm.invoke(&respond(401, "who are you?")).output;
    let fault = refused.expect_err("it was refused");
    assert_eq!(fault.kind, FaultKind::Declared);
    assert!(
        fault.message.starts_with("connector.unauthenticated"),
        "{}",
        fault.message
    );
}

#[test]
fn what_was_written_down_as_json_gives_the_same_output_at_the_same_fuel() {
    let rule = load(PluginKind::Qa, "qa_greeting", "{}").expect("it is good");
    let crm = load(PluginKind::Connector, "rest_connector_minimal", CRM_CONFIG).expect("good");
    let flow = load(PluginKind::Flow, "rust_flow", "{}").expect("it is good");
    let words = ["Hello", "Hi"].map(str::to_owned);
    let contact = ContactId::from_bits(7);
    let started = step(contact, "rust_flow", 0, Vec::new(), FlowEvent::Started);
    for (plugin, question) in [
        (&rule, judging(said(&words))),
        (&crm, finding("+1")),
        (&flow, started),
    ] {
        let text = serde_json::to_string(&question).expect("a question is JSON");
        let read: Question = serde_json::from_str(&text).expect("and back");
        let (once, again) = (plugin.invoke(&question), plugin.invoke(&read));
        assert!(once.output.is_ok(), "{once:?}");
        assert!(once.usage.fuel > 0);
        assert_eq!(again.output, once.output);
        assert_eq!(again.log, once.log);
        assert_eq!(
            (again.usage.fuel, again.usage.memory_bytes),
            (once.usage.fuel, once.usage.memory_bytes)
        );
    }
}

#[test]
fn a_configuration_that_the_manifest_does_not_take_is_refused_with_its_place() {
    for (kind, name, config, place) in [
        (
            PluginKind::Connector,
            "rest_connector_minimal",
            "{}",
            "`/base_url`",
        ),
        (
            PluginKind::Connector,
            "rest_connector_minimal",
            r#"{"base_url": "http://crm"}"#,
            "`/base_url`",
        ),
        (
            PluginKind::Qa,
            "qa_greeting",
            r#"{"within_turns": 0}"#,
            "`/within_turns`",
        ),
    ] {
        let problems = load(kind, name, config).expect_err(config);
        assert_eq!(problems[0].code, "config.schema");
        assert!(problems[0].message.starts_with(place), "{}", problems[0]);
    }
}

#[test]
fn a_plugin_of_another_kind_is_told_its_name() {
    let problems = load(PluginKind::Connector, "qa_greeting", "{}").expect_err("it is none");
    assert_eq!(problems[0].code, "admission.world");
    assert!(
        problems[0].to_string().contains("name it `NAME.qa.wasm`"),
        "{}",
        problems[0]
    );
    let rule = load(PluginKind::Qa, "qa_greeting", "{}").expect("it is good");
    let fault = rule
        .invoke(&finding("+1"))
        .output
        .expect_err("no connector");
    assert_eq!(fault.kind, FaultKind::NotLoaded);
}

#[test]
fn the_manifest_tells_what_a_connector_asks_for() {
    let crm = load(PluginKind::Connector, "rest_connector_minimal", CRM_CONFIG).expect("good");
    let manifest = crm.manifest().expect("it has one");
    let sentences: Vec<String> = manifest.permissions().into_iter().map(|p| p.en).collect();
    assert!(
        sentences.contains(
            &"Has the host send your secret `api-key` to `crm`; the plugin does not see it."
                .to_owned()
        ),
        "{sentences:?}"
    );
}
