//! `hotline up`: joins the rooms, in the order in which they need each other, and takes them apart
//! in the reverse order.

mod announce;
mod descriptors;
mod tls;

use crate::charging::Charging;
use crate::clock;
use crate::configuration::Settings;
use crate::connectors::{self, Connectors, SecretVault, Traced};
use crate::directory::Directory;
use crate::exchange::Exchanges;
use crate::host_wide::HostWide;
use crate::http::{self, App, PluginChange};
use crate::intake;
use crate::legs::Legs;
use crate::presence::Presence;
use crate::recordings::{self, RecordingOwners};
use crate::tenancy::{OpenError, Tenancy};
use crate::web_calls::WebCalls;
use crate::what_if::WhatIfs;
use crate::{demo, folders, plans, shipped};
use hotline_media::{PromptOptions, Prompts};
use hotline_outbound::{Guard, Outbound, Sealing};
use hotline_records::{Database, Records, journal, projector, schema, usage};
use hotline_vocabulary::ids::Minter;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, broadcast, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Changes of plugins that a console may lag behind.
const PLUGIN_CHANGES: usize = 256;

/// Why the server could not start or go on, in a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpError {
    #[error("can not start threads: {0}")]
    Threads(std::io::Error),
    #[error("can not use the folder {folder}: {source}")]
    Folder {
        folder: String,
        source: std::io::Error,
    },
    #[error("the database: {}", chain(.0))]
    Records(#[from] hotline_records::Error),
    #[error("the journal: {0}")]
    Journal(#[from] journal::JournalError),
    #[error(transparent)]
    Usage(#[from] usage::LedgerError),
    #[error(transparent)]
    Tenancy(#[from] OpenError),
    #[error("plugins: {0}")]
    Sandbox(#[from] hotline_sandbox::Error),
    #[error("traces: {0}")]
    Traces(#[from] hotline_traces::Error),
    #[error("media: {0}")]
    Media(#[from] hotline_media::Error),
    #[error("SIP on {address}: {source}; choose another with --sip or HOTLINE_SIP")]
    Sip {
        address: SocketAddr,
        source: hotline_sip::Error,
    },
    #[error("HTTP on {address}: {source}; choose another with --http or HOTLINE_HTTP")]
    Http {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error(transparent)]
    Secrets(#[from] hotline_outbound::KeyError),
    #[error(transparent)]
    Outbound(#[from] hotline_outbound::Error),
    #[error("TLS: {0}")]
    Tls(#[from] tls::TlsError),
    /// Better down, and started again by whoever watches over it, than half alive.
    #[error("{0} ended by itself; see the log")]
    Ended(&'static str),
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

pub(crate) fn run(settings: Settings) -> Result<(), UpError> {
    start_logging();
    descriptors::allow_all();
    // Two libraries want a crypto provider; both get ring. An error means that there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(signalling_threads())
        .enable_all()
        .build();
    threads.map_err(UpError::Threads)?.block_on(serve(settings))
}

/// Signalling gets half of the cores: media and plugins have threads of their own, and a thread that
/// is woken up to find its work taken costs more than the work (`docs/decisions/signalling-threads.md`).
fn signalling_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}

/// What is logged unless `RUST_LOG` says otherwise. The SIP stack logs whole messages with
/// credentials at INFO, so it is held back by name even then.
fn start_logging() {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,webrtc=warn,rtc=error,sqlx=warn"));
    let held_back = ["rsipstack=error", "rtc=error", "webrtc=error"];
    let filter = held_back
        .iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .compact()
        .init();
}

async fn serve(settings: Settings) -> Result<(), UpError> {
    let recordings = folders::recordings(&settings.data);
    let host_wide = HostWide {
        recording: settings.recording,
        trunk: settings.trunk.clone(),
    };
    for folder in [&settings.data, &recordings, &settings.flows] {
        std::fs::create_dir_all(folder).map_err(|source| UpError::Folder {
            folder: folder.display().to_string(),
            source,
        })?;
    }

    // Records: the journal first, then the database behind it.
    let (journal, recovered) = journal::Journal::open(
        &folders::journal(&settings.data),
        journal::Options::default(),
    )?;
    let database = Database::open(&schema::Options::new(settings.location())).await?;
    let records = Records::new(&database);
    let (projecting, projected) = projector::start(
        projector::Options::default(),
        journal.clone(),
        database.clone(),
    );
    let new_users = if settings.demo {
        demo::create(&records, clock::now()).await?
    } else {
        Vec::new()
    };
    // At once: should the start fail further on, nobody would ever learn them.
    announce::new_users(&new_users);
    let directory = Directory::default();
    directory.load(&records).await?;

    let ledger = Arc::new(usage::Ledger::open(&folders::usage(&settings.data))?);
    let settling = usage::start(usage::Options::default(), ledger.clone(), database.clone());

    // The sides: plugins, media, SIP.
    let (sandboxing, sandbox, plugin_events) = hotline_sandbox::start(hotline_sandbox::Options {
        flows_root: settings.flows.clone(),
        store_dir: folders::plugins(&settings.data),
        compiler: shipped::compiler(),
        workers: settings.plugin_workers,
        shipped: shipped::plugins(),
        plans: settings.plans.clone(),
        ledger: Some(Arc::new(Charging(ledger.clone()))),
    })?;
    let bind = settings.sip.ip();
    let advertised = settings.external_ip.or_else(|| outward(bind));
    let ice_servers: Vec<_> = settings
        .ice_servers
        .iter()
        .map(|url| ice_server(url))
        .collect();
    for server in &ice_servers {
        server.check().map_err(hotline_media::Error::from)?;
    }
    let (mixing, media, media_events) = hotline_media::start(hotline_media::Options {
        workers: settings.media_workers,
        rtp_ports: settings.rtp_ports.clone(),
        bind,
        advertised,
        webrtc: hotline_media::WebRtcOptions {
            bind,
            advertised: settings.external_ip,
            udp_ports: Some(settings.rtp_ports.clone()),
            ice_servers,
            ..hotline_media::WebRtcOptions::default()
        },
        ..hotline_media::Options::default()
    })?;
    let sip_options = hotline_sip::Options {
        udp: vec![settings.sip],
        tcp: vec![settings.sip],
        advertised,
        limits: hotline_sip::Limits {
            concurrent_calls: usize::try_from(settings.max_calls).unwrap_or(usize::MAX),
            new_calls_per_second: settings.max_calls_per_second,
            // One source, as a trunk is, may bring most of it, but never starve the others.
            new_calls_per_second_and_source: (settings.max_calls_per_second / 5 * 4).max(1),
            ..hotline_sip::Limits::default()
        },
        ..hotline_sip::Options::default()
    };
    let (signalling, sip, sip_events) =
        hotline_sip::start(sip_options, Arc::new(directory.clone())).map_err(|source| {
            UpError::Sip {
                address: settings.sip,
                source,
            }
        })?;

    let (traces, exporter) = match &settings.otlp {
        Some(collector) => {
            let collector = collector.clone();
            let (tap, exporter) = hotline_traces::start(&hotline_traces::Options { collector })?;
            (Some(tap), Some(exporter))
        }
        None => (None, None),
    };

    let tracing_requests = traces.clone();

    // The exchanges between them.
    let (legs, web_calls) = (Legs::default(), WebCalls::default());
    let (exchanges, owners) = (Exchanges::default(), RecordingOwners::default());
    let connectors = connect(&settings, &records, &sandbox, tracing_requests)?;
    let presence = Presence::new(exchanges.clone(), media.clone(), legs.clone());
    let tenancy = Tenancy {
        records: records.clone(),
        journal: journal.clone(),
        recovered,
        projector: projected,
        repaired: recordings::repair(recordings.clone()).await,
        directory: directory.clone(),
        exchanges: exchanges.clone(),
        sandbox: sandbox.clone(),
        media: media.clone(),
        prompts: Prompts::new(PromptOptions::new(folders::prompt_cache(&settings.data))),
        sip: sip.clone(),
        legs: legs.clone(),
        presence: presence.clone(),
        web_calls: web_calls.clone(),
        owners: owners.clone(),
        flows: settings.flows.clone(),
        recordings: recordings.clone(),
        host_wide: host_wide.clone(),
        traces,
        connectors: connectors.clone(),
    };
    tenancy.open_all().await?;
    // What has to run for as long as the host does.
    let mut running = JoinSet::new();
    running.spawn(named("looking for new tenants", tenancy.follow()));
    if let Some(exporter) = exporter {
        running.spawn(named("sending traces", exporter.run()));
    }
    if let Some(file) = settings.file.clone() {
        let plans = plans::follow(file, settings.plans.clone(), sandbox.clone());
        running.spawn(named("following the plans", plans));
    }
    running.spawn(named("ending sessions", end_sessions(records.clone())));
    let hearing_media = intake::follow_media(
        intake::Media {
            exchanges: exchanges.clone(),
            legs: legs.clone(),
            presence: presence.clone(),
            sip: sip.clone(),
            media: media.clone(),
            web_calls: web_calls.clone(),
            recordings: owners,
        },
        media_events,
    );
    let sip_stopped = CancellationToken::new();
    let hearing_sip = intake::follow_sip(
        intake::Sip {
            exchanges: exchanges.clone(),
            legs: legs.clone(),
            presence: presence.clone(),
            media: media.clone(),
            sip,
            journal: journal.clone(),
            minter: Minter::new(rand::random()),
        },
        sip_events,
        sip_stopped.clone(),
    );
    let hearing_media = running.spawn(named("hearing media", hearing_media));
    let hearing_sip = running.spawn(named("hearing SIP", hearing_sip));
    let (plugin_changes, _) = broadcast::channel(PLUGIN_CHANGES);
    running.spawn(named(
        "hearing plugins",
        tell_plugin_changes(plugin_events, plugin_changes.clone()),
    ));

    running.spawn(named(
        "telling other systems",
        connectors::jobs::run(connectors.clone()),
    ));
    running.spawn(named(
        "looking up customers",
        connectors::screen_pop::run(connectors.clone(), exchanges.clone(), directory.clone()),
    ));

    // The door for people and programs.
    let app = App::new(http::Parts {
        records: records.clone(),
        journal: journal.clone(),
        directory: directory.clone(),
        exchanges: exchanges.clone(),
        media,
        sandbox: sandbox.clone(),
        legs,
        presence,
        web_calls,
        plugin_changes,
        recordings,
        flows: settings.flows.clone(),
        host_wide,
        secure_cookies: settings.tls.is_some(),
        ice_servers: settings.ice_servers.clone(),
        sign_in_failures: http::sign_in_failures(),
        public_rate: http::public_rate(),
        caller_rate: http::caller_rate(),
        sockets: http::Sockets::default(),
        minter: parking_lot::Mutex::new(Minter::new(rand::random())),
        configuring: Semaphore::new(1),
        connectors,
        what_ifs: WhatIfs::new(
            records.clone(),
            sandbox.clone(),
            folders::simulation_cache(&settings.data),
        ),
    });
    let door = axum_server::Handle::new();
    let serving = listen(settings.clone(), http::router(app), door.clone()).await?;
    let serving = running.spawn(named("serving HTTP", async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "the HTTP server failed");
        }
    }));
    sandbox.settled().await;
    let address = door.listening().await.unwrap_or(settings.http);
    announce::ready(&settings, address, &directory);

    let outcome = tokio::select! {
        () = stopped() => Ok(()),
        what = ended(&mut running) => Err(UpError::Ended(what)),
    };
    tracing::info!("stopping: running calls end now");
    door.graceful_shutdown(Some(HTTP_GRACE));
    // The switchboards end the calls; SIP and media do it; what they have to say of it (how long a
    // recording is, how a leg was heard) is history too, and is waited for before history closes.
    exchanges.stop().await;
    signalling.stop().await;
    sip_stopped.cancel();
    mixing.stop().await;
    let last = [hearing_sip, hearing_media, serving];
    let heard = async {
        while !last.iter().all(tokio::task::AbortHandle::is_finished) {
            running.join_next().await;
        }
    };
    if tokio::time::timeout(LAST_WORDS, heard).await.is_err() {
        tracing::warn!("the last words of SIP, media and HTTP could not all be waited for");
    }
    exchanges.end().await;
    sandboxing.stop().await;
    projecting.stop().await;
    settling.stop().await;
    database.close().await;
    outcome
}

/// HTTP on behalf of plugins, with the secrets for it.
fn connect(
    settings: &Settings,
    records: &Records,
    sandbox: &hotline_sandbox::Handle,
    traces: Option<hotline_traces::Tap>,
) -> Result<Connectors, UpError> {
    let sealing = match &settings.secrets_key {
        Some(crate::secret::Secret(key)) => Sealing::with_key(key)?,
        None => Sealing::with_key_file(&folders::secrets_key(&settings.data))?,
    };
    let vault = SecretVault::new(records.plugin_secrets.clone(), sealing);
    let witness = traces.map(|tap| Arc::new(Traced(tap)) as Arc<dyn hotline_outbound::Witness>);
    let options = hotline_outbound::Options {
        guard: Guard::new(settings.allow_outbound.clone()),
        witness,
        ..hotline_outbound::Options::default()
    };
    let outbound = Outbound::new(options, Arc::new(vault.clone()))?;
    let (records, sandbox) = (records.clone(), sandbox.clone());
    Ok(Connectors::new(outbound, vault, records, sandbox))
}

const BETWEEN_SESSION_ROUNDS: Duration = Duration::from_secs(3_600);
/// How long a client may take over the head of a request, and leave a connection idle.
const LONGEST_HEADER: Duration = Duration::from_secs(30);
/// How long requests in progress may take when the host stops.
const HTTP_GRACE: Duration = Duration::from_secs(2);
/// How long the events of calls that just ended may take into history, and HTTP to end.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A task with its name, for when it ends.
async fn named(what: &'static str, task: impl Future<Output = ()>) -> &'static str {
    task.await;
    what
}

/// Resolves when one of the tasks that have to run ends, or panics (which its thread has said).
async fn ended(running: &mut JoinSet<&'static str>) -> &'static str {
    match running.join_next().await {
        Some(Ok(what)) => what,
        Some(Err(_)) | None => "a task of the host",
    }
}

fn ice_server(url: &str) -> hotline_media::IceServer {
    hotline_media::IceServer {
        urls: vec![url.to_owned()],
        ..hotline_media::IceServer::default()
    }
}

/// The address by which others reach us when we listen on all of them. Nothing is sent: connecting
/// a UDP socket only asks the routing table.
fn outward(bind: IpAddr) -> Option<IpAddr> {
    if !bind.is_unspecified() {
        return None;
    }
    let socket = UdpSocket::bind((bind, 0)).ok()?;
    // TEST-NET-1 (RFC 5737): routed like the rest of the world, and nobody's.
    socket.connect(("192.0.2.1", 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

/// Deletes sessions that expired, until the host stops. They are refused without it.
async fn end_sessions(records: Records) {
    let mut rounds = tokio::time::interval(BETWEEN_SESSION_ROUNDS);
    loop {
        rounds.tick().await;
        match records.sessions.end_expired(clock::now()).await {
            Ok(0) => {}
            Ok(ended) => tracing::debug!(ended, "sessions expired"),
            Err(error) => tracing::debug!(%error, "expired sessions could not be deleted"),
        }
    }
}

/// Tells the consoles what became of a saved plugin; the sandbox has told the terminal.
async fn tell_plugin_changes(
    mut events: mpsc::Receiver<hotline_sandbox::Event>,
    consoles: broadcast::Sender<Arc<PluginChange>>,
) {
    while let Some(hotline_sandbox::Event::Changed { tenant, status }) = events.recv().await {
        // No console open is no error.
        let _ = consoles.send(Arc::new(PluginChange {
            tenant,
            status: *status,
        }));
    }
}

/// Binds, so that a taken port is told at once; what is returned serves.
async fn listen(
    settings: Settings,
    router: axum::Router,
    door: axum_server::Handle<SocketAddr>,
) -> Result<impl Future<Output = std::io::Result<()>>, UpError> {
    let bound = |source| UpError::Http {
        address: settings.http,
        source,
    };
    let listener = std::net::TcpListener::bind(settings.http).map_err(bound)?;
    listener.set_nonblocking(true).map_err(bound)?;
    let tls = match &settings.tls {
        Some(how) => Some(tls::configuration(how, &settings).await?),
        None => None,
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut plain = axum_server::from_tcp(listener).map_err(bound)?.handle(door);
    // With a clock, hyper closes connections whose request does not come: each holds a descriptor,
    // and so does each call.
    let mut http1 = plain.http_builder().http1();
    http1
        .timer(hyper_util::rt::TokioTimer::new())
        .header_read_timeout(LONGEST_HEADER);
    Ok(async move {
        match tls {
            Some(tls) => {
                let acceptor = axum_server::tls_rustls::RustlsAcceptor::new(tls);
                plain.acceptor(acceptor).serve(service).await
            }
            None => plain.serve(service).await,
        }
    })
}

/// Until the operator (or the machine) wants us to stop.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
