//! One operation of a connector: it describes requests, the host makes them, it is resumed with the
//! answers, until it is done or has had its rounds.

use async_trait::async_trait;
use hotline_outbound::{Caller, GrantError, Outbound, TooManyRequests, request_of, response_of};
use hotline_vocabulary::connector::{Answer, Continuation, Progress, Question, Task};
use hotline_vocabulary::plugin::PluginFault;

/// Whoever answers a connector's questions: the sandbox.
#[async_trait]
pub(crate) trait Adviser: Send + Sync {
    async fn ask(&self, question: Question) -> Result<Progress, PluginFault>;
}

/// Why an operation has no answer; for the tenant's people.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("no connector `{0}` is live")]
    NotLive(String),
    #[error("its configuration does not fit its manifest: {0}")]
    Grant(#[from] GrantError),
    #[error("its configuration is no JSON object")]
    Configuration,
    #[error("the connector failed: {}", .0.message)]
    Fault(PluginFault),
    #[error(transparent)]
    TooManyRequests(#[from] TooManyRequests),
    #[error("it wanted more than {0} rounds of requests")]
    TooManyRounds(u32),
    #[error("it took longer than {0} s")]
    TooLong(u64),
    #[error("{0} operations of connectors are under way already")]
    Busy(usize),
}

pub(super) async fn run(
    adviser: &dyn Adviser,
    outbound: &Outbound,
    caller: &Caller,
    task: Task,
) -> Result<Answer, RunError> {
    let rounds = outbound.limits().rounds;
    let begun = adviser.ask(Question::Begin(Box::new(task))).await;
    let mut progress = begun.map_err(RunError::Fault)?;
    for round in 1..=rounds {
        let pending = match progress {
            Progress::Done(answer) => return Ok(answer),
            Progress::Need(pending) => pending,
        };
        let requests: Vec<_> = pending.requests.into_iter().map(request_of).collect();
        let answers = outbound.perform(caller, &requests).await?;
        let continuation = Continuation {
            state: pending.state,
            responses: answers.into_iter().map(response_of).collect(),
            round,
        };
        let resumed = adviser.ask(Question::Resume(continuation)).await;
        progress = resumed.map_err(RunError::Fault)?;
    }
    match progress {
        Progress::Done(answer) => Ok(answer),
        Progress::Need(_) => Err(RunError::TooManyRounds(rounds)),
    }
}
