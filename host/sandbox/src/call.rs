//! One call of a guest: a fresh store, its budget, and what came of it. The store is thrown away in
//! any case; nothing of a call survives but its answer.

use crate::backtrace;
use crate::engine::Ticker;
use crate::host::{Host, Universe};
use crate::limits::Limits;
use crate::log::Line;
use crate::measures::Measures;
use hotline_vocabulary::plugin::{FaultKind, PluginFault, Usage};
use std::time::{Duration, Instant};
use wasmtime::component::{Instance, InstancePre};
use wasmtime::{Store, Trap, UpdateDeadline};

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Called<T> {
    pub(crate) outcome: Result<T, PluginFault>,
    pub(crate) usage: Usage,
    pub(crate) log: Vec<Line>,
    pub(crate) log_lines_dropped: u32,
    pub(crate) measures: Measures,
    /// Functions of the guest, the one that trapped first; empty when none did.
    pub(crate) backtrace: Vec<String>,
}

impl<T> Called<T> {
    /// For a question that needs no guest.
    pub(crate) fn without_guest(outcome: Result<T, PluginFault>) -> Self {
        Called {
            outcome,
            usage: Usage::default(),
            log: Vec::new(),
            log_lines_dropped: 0,
            measures: Measures::default(),
            backtrace: Vec::new(),
        }
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Called<U> {
        Called {
            outcome: self.outcome.map(change),
            usage: self.usage,
            log: self.log,
            log_lines_dropped: self.log_lines_dropped,
            measures: self.measures,
            backtrace: self.backtrace,
        }
    }
}

/// Instantiates and runs. `run` calls the guest and checks its answer: the outer error is a trap, the
/// inner one a fault that the guest declared or that its answer amounts to.
pub(crate) fn call<T>(
    guest: &InstancePre<Host>,
    ticker: &Ticker,
    limits: &Limits,
    universe: Universe,
    run: impl FnOnce(&mut Store<Host>, &Instance) -> wasmtime::Result<Result<T, PluginFault>>,
) -> Called<T> {
    let began = Instant::now();
    let mut store = Store::new(guest.engine(), Host::new(universe, limits));
    let ended = execute(&mut store, guest, ticker, limits, run);
    let left = store.get_fuel().unwrap_or(0);
    let mut host = store.into_data();
    let (outcome, backtrace) = match ended {
        Ok(outcome) => (outcome, Vec::new()),
        Err(error) => {
            let mut fault = explain(&error, &host, limits);
            let frames = backtrace::of(&error);
            if let Some(frame) = frames.first() {
                fault.message.push_str(&format!("; it was in `{frame}`"));
            }
            host.last_words(&fault.message, frames.clone());
            (Err(fault), frames)
        }
    };
    Called {
        usage: Usage {
            fuel: limits.fuel.saturating_sub(left),
            took_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
            memory_bytes: host.memory.peak as u64,
        },
        outcome,
        log: host.log,
        log_lines_dropped: host.log_lines_dropped,
        measures: host.measures,
        backtrace,
    }
}

fn execute<T>(
    store: &mut Store<Host>,
    guest: &InstancePre<Host>,
    ticker: &Ticker,
    limits: &Limits,
    run: impl FnOnce(&mut Store<Host>, &Instance) -> wasmtime::Result<Result<T, PluginFault>>,
) -> wasmtime::Result<Result<T, PluginFault>> {
    store.set_fuel(limits.fuel)?;
    store.set_hostcall_fuel(limits.transfer_bytes);
    store.limiter(|host| &mut host.memory);
    let until = processor_time() + limits.processor_time;
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| {
        Ok(if processor_time() > until {
            UpdateDeadline::Interrupt
        } else {
            UpdateDeadline::Continue(1)
        })
    });
    let _running = ticker.running();
    let instance = guest.instantiate(&mut *store)?;
    run(store, &instance)
}

/// What this thread has used of a processor.
fn processor_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a valid timespec that the call fills in; the clock exists on every Linux,
    // and were it refused, zero would only disable the backstop behind fuel.
    #[allow(unsafe_code)]
    unsafe {
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time);
    }
    Duration::new(
        time.tv_sec.max(0).cast_unsigned(),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

pub(crate) fn fault(kind: FaultKind, message: impl Into<String>) -> PluginFault {
    PluginFault {
        kind,
        message: message.into(),
    }
}

/// The fault behind a trap, with a sentence for the plugin's author.
fn explain(error: &wasmtime::Error, host: &Host, limits: &Limits) -> PluginFault {
    let mebibyte = 1024 * 1024;
    let trap = error.downcast_ref::<Trap>();
    match trap {
        Some(Trap::OutOfFuel) => {
            return fault(
                FaultKind::OutOfFuel,
                format!(
                    "used up its {} million units of fuel (about one an instruction); it may loop \
                     for ever",
                    limits.fuel / 1_000_000
                ),
            );
        }
        Some(Trap::Interrupt) => {
            return fault(
                FaultKind::TimedOut,
                format!(
                    "ran for longer than {} ms of processor time",
                    limits.processor_time.as_millis()
                ),
            );
        }
        Some(Trap::StackOverflow) => {
            return fault(
                FaultKind::StackOverflow,
                "recursed past the end of its stack of 512 KiB",
            );
        }
        _ => {}
    }
    // A guest whose allocation failed aborts by a trap: the refusal is the reason.
    if let Some(desired) = host.memory.denied {
        return fault(
            FaultKind::OutOfMemory,
            format!(
                "asked for {} MiB of memory; {} MiB are allowed",
                desired.div_ceil(mebibyte),
                limits.memory_bytes / mebibyte
            ),
        );
    }
    if trap.is_none()
        && error.chain().any(|cause| {
            cause
                .to_string()
                .starts_with("too much data is being copied")
        })
    {
        return fault(
            FaultKind::TooMuch,
            format!(
                "handed more than {} KiB to the host at once",
                limits.transfer_bytes / 1024
            ),
        );
    }
    let mut message = match trap {
        Some(Trap::UnreachableCodeReached) => {
            "trapped: a panic, or an `unreachable` instruction".to_owned()
        }
        // A compiled language's own stack lies below its data and ends like this too.
        Some(Trap::MemoryOutOfBounds) => {
            "trapped: access out of bounds of its memory, or a stack that ran over".to_owned()
        }
        Some(trap) => format!(
            "trapped: {}",
            trap.to_string().trim_start_matches("wasm trap: ")
        ),
        None => format!("trapped: {error:#}"),
    };
    // Often its last words before a panic.
    if let Some(last) = host.log.last() {
        message.push_str("; the last line it logged: ");
        message.push_str(&last.message);
    }
    crate::text::cut(&mut message, 600);
    fault(FaultKind::Trapped, message)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wording::Wording;
    use crate::{engine, host};
    use hotline_vocabulary::Timestamp;
    use std::sync::Arc;

    #[test]
    fn the_clock_stops_what_fuel_would_let_go_on() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/hostile-guests/dist/loops_forever.wasm"
        );
        let wasm = std::fs::read(path).expect("loops_forever.wasm is built: run `make plugins`");
        let engine = engine::for_running(1).unwrap();
        let component = wasmtime::component::Component::new(&engine, wasm).unwrap();
        let guest = host::linker(&engine)
            .unwrap()
            .instantiate_pre(&component)
            .unwrap();
        let ticker = Ticker::start(&engine).unwrap();
        let limits = Limits {
            fuel: u64::from(u32::MAX) * 1_000_000,
            processor_time: Duration::from_millis(20),
            ..crate::limits::FLOW_STEP
        };
        let universe = Universe {
            now: Timestamp(0),
            seed: 0,
            config: Arc::from("{}"),
            artifact: Arc::default(),
            manifest: None,
            transcript: Arc::default(),
            plan: Arc::default(),
            wording: Wording::Ours,
        };
        let exports = crate::bindings::exports::hotline::ivr::flow::GuestIndices::new(&guest);
        let exports = exports.unwrap();
        let called = call(&guest, &ticker, &limits, universe, |store, instance| {
            let flow = exports.load(&mut *store, instance)?;
            let nobody = crate::bindings::hotline::common::types::Interaction {
                id: "",
                channel: "",
                direction: "",
                caller: "",
                dialled: "",
                language: None,
                started_at: 0,
                priority: 0,
                attributes: &[],
                ext: &[],
            };
            let input = crate::bindings::exports::hotline::ivr::flow::StepInput {
                step: 0,
                at: 0,
                interaction: nobody,
                state: &[],
                event: crate::bindings::exports::hotline::ivr::flow::Event::Started,
                ext: &[],
            };
            flow.call_step(store, input).map(|_| Ok(()))
        });
        let stopped = called.outcome.unwrap_err();
        assert_eq!(stopped.kind, FaultKind::TimedOut, "{}", stopped.message);
        assert!(called.usage.took_us >= 20_000);
    }
}
