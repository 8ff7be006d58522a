//! A worker: the legs it owns and its tick of 20 ms.
//!
//! A tick is cut into slots of 2 ms, each leg has its slot, so that packets leave evenly and not in
//! one burst. Commands are read once a tick, before the first slot. Nothing in here allocates, frees,
//! waits for a lock or logs: legs come made, and leave through [`Reports`].

use crate::FRAME_MS;
use crate::Sound;
use crate::bridge::Link;
use crate::leg::{Leg, Surroundings};
use crate::metrics::WorkerMetrics;
use crate::place::LegKey;
use crate::playback::Playlist;
use crate::recorder::Tap;
use crate::report::{Garbage, Report, Reports};
use crate::socket::{Moment, ReceiveBatch, favour_this_thread, monotonic_now, sleep_until};
use hotline_vocabulary::ids::{LegId, RecordingId};
use hotline_vocabulary::media::{PlaybackOutcome, RemoteMedia};
use rtrb::Consumer;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;

pub(crate) const SLOTS: usize = 10;
const SLOT_NS: u64 = FRAME_MS * 1_000_000 / SLOTS as u64;
const TICK_NS: u64 = FRAME_MS * 1_000_000;
/// A worker that is later than this leaves ticks out instead of sending a burst.
const MOST_CATCH_UP_TICKS: u64 = 5;

#[derive(Debug)]
pub(crate) enum Command {
    Open {
        index: u32,
        leg: Box<Leg>,
    },
    Close(LegKey),
    Connect(LegKey, RemoteMedia),
    Play(LegKey, Playlist),
    PlayMusic(LegKey, Arc<Sound>),
    StopPlaying(LegKey),
    Join {
        leg: LegKey,
        link: Link,
        /// The other leg, when it is here too: both then share a slot, and hear each other within it.
        beside: Option<LegKey>,
    },
    Part {
        leg: LegKey,
        peer: LegId,
    },
    Record(LegKey, Tap),
    PauseRecording(LegKey, RecordingId),
    ResumeRecording(LegKey, RecordingId),
    StopRecording(LegKey, RecordingId),
}

#[derive(Debug)]
struct Seat {
    leg: Box<Leg>,
    slot: usize,
}

#[derive(Debug)]
pub(crate) struct Worker {
    seats: Box<[Option<Seat>]>,
    /// The places of the legs in each slot; each has room for all.
    slots: [Vec<u32>; SLOTS],
    commands: Consumer<Command>,
    reports: Reports,
    batch: ReceiveBatch,
    metrics: Arc<WorkerMetrics>,
    media_timeout_ms: u64,
    tick: u64,
}

impl Worker {
    pub(crate) fn new(
        max_legs: usize,
        media_timeout_ms: u64,
        commands: Consumer<Command>,
        reports: Reports,
        metrics: Arc<WorkerMetrics>,
    ) -> Worker {
        Worker {
            seats: (0..max_legs).map(|_| None).collect(),
            slots: std::array::from_fn(|_| Vec::with_capacity(max_legs)),
            commands,
            reports,
            batch: ReceiveBatch::new(),
            metrics,
            media_timeout_ms,
            tick: 0,
        }
    }

    /// The thread's body: ticks on an absolute clock until told to stop, then closes every leg.
    /// `courier` is woken after each slot that told something.
    pub(crate) fn run(mut self, stop: &AtomicBool, courier: &Thread) {
        let favoured = favour_this_thread();
        tracing::debug!(?favoured, "A media worker runs.");
        let mut start = monotonic_now();
        while !stop.load(Ordering::Relaxed) {
            start = self.catch_up(Moment(start.0 + TICK_NS), monotonic_now());
            for slot in 0..SLOTS {
                // The first slot reads commands, so it is never left out.
                if slot > 0 && self.slots[slot].is_empty() {
                    continue;
                }
                let due = Moment(start.0 + slot as u64 * SLOT_NS);
                sleep_until(due);
                let now = monotonic_now();
                self.metrics.lateness.record_ns(now.since_ns(due));
                if slot == 0 {
                    self.begin_tick(now);
                }
                self.run_slot(slot, now);
                if self.reports.take_told(&self.metrics.reports_dropped) {
                    courier.unpark();
                }
            }
        }
        // What was asked for before the end is still done, and so undone in order.
        self.begin_tick(monotonic_now());
        self.close_all();
        courier.unpark();
    }

    /// When the tick due at `due` begins: then, or after the ticks that have to be left out.
    fn catch_up(&mut self, due: Moment, now: Moment) -> Moment {
        let late_ticks = now.since_ns(due) / TICK_NS;
        if late_ticks <= MOST_CATCH_UP_TICKS {
            return due;
        }
        self.metrics.ticks_skipped.add(late_ticks);
        self.tick += late_ticks;
        for seat in self.seats.iter_mut().flatten() {
            seat.leg.skip(u32::try_from(late_ticks).unwrap_or(u32::MAX));
        }
        Moment(due.0 + late_ticks * TICK_NS)
    }

    /// Reads the commands.
    pub(crate) fn begin_tick(&mut self, now: Moment) {
        self.tick += 1;
        self.metrics.ticks.add(1);
        self.batch.synchronise();
        // Only those that are there now: whoever fills the ring faster can not hold the tick up.
        for _ in 0..self.commands.slots() {
            if let Ok(command) = self.commands.pop() {
                self.obey(command, now);
            }
        }
    }

    /// One slot's legs: all listen, then all speak, so that a bridge within costs no tick.
    pub(crate) fn run_slot(&mut self, slot: usize, now: Moment) {
        let mut around = Surroundings {
            now,
            tick: self.tick,
            media_timeout_ms: self.media_timeout_ms,
            realtime_ns: self.batch.realtime_ns(now),
            metrics: &self.metrics,
            reports: &mut self.reports,
        };
        for index in &self.slots[slot] {
            if let Some(seat) = &mut self.seats[*index as usize] {
                seat.leg.listen(&mut self.batch, &mut around);
            }
        }
        for index in &self.slots[slot] {
            if let Some(seat) = &mut self.seats[*index as usize] {
                seat.leg.speak(&mut around);
            }
        }
    }

    fn leg(&mut self, key: LegKey) -> Option<&mut Leg> {
        let seat = self.seats.get_mut(key.index as usize)?.as_mut()?;
        (seat.leg.id == key.id).then_some(&mut *seat.leg)
    }

    /// The leg and the way out, both at once.
    fn with_leg(&mut self, key: LegKey) -> Option<(&mut Leg, &mut Reports)> {
        let seat = self.seats.get_mut(key.index as usize)?.as_mut()?;
        (seat.leg.id == key.id).then_some((&mut *seat.leg, &mut self.reports))
    }

    fn obey(&mut self, command: Command, now: Moment) {
        match command {
            Command::Open { index, leg } => self.open(index, leg),
            Command::Close(key) => {
                if self.leg(key).is_some() {
                    self.close(key.index);
                }
            }
            Command::Connect(key, remote) => {
                if let Some(leg) = self.leg(key) {
                    leg.connect(remote, now);
                }
            }
            Command::Play(key, prompts) => match self.with_leg(key) {
                Some((leg, reports)) => leg.play(prompts, reports),
                None => self.reports.tell(Report::PlaybackEnded {
                    leg: key.id,
                    outcome: PlaybackOutcome::Failed,
                    prompts,
                }),
            },
            Command::PlayMusic(key, music) => match self.with_leg(key) {
                Some((leg, reports)) => leg.play_music(music, reports),
                None => self.reports.discard(Garbage::Music(music)),
            },
            Command::StopPlaying(key) => {
                if let Some((leg, reports)) = self.with_leg(key) {
                    leg.stop_playing(reports);
                }
            }
            Command::Join { leg, link, beside } => self.join(leg, link, beside),
            Command::Part { leg, peer } => {
                if let Some((leg, reports)) = self.with_leg(leg) {
                    leg.part(peer, reports);
                }
            }
            Command::Record(key, tap) => match self.with_leg(key) {
                Some((leg, reports)) => leg.record(tap, reports),
                None => self.reports.discard(Garbage::Tap(tap)),
            },
            Command::PauseRecording(key, recording) => {
                if let Some(leg) = self.leg(key) {
                    leg.pause_recording(recording, true);
                }
            }
            Command::ResumeRecording(key, recording) => {
                if let Some(leg) = self.leg(key) {
                    leg.pause_recording(recording, false);
                }
            }
            Command::StopRecording(key, recording) => {
                if let Some((leg, reports)) = self.with_leg(key) {
                    leg.stop_recording(recording, reports);
                }
            }
        }
    }

    /// Into the slot with the fewest legs.
    fn open(&mut self, index: u32, leg: Box<Leg>) {
        let emptiest = (0..SLOTS).min_by_key(|slot| self.slots[*slot].len());
        let slot = emptiest.unwrap_or(0);
        match self.seats.get_mut(index as usize) {
            Some(seat @ None) => {
                *seat = Some(Seat { leg, slot });
                self.slots[slot].push(index);
                self.metrics.legs.add(1);
            }
            _ => self.let_go(leg),
        }
    }

    fn close(&mut self, index: u32) {
        let Some(mut seat) = self.seats[index as usize].take() else {
            return;
        };
        self.leave_slot(index, seat.slot);
        seat.leg.finish(&mut self.reports);
        self.metrics.legs.subtract(1);
        self.let_go(seat.leg);
    }

    /// Dropped by the courier: closing sockets and freeing memory are not for a tick.
    fn let_go(&mut self, leg: Box<Leg>) {
        self.reports.tell(Report::Closed {
            leg: leg.id,
            statistics: leg.summary(),
            remains: leg,
        });
    }

    fn close_all(&mut self) {
        for index in 0..self.seats.len() {
            self.close(index as u32);
        }
        let _ = self.reports.take_told(&self.metrics.reports_dropped);
    }

    fn leave_slot(&mut self, index: u32, slot: usize) {
        let members = &mut self.slots[slot];
        if let Some(place) = members.iter().position(|member| *member == index) {
            members.swap_remove(place);
        }
    }

    fn join(&mut self, key: LegKey, link: Link, beside: Option<LegKey>) {
        let Some((leg, reports)) = self.with_leg(key) else {
            self.reports.discard(Garbage::Link(link));
            return;
        };
        leg.join(link, reports);
        let slot_beside = beside
            .and_then(|other| self.seats[other.index as usize].as_ref())
            .map(|seat| seat.slot);
        if let (Some(slot), Some(seat)) = (slot_beside, &mut self.seats[key.index as usize]) {
            let before = std::mem::replace(&mut seat.slot, slot);
            self.leave_slot(key.index, before);
            self.slots[slot].push(key.index);
        }
    }

    /// A whole tick at once, as tests drive it.
    #[cfg(test)]
    pub(crate) fn tick(&mut self, now: Moment) {
        self.begin_tick(now);
        for slot in 0..SLOTS {
            self.run_slot(slot, now);
        }
    }
}

#[cfg(test)]
mod tests;
