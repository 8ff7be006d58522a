//! Figures of the workers, written by them without a lock, read by anybody.

use crate::histogram::{Distribution, Histogram};
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};

/// A count with one writer.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, more: u64) {
        self.0
            .store(self.0.load(Ordering::Relaxed) + more, Ordering::Relaxed);
    }

    pub(crate) fn subtract(&self, fewer: u64) {
        let left = self.0.load(Ordering::Relaxed).saturating_sub(fewer);
        self.0.store(left, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// One worker's figures.
#[derive(Debug)]
pub(crate) struct WorkerMetrics {
    pub(crate) legs: Counter,
    pub(crate) packets_received: Counter,
    pub(crate) packets_sent: Counter,
    pub(crate) packets_refused: Counter,
    pub(crate) sends_failed: Counter,
    pub(crate) frames_dropped: Counter,
    pub(crate) recording_frames_dropped: Counter,
    pub(crate) reports_dropped: Counter,
    pub(crate) ticks: Counter,
    pub(crate) ticks_skipped: Counter,
    pub(crate) lateness: Histogram,
    pub(crate) received_gap: Histogram,
    pub(crate) sent_gap: Histogram,
}

impl WorkerMetrics {
    pub(crate) fn new() -> WorkerMetrics {
        WorkerMetrics {
            legs: Counter::default(),
            packets_received: Counter::default(),
            packets_sent: Counter::default(),
            packets_refused: Counter::default(),
            sends_failed: Counter::default(),
            frames_dropped: Counter::default(),
            recording_frames_dropped: Counter::default(),
            reports_dropped: Counter::default(),
            ticks: Counter::default(),
            ticks_skipped: Counter::default(),
            lateness: Histogram::new(100),
            received_gap: Histogram::new(1_000),
            sent_gap: Histogram::new(1_000),
        }
    }
}

/// The media plane at one instant; counts and distributions run since its start.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Metrics {
    pub legs: u64,
    /// Pairs of RTP ports that are not in use.
    pub free_ports: u64,
    pub packets_received: u64,
    pub packets_sent: u64,
    /// From an address that is not the leg's far end, or no RTP of a payload type agreed on.
    pub packets_refused: u64,
    pub sends_failed: u64,
    /// Received audio dropped to keep the delay short.
    pub frames_dropped: u64,
    /// Audio missing from recordings because the disk stood still.
    pub recording_frames_dropped: u64,
    /// Commands refused because a worker did not take them.
    pub commands_dropped: u64,
    /// Events lost because nobody took them.
    pub events_dropped: u64,
    pub ticks: u64,
    /// Ticks left out because the worker did not run for more than 100 ms.
    pub ticks_skipped: u64,
    /// How late after its instant a part of a tick began.
    pub lateness: Distribution,
    /// Between two voice packets of one leg, as the kernel received them.
    pub received_gap: Distribution,
    /// Between two packets that we sent to one leg.
    pub sent_gap: Distribution,
}

impl Metrics {
    pub(crate) fn add_worker(&mut self, worker: &WorkerMetrics) {
        self.legs += worker.legs.read();
        self.packets_received += worker.packets_received.read();
        self.packets_sent += worker.packets_sent.read();
        self.packets_refused += worker.packets_refused.read();
        self.sends_failed += worker.sends_failed.read();
        self.frames_dropped += worker.frames_dropped.read();
        self.recording_frames_dropped += worker.recording_frames_dropped.read();
        self.events_dropped += worker.reports_dropped.read();
        self.ticks += worker.ticks.read();
        self.ticks_skipped += worker.ticks_skipped.read();
        self.lateness.add(&worker.lateness.read());
        self.received_gap.add(&worker.received_gap.read());
        self.sent_gap.add(&worker.sent_gap.read());
    }
}
