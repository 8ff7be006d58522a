//! What plugins write: lines, kept for their authors and passed on to the host's own log at a limited
//! rate; and figures, added up.

use crate::limits::{LOG_LINES_KEPT, LOG_LINES_PER_SECOND};
use crate::measures::{Measures, Totals};
use hotline_vocabulary::Timestamp;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// One line that a plugin wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The instant of the event that was being handled.
    pub at: Timestamp,
    pub level: Level,
    pub message: String,
    pub fields: Vec<(String, String)>,
}

/// The lines of one plugin, over all its versions.
#[derive(Debug)]
pub(crate) struct PluginLog {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    kept: VecDeque<Line>,
    second: Instant,
    passed_on: u32,
    totals: Totals,
}

impl PluginLog {
    pub(crate) fn new() -> Self {
        PluginLog {
            state: Mutex::new(State {
                kept: VecDeque::new(),
                second: Instant::now(),
                passed_on: 0,
                totals: Totals::default(),
            }),
        }
    }

    /// `plugin` is the version's label.
    pub(crate) fn take_in(&self, plugin: &str, lines: Vec<Line>, dropped: u32) {
        if lines.is_empty() {
            return;
        }
        let mut state = self.state.lock();
        if state.second.elapsed() >= Duration::from_secs(1) {
            state.second = Instant::now();
            state.passed_on = 0;
        }
        for line in lines {
            if state.passed_on < LOG_LINES_PER_SECOND {
                state.passed_on += 1;
                pass_on(plugin, &line);
            }
            if state.kept.len() == LOG_LINES_KEPT {
                state.kept.pop_front();
            }
            state.kept.push_back(line);
        }
        if dropped > 0 && state.passed_on < LOG_LINES_PER_SECOND {
            state.passed_on += 1;
            tracing::warn!(
                plugin,
                dropped,
                "A plugin wrote more lines in one call than are kept."
            );
        }
    }

    pub(crate) fn measured(&self, measures: &Measures) {
        if !measures.is_empty() {
            self.state.lock().totals.add(measures);
        }
    }

    pub(crate) fn totals(&self) -> Totals {
        self.state.lock().totals.clone()
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.state.lock().kept.iter().cloned().collect()
    }
}

fn pass_on(plugin: &str, line: &Line) {
    let (message, fields) = (&line.message, &line.fields);
    match line.level {
        Level::Trace => tracing::trace!(target: "plugin", plugin, ?fields, "{message}"),
        Level::Debug => tracing::debug!(target: "plugin", plugin, ?fields, "{message}"),
        Level::Info => tracing::info!(target: "plugin", plugin, ?fields, "{message}"),
        Level::Warn => tracing::warn!(target: "plugin", plugin, ?fields, "{message}"),
        Level::Error => tracing::error!(target: "plugin", plugin, ?fields, "{message}"),
    }
}
