//! How much one call of a plugin may use: a row a kind of call.
//!
//! Fuel is the verdict: it is deterministic, so the same input is stopped at the same instruction
//! everywhere, and authors can reason about it. The processor-time limit is a backstop for work
//! that fuel does not count, at least five times what the fuel takes on an idle core, and counted
//! in the thread's own processor time, so that a busy machine never changes a verdict.

mod plan;

pub(crate) use plan::PlanInForce;
pub use plan::{NamedPlan, Plan, PlanWish, Plans};

use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Wasmtime fuel: about one unit an instruction, and one a byte of bulk memory operations.
    pub fuel: u64,
    /// Processor time of the worker thread.
    pub processor_time: Duration,
    /// Each linear memory.
    pub memory_bytes: usize,
    /// What the guest may hand to the host in one go: a returned value, or the arguments of an
    /// import.
    pub transfer_bytes: usize,
    /// What is kept for the plugin between two calls about one contact.
    pub state_bytes: usize,
    /// Actions of a step, hints about an utterance, requests of a round.
    pub effects: usize,
    /// The rest of what it writes in one call is only counted.
    pub log_lines: usize,
}

const MIB: usize = 1024 * 1024;

pub const FLOW_STEP: Limits = Limits {
    fuel: 20_000_000,
    processor_time: Duration::from_millis(100),
    memory_bytes: 64 * MIB,
    transfer_bytes: 2 * MIB,
    state_bytes: 16 * 1024,
    effects: 32,
    log_lines: LOG_LINES_PER_CALL,
};

pub const ROUTING: Limits = Limits {
    fuel: 20_000_000,
    processor_time: Duration::from_millis(100),
    memory_bytes: 32 * MIB,
    transfer_bytes: 4 * MIB,
    state_bytes: 0,
    effects: 0,
    log_lines: LOG_LINES_PER_CALL,
};

/// A judgement of a whole contact, off the calls' path.
pub const QA: Limits = Limits {
    fuel: 500_000_000,
    processor_time: Duration::from_secs(4),
    memory_bytes: 128 * MIB,
    transfer_bytes: 4 * MIB,
    state_bytes: 0,
    effects: 0,
    log_lines: LOG_LINES_PER_CALL,
};

/// One utterance of a contact that goes on.
pub const QA_LIVE: Limits = Limits {
    fuel: 50_000_000,
    processor_time: Duration::from_millis(250),
    memory_bytes: 64 * MIB,
    transfer_bytes: 2 * MIB,
    state_bytes: 16 * 1024,
    effects: 8,
    log_lines: LOG_LINES_PER_CALL,
};

/// One round of a connector.
pub const CONNECTOR: Limits = Limits {
    fuel: 50_000_000,
    processor_time: Duration::from_millis(250),
    memory_bytes: 64 * MIB,
    transfer_bytes: 4 * MIB,
    state_bytes: 32 * 1024,
    effects: 8,
    log_lines: LOG_LINES_PER_CALL,
};

/// Checking and compiling a script, once a save, off the calls' path.
pub const SCRIPT_CHECK: Limits = Limits {
    fuel: 500_000_000,
    processor_time: Duration::from_secs(4),
    memory_bytes: 64 * MIB,
    transfer_bytes: 4 * MIB,
    state_bytes: 0,
    effects: 0,
    log_lines: LOG_LINES_PER_CALL,
};

/// A component file larger than this is refused unread.
pub const COMPONENT_BYTES: u64 = 20 * 1024 * 1024;
/// A script larger than this is refused unread.
pub const SCRIPT_BYTES: u64 = 512 * 1024;
pub const CONFIG_BYTES: u64 = 64 * 1024;
pub const ARTIFACT_BYTES: usize = MIB;

/// The largest of any kind: what a slot of the pool must hold.
pub(crate) const LARGEST_MEMORY_BYTES: usize = 128 * MIB;
pub(crate) const TABLE_ELEMENTS: usize = 20_000;
/// Stack of the guest; the worker's own stack is larger.
pub(crate) const GUEST_STACK_BYTES: usize = 512 * 1024;
pub(crate) const WORKER_STACK_BYTES: usize = 4 * MIB;

/// Questions of one tenant that may wait for a worker; the next is `Overloaded` at once.
pub(crate) const WAITING_PER_TENANT: usize = 256;
/// A question that no worker took up within this is answered `Overloaded`, not run late.
pub(crate) const WAIT_AT_MOST: Duration = Duration::from_millis(500);

const LOG_LINES_PER_CALL: usize = 64;
pub(crate) const LOG_MESSAGE_BYTES: usize = 1024;
pub(crate) const LOG_FIELDS: usize = 16;
/// Lines of a plugin that are kept for its author.
pub(crate) const LOG_LINES_KEPT: usize = 200;
/// Lines of a plugin that reach the host's own log in one second; the rest is only kept.
pub(crate) const LOG_LINES_PER_SECOND: u32 = 50;

/// Versions of one plugin that are kept for a rollback.
pub(crate) const VERSIONS_KEPT: usize = 20;
/// Rejected uploads among them, kept for their reports.
pub(crate) const REJECTED_KEPT: usize = 5;
/// Versions of one plugin besides the active one that stay compiled in memory, so that making them
/// active is the swap of a pointer.
pub(crate) const KEPT_COMPILED: usize = 4;
/// Uploads that are admitted and compiled at a time; the next is refused as busy.
pub(crate) const UPLOADS_AT_A_TIME: usize = 2;

/// The compiling process: processor seconds, address space, time on the wall, code returned.
pub(crate) const COMPILE_PROCESSOR_SECONDS: u64 = 60;
pub(crate) const COMPILE_ADDRESS_SPACE_BYTES: u64 = 3 * 1024 * 1024 * 1024;
/// Wasmtime would take a thread for each core, and on a large machine their stacks and heaps alone
/// fill the address space above (at 96 threads they do).
pub(crate) const COMPILE_THREADS_AT_MOST: usize = 8;
pub(crate) const COMPILE_TIMEOUT: Duration = Duration::from_secs(60);
pub(crate) const COMPILED_BYTES: u64 = 256 * 1024 * 1024;
