//! `make bench`, the queue engine's part: `cargo run --release -p hotline-simulator --example bench`,
//! with the names of figures for some alone.
//!
//! Decisions with the compiled policy in large houses, exact counters under concurrent ends, a whole
//! day's simulation, and the simulated house against every row of Erlang's formulas.

#![allow(clippy::print_stdout)]

mod completions;
mod day;
mod decisions;
#[path = "../../tests/erlang/mod.rs"]
mod erlang;
mod oracles;

use hotline_sandbox::Compiling;
use hotline_sandbox::offline::{Bench, Policy};
use std::path::Path;

const FIGURES: [&str; 4] = ["decisions", "completions", "day", "oracles"];

/// Without arguments every figure; else those that are named.
fn main() {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let unknown = named.iter().find(|name| !FIGURES.contains(&name.as_str()));
    assert!(
        unknown.is_none(),
        "no figure {unknown:?}; there are {FIGURES:?}"
    );
    let wanted = |figure: &str| named.is_empty() || named.iter().any(|name| name == figure);

    println!("load average {}", load_average());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let cache = tempfile::tempdir().expect("a temporary folder");
    let bench = Bench::open(Compiling::Here, cache.path(), threads + 1).expect("the engine starts");
    if wanted("decisions") {
        decisions::measure(&shipped(&bench));
    }
    if wanted("completions") {
        completions::check();
    }
    if wanted("day") {
        day::measure(&bench);
    }
    if wanted("oracles") {
        oracles::check();
    }
    println!("load average {}", load_average());
}

/// The shipped skills policy's component.
fn component() -> Vec<u8> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist");
    std::fs::read(dist.join("best_skill.wasm")).expect("run `make plugins` first")
}

fn shipped(bench: &Bench) -> Policy {
    bench
        .policy("skills", "best_skill.wasm", &component(), "{}")
        .expect("the shipped policy is good")
}

/// Runnable tasks, averaged over the last minute (proc(5)).
fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("?").to_owned()
}
