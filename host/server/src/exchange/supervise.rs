//! Starts a tenant's exchange, and starts it anew should it ever panic: that tenant's calls end
//! with blame on us, no other tenant notices.

use super::visits::Visits;
use super::{Audience, Exchange, Line, Message, Performers, Publisher, Running};
use crate::clock::Clock;
use crate::host_wide::HostWide;
use crate::legs::{Leg, Legs, Side};
use crate::recordings;
use futures_util::FutureExt;
use futures_util::future::join_all;
use hotline_records::journal::Journal;
use hotline_records::restart::{RepairedRecording, close_what_was_open, left_over};
use hotline_records::{Records, projector};
use hotline_switchboard::Switchboard;
use hotline_vocabulary::fact::Epoch;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::live::Live;
use hotline_vocabulary::{EndReason, Input, Timestamp};
use parking_lot::RwLock;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The exchanges of all tenants that this host serves.
#[derive(Clone, Default)]
pub(crate) struct Exchanges {
    /// None while a tenant's exchange is down after a panic.
    served: Arc<RwLock<HashMap<TenantId, Option<Exchange>>>>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

/// What it takes to run one tenant's exchange.
pub(crate) struct Start {
    pub tenant: TenantId,
    pub records: Records,
    pub journal: Journal,
    pub projector: projector::Handle,
    /// The tenant's highest epoch in the journal as it was found at the start.
    pub highest_epoch: Epoch,
    /// Recordings that a crash left without an end.
    pub repaired: Vec<RepairedRecording>,
    /// Where the tenant's recordings are.
    pub recordings: PathBuf,
    pub host_wide: HostWide,
    /// Where facts go that traces are made of.
    pub traces: Option<hotline_traces::Tap>,
    pub legs: Legs,
    /// Makes a fresh set of performers for each start.
    pub performers: Box<dyn Fn() -> Performers + Send + Sync>,
    /// What a fresh switchboard must be told of devices that are up already.
    pub devices: Box<dyn Fn() -> Vec<Input> + Send + Sync>,
}

/// How long a tenant's exchange stays down after a panic, so that a crash loop costs little.
const PAUSE_AFTER_PANIC: Duration = Duration::from_millis(500);
/// How long all exchanges together may take to write down the end of their calls.
const LONGEST_STOPPING: Duration = Duration::from_secs(10);

impl Exchanges {
    /// None for a tenant that is not served, or whose exchange is just starting anew.
    pub(crate) fn of(&self, tenant: TenantId) -> Option<Exchange> {
        self.served.read().get(&tenant).cloned().flatten()
    }

    /// Whether a tenant was opened, also while its exchange is down.
    pub(crate) fn serves(&self, tenant: TenantId) -> bool {
        self.served.read().contains_key(&tenant)
    }

    /// Runs a tenant's exchange until [`Exchanges::end`]. Returns once it takes inputs.
    pub(crate) async fn start(&self, start: Start) -> Result<(), hotline_records::Error> {
        let begun = begin(&start, &start.repaired).await?;
        self.put(start.tenant, Some(begun.exchange.clone()));
        self.tasks.spawn(self.clone().supervise(start, begun));
        Ok(())
    }

    async fn supervise(self, start: Start, mut begun: Begun) {
        let tenant = start.tenant;
        loop {
            let Begun {
                exchange,
                mut line,
                mut running,
            } = begun;
            let finished = tokio::spawn(async move { running.run(&mut line).await }).await;
            drop(exchange);
            if finished.is_ok() {
                return;
            }
            tracing::error!(%tenant, "a tenant's switchboard panicked; its calls end, and it starts anew");
            self.put(tenant, None);
            end_legs(&start);
            begun = tokio::select! {
                begun = begin_anew(&start) => begun,
                () = self.stopping.cancelled() => return,
            };
            self.put(tenant, Some(begun.exchange.clone()));
        }
    }

    fn put(&self, tenant: TenantId, exchange: Option<Exchange>) {
        self.served.write().insert(tenant, exchange);
    }

    fn all(&self) -> Vec<Exchange> {
        self.served.read().values().flatten().cloned().collect()
    }

    /// Ends all calls in an orderly way, and waits until that is written down. The exchanges still
    /// take what media and SIP have to say about it, until [`Exchanges::end`].
    pub(crate) async fn stop(&self) {
        self.stopping.cancel();
        let stopped = join_all(self.all().into_iter().map(|exchange| async move {
            let (done, is_done) = oneshot::channel();
            if exchange.inputs.send(Message::Stop { done }).await.is_ok() {
                // An error means that it panicked over it, which was logged.
                let _ = is_done.await;
            }
        }));
        if tokio::time::timeout(LONGEST_STOPPING, stopped)
            .await
            .is_err()
        {
            tracing::error!("not all switchboards could end their calls in time");
        }
    }

    /// Ends the exchanges, once they have taken everything handed in before.
    pub(crate) async fn end(&self) {
        self.stopping.cancel();
        self.tasks.close();
        let ended = async {
            for exchange in self.all() {
                // Gone already is as good.
                let _ = exchange.inputs.send(Message::End).await;
            }
            self.tasks.wait().await;
        };
        if tokio::time::timeout(LONGEST_STOPPING, ended).await.is_err() {
            tracing::error!("not all switchboards ended in time");
        }
    }
}

/// An exchange that is to be run.
struct Begun {
    exchange: Exchange,
    line: Line,
    running: Running,
}

/// Begins until it works.
async fn begin_anew(start: &Start) -> Begun {
    let tenant = start.tenant;
    loop {
        tokio::time::sleep(PAUSE_AFTER_PANIC).await;
        // The recordings that the panic cut off ended meanwhile, with nobody to tell.
        let repaired = recordings::repair(start.recordings.clone()).await;
        let begun = AssertUnwindSafe(begin(start, &repaired)).catch_unwind();
        match begun.await {
            Ok(Ok(begun)) => return begun,
            Ok(Err(error)) => {
                tracing::error!(%tenant, %error, "a switchboard could not start anew");
            }
            Err(_) => tracing::error!(%tenant, "a switchboard panicked while it started anew"),
        }
    }
}

/// A new epoch: closes what an earlier one left open, then builds a switchboard that knows the
/// tenant's configuration.
async fn begin(
    start: &Start,
    repaired: &[RepairedRecording],
) -> Result<Begun, hotline_records::Error> {
    let mut clock = Clock::start();
    let (records, tenant) = (&start.records, start.tenant);
    let closed = close_what_was_open(
        records,
        &start.journal,
        &start.projector,
        tenant,
        start.highest_epoch,
        repaired,
    )
    .await?;
    if !closed.is_empty() {
        tracing::info!(%tenant, facts = closed.len(), "what an earlier run left open was ended");
    }
    let epoch: Epoch = records.epochs.next(tenant, start.highest_epoch).await?;
    let tenants_own = records.settings.configuration(tenant).await?;
    let configuration = start.host_wide.over(tenants_own);
    let left_over = left_over(records, tenant, &configuration, clock.now()).await?;
    let (inputs, incoming) = mpsc::channel(super::INPUTS);
    let (questions, asked) = mpsc::channel(super::QUESTIONS);
    let (facts, _) = broadcast::channel(super::FACTS);
    let (live, live_receiver) = watch::channel(Arc::new(empty(clock.now())));
    let audience = Audience::default();
    let mut running = Running {
        tenant: start.tenant,
        switchboard: Switchboard::new(start.tenant, epoch, rand::random()),
        clock,
        journal: start.journal.clone(),
        performers: (start.performers)(),
        publisher: Publisher::new(facts.clone(), live, audience.clone(), start.traces.clone()),
        visits: Visits::default(),
        myself: inputs.downgrade(),
    };
    running.step(Input::Configured(configuration));
    for device in (start.devices)() {
        running.step(device);
    }
    for input in left_over {
        running.step(input);
    }
    Ok(Begun {
        exchange: Exchange {
            inputs,
            questions,
            facts,
            live: live_receiver,
            audience,
        },
        line: Line {
            inputs: incoming,
            questions: asked,
        },
        running,
    })
}

fn empty(at: Timestamp) -> Live {
    Live {
        at,
        queues: Vec::new(),
        agents: Vec::new(),
        contacts: Vec::new(),
        monitors: Vec::new(),
        customers: Default::default(),
    }
}

/// Hangs up the calls that a lost switchboard leaves behind. An agent's standing leg stays: the
/// next switchboard is told of it.
fn end_legs(start: &Start) {
    let performers = (start.performers)();
    performers.typed().forget_all(start.tenant);
    for (leg, Leg { side, .. }) in start.legs.of_tenant(start.tenant) {
        match side {
            Side::Phone { .. } | Side::DeskPhone { .. } => {
                performers.sip.hang_up(leg, EndReason::InternalError);
            }
            Side::WebPage => performers.web_calls.ended(leg, EndReason::InternalError),
            Side::Console { .. } => continue,
        }
        performers.media.close(leg);
    }
}
