//! The simulation itself, on a thread of its own.

use super::{Failure, Job, State, Which};
use crate::shipped;
use hotline_sandbox::offline::Bench;
use hotline_sandbox::{Compiling, KeptPolicy};
use hotline_simulator::{Arm, Recording, Running, SkillUse, WhatIf, what_if};
use hotline_vocabulary::configuration::Configuration;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Calls come first, and on a small machine there are two cores for all of it.
const THREADS: NonZeroUsize = NonZeroUsize::MIN;
/// Behind plugins (5), which are behind audio.
const NICENESS: libc::c_int = 15;

/// Everything that a simulation needs.
pub(super) struct Play {
    pub(super) job: Arc<Job>,
    pub(super) recording: Recording,
    pub(super) configuration: Configuration,
    pub(super) policies: Vec<(Which, Option<KeptPolicy>)>,
    pub(super) cache: PathBuf,
}

impl Play {
    pub(super) fn run(self) -> Result<WhatIf, Failure> {
        let compiling = Compiling::Apart(shipped::compiler());
        // This thread may play as well.
        let bench = Bench::open(compiling, &self.cache, THREADS.get() + 1)?;
        let policies = self.policies.iter();
        let arms = policies.map(|(which, kept)| arm(&bench, which, kept.as_ref()));
        let arms = arms.collect::<Result<Vec<_>, _>>()?;
        *self.job.state.lock() = State::Simulating;
        let running = Running {
            threads: THREADS,
            control: self.job.control.clone(),
        };
        Ok(what_if(
            &self.recording,
            &self.configuration,
            &arms,
            self.job.wish.replications,
            &running,
            &|| {
                self.job.done.fetch_add(1, Ordering::Relaxed);
            },
        )?)
    }
}

fn arm(bench: &Bench, which: &Which, kept: Option<&KeptPolicy>) -> Result<Arm, Failure> {
    let name = which.name();
    let compiled = |component: &[u8], config: &str| {
        let policy = bench.policy(&name, &name, component, config);
        Ok(Arm {
            name: name.clone(),
            policy: Arc::new(policy.map_err(Failure::Refused)?),
            skills: SkillUse::AsConfigured,
        })
    };
    match (which, kept) {
        (Which::BuiltIn, _) => Ok(Arm::built_in()),
        (Which::FirstInFirstOut, _) => Ok(Arm::first_in_first_out()),
        (_, Some(kept)) => compiled(&kept.component, &kept.config),
        (Which::Shipped | Which::Live(_) | Which::Version(_), None) => {
            compiled(&shipped::plugins().skills_policy, "{}")
        }
    }
}

/// Takes what the other threads leave. Threads that this one starts do so too.
pub(super) fn step_behind_everything() {
    // SAFETY: changes the calling thread's own nice value (on Linux, "process 0" is this thread);
    // no memory is involved.
    #[allow(unsafe_code)]
    let result = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, NICENESS) };
    if result != 0 {
        tracing::debug!("the priority of a simulation could not be lowered");
    }
}
