//! Recorded traffic played again with other policies: begin, follow, cancel.

use super::caller::{Administrator, Supervisor};
use super::problem::Problem;
use super::{App, Body, Path};
use crate::clock::now;
use crate::what_if::{Job, StartError, State, Which, Wish};
use axum::Json;
use axum::extract::State as Of;
use axum::http::StatusCode;
use hotline_simulator::WhatIf;
use hotline_vocabulary::ids::WhatIfId;
use hotline_vocabulary::{Millis, Timestamp};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The longest stretch of recorded traffic.
const LONGEST_SPAN: Millis = Millis::from_secs(7 * 86_400);
const MOST_POLICIES: usize = 4;
const MOST_REPLICATIONS: u32 = 20;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIfStatus {
    id: WhatIfId,
    wish: Wish,
    started_at: Timestamp,
    state: WhatIfState,
    /// Replications played, over all policies.
    done: u32,
    of: u32,
    /// Why it failed.
    problem: Option<String>,
    /// When it is done, and asked for by its id.
    result: Option<WhatIf>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhatIfState {
    Preparing,
    Simulating,
    Done,
    Failed,
    Cancelled,
}

impl WhatIfStatus {
    fn of(job: &Job) -> Self {
        let (done, of) = job.progress();
        let (state, problem, result) = match job.state() {
            State::Preparing => (WhatIfState::Preparing, None, None),
            State::Simulating => (WhatIfState::Simulating, None, None),
            State::Done(report) => (WhatIfState::Done, None, Some(WhatIf::clone(&report))),
            State::Failed(problem) => (WhatIfState::Failed, Some(problem), None),
            State::Cancelled => (WhatIfState::Cancelled, None, None),
        };
        WhatIfStatus {
            id: job.id,
            wish: job.wish.clone(),
            started_at: job.started_at,
            state,
            done,
            of,
            problem,
            result,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LatestWhatIf {
    /// None when there was none since the host started.
    what_if: Option<WhatIfStatus>,
}

/// The tenant's latest, under way or over
#[utoipa::path(get, operation_id = "latest_what_if", path = "/routing/what-if", tag = "routing",
    responses((status = 200, body = LatestWhatIf), (status = "default", body = Problem)))]
pub(crate) async fn latest(Of(app): Of<App>, Supervisor(caller): Supervisor) -> Json<LatestWhatIf> {
    let job = app.what_ifs.latest(caller.tenant);
    Json(LatestWhatIf {
        what_if: job.map(|job| WhatIfStatus {
            result: None,
            ..WhatIfStatus::of(&job)
        }),
    })
}

/// Begins to play recorded traffic with other policies; one at a time
#[utoipa::path(post, operation_id = "start_what_if", path = "/routing/what-if", tag = "routing", request_body = Wish,
    responses((status = 202, body = WhatIfStatus), (status = "default", body = Problem)))]
pub(crate) async fn start(
    Of(app): Of<App>,
    Administrator(caller): Administrator,
    Body(wish): Body<Wish>,
) -> Result<(StatusCode, Json<WhatIfStatus>), Problem> {
    check(&wish)?;
    let policies = wish.policies.clone();
    let place = |wanted: &Which| {
        let place = policies.iter().position(|which| which == wanted);
        place.unwrap_or(0)
    };
    let started = app
        .what_ifs
        .start(caller.tenant, app.mint(), now(), wish)
        .await;
    let job = started.map_err(|error| match &error {
        StartError::UnderWay => Problem::conflict(error.to_string()),
        StartError::Busy => Problem::busy(error.to_string()),
        StartError::NoSuchPolicy(name) => {
            let place = place(&Which::Live(name.clone()));
            Problem::invalid(format!("policies[{place}].live"), error.to_string())
        }
        StartError::NoSuchVersion(kept) => {
            let place = place(&Which::Version(kept.clone()));
            Problem::invalid(format!("policies[{place}].version"), error.to_string())
        }
        StartError::Store(_) => Problem::internal(&error),
    })?;
    Ok((StatusCode::ACCEPTED, Json(WhatIfStatus::of(&job))))
}

fn check(wish: &Wish) -> Result<(), Problem> {
    if wish.to <= wish.from {
        return Err(Problem::invalid("to", "must be later than `from`"));
    }
    if wish.to > wish.from + LONGEST_SPAN {
        let days = LONGEST_SPAN.0 / 86_400_000;
        return Err(Problem::invalid(
            "to",
            format!("at most {days} days after `from`"),
        ));
    }
    if !(1..=MOST_POLICIES).contains(&wish.policies.len()) {
        let message = format!("from 1 to {MOST_POLICIES} policies");
        return Err(Problem::invalid("policies", message));
    }
    for (place, which) in wish.policies.iter().enumerate() {
        if wish.policies[..place].contains(which) {
            return Err(Problem::invalid(
                format!("policies[{place}]"),
                "occurs twice",
            ));
        }
    }
    if !(2..=MOST_REPLICATIONS).contains(&wish.replications) {
        let message = format!("must be from 2 to {MOST_REPLICATIONS}");
        return Err(Problem::invalid("replications", message));
    }
    Ok(())
}

fn no_such() -> Problem {
    Problem::not_found("run; each tenant's latest is kept")
}

/// How far it is, and what came out
#[utoipa::path(get, operation_id = "get_what_if", path = "/routing/what-if/{id}", tag = "routing", params(("id" = String, Path)),
    responses((status = 200, body = WhatIfStatus), (status = "default", body = Problem)))]
pub(crate) async fn one(
    Of(app): Of<App>,
    Supervisor(caller): Supervisor,
    Path(id): Path<WhatIfId>,
) -> Result<Json<WhatIfStatus>, Problem> {
    let job: Arc<Job> = app.what_ifs.get(caller.tenant, id).ok_or_else(no_such)?;
    Ok(Json(WhatIfStatus::of(&job)))
}

/// Cancels it; no harm when it is over
#[utoipa::path(delete, operation_id = "cancel_what_if", path = "/routing/what-if/{id}", tag = "routing", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn cancel(
    Of(app): Of<App>,
    Administrator(caller): Administrator,
    Path(id): Path<WhatIfId>,
) -> Result<StatusCode, Problem> {
    let job = app.what_ifs.get(caller.tenant, id).ok_or_else(no_such)?;
    job.cancel();
    Ok(StatusCode::NO_CONTENT)
}
