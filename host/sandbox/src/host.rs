//! What a guest may reach: log, configuration, clock, randomness, metrics, artifact and transcript, and
//! how its memory is counted. A call's universe is complete here; a replay that gives the same one sees the same
//! answer.

use crate::bindings::Reader;
use crate::bindings::hotline::host::log;
use crate::bindings::owned::hotline::host::transcript;
use crate::limits::{LOG_FIELDS, LOG_MESSAGE_BYTES, Limits, Plan, TABLE_ELEMENTS};
use crate::log::{Level, Line};
use crate::measures::{Measures, NotMeasured};
use crate::text::cut;
use crate::wording::Wording;
use hotline_manifest::Manifest;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::qa::{Speaker, Transcript, Turn};
use std::sync::Arc;
use wasmtime::component::{Linker, Resource, ResourceType};
use wasmtime::{ResourceLimiter, StoreContextMut, Trap};

/// All that a guest can learn besides its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Universe {
    pub(crate) now: Timestamp,
    pub(crate) seed: u64,
    pub(crate) config: Arc<str>,
    /// The compiled script; empty for a plugin that is none.
    pub(crate) artifact: Arc<[u8]>,
    pub(crate) manifest: Option<Arc<Manifest>>,
    /// Empty but for a judgement.
    pub(crate) transcript: Arc<Transcript>,
    pub(crate) wording: Wording,
    pub(crate) plan: Arc<Plan>,
}

/// The data of one call's store.
#[derive(Debug)]
pub(crate) struct Host {
    universe: Universe,
    random: fastrand::Rng,
    pub(crate) memory: MemoryUse,
    pub(crate) log: Vec<Line>,
    log_lines: usize,
    pub(crate) log_lines_dropped: u32,
    pub(crate) measures: Measures,
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
            log_lines: limits.log_lines,
            log_lines_dropped: 0,
            measures: Measures::default(),
        }
    }
}

/// What a guest's call of the host costs it, in units of fuel, besides one a byte handed over. Host
/// work is counted too, or a flood of it would be stopped by the clock and not by a verdict that is
/// the same everywhere.
const HOST_CALL_FUEL: u64 = 1000;

/// A linker that offers what plugins of every kind may import.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    linker.instance("hotline:host/log@1.0.0")?.func_wrap(
        "emit",
        |mut store: StoreContextMut<'_, Host>,
         (level, message, fields): (log::Level, String, Vec<(String, String)>)| {
            let bytes = fields
                .iter()
                .map(|(name, value)| name.len() + value.len())
                .sum::<usize>();
            charge(&mut store, message.len() + bytes)?;
            store.data_mut().write(level, message, fields);
            Ok(())
        },
    )?;
    linker.instance("hotline:host/config@1.0.0")?.func_wrap(
        "get",
        |mut store: StoreContextMut<'_, Host>, (): ()| {
            let config = store.data().universe.config.clone();
            charge(&mut store, config.len())?;
            Ok((config,))
        },
    )?;
    linker.instance("hotline:host/clock@1.0.0")?.func_wrap(
        "now-ms",
        |mut store: StoreContextMut<'_, Host>, (): ()| {
            charge(&mut store, 0)?;
            Ok((millis(store.data().universe.now),))
        },
    )?;
    linker.instance("hotline:host/random@1.0.0")?.func_wrap(
        "next-u64",
        |mut store: StoreContextMut<'_, Host>, (): ()| {
            charge(&mut store, 0)?;
            Ok((store.data_mut().random.u64(..),))
        },
    )?;
    linker.instance("hotline:host/artifact@1.0.0")?.func_wrap(
        "get",
        |mut store: StoreContextMut<'_, Host>, (): ()| {
            let artifact = store.data().universe.artifact.clone();
            charge(&mut store, artifact.len())?;
            Ok((artifact,))
        },
    )?;
    link_metrics(&mut linker)?;
    link_transcript(&mut linker)?;
    Ok(linker)
}

fn link_metrics(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    let mut metrics = linker.instance("hotline:host/metrics@1.0.0")?;
    metrics.func_wrap(
        "count",
        |mut store: StoreContextMut<'_, Host>, (name, by): (String, u64)| {
            charge(&mut store, name.len())?;
            store
                .data_mut()
                .measure(|measures, declared| measures.count(declared, &name, by));
            Ok(())
        },
    )?;
    metrics.func_wrap(
        "observe",
        |mut store: StoreContextMut<'_, Host>, (name, value): (String, f64)| {
            charge(&mut store, name.len())?;
            store
                .data_mut()
                .measure(|measures, declared| measures.observe(declared, &name, value));
            Ok(())
        },
    )
}

/// Turns, or places, that one call hands over.
const PAGE: usize = 200;

fn link_transcript(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    let mut transcript = linker.instance("hotline:host/transcript@1.0.0")?;
    transcript.resource("reader", ResourceType::host::<Reader>(), |_, _| Ok(()))?;
    transcript.func_wrap(
        "[method]reader.len",
        |mut store: StoreContextMut<'_, Host>, (_,): (Resource<Reader>,)| {
            charge(&mut store, 0)?;
            let turns = store.data().universe.transcript.turns.len();
            Ok((u32::try_from(turns).unwrap_or(u32::MAX),))
        },
    )?;
    transcript.func_wrap(
        "[method]reader.page",
        |mut store: StoreContextMut<'_, Host>, (_, start, count): (Resource<Reader>, u32, u32)| {
            let universe = &store.data().universe;
            let (transcript, wording) = (universe.transcript.clone(), universe.wording);
            let from = transcript.turns.iter().skip(start as usize);
            let page: Vec<&Turn> = from.take(PAGE.min(count as usize)).collect();
            let bytes: usize = page.iter().map(|turn| turn.text.reveal().len() + 64).sum();
            charge(&mut store, bytes)?;
            Ok((page
                .into_iter()
                .map(|said| turn(said, wording))
                .collect::<Vec<_>>(),))
        },
    )?;
    transcript.func_wrap(
        "[method]reader.find",
        |mut store: StoreContextMut<'_, Host>,
         (_, words, limit): (Resource<Reader>, String, u32)| {
            let transcript = store.data().universe.transcript.clone();
            let bytes: usize = transcript.turns.iter().map(|t| t.text.reveal().len()).sum();
            charge(&mut store, words.len() + bytes)?;
            Ok((find(&transcript, &words, PAGE.min(limit as usize)),))
        },
    )
}

fn find(transcript: &Transcript, words: &str, most: usize) -> Vec<u32> {
    let words = words.to_lowercase();
    if words.is_empty() {
        return Vec::new();
    }
    let places = (0u32..).zip(&transcript.turns);
    places
        .filter(|(_, turn)| turn.text.reveal().to_lowercase().contains(&words))
        .map(|(place, _)| place)
        .take(most)
        .collect()
}

/// A turn in the contract's words.
pub(crate) fn turn(turn: &Turn, wording: Wording) -> transcript::Turn {
    transcript::Turn {
        speaker: match &turn.speaker {
            _ if let Some(unknown) = wording.unknown_case_owned() => {
                transcript::Speaker::Ext(unknown)
            }
            Speaker::Customer => transcript::Speaker::Customer,
            Speaker::Agent(name) => transcript::Speaker::Agent(name.clone()),
            Speaker::System => transcript::Speaker::System,
        },
        start_ms: turn.start_ms.0,
        end_ms: turn.end_ms.0,
        text: turn.text.reveal().clone(),
        language: turn.language.clone(),
        confidence: turn.confidence,
        ext: wording.ext_owned(),
    }
}

/// Takes fuel for a call of the host that hands over `bytes`.
fn charge(store: &mut StoreContextMut<'_, Host>, bytes: usize) -> wasmtime::Result<()> {
    let left = store.get_fuel()?;
    let cost = HOST_CALL_FUEL.saturating_add(bytes as u64);
    store.set_fuel(left.saturating_sub(cost))?;
    if left < cost {
        return Err(Trap::OutOfFuel.into());
    }
    Ok(())
}

impl Host {
    /// What the manifest does not declare is told to its author.
    fn measure(
        &mut self,
        measure: impl FnOnce(&mut Measures, &[hotline_manifest::Metric]) -> Result<(), NotMeasured>,
    ) {
        let manifest = self.universe.manifest.clone();
        let declared = manifest
            .as_ref()
            .map(|manifest| manifest.metrics.as_slice());
        if let Err(problem) = measure(&mut self.measures, declared.unwrap_or_default()) {
            self.write(log::Level::Warn, problem.to_string(), Vec::new());
        }
    }

    fn write(&mut self, level: log::Level, mut message: String, mut fields: Vec<(String, String)>) {
        if self.log.len() >= self.log_lines {
            self.log_lines_dropped = self.log_lines_dropped.saturating_add(1);
            return;
        }
        fields.truncate(LOG_FIELDS);
        for (name, value) in &mut fields {
            cut(name, 64);
            cut(value, LOG_MESSAGE_BYTES);
        }
        cut(&mut message, LOG_MESSAGE_BYTES);
        self.log.push(Line {
            at: self.universe.now,
            level: match level {
                log::Level::Trace => Level::Trace,
                log::Level::Debug => Level::Debug,
                log::Level::Info => Level::Info,
                log::Level::Warn => Level::Warn,
                log::Level::Error => Level::Error,
            },
            message,
            fields,
        });
    }

    /// A line about why the call broke off, with the functions that were on the guest's stack, the
    /// innermost first; in the log however full it is.
    pub(crate) fn last_words(&mut self, message: &str, frames: Vec<String>) {
        self.log.push(Line {
            at: self.universe.now,
            level: Level::Error,
            message: message.to_owned(),
            fields: (0..)
                .zip(frames)
                .map(|(depth, frame): (u32, _)| (format!("frame {depth}"), frame))
                .collect(),
        });
    }
}

/// An instant as guests are told it: milliseconds since 1970, never negative.
pub(crate) fn millis(at: Timestamp) -> u64 {
    at.0.max(0).cast_unsigned()
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
