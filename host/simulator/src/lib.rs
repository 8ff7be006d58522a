//! The simulator: the production switchboard on a virtual clock, with customers and agents who
//! behave by distribution or as recorded.
//!
//! - [`scenario`]: what a scenario file may say; [`Plan`]: what is played, whoever said it;
//! - [`Recording`]: what really happened, as something to play again; [`what_if`]: on it;
//! - [`Arm`]: one of the policies that are compared; [`simulate`]: replications on all cores;
//! - [`Report`]: what came out, each [`Figure`] with its formula; [`table`]: for people.
//!
//! The same plan and seed give the same report, whatever the machine and the number of threads. All
//! policies are played on the same contacts, so that their differences are theirs.

mod agenda;
pub mod compiled;
mod contact;
mod control;
mod distribution;
mod figures;
mod house;
mod mistake;
mod observation;
mod observer;
mod pauses;
mod plan;
pub mod plots;
mod policy;
pub mod recording;
pub mod repertoire;
mod report;
pub mod scenario;
mod simulation;
mod source;
pub mod table;
pub mod trace;
mod what_if;

pub use control::{Control, Stopped};
pub use figures::{Figure, Group, Unit};
pub use plan::{Denominator, Plan};
pub use policy::{Arm, Policy, SkillUse};
pub use recording::{Recorder, Recording};
pub use repertoire::RecordingError;
pub use report::{
    CONFIDENCE, CoursePoint, Difference, Estimate, GroupReport, INTERVAL_MINUTES, PolicyReport,
    Report, WaitShare,
};
pub use simulation::{RecordError, Running, record, simulate};
pub use what_if::{WhatIf, WhatIfError, what_if};
