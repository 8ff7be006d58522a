//! From an upload to retirement: the states of a version, who gets which, what a candidate would
//! change, and when one is taken back. What decides (states, split, judgement, differences) is pure;
//! the keeper applies it.

pub(crate) mod about;
mod asking;
mod difference;
mod follow;
mod handle;
mod judge;
mod life;
mod migration;
mod permissions;
pub(crate) mod reception;
pub(crate) mod recorder;
mod replay;
mod settings;
pub(crate) mod shadow;
mod split;
mod state;
mod trial;
mod upload;
mod wish;

pub use difference::Difference;
pub use handle::ReplayError;
pub use hotline_manifest::Permission;
pub use judge::{CanaryLimits, Group};
pub use life::{Actor, Cause, Change};
pub use permissions::PermissionChanges;
pub use replay::{ReplayReport, Replayed};
pub use settings::{Recording, ReplayGate, Settings};
pub use split::Split;
pub use state::{Refusal, State};
pub use trial::{ShadowCounts, Stage, TrialResults, VisitOutcome};
pub use upload::{Upload, UploadBody, UploadError};
pub use wish::{ChangeError, Wish};

pub(crate) use life::Life;
pub(crate) use permissions::permissions;
pub(crate) use state::{Event, Gate};
pub(crate) use trial::{Arm, Candidate, Trial};
