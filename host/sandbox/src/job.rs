//! One question, on its way to a plugin worker.

use crate::version::Version;
use hotline_vocabulary::question::{Question, Verdict};
use std::sync::Arc;
use std::time::Instant;

/// Takes the verdict, on the worker's thread.
pub(crate) type Reply = Box<dyn FnOnce(Verdict) + Send>;

/// What to ask of whom, and who is told.
pub(crate) struct Job {
    pub(crate) version: Arc<Version>,
    /// Shared with who writes it down or asks it again.
    pub(crate) question: Arc<Question>,
    pub(crate) reply: Reply,
    pub(crate) since: Instant,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Job({})", self.version.identity.label())
    }
}
