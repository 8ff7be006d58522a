//! One operation of a connector, with the other system's replies by a script: what the connector
//! wants requested, what comes back, and what it makes of it. Nothing is sent.

use crate::delivery::{Delivery, kind};
use crate::ordinary::{MONDAY_TEN_O_CLOCK, interaction};
use crate::reply::Reply;
use crate::subject::Subject;
use hotline_vocabulary::connector::{
    self, Continuation, HttpRequest, HttpResponse, Operation, Progress, Task,
};
use hotline_vocabulary::plugin::{FaultKind, Usage};
use hotline_vocabulary::question::{Answer, Question};
use serde::{Deserialize, Serialize};

/// Rounds of requests after which the host fails an operation.
const ROUNDS: u32 = 6;
/// Says which operation this is; all rounds of it have the same.
const OPERATION: u64 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errand {
    pub operation: Operation,
    /// The first for the first request, and so on; the last one again for all that follow. Where
    /// there is none, nobody is there.
    #[serde(default)]
    pub replies: Vec<Reply>,
}

/// An errand that was run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ran {
    /// What comes from outside unindented; what the connector did indented.
    pub(crate) transcript: Vec<String>,
    /// Every question that was answered, with its answer.
    pub(crate) answers: Vec<(Question, Progress)>,
    /// What came back for each request, in order.
    pub(crate) replies: Vec<Reply>,
    pub(crate) usage: Vec<Usage>,
    pub(crate) end: End,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum End {
    Answered(connector::Answer),
    /// With a fault of its own: its code and its sentence.
    GaveUp(String),
    /// It trapped, ran out of something or answered nonsense.
    Broke(String),
    /// It wanted more requests after the last round.
    Endless,
}

impl Errand {
    pub(crate) const ENDLESS: &str =
        "wants more requests after six rounds, as if there were no end";

    /// As the contract names it, e.g. `find-contact`.
    pub fn name(&self) -> &str {
        match &self.operation {
            Operation::FindContact(_) => "find-contact",
            Operation::UpsertContact(_) => "upsert-contact",
            Operation::LogActivity(_) => "log-activity",
            Operation::OpenCase(_) => "open-case",
            Operation::Picklist(_) => "picklist",
            Operation::CheckConnection => "check-connection",
            Operation::Own(own) => &own.name,
        }
    }

    /// The first question that the connector is asked.
    pub(crate) fn begin(&self) -> Question {
        question(connector::Question::Begin(Box::new(Task {
            operation: self.operation.clone(),
            interaction: Some(interaction(1)),
            at: MONDAY_TEN_O_CLOCK,
        })))
    }

    fn reply(&self, place: usize) -> Reply {
        let scripted = self.replies.get(place).or(self.replies.last());
        scripted.cloned().unwrap_or(Reply::UNREACHABLE)
    }
}

fn question(ask: connector::Question) -> Question {
    Question::Connector {
        connector: "connector".to_owned(),
        operation: OPERATION,
        contact: None,
        at: MONDAY_TEN_O_CLOCK,
        ask,
    }
}

/// Runs an errand to its end.
pub(crate) fn run(subject: &dyn Subject, errand: &Errand, delivery: Delivery) -> Ran {
    let mut ran = Ran {
        transcript: vec![errand.name().to_owned()],
        answers: Vec::new(),
        replies: Vec::new(),
        usage: Vec::new(),
        end: End::Endless,
    };
    let mut asked = errand.begin();
    for round in 1..=ROUNDS + 1 {
        let progress = match ran.ask(subject, delivery, asked) {
            Ok(progress) => progress,
            Err(end) => {
                ran.end = end;
                break;
            }
        };
        let pending = match progress {
            Progress::Done(answer) => {
                ran.end = End::Answered(answer);
                break;
            }
            Progress::Need(pending) => pending,
        };
        if round > ROUNDS {
            break;
        }
        let responses = pending.requests.iter().map(|request| {
            let reply = errand.reply(ran.replies.len());
            ran.transcript.push(format!("{reply}"));
            let response = reply.response(&request.id);
            ran.replies.push(reply);
            response
        });
        let responses: Vec<HttpResponse> = responses.collect();
        asked = question(connector::Question::Resume(Continuation {
            state: pending.state,
            responses,
            round,
        }));
    }
    ran
}

impl Ran {
    fn ask(
        &mut self,
        subject: &dyn Subject,
        delivery: Delivery,
        question: Question,
    ) -> Result<Progress, End> {
        let verdict = delivery.ask(subject, &question).map_err(End::Broke)?;
        self.usage.push(verdict.usage);
        match verdict.outcome {
            Ok(Answer::Connector(progress)) => {
                self.transcript.extend(told(&progress));
                self.answers.push((question, progress.clone()));
                Ok(progress)
            }
            Ok(_) => Err(End::Broke("gave an answer of another world".to_owned())),
            Err(fault) if fault.kind == FaultKind::Declared => {
                self.transcript
                    .push(format!("  gives up: {}", fault.message));
                Err(End::GaveUp(fault.message))
            }
            Err(fault) => Err(End::Broke(format!(
                "{}: {}",
                kind(fault.kind),
                fault.message
            ))),
        }
    }
}

fn told(progress: &Progress) -> Vec<String> {
    match progress {
        Progress::Need(pending) => pending.requests.iter().map(request).collect(),
        Progress::Done(answer) => {
            let json = serde_json::to_string(answer).unwrap_or_default();
            vec![format!("  answers {json}")]
        }
    }
}

fn request(request: &HttpRequest) -> String {
    let mut line = format!(
        "  {} {} {}",
        request.method,
        request.endpoint,
        request.path.reveal()
    );
    for (place, (name, value)) in request.query.iter().enumerate() {
        let sign = if place == 0 { '?' } else { '&' };
        line.push_str(&format!("{sign}{name}={}", value.reveal()));
    }
    for (name, value) in &request.headers {
        line.push_str(&format!(" [{name}: {}]", value.reveal()));
    }
    if let Some(key) = &request.idempotency_key {
        line.push_str(&format!(" key {key}"));
    }
    if let Some(body) = &request.body {
        line.push_str(&format!(" {}", String::from_utf8_lossy(&body.0)));
    }
    line
}
