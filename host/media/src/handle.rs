//! What others may ask of the media plane. Everything that costs memory, a system call or a lock
//! happens here, on the caller's thread; a worker gets finished things.

use crate::bridge::Link;
use crate::directory::Directory;
use crate::leg::{Carrier, Leg};
use crate::metrics::{Metrics, WorkerMetrics};
use crate::outbox::Outbox;
use crate::place::{LegKey, Place};
use crate::playback::Playlist;
use crate::port::Port;
use crate::recorder::{Recorder, Tap};
use crate::rtcp::Reporter;
use crate::socket::{monotonic_now, never_fragment, stamp_arrivals};
use crate::webrtc::WebRtc;
use crate::worker::Command;
use crate::{Error, Event, Sound};
use hotline_vocabulary::Millis;
use hotline_vocabulary::ids::{LegId, PlaybackId, RecordingId};
use hotline_vocabulary::media::{Codec, PlaybackOutcome, RemoteMedia};
use rtrb::{Producer, PushError};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a socket holds for a worker that comes late: a second of 20 ms packets with the kernel's
/// own cost of each (768 bytes), twice over.
const RECEIVE_BUFFER_BYTES: usize = 96 * 1024;
/// RTCP of one leg between two reports of ours.
const CONTROL_BUFFER_BYTES: usize = 8 * 1024;
/// Ports tried when others on this machine hold some of the range.
const PORT_ATTEMPTS: usize = 16;

/// Cheap to clone. All methods return at once, but [`Handle::open_webrtc`]; what they ask for happens
/// with the worker's next tick, at most 20 ms later, in the order of the calls.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) directory: Arc<Directory>,
    pub(crate) workers: Vec<WorkerPort>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) recorder: Recorder,
    pub(crate) webrtc: WebRtc,
    pub(crate) bind: IpAddr,
    pub(crate) advertised: IpAddr,
    pub(crate) commands_dropped: AtomicU64,
}

/// The way to one worker.
#[derive(Debug)]
pub(crate) struct WorkerPort {
    /// The lock is among callers; the worker reads the other end without one.
    pub(crate) commands: Mutex<Producer<Command>>,
    pub(crate) metrics: Arc<WorkerMetrics>,
}

impl Handle {
    pub(crate) fn new(shared: Shared) -> Handle {
        Handle {
            shared: Arc::new(shared),
        }
    }

    // Legs

    /// Binds a socket on a free even port for a new leg; the address to put into our SDP. Packets
    /// flow after [`Handle::connect_rtp`].
    pub fn open_rtp(&self, leg: LegId) -> Result<SocketAddr, Error> {
        let place = self.shared.directory.lock().reserve(leg, true)?;
        let opened = self.bind(place).and_then(|(socket, control, port)| {
            let carrier = Carrier::Rtp {
                remote: None,
                control,
                reporter: Reporter::new(),
            };
            self.hand_over(place, socket, carrier)?;
            Ok(SocketAddr::new(self.shared.advertised, port))
        });
        opened.inspect_err(|_| self.shared.directory.lock().release(leg))
    }

    /// Sockets on the place's ports, or on others when those are taken by another program.
    fn bind(&self, place: Place) -> Result<(Socket, Socket, u16), Error> {
        let mut port = place.port.unwrap_or_default();
        let mut failure = None;
        for _ in 0..PORT_ATTEMPTS {
            match bind_pair(self.shared.bind, port) {
                Ok((socket, control)) => return Ok((socket, control, port)),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => failure = Some(error),
                Err(error) => return Err(Error::Socket(error)),
            }
            port = self.shared.directory.lock().change_port(place.key.id)?;
        }
        Err(Error::Socket(failure.unwrap_or_else(|| {
            io::Error::from(io::ErrorKind::AddrInUse)
        })))
    }

    fn hand_over(&self, place: Place, socket: Socket, carrier: Carrier) -> Result<(), Error> {
        let leg = Box::new(Leg::new(place.key.id, socket, carrier, monotonic_now()));
        let command = Command::Open {
            index: place.key.index,
            leg,
        };
        self.command(place.worker, command)
    }

    /// Where and how the far end wants its RTP; again after each re-INVITE.
    pub fn connect_rtp(&self, leg: LegId, remote: RemoteMedia) -> Result<(), Error> {
        let place = self.shared.directory.lock().find(leg)?;
        self.command(place.worker, Command::Connect(place.key, remote))
    }

    /// Answers a browser's offer (SDP); the answer has its ICE candidates complete. `Connected`
    /// follows.
    pub async fn open_webrtc(&self, leg: LegId, offer_sdp: String) -> Result<String, Error> {
        self.shared.webrtc.open(self, leg, offer_sdp).await
    }

    /// A leg carried by somebody else. Must be called inside a tokio runtime.
    pub(crate) fn open_port(&self, leg: LegId, codec: Codec) -> Result<Port, Error> {
        let (port, socket) = Port::pair()?;
        let place = self.shared.directory.lock().reserve(leg, false)?;
        self.hand_over(place, socket, Carrier::Port { codec })
            .inspect_err(|_| self.shared.directory.lock().release(leg))?;
        Ok(port)
    }

    /// Ends a leg, its playback and its recording; `Measured` is its last event. An unknown leg is
    /// closed already.
    pub fn close(&self, leg: LegId) {
        self.shared.webrtc.close(leg);
        let place = self.shared.directory.lock().close(leg);
        if let Some(place) = place
            && let Err(error) = self.command(place.worker, Command::Close(place.key))
        {
            tracing::error!(%leg, %error, "A leg could not be closed; it sends silence on.");
        }
    }

    // What a leg hears

    /// Plays sounds once, in order, instead of what the leg hears now; afterwards it hears its
    /// bridge again, or silence. One `PlaybackEnded` follows, whatever happens.
    pub fn play(&self, leg: LegId, playback: PlaybackId, sounds: Vec<Arc<Sound>>) {
        let asked = self.command_leg(leg, |key| {
            Command::Play(key, Playlist::new(playback, sounds))
        });
        if asked.is_err() {
            self.emit(Event::PlaybackEnded {
                leg,
                playback,
                outcome: PlaybackOutcome::Failed,
            });
        }
    }

    /// Plays music until told otherwise.
    pub fn play_music(&self, leg: LegId, music: Arc<Sound>) {
        let _ = self.command_leg(leg, |key| Command::PlayMusic(key, music));
    }

    /// Back to the bridge, or to silence.
    pub fn stop_playing(&self, leg: LegId) {
        let _ = self.command_leg(leg, Command::StopPlaying);
    }

    /// Joins two legs; each hears the other instead of what it hears now. A leg is in one bridge at
    /// a time: it leaves the one before.
    pub fn bridge(&self, one: LegId, other: LegId) {
        let (here, there) = {
            let directory = self.shared.directory.lock();
            match (directory.find(one), directory.find(other)) {
                (Ok(here), Ok(there)) => (here, there),
                (Err(error), _) | (_, Err(error)) => {
                    tracing::warn!(%one, %other, %error, "Two legs could not be bridged.");
                    return;
                }
            }
        };
        let (link, link_of_other) = Link::pair(one, other);
        let joined = self.command(
            here.worker,
            Command::Join {
                leg: here.key,
                link,
                beside: None,
            },
        );
        let together = here.worker == there.worker;
        let _ = joined.and_then(|()| {
            self.command(
                there.worker,
                Command::Join {
                    leg: there.key,
                    link: link_of_other,
                    beside: together.then_some(here.key),
                },
            )
        });
    }

    /// Parts two legs, if they are bridged with each other; both hear silence.
    pub fn unbridge(&self, one: LegId, other: LegId) {
        for (leg, peer) in [(one, other), (other, one)] {
            let _ = self.command_leg(leg, |leg| Command::Part { leg, peer });
        }
    }

    // Recording

    /// Records a leg into a new stereo WAV file (folders are made): left what arrives from it, right
    /// what it hears. `RecordingFinished` follows when it is stopped or the leg closes, with zero
    /// bytes when nothing could be recorded.
    pub fn start_recording(&self, recording: RecordingId, leg: LegId, file: PathBuf) {
        let tap = self
            .shared
            .directory
            .lock()
            .find(leg)
            .ok()
            .and_then(|place| Some((place, self.shared.recorder.begin(recording, file)?)));
        let Some((place, tap)) = tap else {
            tracing::error!(%recording, %leg, "A recording could not be begun.");
            self.emit(Event::RecordingFinished {
                recording,
                length_ms: Millis::ZERO,
                bytes: 0,
            });
            return;
        };
        self.shared.directory.lock().note_recording(recording, leg);
        self.record(place, tap);
    }

    /// When the worker does not take it, the tap is dropped, and the recording finishes empty.
    fn record(&self, place: Place, tap: Tap) {
        let _ = self.command(place.worker, Command::Record(place.key, tap));
    }

    /// Writes silence until resumed, so that the recording keeps its length.
    pub fn pause_recording(&self, recording: RecordingId) {
        self.command_recording(recording, Command::PauseRecording);
    }

    pub fn resume_recording(&self, recording: RecordingId) {
        self.command_recording(recording, Command::ResumeRecording);
    }

    /// `RecordingFinished` follows.
    pub fn stop_recording(&self, recording: RecordingId) {
        self.command_recording(recording, Command::StopRecording);
        self.shared.directory.lock().forget_recording(recording);
    }

    fn command_recording(
        &self,
        recording: RecordingId,
        command: fn(LegKey, RecordingId) -> Command,
    ) {
        let place = self.shared.directory.lock().find_recording(recording);
        if let Some(place) = place {
            let _ = self.command(place.worker, command(place.key, recording));
        }
    }

    // Figures and events

    pub fn metrics(&self) -> Metrics {
        let mut metrics = Metrics {
            free_ports: self.shared.directory.lock().free_ports() as u64,
            commands_dropped: self.shared.commands_dropped.load(Ordering::Relaxed),
            events_dropped: self.shared.outbox.dropped(),
            ..Metrics::default()
        };
        for worker in &self.shared.workers {
            metrics.add_worker(&worker.metrics);
        }
        metrics
    }

    /// Tells an event from outside the workers.
    pub(crate) fn emit(&self, event: Event) {
        self.shared.outbox.put(event);
    }

    fn command_leg(
        &self,
        leg: LegId,
        command: impl FnOnce(LegKey) -> Command,
    ) -> Result<(), Error> {
        let place = self.shared.directory.lock().find(leg)?;
        self.command(place.worker, command(place.key))
    }

    /// Puts a command into a worker's ring, which has room for [`crate::service::COMMANDS`] between
    /// two ticks. When it is full the worker stands still; the command is dropped, counted and said.
    fn command(&self, worker: usize, command: Command) -> Result<(), Error> {
        let mut commands = self.shared.workers[worker]
            .commands
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if commands.is_abandoned() {
            return Err(Error::Stopped);
        }
        commands.push(command).map_err(|PushError::Full(_)| {
            self.shared.commands_dropped.fetch_add(1, Ordering::Relaxed);
            tracing::error!(worker, "A media worker does not take commands.");
            Error::Busy
        })
    }
}

/// RTP on `port`, RTCP on the one after.
fn bind_pair(address: IpAddr, port: u16) -> io::Result<(Socket, Socket)> {
    let socket = bind(SocketAddr::new(address, port))?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
    stamp_arrivals(&socket)?;
    if address.is_ipv4() {
        never_fragment(&socket)?;
    }
    let control = bind(SocketAddr::new(address, port + 1))?;
    control.set_recv_buffer_size(CONTROL_BUFFER_BYTES)?;
    stamp_arrivals(&control)?;
    Ok((socket, control))
}

fn bind(address: SocketAddr) -> io::Result<Socket> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}
