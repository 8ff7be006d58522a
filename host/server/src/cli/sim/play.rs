//! `hotline sim scenario.toml`.

use crate::cli::scratch::Scratch;
use crate::shipped;
use hotline_sandbox::Compiling;
use hotline_sandbox::offline::Bench;
use hotline_simulator::compiled::Workshop;
use hotline_simulator::{Report, Running, plots, record, scenario, simulate, table, trace};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// The scenario, e.g. `examples/sim/demo-day.toml`
    #[arg(required = true, value_name = "SCENARIO.toml")]
    scenario: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Draw plots as SVG into this folder
    #[arg(long, value_name = "DIR")]
    plots: Option<PathBuf>,
    /// Write the first replication of the first policy as a trace (CSV)
    #[arg(long, value_name = "FILE.csv")]
    trace: Option<PathBuf>,
    /// Other random numbers than the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// How often to play it, instead of what the scenario says
    #[arg(long)]
    replications: Option<u32>,
    /// [default: one for each core]
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<(), String> {
    let path = options.scenario.as_deref().ok_or("name a scenario")?;
    let loaded = scenario::load(path).map_err(|mistake| mistake.to_string())?;
    let mut plan = loaded.plan;
    if let Some(seed) = options.seed {
        plan = plan.with_seed(seed);
    }
    if let Some(replications) = options.replications {
        plan = plan.with_replications(replications);
    }
    let mut running = Running::default();
    if let Some(threads) = options.threads {
        running.threads = threads;
    }

    let cache = Scratch::make("sim").map_err(|error| format!("no scratch folder: {error}"))?;
    let bench = bench(cache.path(), running.threads)?;
    let shipped = shipped::plugins().skills_policy;
    let workshop = Workshop {
        bench: &bench,
        shipped: &shipped,
        folder: path.parent().unwrap_or(Path::new(".")),
    };
    let arms = workshop
        .arms(&loaded.policies)
        .map_err(|error| error.to_string())?;
    let bar = progress(u64::from(plan.replications()) * arms.len() as u64);
    let report = simulate(&plan, &arms, &running, &|| bar.inc(1));
    bar.finish_and_clear();
    let report = report.map_err(|stopped| stopped.to_string())?;
    if let (Some(path), Some(arm)) = (&options.trace, arms.first()) {
        let recording = record(&plan, arm, &running.control).map_err(|error| error.to_string())?;
        let mut csv = Vec::new();
        let all = recording.attribute_names();
        trace::write(&recording, &all, &mut csv).map_err(|error| error.to_string())?;
        super::write(path, csv)?;
    }
    if let Some(folder) = &options.plots {
        draw(&report, folder)?;
    }
    if options.json {
        let json = serde_json::to_string_pretty(&report);
        println!("{}", json.map_err(|error| error.to_string())?);
    } else {
        print!("{}", table::of(&report));
    }
    Ok(())
}

fn draw(report: &Report, folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("can not make {}: {error}", folder.display()))?;
    for plot in plots::of(report).map_err(|error| error.to_string())? {
        super::write(&folder.join(plot.file_name), &plot.svg)?;
    }
    Ok(())
}

pub(super) fn bench(cache: &Path, threads: NonZeroUsize) -> Result<Bench, String> {
    // The calling thread may play as well.
    let threads = threads.get() + 1;
    Bench::open(Compiling::Apart(shipped::compiler()), cache, threads)
        .map_err(|error| error.to_string())
}

/// Shown on a terminal alone.
pub(super) fn progress(replications: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(replications), ProgressDrawTarget::stderr());
    let style = "{bar:40} {pos}/{len} replications, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar
}
