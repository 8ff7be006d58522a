//! The WebAssembly engine: one configuration for compiling and running, and the ticker behind the
//! processor-time backstop.

use crate::limits::{GUEST_STACK_BYTES, LARGEST_MEMORY_BYTES, TABLE_ELEMENTS};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy,
};

/// What decides the code that Cranelift emits, and so must be the same in the compiling process
/// and here. The same input shall cost the same fuel and give the same answer on every machine:
/// NaNs are canonical, and nothing is allowed whose result the machine may choose.
fn config() -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_component_model(true)
        // Not for plugins, which admission keeps to one memory a module: the code that Wasmtime makes
        // between the parts of a composed component (JavaScript's is one) copies from memory to memory.
        .wasm_multi_memory(true)
        .wasm_memory64(false)
        .max_wasm_stack(GUEST_STACK_BYTES)
        .memory_init_cow(true);
    config
}

/// An engine that only compiles: no pool of instances, so that it fits into the compiling
/// process's small address space.
pub(crate) fn for_compiling() -> wasmtime::Result<Engine> {
    Engine::new(&config())
}

/// An engine whose pool can hold an instance for each of `threads` threads.
pub(crate) fn for_running(threads: usize) -> wasmtime::Result<Engine> {
    let threads = u32::try_from(threads).unwrap_or(u32::MAX).min(256);
    // A component made by wit-component is up to four core instances with one memory.
    const CORE_INSTANCES: u32 = 32;
    const MEMORIES: u32 = 4;
    const TABLES: u32 = 16;
    let keep_resident = match PoolingAllocationConfig::is_pagemap_scan_available() {
        true => 2 * 1024 * 1024,
        false => 128 * 1024,
    };
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(threads)
        .total_core_instances(threads * CORE_INSTANCES)
        .total_memories(threads * MEMORIES)
        .total_tables(threads * TABLES)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(TABLES)
        .max_tables_per_module(4)
        .max_memory_size(LARGEST_MEMORY_BYTES)
        .table_elements(TABLE_ELEMENTS)
        // Pages that a call wrote to are put right in place and stay mapped: cheaper than giving
        // them back and faulting them in again. Which they are, the kernel tells from Linux 6.7 on;
        // an older one leaves only the lowest, cleared whether written to or not.
        .pagemap_scan(Enabled::Auto)
        .linear_memory_keep_resident(keep_resident)
        .table_keep_resident(16 * 1024);
    let mut config = config();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config)
}

/// Names everything about the engine that compiled code depends on.
pub(crate) fn compatibility(engine: &Engine) -> String {
    struct Blake(blake3::Hasher);
    impl Hasher for Blake {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut hasher = Blake(blake3::Hasher::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.finalize().to_hex()[..16].to_owned()
}

/// How exactly the processor-time backstop is kept. Guests that run and end within one are the rule,
/// and each tick is a thread woken for nothing.
const TICK: Duration = Duration::from_millis(5);

/// Advances the engine's epoch each [`TICK`] while any guest runs; sleeps otherwise.
#[derive(Debug)]
pub(crate) struct Ticker {
    shared: Arc<TickerState>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct TickerState {
    running: AtomicUsize,
    asleep: AtomicBool,
    stop: AtomicBool,
}

/// A guest runs for as long as this lives.
#[derive(Debug)]
pub(crate) struct Running<'a>(&'a TickerState);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Ticker {
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Ticker> {
        let shared = Arc::new(TickerState::default());
        let (state, engine) = (shared.clone(), engine.weak());
        let thread = std::thread::Builder::new()
            .name("plugin-ticker".to_owned())
            .spawn(move || {
                while !state.stop.load(Ordering::SeqCst) {
                    if state.running.load(Ordering::SeqCst) == 0 {
                        state.asleep.store(true, Ordering::SeqCst);
                        // Looked at again after `asleep` is set: whoever starts now wakes us.
                        if state.running.load(Ordering::SeqCst) == 0
                            && !state.stop.load(Ordering::SeqCst)
                        {
                            std::thread::park();
                        }
                        state.asleep.store(false, Ordering::SeqCst);
                        continue;
                    }
                    std::thread::sleep(TICK);
                    match engine.upgrade() {
                        Some(engine) => engine.increment_epoch(),
                        None => return,
                    }
                }
            })?;
        Ok(Ticker {
            shared,
            thread: Some(thread),
        })
    }

    /// One that never ticks: only fuel ends a call.
    pub(crate) fn still() -> Ticker {
        Ticker {
            shared: Arc::default(),
            thread: None,
        }
    }

    /// None for one that never ticks.
    pub(crate) fn running(&self) -> Option<Running<'_>> {
        self.thread.as_ref()?;
        self.shared.running.fetch_add(1, Ordering::SeqCst);
        if self.shared.asleep.swap(false, Ordering::SeqCst) {
            self.wake();
        }
        Some(Running(&self.shared))
    }

    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        self.wake();
        if let Some(thread) = self.thread.take() {
            // A panic of the ticker would have been reported by its own thread.
            let _ = thread.join();
        }
    }
}
