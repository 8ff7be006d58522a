//! What a guest may reach: log, configuration, clock, randomness and artifact, and how its memory
//! is counted. A call's universe is complete here; a replay that gives the same one sees the same
//! answer.

use crate::bindings::hotline::host;
use crate::limits::{LOG_FIELDS, LOG_LINES_PER_CALL, LOG_MESSAGE_BYTES, Limits, TABLE_ELEMENTS};
use crate::log::{Level, Line};
use bytes::Bytes;
use hotline_vocabulary::Timestamp;
use std::sync::Arc;
use wasmtime::ResourceLimiter;
use wasmtime::component::{HasSelf, Linker};

/// All that a guest can learn besides its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Universe {
    pub(crate) now: Timestamp,
    pub(crate) seed: u64,
    pub(crate) config: Arc<str>,
    pub(crate) artifact: Option<Bytes>,
}

/// The data of one call's store.
#[derive(Debug)]
pub(crate) struct Host {
    universe: Universe,
    random: fastrand::Rng,
    pub(crate) memory: MemoryUse,
    pub(crate) log: Vec<Line>,
    pub(crate) log_lines_dropped: u32,
}

impl Host {
    pub(crate) fn new(universe: Universe, limits: &Limits) -> Self {
        Host {
            random: fastrand::Rng::with_seed(universe.seed),
            universe,
            memory: MemoryUse {
                limit: limits.memory_bytes,
                peak: 0,
                denied: None,
            },
            log: Vec::new(),
            log_lines_dropped: 0,
        }
    }
}

/// A linker that offers what plugins of every kind may import.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    host::log::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    host::config::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    host::clock::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    host::random::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    host::artifact::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    Ok(linker)
}

impl host::log::Host for Host {
    fn emit(
        &mut self,
        level: host::log::Level,
        message: String,
        mut fields: Vec<(String, String)>,
    ) -> wasmtime::Result<()> {
        if self.log.len() >= LOG_LINES_PER_CALL {
            self.log_lines_dropped = self.log_lines_dropped.saturating_add(1);
            return Ok(());
        }
        fields.truncate(LOG_FIELDS);
        for (name, value) in &mut fields {
            cut(name, 64);
            cut(value, LOG_MESSAGE_BYTES);
        }
        let mut message = message;
        cut(&mut message, LOG_MESSAGE_BYTES);
        self.log.push(Line {
            at: self.universe.now,
            level: match level {
                host::log::Level::Trace => Level::Trace,
                host::log::Level::Debug => Level::Debug,
                host::log::Level::Info => Level::Info,
                host::log::Level::Warn => Level::Warn,
                host::log::Level::Error => Level::Error,
            },
            message,
            fields,
        });
        Ok(())
    }
}

impl host::config::Host for Host {
    fn get(&mut self) -> wasmtime::Result<String> {
        Ok(self.universe.config.to_string())
    }
}

impl host::clock::Host for Host {
    fn now_ms(&mut self) -> wasmtime::Result<u64> {
        Ok(millis(self.universe.now))
    }
}

impl host::random::Host for Host {
    fn next_u64(&mut self) -> wasmtime::Result<u64> {
        Ok(self.random.u64(..))
    }
}

impl host::artifact::Host for Host {
    fn get(&mut self) -> wasmtime::Result<Vec<u8>> {
        Ok(self
            .universe
            .artifact
            .as_ref()
            .map_or_else(Vec::new, |artifact| artifact.to_vec()))
    }
}

/// An instant as guests are told it: milliseconds since 1970, never negative.
pub(crate) fn millis(at: Timestamp) -> u64 {
    at.0.max(0).cast_unsigned()
}

/// Shortens a text to at most `bytes`, at a character's border.
pub(crate) fn cut(text: &mut String, bytes: usize) {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
    }
}

/// Counts linear memory and refuses what is beyond the limit.
#[derive(Debug)]
pub(crate) struct MemoryUse {
    limit: usize,
    pub(crate) peak: usize,
    /// The size that was asked for and refused.
    pub(crate) denied: Option<usize>,
}

impl ResourceLimiter for MemoryUse {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > self.limit {
            self.denied = Some(desired);
            return Ok(false);
        }
        if maximum.is_none_or(|maximum| desired <= maximum) {
            self.peak = self.peak.max(desired);
        }
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS)
    }
}
