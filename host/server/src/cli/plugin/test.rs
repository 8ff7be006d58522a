//! `hotline plugin test`.

use super::component::{Component, Which};
use super::run::fixture;
use super::table;
use hotline_conformance::{Check, Effort, Fixture, Law, Report, Suite, junit};
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A law that does not hold is told with the seed and the smallest input that breaks it; the input is
written to the fixtures, where it is played from then on.")]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// Golden fixtures, a JSON file each [default: `fixtures` in the plugin's folder]
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// Make what the plugin gives now the fixtures' expectation
    #[arg(long)]
    bless: bool,
    /// Other generated inputs
    #[arg(long, default_value_t = Effort::default().seed)]
    seed: u64,
    /// Generated inputs for each law
    #[arg(long, default_value_t = Effort::default().cases)]
    cases: u32,
    /// Write the report as JUnit XML
    #[arg(long, value_name = "FILE.xml")]
    junit: Option<PathBuf>,
    /// For programs
    #[arg(long)]
    json: bool,
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let component = Component::find(&options.which.path)?;
    let kind = component.laws()?;
    let loaded = component.load(&options.which)?.on_a_script()?;
    let folder = folder(options);
    let mut fixtures = read_all(folder.as_deref())?;
    if options.bless {
        for (path, fixture) in &mut fixtures {
            fixture
                .bless(&loaded.plugin)
                .map_err(|problem| format!("{}: {problem}", path.display()))?;
            write(path, &fixture.text())?;
        }
    }
    let named: Vec<(String, Fixture)> = fixtures
        .into_iter()
        .map(|(path, fixture)| (file_name(&path), fixture))
        .collect();
    let effort = Effort {
        seed: options.seed,
        cases: options.cases,
    };
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let report = hotline_conformance::run(&loaded.plugin, kind, &named, effort, &|name| {
        bar.set_message(name.to_owned());
        bar.tick();
    });
    bar.finish_and_clear();
    let written = keep_broken(&report, folder.as_deref())?;
    if let Some(path) = &options.junit {
        write(path, &junit(&component.name(), &report))?;
    }
    if options.json {
        super::print_json(&report)?;
        return Ok(super::status(report.passed()));
    }
    let sdk = component.manifest.as_ref().map_or("", |it| it.sdk.as_str());
    for check in &report.checks {
        println!("{}", line(check));
        if let Some(advice) = advice(check, sdk) {
            println!("          {advice}");
        }
    }
    for path in written {
        println!(
            "Wrote the smallest input that was found to {}.",
            path.display()
        );
    }
    println!("\n{}", table::of(&report.budget));
    let failed = report.checks.iter().filter(|check| check.failure.is_some());
    match failed.count() {
        0 => println!(
            "All {} checks hold (seed {}).",
            report.checks.len(),
            report.seed
        ),
        count => println!(
            "{count} of {} checks failed (--seed {}).",
            report.checks.len(),
            report.seed
        ),
    }
    Ok(super::status(report.passed()))
}

fn line(check: &Check) -> String {
    match &check.failure {
        None if check.says.is_empty() => format!("ok      {}", check.name),
        None => format!("ok      {}: {}", check.name, check.says),
        Some(failure) => format!(
            "FAILED  {}: {}\n          {}",
            check.name,
            check.says,
            failure.problem.replace('\n', "\n          ")
        ),
    }
}

/// What its author can do about it in the language that they chose.
fn advice(check: &Check, sdk: &str) -> Option<&'static str> {
    let failure = check.failure.as_ref()?;
    let by_size = check.suite == Suite::Laws && check.name == Law::HoldsAtTenTimes.as_str();
    let typescript = sdk.starts_with("typescript ") && failure.problem.starts_with("out of fuel");
    (by_size && typescript).then_some(
        "A plugin in TypeScript runs in an interpreter, at some 65 units of fuel for each of its \
         steps; what each thing costs, and how far it gets: \"What it costs\" in \
         sdk/typescript/README.md. What must hold at this size is better written in Rust.",
    )
}

/// Beside the plugin's sources; a bare component has none unless told.
fn folder(options: &Options) -> Option<PathBuf> {
    let own = options.which.path.is_dir();
    let own = own.then(|| options.which.path.join("fixtures"));
    options.fixtures.clone().or(own)
}

fn read_all(folder: Option<&Path>) -> Result<Vec<(PathBuf, Fixture)>, String> {
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        return Ok(Vec::new());
    };
    let entries = std::fs::read_dir(folder)
        .map_err(|error| format!("can not read {}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| fixture(&path).map(|fixture| (path, fixture)))
        .collect()
}

fn keep_broken(report: &Report, folder: Option<&Path>) -> Result<Vec<PathBuf>, String> {
    let Some(folder) = folder else {
        return Ok(Vec::new());
    };
    let mut written = Vec::new();
    for check in &report.checks {
        let smallest = check.failure.as_ref().and_then(|it| it.smallest.as_ref());
        if let Some(fixture) = smallest {
            std::fs::create_dir_all(folder)
                .map_err(|error| format!("can not make {}: {error}", folder.display()))?;
            let path = folder.join(format!("{}-seed-{}.json", check.name, report.seed));
            write(&path, &fixture.text())?;
            written.push(path);
        }
    }
    Ok(written)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("can not write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_conformance::Failure;
    use std::time::Duration;

    #[test]
    fn who_runs_out_of_fuel_by_size_is_told_what_their_language_costs() {
        let failed = |name: &str, problem: &str| Check {
            suite: Suite::Laws,
            name: name.to_owned(),
            says: String::new(),
            cases: 0,
            took: Duration::ZERO,
            failure: Some(Failure {
                problem: problem.to_owned(),
                smallest: None,
            }),
        };
        let by_size = Law::HoldsAtTenTimes.as_str();
        let out = failed(by_size, "out of fuel: used up its 20 million units of fuel");
        let told = advice(&out, "typescript 1.0.0").expect("advice");
        assert!(told.contains("What it costs"), "{told}");
        assert_eq!(advice(&out, "rust 1.0.0"), None);
        let otherwise = failed(by_size, "trapped: unreachable");
        assert_eq!(advice(&otherwise, "typescript 1.0.0"), None);
        let usual = failed("sound", "out of fuel: used up its 20 million units of fuel");
        assert_eq!(advice(&usual, "typescript 1.0.0"), None);
    }
}
