//! Tells other systems of contacts that are over: rows that survive a restart, each run until it
//! works or is given up. The other system sees the contact's id each time, so that it can tell a
//! repetition from news.

use super::activity::{activity, is_wrapped_up};
use super::{Connectors, RunError};
use crate::clock::now;
use hotline_records::repositories::connectors::ConnectorJob;
use hotline_vocabulary::connector::{Answer, Operation, Task};
use hotline_vocabulary::time::Millis;
use std::time::Duration;
use tokio::task::JoinSet;

/// At once, over all tenants.
const AT_ONCE: u32 = 4;
const BETWEEN_ROUNDS: Duration = Duration::from_secs(2);
/// Whoever has claimed a job and not finished it by then has died.
const LEASE: Millis = Millis::from_secs(180);
const LONGEST_RUN: Duration = Duration::from_secs(90);
/// How long an agent's word on a contact is waited for, and how often it is looked for.
const LONGEST_WRAP_UP: Millis = Millis::from_secs(30 * 60);
const BETWEEN_LOOKS: Millis = Millis::from_secs(15);
const TRIES: u64 = 12;
const FIRST_PAUSE: Millis = Millis::from_secs(30);
/// How the message of a fault with this code begins, see `hotline_sdk::connector::no_customer`.
const NO_CUSTOMER: &str = "connector.no-customer";
const LONGEST_PAUSE: Millis = Millis::from_secs(3_600);

/// How long to wait after so many tries; none when it has been enough. A day in all.
fn pause_after(tries: u64) -> Option<Millis> {
    if tries >= TRIES {
        return None;
    }
    let doubled = 1u64 << tries.saturating_sub(1).min(20);
    Some(Millis(
        FIRST_PAUSE.0.saturating_mul(doubled).min(LONGEST_PAUSE.0),
    ))
}

/// Runs what is due, for as long as the host does.
pub(crate) async fn run(connectors: Connectors) {
    let mut rounds = tokio::time::interval(BETWEEN_ROUNDS);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let claimed = connectors
            .records
            .connectors
            .claim(now(), LEASE, AT_ONCE)
            .await;
        let due = match claimed {
            Ok(due) => due,
            Err(error) => {
                tracing::debug!(%error, "jobs of connectors wait for the database");
                continue;
            }
        };
        let mut running = JoinSet::new();
        for job in due {
            running.spawn(work_off(connectors.clone(), job));
        }
        while let Some(finished) = running.join_next().await {
            if let Err(error) = finished {
                // Its lease runs out, and it is tried again.
                tracing::error!(%error, "a job of a connector panicked");
            }
        }
    }
}

/// What becomes of a job.
#[derive(Debug)]
enum Outcome {
    Done(serde_json::Value),
    /// Nobody has said yet what it was about.
    TooEarly,
    /// The connector writes down known customers' contacts alone; that will not change.
    NotWanted(String),
    Failed(String),
}

async fn work_off(connectors: Connectors, job: ConnectorJob) {
    let outcome = attempt(&connectors, &job).await;
    let (jobs, at) = (&connectors.records.connectors, now());
    let written = match outcome {
        Outcome::Done(result) => jobs.done(&job, at, &result).await,
        Outcome::TooEarly => jobs.postpone(&job, at + BETWEEN_LOOKS, None).await,
        Outcome::NotWanted(problem) => jobs.give_up(&job, at, &problem).await,
        Outcome::Failed(problem) => match pause_after(job.tries) {
            Some(pause) => jobs.postpone(&job, at + pause, Some(&problem)).await,
            None => {
                tracing::warn!(
                    tenant = %job.tenant, connector = job.connector, contact = %job.contact, problem,
                    "another system was not told of a contact; the job is given up"
                );
                jobs.give_up(&job, at, &problem).await
            }
        },
    };
    if let Err(error) = written {
        // It comes again when its lease is over; the other system knows it by its id.
        tracing::warn!(contact = %job.contact, %error, "what became of a job could not be written down");
    }
}

async fn attempt(connectors: &Connectors, job: &ConnectorJob) -> Outcome {
    let records = &connectors.records.contacts;
    let contact = records.get(job.tenant, job.contact).await;
    let timeline = records.timeline(job.tenant, job.contact).await;
    let (contact, timeline) = match (contact, timeline) {
        (Ok(contact), Ok(timeline)) => (contact, timeline),
        (Err(error), _) | (_, Err(error)) => return Outcome::Failed(error.to_string()),
    };
    let at = now();
    if !is_wrapped_up(&timeline) && at < job.created_at + LONGEST_WRAP_UP {
        return Outcome::TooEarly;
    }
    let task = Task {
        operation: Operation::LogActivity(activity(&contact, &timeline, &job.connector)),
        interaction: None,
        at,
    };
    let run = connectors.run(
        (job.tenant, &job.connector),
        Some(job.contact),
        task,
        LONGEST_RUN,
    );
    match run.await {
        Ok(Answer::Stored(stored)) => match serde_json::to_value(&stored) {
            Ok(result) => Outcome::Done(result),
            Err(error) => Outcome::Failed(error.to_string()),
        },
        Ok(other) => Outcome::Failed(format!("it answered with {}", super::kind(&other))),
        Err(RunError::Fault(fault)) if fault.message.starts_with(NO_CUSTOMER) => {
            Outcome::NotWanted(fault.message)
        }
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_become_rarer_and_come_to_an_end() {
        let pauses: Vec<u64> = (1..).map_while(pause_after).map(|p| p.0 / 1_000).collect();
        assert_eq!(pauses[..4], [30, 60, 120, 240]);
        assert!(
            pauses
                .windows(2)
                .all(|two| two[0] <= two[1] && two[1] <= 3_600)
        );
        assert_eq!(pauses.len() as u64, TRIES - 1);
        let hours = pauses.iter().sum::<u64>() / 3_600;
        assert!((4..12).contains(&hours), "{hours} h");
    }
}
