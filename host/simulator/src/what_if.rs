//! "What if, on yesterday": recorded traffic against other policies, as the console's routing page
//! and `hotline sim` show it.

use crate::control::Stopped;
use crate::plan::Plan;
use crate::policy::Arm;
use crate::recording::Recording;
use crate::repertoire::RecordingError;
use crate::report::{PolicyReport, Report};
use crate::simulation::{Running, simulate, summary};
use crate::source::Source;
use hotline_vocabulary::configuration::Configuration;
use serde::{Deserialize, Serialize};

/// What was recorded, beside what the policies would have made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatIf {
    /// What really happened; a single day has no standard errors.
    pub recorded: PolicyReport,
    /// What was simulated; differences are from the first policy.
    pub simulated: Report,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhatIfError {
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Plays a recording in the house as configured, once per arm and replication. Blocks for seconds:
/// call it off the threads that serve. Memory is bounded by [`crate::repertoire::MOST_CONTACTS`],
/// time by the control of `running`.
///
/// # Errors
/// [`WhatIfError`].
pub fn what_if(
    recording: &Recording,
    configuration: &Configuration,
    arms: &[Arm],
    replications: u32,
    running: &Running,
    progress: &(dyn Fn() + Sync),
) -> Result<WhatIf, WhatIfError> {
    let plan = recording
        .plan(configuration)?
        .with_replications(replications);
    let simulated = simulate(&plan, arms, running, progress)?;
    Ok(WhatIf {
        recorded: recorded(&plan),
        simulated,
    })
}

fn recorded(plan: &Plan) -> PolicyReport {
    let seen = match &plan.source {
        Source::Recorded(repertoire) => repertoire.observations(plan.midnight),
        Source::Streams { .. } => Default::default(),
    };
    PolicyReport::of("recorded", &[summary(plan, &seen)])
}
