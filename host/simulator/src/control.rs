//! Stopping a simulation before its end, and telling how far it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Shared between a simulation and whoever waits for it.
#[derive(Debug, Clone, Default)]
pub struct Control {
    cancelled: Arc<AtomicBool>,
    deadline: Option<Instant>,
}

/// Why a simulation did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    #[error("the simulation was cancelled")]
    Cancelled,
    #[error(
        "the simulation took longer than it may; simulate a shorter time or fewer replications"
    )]
    OutOfTime,
}

impl Control {
    /// Stops by itself at `deadline`.
    pub fn until(deadline: Instant) -> Control {
        Control {
            deadline: Some(deadline),
            ..Control::default()
        }
    }

    /// Ends the simulation within milliseconds.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(crate) fn check(&self) -> Result<(), Stopped> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Stopped::Cancelled);
        }
        match self.deadline {
            Some(deadline) if Instant::now() > deadline => Err(Stopped::OutOfTime),
            _ => Ok(()),
        }
    }
}
