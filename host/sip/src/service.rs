//! Starting and stopping the room, and the handle that others hold.

use crate::dialog::{self, call::Command};
use crate::directory::Directory;
use crate::event::Event;
use crate::options::Options;
use crate::router::Router;
use crate::status::end_reason;
use crate::transport::{tcp, udp};
use crate::trunk::{self, Trunk};
use hotline_vocabulary::ids::{AgentId, LegId, TenantId};
use hotline_vocabulary::{Address, EndReason};
use rsipstack::EndpointBuilder;
use rsipstack::transaction::TransactionTimer;
use rsipstack::transaction::endpoint::{EndpointInnerRef, EndpointOption};
use rsipstack::transaction::transaction::TransactionEvent;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How exact the stack's timers are; the shortest of them is T1.
const TIMER_TICK: Duration = Duration::from_millis(20);

/// How often expired registrations are looked for.
const SWEEP: Duration = Duration::from_secs(1);

/// How long `stop` waits for the BYEs of calls in progress.
const LONGEST_STOPPING: Duration = Duration::from_secs(2);

/// Why the room did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot listen for SIP on {transport} {address}: {source}")]
    Bind {
        transport: &'static str,
        address: SocketAddr,
        source: io::Error,
    },
    #[error("neither a UDP nor a TCP address to listen on")]
    NoAddress,
}

/// Owns the sockets and tasks. Dropping it closes them at once; [`Service::stop`] ends calls first.
#[derive(Debug)]
pub struct Service {
    tasks: JoinSet<()>,
    stop: CancellationToken,
    handle: Handle,
    udp: Vec<SocketAddr>,
    tcp: Vec<SocketAddr>,
}

/// Tells legs what to do. Cheap to clone; a command for a leg that is over is passed over in
/// silence, since its [`Event::Ended`] is on its way.
#[derive(Clone)]
pub struct Handle {
    router: Arc<Router>,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle")
            .field("calls", &self.router.calls().len())
            .finish_non_exhaustive()
    }
}

/// Opens the sockets and starts to serve; needs a tokio runtime around it.
pub fn start(
    options: Options,
    directory: Arc<dyn Directory>,
) -> Result<(Service, Handle, mpsc::Receiver<Event>), Error> {
    if options.udp.is_empty() && options.tcp.is_empty() {
        return Err(Error::NoAddress);
    }
    let mut datagrams = Vec::new();
    for address in options.udp.iter().copied() {
        let bound = udp::Bound::bind(address);
        datagrams.push(bound.map_err(|source| Error::Bind {
            transport: "UDP",
            address,
            source,
        })?);
    }
    let mut streams = Vec::new();
    for address in options.tcp.iter().copied() {
        let bound = tcp::Bound::bind(address);
        streams.push(bound.map_err(|source| Error::Bind {
            transport: "TCP",
            address,
            source,
        })?);
    }
    let stop = CancellationToken::new();
    let (events, receiver) = mpsc::channel(options.limits.events.max(8));
    let endpoint = endpoint(&options, &stop);
    let router = Arc::new(Router::new(
        endpoint.clone(),
        directory,
        options,
        datagrams.clone(),
        events,
        stop.clone(),
    ));
    let mut tasks = JoinSet::new();
    let udp = datagrams.iter().map(|bound| bound.address).collect();
    let tcp = streams.iter().map(|bound| bound.address).collect();
    for bound in datagrams {
        tasks.spawn(bound.serve(router.clone()));
    }
    for bound in streams {
        tasks.spawn(bound.serve(router.clone()));
    }
    tasks.spawn(run_timers(endpoint));
    tasks.spawn(sweep(router.clone()));
    let handle = Handle { router };
    let service = Service {
        tasks,
        stop,
        handle: handle.clone(),
        udp,
        tcp,
    };
    Ok((service, handle, receiver))
}

/// The stack's transactions and timers, without its sockets: the shim feeds it message by message.
fn endpoint(options: &Options, stop: &CancellationToken) -> EndpointInnerRef {
    let t1 = options.timers.t1;
    EndpointBuilder::new()
        .with_user_agent("Hotline")
        .with_cancel_token(stop.clone())
        .with_option(EndpointOption {
            t1,
            t1x64: t1 * 64,
            // The dialog owns the ACK of a 2xx, and sends it by the way of the phone.
            auto_ack_2xx: false,
            ..EndpointOption::default()
        })
        .build()
        .inner
        .clone()
}

/// Does what the stack's own timer loop does, on a tick: that loop can miss a timer set while it
/// looks away, and wakes for each timer set.
async fn run_timers(endpoint: EndpointInnerRef) {
    let mut tick = tokio::time::interval(TIMER_TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tick.tick().await;
        for timer in endpoint.timers.poll(Instant::now()) {
            if let TransactionTimer::TimerCleanup(key) = &timer {
                endpoint.transactions.remove(key);
                endpoint.finished_transactions.remove(key);
                endpoint.waiting_ack.retain(|_, waiting| waiting != key);
                continue;
            }
            if let Some(transaction) = endpoint.transactions.get(timer.key()) {
                let key = timer.key().clone();
                if transaction.send(TransactionEvent::Timer(timer)).is_err() {
                    endpoint.detach_transaction(&key, None);
                }
            }
        }
    }
}

async fn sweep(router: Arc<Router>) {
    let mut tick = tokio::time::interval(SWEEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tick.tick().await;
        for event in router.registrar().sweep(Instant::now()) {
            // Waits while the receiver is behind: nothing is lost, it only comes later.
            let _ = router.events().send(event).await;
        }
    }
}

impl Service {
    /// The datagram addresses in use, in the order of the options.
    pub fn udp(&self) -> &[SocketAddr] {
        &self.udp
    }

    /// The stream addresses in use, in the order of the options.
    pub fn tcp(&self) -> &[SocketAddr] {
        &self.tcp
    }

    /// Ends every call with `HostRestart`, waits shortly for them, and closes the sockets.
    pub async fn stop(mut self) {
        let calls = self.handle.router.calls().clone();
        for leg in calls.legs() {
            self.handle.hang_up(leg, EndReason::HostRestart);
        }
        let until = Instant::now() + LONGEST_STOPPING;
        while calls.len() > 0 && Instant::now() < until {
            tokio::time::sleep(TIMER_TICK).await;
        }
        self.stop.cancel();
        self.tasks.shutdown().await;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Handle {
    /// Tells the caller that it rings (180).
    pub fn ring(&self, leg: LegId) {
        self.command(leg, Command::Ring);
    }

    /// Takes a call; `local` is where our RTP for this leg is, as the far end reaches it.
    pub fn answer(&self, leg: LegId, local: SocketAddr) {
        self.command(leg, Command::Answer(local));
    }

    /// Refuses a ringing call with a final status (300-699).
    pub fn reject(&self, leg: LegId, status: u16) {
        self.command(leg, Command::Reject(status));
    }

    /// Ends a leg in whatever state it is: refusal, CANCEL, or BYE.
    pub fn hang_up(&self, leg: LegId, reason: EndReason) {
        if !self.router.reaching().give_up(leg, reason) {
            self.command(leg, Command::HangUp(reason));
        }
    }

    /// Calls the desk phone that the agent registered last. The outcome is `Answered` or `Ended`;
    /// `caller` is what its display shows.
    pub fn dial(
        &self,
        leg: LegId,
        tenant: TenantId,
        agent: AgentId,
        caller: &Address,
        local: SocketAddr,
    ) {
        let router = &self.router;
        match router.registrar().device(tenant, agent, Instant::now()) {
            Some(device) => dialog::spawn_outbound(router, leg, device.into(), caller, local),
            None => {
                let events = router.events().clone();
                let reason = end_reason(480);
                tokio::spawn(async move {
                    let _ = events.send(Event::Ended { leg, reason }).await;
                });
            }
        }
    }

    /// Calls a customer by a trunk; `shown` is whom their phone shows. The outcome is `Answered` or
    /// `Ended`.
    pub fn dial_out(
        &self,
        leg: LegId,
        trunk: Trunk,
        number: &Address,
        shown: &Address,
        local: SocketAddr,
    ) {
        trunk::dial(&self.router, leg, trunk, number, shown, local);
    }

    /// An id for a leg that the holder wants to [`Handle::dial`].
    pub fn mint_leg(&self) -> LegId {
        self.router.mint_leg()
    }

    /// Calls in progress, ringing ones included.
    pub fn calls(&self) -> usize {
        self.router.calls().len()
    }

    fn command(&self, leg: LegId, command: Command) {
        if !self.router.calls().command(leg, command) {
            tracing::debug!(%leg, "a command for a leg that is over");
        }
    }
}
