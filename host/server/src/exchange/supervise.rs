//! Starts a tenant's exchange, and starts it anew should it ever panic: that tenant's calls end
//! with blame on us, no other tenant notices.

use super::{Clock, Exchange, Message, Performers, Publisher, Running};
use crate::legs::{Leg, Legs, Side};
use hotline_records::journal::Journal;
use hotline_records::restart::{RepairedRecording, close_what_was_open};
use hotline_records::{Records, projector};
use hotline_switchboard::Switchboard;
use hotline_vocabulary::configuration::Configuration;
use hotline_vocabulary::fact::Epoch;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::live::Live;
use hotline_vocabulary::{EndReason, Input, Timestamp};
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, watch};
use tokio_util::task::TaskTracker;

/// The exchanges of all tenants that this host serves.
#[derive(Clone, Default)]
pub(crate) struct Exchanges {
    running: Arc<RwLock<HashMap<TenantId, Exchange>>>,
    tasks: TaskTracker,
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
    pub legs: Legs,
    /// Makes a fresh set of performers for each start.
    pub performers: Box<dyn Fn() -> Performers + Send + Sync>,
}

/// How long a tenant's exchange stays down after a panic, so that a crash loop costs little.
const PAUSE_AFTER_PANIC: Duration = Duration::from_millis(500);

impl Exchanges {
    pub(crate) fn of(&self, tenant: TenantId) -> Option<Exchange> {
        self.running.read().get(&tenant).cloned()
    }

    /// Runs a tenant's exchange until [`Exchanges::stop`]. Returns once it takes inputs.
    pub(crate) async fn start(&self, start: Start) -> Result<(), hotline_records::Error> {
        let (mut exchange, mut inputs, mut running) = begin(&start).await?;
        self.running.write().insert(start.tenant, exchange.clone());
        let exchanges = self.clone();
        self.tasks.spawn(async move {
            loop {
                let finished =
                    tokio::spawn(async move { running.run(&mut inputs).await }).await;
                if finished.is_ok() {
                    return;
                }
                tracing::error!(tenant = %start.tenant, "a tenant's switchboard panicked; its calls end, and it starts anew");
                exchanges.running.write().remove(&start.tenant);
                drop(exchange);
                end_legs(&start);
                loop {
                    tokio::time::sleep(PAUSE_AFTER_PANIC).await;
                    match begin(&start).await {
                        Ok(begun) => {
                            (exchange, inputs, running) = begun;
                            break;
                        }
                        Err(error) => {
                            tracing::error!(tenant = %start.tenant, %error, "a switchboard could not start anew");
                        }
                    }
                }
                exchanges.running.write().insert(start.tenant, exchange.clone());
            }
        });
        Ok(())
    }

    /// Ends all calls in an orderly way, and waits until that is written down.
    pub(crate) async fn stop(&self) {
        let exchanges: Vec<Exchange> = self
            .running
            .write()
            .drain()
            .map(|(_, exchange)| exchange)
            .collect();
        for exchange in &exchanges {
            exchange.submit(Input::Stopping).await;
        }
        drop(exchanges);
        self.tasks.close();
    }
}

/// A new epoch: closes what an earlier one left open, then builds a switchboard that knows the
/// tenant's configuration.
async fn begin(
    start: &Start,
) -> Result<(Exchange, mpsc::Receiver<Message>, Running), hotline_records::Error> {
    let mut clock = Clock::start();
    let (records, tenant) = (&start.records, start.tenant);
    let closed = close_what_was_open(
        records,
        &start.journal,
        &start.projector,
        tenant,
        start.highest_epoch,
        &start.repaired,
    )
    .await?;
    if !closed.is_empty() {
        tracing::info!(%tenant, facts = closed.len(), "what an earlier run left open was ended");
    }
    let epoch: Epoch = records.epochs.next(tenant, start.highest_epoch).await?;
    let configuration: Configuration = records.settings.configuration(tenant).await?;
    let (inputs, line) = mpsc::channel(super::INPUTS);
    let (facts, _) = broadcast::channel(super::FACTS);
    let (live, live_receiver) = watch::channel(Arc::new(empty(clock.now())));
    let mut running = Running {
        tenant: start.tenant,
        switchboard: Switchboard::new(start.tenant, epoch, rand::random()),
        clock,
        journal: start.journal.clone(),
        performers: (start.performers)(),
        publisher: Publisher::new(facts.clone(), live),
        myself: inputs.downgrade(),
    };
    running.step(Input::Configured(configuration));
    Ok((
        Exchange {
            inputs,
            facts,
            live: live_receiver,
        },
        line,
        running,
    ))
}

fn empty(at: Timestamp) -> Live {
    Live {
        at,
        queues: Vec::new(),
        agents: Vec::new(),
        contacts: Vec::new(),
    }
}

/// Hangs up whatever legs a lost switchboard leaves behind.
fn end_legs(start: &Start) {
    let performers = (start.performers)();
    for (leg, Leg { side, .. }) in start.legs.of_tenant(start.tenant) {
        match side {
            Side::Phone { .. } | Side::DeskPhone { .. } => {
                performers.sip.hang_up(leg, EndReason::InternalError);
            }
            Side::WebPage => performers.web_calls.ended(leg, EndReason::InternalError),
            Side::Console { .. } => {}
        }
        performers.media.close(leg);
    }
}
