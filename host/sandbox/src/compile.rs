//! Compilation, in a process of its own with hard limits: a component can make a compiler run for
//! ever or eat all memory, and Wasmtime does not promise otherwise. The result is cached by the
//! component's digest, Wasmtime's version and the engine's settings.
//!
//! Compiled code is as good as ours once loaded, so it is only ever loaded from the cache folder,
//! which nobody else may write, and only when it is whole.

use crate::engine;
use crate::limits::{
    COMPILE_ADDRESS_SPACE_BYTES, COMPILE_PROCESSOR_SECONDS, COMPILE_THREADS_AT_MOST,
    COMPILE_TIMEOUT, COMPILED_BYTES, COMPONENT_BYTES,
};
use hotline_vocabulary::plugin::Digest;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use wasmtime::Engine;
use wasmtime::component::Component;

#[derive(Debug, thiserror::Error)]
pub(crate) enum CompileError {
    #[error("the compiler refused it: {0}")]
    Refused(String),
    #[error("compiling it took longer than {} s", COMPILE_TIMEOUT.as_secs())]
    TimedOut,
    #[error("compiling it broke off ({0}); it may need more memory or time than is allowed")]
    Died(ExitStatus),
    #[error("the compiled code is larger than {} MiB", COMPILED_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("the compiler could not be run: {0}")]
    Process(#[source] io::Error),
    #[error("the compiled code could not be loaded: {0}")]
    Load(String),
}

/// Where a compiler runs.
#[derive(Debug, Clone)]
pub enum Compiling {
    /// In a process of its own with hard limits: this command, whose body is [`compile_main`]. For
    /// components that somebody else made.
    Apart(Vec<OsString>),
    /// In this process, for as long as it takes: for components that this build made itself.
    Here,
}

/// Compiles components and keeps what came out.
pub(crate) struct Compiler {
    compiling: Compiling,
    engine: Engine,
    cache: PathBuf,
    /// What besides the component decides the code.
    suffix: String,
    /// Compiled ahead, until somebody takes it: a full disk must not mean compiling for ever.
    ahead: Mutex<HashMap<Digest, Component>>,
}

const DIGEST_BYTES: usize = 32;

impl Compiler {
    pub(crate) fn new(compiling: Compiling, engine: Engine, cache: PathBuf) -> Self {
        let suffix = format!(
            "{}-{}.compiled",
            wasmtime_version(),
            engine::compatibility(&engine)
        );
        Compiler {
            compiling,
            engine,
            cache,
            suffix,
            ahead: Mutex::new(HashMap::new()),
        }
    }

    /// Whether [`Compiler::component`] would answer at once.
    pub(crate) fn is_compiled(&self, digest: Digest) -> bool {
        self.ahead.lock().contains_key(&digest) || self.cached(digest).exists()
    }

    /// Compiles without handing out the result, for whoever asks next.
    pub(crate) fn compile_ahead(&self, digest: Digest, wasm: &[u8]) -> Result<(), CompileError> {
        let component = self.component(digest, wasm)?;
        self.ahead.lock().insert(digest, component);
        Ok(())
    }

    fn cached(&self, digest: Digest) -> PathBuf {
        self.cache.join(format!("{digest}-{}", self.suffix))
    }

    pub(crate) fn component(&self, digest: Digest, wasm: &[u8]) -> Result<Component, CompileError> {
        if let Some(component) = self.ahead.lock().remove(&digest) {
            return Ok(component);
        }
        let cached = self.cached(digest);
        if let Some(component) = self.load(&cached) {
            return Ok(component);
        }
        let code = self.compile(wasm)?;
        if let Err(error) = keep(&cached, &code) {
            tracing::warn!(%error, path = %cached.display(), "Compiled code could not be cached.");
        }
        deserialize(&self.engine, &code).map_err(|error| CompileError::Load(format!("{error:#}")))
    }

    /// Whether a file of the cache was made by an engine such as this.
    pub(crate) fn made_by_us(&self, file_name: &str) -> bool {
        file_name.ends_with(&self.suffix)
    }

    /// A cached component; none when there is none, or it is not whole, or another engine's.
    fn load(&self, path: &Path) -> Option<Component> {
        let file = fs::read(path).ok()?;
        let (digest, code) = file.split_at_checked(DIGEST_BYTES)?;
        if blake3::hash(code).as_bytes() != digest {
            tracing::warn!(path = %path.display(), "Cached code is damaged; compiling again.");
            return None;
        }
        deserialize(&self.engine, code).ok()
    }

    fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>, CompileError> {
        let command = match &self.compiling {
            Compiling::Apart(command) => command,
            Compiling::Here => {
                let code = self.engine.precompile_component(wasm);
                return code.map_err(|error| CompileError::Refused(format!("{error:#}")));
            }
        };
        let (program, arguments) = command.split_first().ok_or_else(|| {
            CompileError::Process(io::Error::other("no compiler command is configured"))
        })?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.min(COMPILE_THREADS_AT_MOST);
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("RAYON_NUM_THREADS", threads.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(CompileError::Process)?;
        let ended = converse(&mut child, wasm);
        if ended.is_err() {
            // It may have ended by itself meanwhile; either way nothing of it is left.
            let _ = child.kill();
            let _ = child.wait();
        }
        ended
    }
}

impl std::fmt::Debug for Compiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiler")
            .field("compiling", &self.compiling)
            .finish_non_exhaustive()
    }
}

/// Writes the component, reads the code, and waits; never for longer than allowed.
fn converse(child: &mut Child, wasm: &[u8]) -> Result<Vec<u8>, CompileError> {
    let missing = || CompileError::Process(io::Error::other("a pipe is missing"));
    let mut stdin = child.stdin.take().ok_or_else(missing)?;
    let stdout = child.stdout.take().ok_or_else(missing)?;
    let stderr = child.stderr.take().ok_or_else(missing)?;
    std::thread::scope(|scope| {
        // These end when the child does, which the loop below makes sure of.
        scope.spawn(move || {
            // A child that died early closes the pipe; its status tells.
            let _ = stdin.write_all(wasm);
        });
        let code = scope.spawn(move || read_at_most(stdout, COMPILED_BYTES + 1));
        let said = scope.spawn(move || read_at_most(stderr, 16 * 1024));
        let deadline = Instant::now() + COMPILE_TIMEOUT;
        let mut pause = Duration::from_millis(1);
        let status = loop {
            if let Some(status) = child.try_wait().map_err(CompileError::Process)? {
                break status;
            }
            if Instant::now() > deadline {
                child.kill().map_err(CompileError::Process)?;
                return Err(CompileError::TimedOut);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        };
        let broken = || CompileError::Process(io::Error::other("reading its output failed"));
        let code = code.join().map_err(|_| broken())?;
        let said = said.join().map_err(|_| broken())?;
        let said = String::from_utf8_lossy(&said.unwrap_or_default())
            .trim()
            .to_owned();
        match status.code() {
            Some(0) => {
                let code = code.map_err(CompileError::Process)?;
                if code.len() as u64 > COMPILED_BYTES {
                    return Err(CompileError::TooLarge);
                }
                Ok(code)
            }
            Some(1) if !said.is_empty() => Err(CompileError::Refused(said)),
            _ => Err(CompileError::Died(status)),
        }
    })
}

/// Reads to the end, but keeps no more than `bytes`; the rest is thrown away, so that the writer
/// never blocks.
fn read_at_most(mut from: impl Read, bytes: u64) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    from.by_ref().take(bytes).read_to_end(&mut kept)?;
    io::copy(&mut from, &mut io::sink())?;
    Ok(kept)
}

fn keep(path: &Path, code: &[u8]) -> io::Result<()> {
    let digest = blake3::hash(code);
    crate::store::write_whole(path, &[digest.as_bytes(), code])
}

fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: `code` comes from our own compiling process, directly or through a file in the cache
    // folder, which only this process writes (mode 0700) and whose digest was compared. Nothing
    // from a flows folder ever gets here uncompiled.
    #[allow(unsafe_code)]
    unsafe {
        Component::deserialize(engine, code)
    }
}

/// The engine also refuses code of another version; this keeps the files apart.
fn wasmtime_version() -> &'static str {
    "wasmtime-48"
}

/// The compiling process: a component on the standard input, compiled code on the standard output,
/// an error as one line on the standard error. It limits itself before it reads a byte.
pub fn compile_main() -> ExitCode {
    match compile_input() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed pipe means that nobody waits for the answer.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn compile_input() -> Result<(), String> {
    use rlimit::Resource;
    for (resource, limit) in [
        (Resource::CPU, COMPILE_PROCESSOR_SECONDS),
        (Resource::AS, COMPILE_ADDRESS_SPACE_BYTES),
        (Resource::CORE, 0),
        (Resource::FSIZE, 0),
    ] {
        resource
            .set(limit, limit)
            .map_err(|error| format!("the limit {resource:?} could not be set: {error}"))?;
    }
    let engine = engine::for_compiling().map_err(|error| format!("{error:#}"))?;
    let mut wasm = Vec::new();
    io::stdin()
        .take(COMPONENT_BYTES + 1)
        .read_to_end(&mut wasm)
        .map_err(|error| error.to_string())?;
    if wasm.len() as u64 > COMPONENT_BYTES {
        return Err(format!("larger than {COMPONENT_BYTES} bytes"));
    }
    let code = engine
        .precompile_component(&wasm)
        .map_err(|error| format!("{error:#}"))?;
    let mut out = io::stdout().lock();
    out.write_all(&code)
        .and_then(|()| out.flush())
        .map_err(|error| error.to_string())
}
