//! Recording: a worker pushes what a leg says and hears into a ring, frame by frame; one thread
//! writes all rings to their files, twice a second.

use crate::bridge::Frame;
use crate::g711::{silence, translate};
use crate::outbox::Outbox;
use crate::{Event, FRAME_BYTES, wav};
use hotline_vocabulary::ids::RecordingId;
use hotline_vocabulary::media::Codec;
use rtrb::{Consumer, Producer, RingBuffer};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What a crash may cost at most, and how long a finished recording may take to be told.
const FLUSH_INTERVAL: Duration = Duration::from_millis(500);
/// While everything stops: soon after the last tap is dropped.
const LAST_FLUSH_INTERVAL: Duration = Duration::from_millis(20);
/// 5 s: how long the disk may stand still. What comes then is counted and replaced by silence.
const RING_FRAMES: usize = 256;
/// Recordings that may wait to be begun; more are refused.
const WAITING_ORDERS: usize = 1_024;

/// 20 ms of both sides, mu-law.
#[derive(Debug)]
struct TapFrame {
    /// Frames that found the ring full or the worker late, just before this one.
    missed_before: u32,
    said: [u8; FRAME_BYTES],
    heard: [u8; FRAME_BYTES],
}

/// The worker's end of a recording. Dropping it ends the recording.
#[derive(Debug)]
pub(crate) struct Tap {
    pub(crate) recording: RecordingId,
    pub(crate) paused: bool,
    ring: Producer<TapFrame>,
    missed: u32,
}

impl Tap {
    /// Once a tick: what came from the leg and what was sent to it. A missing side, or a pause, is
    /// silence. Never waits; `false` when the ring was full.
    pub(crate) fn push(&mut self, said: Option<&Frame>, heard: Option<&Frame>) -> bool {
        let (said, heard) = match self.paused {
            true => (None, None),
            false => (said, heard),
        };
        let frame = TapFrame {
            missed_before: self.missed,
            said: mulaw(said),
            heard: mulaw(heard),
        };
        let pushed = self.ring.push(frame).is_ok();
        self.missed = if pushed { 0 } else { self.missed + 1 };
        pushed
    }

    /// The worker skipped ticks: keep in step with the clock.
    pub(crate) fn skip(&mut self, ticks: u32) {
        self.missed += ticks;
    }
}

fn mulaw(frame: Option<&Frame>) -> [u8; FRAME_BYTES] {
    let Some(frame) = frame else {
        return [silence(Codec::Pcmu); FRAME_BYTES];
    };
    let mut payload = frame.payload;
    translate(&mut payload, frame.codec, Codec::Pcmu);
    payload
}

enum Order {
    Begin {
        recording: RecordingId,
        ring: Consumer<TapFrame>,
        file: PathBuf,
    },
    /// End once every tap is dropped.
    Stop,
}

/// Where recordings are begun.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    orders: SyncSender<Order>,
}

impl Recorder {
    pub(crate) fn start(outbox: Arc<Outbox>) -> io::Result<(Recorder, JoinHandle<()>)> {
        let (orders, receiver) = sync_channel(WAITING_ORDERS);
        let thread = thread::Builder::new()
            .name("recorder".to_owned())
            .spawn(move || Writer::new(outbox).run(&receiver))?;
        Ok((Recorder { orders }, thread))
    }

    /// The tap for a leg; `None` when too many recordings wait to be begun, or the thread is gone.
    pub(crate) fn begin(&self, recording: RecordingId, file: PathBuf) -> Option<Tap> {
        let (producer, ring) = RingBuffer::new(RING_FRAMES);
        let order = Order::Begin {
            recording,
            ring,
            file,
        };
        match self.orders.try_send(order) {
            Ok(()) => Some(Tap {
                recording,
                paused: false,
                ring: producer,
                missed: 0,
            }),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => None,
        }
    }

    /// Has the thread end once every tap is dropped. Waits while orders are in line.
    pub(crate) fn stop(&self) {
        // Refused only when the thread has ended already.
        let _ = self.orders.send(Order::Stop);
    }
}

/// The thread that writes.
struct Writer {
    open: Vec<OpenRecording>,
    outbox: Arc<Outbox>,
}

impl Writer {
    fn new(outbox: Arc<Outbox>) -> Writer {
        Writer {
            open: Vec::new(),
            outbox,
        }
    }

    fn run(mut self, orders: &Receiver<Order>) {
        let mut stopping = false;
        while !(stopping && self.open.is_empty()) {
            let interval = match stopping {
                true => LAST_FLUSH_INTERVAL,
                false => FLUSH_INTERVAL,
            };
            let flush_at = Instant::now() + interval;
            while let Some(rest) = flush_at.checked_duration_since(Instant::now()) {
                match orders.recv_timeout(rest) {
                    Ok(Order::Begin {
                        recording,
                        ring,
                        file,
                    }) => self
                        .open
                        .push(OpenRecording::create(recording, ring, &file)),
                    Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => {
                        stopping = true;
                        thread::sleep(rest.min(LAST_FLUSH_INTERVAL));
                        break;
                    }
                    Err(RecvTimeoutError::Timeout) => break,
                }
            }
            self.flush();
        }
    }

    fn flush(&mut self) {
        let outbox = &self.outbox;
        self.open.retain_mut(|recording| {
            // Asked before draining: what a dropped tap pushed last is in the ring by then.
            let over = recording.ring.is_abandoned();
            recording.flush();
            if over {
                outbox.put(recording.finished());
            }
            !over
        });
    }
}

struct OpenRecording {
    recording: RecordingId,
    ring: Consumer<TapFrame>,
    /// `None` once it failed: the ring is still emptied.
    file: Option<File>,
    data_bytes: u32,
    gathered: Vec<u8>,
}

impl OpenRecording {
    fn create(recording: RecordingId, ring: Consumer<TapFrame>, path: &Path) -> OpenRecording {
        let file = create_file(path)
            .inspect_err(|error| {
                tracing::error!(
                    %recording,
                    %error,
                    "A recording could not be begun; the call goes on without."
                );
            })
            .ok();
        OpenRecording {
            recording,
            ring,
            file,
            data_bytes: 0,
            gathered: Vec::with_capacity(2 * FRAME_BYTES * 50),
        }
    }

    fn flush(&mut self) {
        self.gathered.clear();
        while let Ok(frame) = self.ring.pop() {
            let silent = frame.missed_before as usize * 2 * FRAME_BYTES;
            self.gathered
                .resize(self.gathered.len() + silent, silence(Codec::Pcmu));
            for (said, heard) in frame.said.iter().zip(&frame.heard) {
                self.gathered.extend([*said, *heard]);
            }
        }
        if self.gathered.is_empty() || self.data_bytes >= wav::LARGEST_DATA_BYTES {
            return;
        }
        let Some(file) = &mut self.file else {
            return;
        };
        let data_bytes = self.data_bytes + self.gathered.len() as u32;
        let written = file
            .write_all(&self.gathered)
            .and_then(|()| file.write_all_at(&wav::header(data_bytes), 0));
        match written {
            Ok(()) => self.data_bytes = data_bytes,
            Err(error) => {
                tracing::error!(
                    recording = %self.recording,
                    %error,
                    "A recording ends early: its file could not be written."
                );
                self.file = None;
            }
        }
    }

    fn finished(&self) -> Event {
        let exists = self.file.is_some() || self.data_bytes > 0;
        Event::RecordingFinished {
            recording: self.recording,
            length_ms: wav::length(u64::from(self.data_bytes)),
            bytes: match exists {
                true => u64::from(self.data_bytes) + wav::HEADER_BYTES as u64,
                false => 0,
            },
        }
    }
}

/// A new file with an empty recording in it; an existing one is never written over.
fn create_file(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(&wav::header(0))?;
    Ok(file)
}
