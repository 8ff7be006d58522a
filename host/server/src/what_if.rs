//! "What if, on yesterday": recorded traffic played again with other policies, in the background.
//!
//! One at a time on this host, on a thread that stands behind everything else. Each tenant's latest
//! is kept, and read as often as one likes; the next takes its place. One that is still under way
//! when the host stops is forgotten.

mod play;

use crate::recorded::{self, ReadError};
use hotline_records::Records;
use hotline_sandbox::KeptPolicy;
use hotline_simulator::{Control, Stopped, WhatIf, WhatIfError};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{TenantId, WhatIfId};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

/// How long one may take in all.
const LONGEST: Duration = Duration::from_secs(600);

/// What is to be compared on which traffic.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    pub from: Timestamp,
    /// Not included; at most seven days after `from`.
    pub to: Timestamp,
    /// 1 to 4, each once; the first is what the others are compared with. Each decides for every
    /// queue.
    pub policies: Vec<Which>,
    /// How often each is played, 2 to 20: what was not seen (how long somebody would have gone on
    /// waiting) is drawn anew each time.
    #[serde(default = "usual_replications")]
    pub replications: u32,
}

const fn usual_replications() -> u32 {
    5
}

/// A policy that can be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// The skills policy that comes with Hotline.
    Shipped,
    /// The switchboard's own order, which applies when a policy fails.
    BuiltIn,
    /// Oldest first to the longest idle, whatever they know: for comparison.
    FirstInFirstOut,
    /// By its name in the flows folder, whether a queue uses it or not.
    Live(String),
    /// A version that is kept: uploaded and never in service, staged, or retired.
    Version(Kept),
}

/// Names a version of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub policy: String,
    /// Its label, `name@digest`, or its id.
    pub version: String,
}

impl Which {
    fn name(&self) -> String {
        match self {
            Which::Shipped => "shipped".to_owned(),
            Which::BuiltIn => "built-in".to_owned(),
            Which::FirstInFirstOut => "first-in-first-out".to_owned(),
            Which::Live(name) => name.clone(),
            Which::Version(kept) => kept.version.clone(),
        }
    }
}

/// Runs them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct WhatIfs(Arc<Shared>);

struct Shared {
    records: Records,
    sandbox: hotline_sandbox::Handle,
    /// Where policies are compiled to.
    cache: PathBuf,
    latest: Mutex<HashMap<TenantId, Arc<Job>>>,
    /// One permit: a simulation takes all of a core.
    turn: Arc<Semaphore>,
}

/// One of them, under way or over.
pub(crate) struct Job {
    pub id: WhatIfId,
    pub wish: Wish,
    pub started_at: Timestamp,
    tenant: TenantId,
    done: AtomicU32,
    control: Control,
    cancelled: CancellationToken,
    state: Mutex<State>,
}

/// How far it is.
#[derive(Debug, Clone)]
pub(crate) enum State {
    /// Reading what was recorded, compiling policies.
    Preparing,
    Simulating,
    Done(Arc<WhatIf>),
    Failed(String),
    Cancelled,
}

/// Why it does not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("one is under way already; cancel it, or wait")]
    UnderWay,
    #[error("the host is busy with another simulation")]
    Busy,
    #[error("no policy `{0}` is live")]
    NoSuchPolicy(String),
    #[error("no version `{}` of policy `{}` is kept", .0.version, .0.policy)]
    NoSuchVersion(Kept),
    #[error("a policy could not be read: {0}")]
    Store(#[from] std::io::Error),
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Records(#[from] hotline_records::Error),
    #[error(transparent)]
    Recorded(#[from] ReadError),
    #[error(transparent)]
    WhatIf(#[from] WhatIfError),
    #[error(transparent)]
    Sandbox(#[from] hotline_sandbox::Error),
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<hotline_sandbox::Diagnostic>),
    #[error("it ended by itself; see the log")]
    Lost,
    #[error("it was cancelled")]
    Cancelled,
}

impl WhatIfs {
    pub(crate) fn new(
        records: Records,
        sandbox: hotline_sandbox::Handle,
        cache: PathBuf,
    ) -> WhatIfs {
        WhatIfs(Arc::new(Shared {
            records,
            sandbox,
            cache,
            latest: Mutex::default(),
            turn: Arc::new(Semaphore::new(1)),
        }))
    }

    /// The tenant's latest.
    pub(crate) fn latest(&self, tenant: TenantId) -> Option<Arc<Job>> {
        self.0.latest.lock().get(&tenant).cloned()
    }

    /// The tenant's latest, if that is the one.
    pub(crate) fn get(&self, tenant: TenantId, id: WhatIfId) -> Option<Arc<Job>> {
        self.latest(tenant).filter(|job| job.id == id)
    }

    /// Begins one, in the background. Policies that are live are taken as they are now. Each is
    /// admitted as on its way into service: one that is refused fails the run, with the report.
    pub(crate) async fn start(
        &self,
        tenant: TenantId,
        id: WhatIfId,
        now: Timestamp,
        wish: Wish,
    ) -> Result<Arc<Job>, StartError> {
        if self.latest(tenant).is_some_and(|job| job.is_under_way()) {
            return Err(StartError::UnderWay);
        }
        let turn = self.0.turn.clone().try_acquire_owned();
        let turn = turn.map_err(|_| StartError::Busy)?;
        let shared = self.0.clone();
        let names = wish.policies.clone();
        let policies = tokio::task::spawn_blocking(move || shared.policies(tenant, &names));
        let policies = policies.await.map_err(std::io::Error::other)??;
        let job = Arc::new(Job {
            id,
            wish,
            started_at: now,
            tenant,
            done: AtomicU32::new(0),
            control: Control::until(Instant::now() + LONGEST),
            cancelled: CancellationToken::new(),
            state: Mutex::new(State::Preparing),
        });
        self.0.latest.lock().insert(tenant, job.clone());
        tokio::spawn(self.0.clone().run(job.clone(), policies, turn));
        Ok(job)
    }
}

impl Shared {
    /// What is to be played: none for what needs no component.
    fn policies(
        &self,
        tenant: TenantId,
        wanted: &[Which],
    ) -> Result<Vec<(Which, Option<KeptPolicy>)>, StartError> {
        let live = |which: &Which| {
            let found = match which {
                Which::Live(name) => {
                    let found = self.sandbox.live_policy(tenant, name)?;
                    Some(found.ok_or_else(|| StartError::NoSuchPolicy(name.clone()))?)
                }
                Which::Version(kept) => {
                    let Kept { policy, version } = kept;
                    let found = self.sandbox.kept_policy(tenant, policy, version)?;
                    Some(found.ok_or_else(|| StartError::NoSuchVersion(kept.clone()))?)
                }
                Which::Shipped | Which::BuiltIn | Which::FirstInFirstOut => None,
            };
            Ok((which.clone(), found))
        };
        wanted.iter().map(live).collect()
    }

    async fn run(
        self: Arc<Self>,
        job: Arc<Job>,
        policies: Vec<(Which, Option<KeptPolicy>)>,
        turn: OwnedSemaphorePermit,
    ) {
        let outcome = tokio::select! {
            outcome = self.work(&job, policies, turn) => outcome,
            () = job.cancelled.cancelled() => Err(Failure::Cancelled),
        };
        *job.state.lock() = match outcome {
            Ok(report) => State::Done(Arc::new(report)),
            Err(Failure::Cancelled | Failure::WhatIf(WhatIfError::Stopped(Stopped::Cancelled))) => {
                State::Cancelled
            }
            Err(failure) => State::Failed(failure.to_string()),
        };
    }

    async fn work(
        &self,
        job: &Arc<Job>,
        policies: Vec<(Which, Option<KeptPolicy>)>,
        turn: OwnedSemaphorePermit,
    ) -> Result<WhatIf, Failure> {
        let (from, to) = (job.wish.from, job.wish.to);
        let recording = recorded::traffic(&self.records, job.tenant, from, to).await?;
        let configuration = self.records.settings.configuration(job.tenant).await?;
        let play = play::Play {
            job: job.clone(),
            recording,
            configuration,
            policies,
            cache: self.cache.clone(),
        };
        let (report, reported) = oneshot::channel();
        let thread = std::thread::Builder::new().name("what-if".to_owned());
        let thread = thread.spawn(move || {
            play::step_behind_everything();
            // Nobody waits any more when it was cancelled.
            let _ = report.send(play.run());
            // The next may begin when this thread's work is over, not when nobody waits for it.
            drop(turn);
        });
        if let Err(error) = thread {
            tracing::error!(%error, "a thread for a simulation could not be started");
            return Err(Failure::Lost);
        }
        reported.await.map_err(|_| Failure::Lost)?
    }
}

impl Job {
    pub(crate) fn state(&self) -> State {
        self.state.lock().clone()
    }

    /// Replications played, and how many there are in all.
    pub(crate) fn progress(&self) -> (u32, u32) {
        let of = self.wish.replications * self.wish.policies.len() as u32;
        (self.done.load(Ordering::Relaxed).min(of), of)
    }

    /// Ends it within milliseconds; no harm when it is over already.
    pub(crate) fn cancel(&self) {
        self.control.cancel();
        self.cancelled.cancel();
    }

    fn is_under_way(&self) -> bool {
        matches!(self.state(), State::Preparing | State::Simulating)
    }
}
