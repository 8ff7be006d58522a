//! Starting and stopping the threads.

use crate::courier::{Courier, Ending};
use crate::directory::Directory;
use crate::handle::{Shared, WorkerPort};
use crate::metrics::WorkerMetrics;
use crate::outbox::Outbox;
use crate::ports::Ports;
use crate::recorder::Recorder;
use crate::report::Reports;
use crate::webrtc::WebRtc;
use crate::worker::Worker;
use crate::{Error, Event, Handle, Options};
use rtrb::RingBuffer;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use tokio::sync::mpsc;

/// Commands that one worker may be given between two ticks; more are refused.
pub(crate) const COMMANDS: usize = 16_384;
/// Reports of one worker that may wait; more are dropped and counted.
pub(crate) const REPORTS: usize = 16_384;
/// Events that wait for the exchange; when it is full, reports wait in the workers' rings.
const EVENTS: usize = 4_096;

/// Owns the threads; dropping it ends them.
#[derive(Debug)]
pub struct Service {
    threads: Option<Threads>,
}

#[derive(Debug)]
pub(crate) struct Threads {
    stop: Arc<AtomicBool>,
    workers: Vec<JoinHandle<()>>,
    recorder: Recorder,
    recorder_thread: JoinHandle<()>,
    ending: Arc<Ending>,
    pub(crate) courier: JoinHandle<()>,
}

/// Everything but the worker threads: the workers stand ready to be run.
pub(crate) struct Assembly {
    pub(crate) workers: Vec<Worker>,
    pub(crate) handle: Handle,
    pub(crate) events: mpsc::Receiver<Event>,
    pub(crate) threads: Threads,
}

/// Starts the workers, the recorder and the event thread.
pub fn start(options: Options) -> Result<(Service, Handle, mpsc::Receiver<Event>), Error> {
    let Assembly {
        workers,
        handle,
        events,
        mut threads,
    } = assemble(options)?;
    for (number, worker) in workers.into_iter().enumerate() {
        let stop = Arc::clone(&threads.stop);
        let courier = threads.courier.thread().clone();
        let running = thread::Builder::new()
            .name(format!("media-{number}"))
            .spawn(move || worker.run(&stop, &courier));
        match running {
            Ok(running) => threads.workers.push(running),
            Err(error) => {
                threads.end();
                return Err(Error::Thread(error));
            }
        }
    }
    let service = Service {
        threads: Some(threads),
    };
    Ok((service, handle, events))
}

pub(crate) fn assemble(options: Options) -> Result<Assembly, Error> {
    let count = options.workers.max(1);
    let ports = Ports::new(&options.rtp_ports)?;
    let directory = Arc::new(Directory::new(count, options.max_legs_per_worker, ports));
    let outbox = Arc::new(Outbox::default());
    let ending = Arc::new(Ending::default());
    let (sender, events) = mpsc::channel(EVENTS);

    let mut ways = Vec::new();
    let mut workers = Vec::new();
    let mut inboxes = Vec::new();
    for _ in 0..count {
        let (commands, orders) = RingBuffer::new(COMMANDS);
        let (reports, inbox) = RingBuffer::new(REPORTS);
        let metrics = Arc::new(WorkerMetrics::new());
        workers.push(Worker::new(
            options.max_legs_per_worker,
            options.media_timeout_ms,
            orders,
            Reports::new(reports),
            Arc::clone(&metrics),
        ));
        inboxes.push(inbox);
        ways.push(WorkerPort {
            commands: Mutex::new(commands),
            metrics,
        });
    }

    let courier = Courier::start(
        inboxes,
        Arc::clone(&outbox),
        Arc::clone(&directory),
        sender,
        Arc::clone(&ending),
    )
    .map_err(Error::Thread)?;
    let (recorder, recorder_thread) =
        Recorder::start(Arc::clone(&outbox)).map_err(Error::Thread)?;
    let threads = Threads {
        stop: Arc::new(AtomicBool::new(false)),
        workers: Vec::new(),
        recorder: recorder.clone(),
        recorder_thread,
        ending,
        courier,
    };
    let handle = Handle::new(Shared {
        directory,
        workers: ways,
        outbox,
        recorder,
        webrtc: WebRtc::new(options.webrtc),
        bind: options.bind,
        advertised: options.advertised.unwrap_or(options.bind),
        commands_dropped: AtomicU64::new(0),
    });
    Ok(Assembly {
        workers,
        handle,
        events,
        threads,
    })
}

impl Service {
    /// Closes every leg, finishes recordings, tells what that causes, ends the threads. Events stay
    /// in the receiver; one that is full and not read is waited for at most two seconds.
    pub async fn stop(mut self) {
        if let Some(threads) = self.threads.take() {
            let ended = tokio::task::spawn_blocking(move || threads.end()).await;
            if let Err(error) = ended {
                tracing::error!(%error, "The media threads did not end in order.");
            }
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.end();
        }
    }
}

impl Threads {
    /// Workers first, then the recorder, whose taps the courier drops, then the courier.
    pub(crate) fn end(self) {
        self.ending.hurry.store(true, Ordering::Release);
        self.stop.store(true, Ordering::Relaxed);
        for worker in self.workers {
            join(worker);
        }
        self.recorder.stop();
        self.courier.thread().unpark();
        join(self.recorder_thread);
        self.ending.end.store(true, Ordering::Release);
        self.courier.thread().unpark();
        join(self.courier);
    }
}

fn join(thread: JoinHandle<()>) {
    let name = thread.thread().name().unwrap_or("media").to_owned();
    if thread.join().is_err() {
        tracing::error!(thread = name, "A media thread panicked.");
    }
}

#[cfg(test)]
mod tests;
