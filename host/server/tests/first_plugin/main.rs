//! The walk of `docs/first-plugin.md`, as a reader would take it: the page's commands are run as they
//! stand there.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/first-plugin.md")).expect("the page")
}

/// The page's blocks of commands, in order.
fn commands(page: &str) -> Vec<&str> {
    let blocks = page.split("```sh\n").skip(1);
    blocks.filter_map(|rest| rest.split("```").next()).collect()
}

/// Runs a script in `folder` with this build's `hotline` on the search path.
fn shell(folder: &Path, script: &str) -> (bool, String) {
    let hotline = Path::new(env!("CARGO_BIN_EXE_hotline"));
    let beside = hotline.parent().expect("a folder of binaries");
    let path = std::env::var("PATH").unwrap_or_default();
    // Kept between runs, as an author's own machine would keep it.
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("first-plugin");
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", beside.display()))
        .env("CARGO_TARGET_DIR", cache.join("native"))
        .env("HOTLINE_GUEST_TARGET_DIR", cache.join("guests"))
        .output()
        .expect("bash starts");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// The walk in Rust, and the one in TypeScript.
fn parts(page: &str) -> (&str, &str) {
    page.split_once("\n## In TypeScript\n")
        .expect("the page has both")
}

/// What the page promises, on a machine whose package managers have been used before.
const TEN_MINUTES: Duration = Duration::from_secs(600);

/// Takes a walk in an empty folder, in one go, up to a plugin of this name that is tested. Returns the
/// folder.
fn taken(commands: &[&str], plugin: &str) -> TempDir {
    let place = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    let (good, said) = shell(place.path(), &commands.join("\n"));
    assert!(good, "{said}");
    assert!(began.elapsed() < TEN_MINUTES, "{:?}", began.elapsed());
    // Cargo writes its file with an underscore.
    let folded = said.replace(&plugin.replace('-', "_"), plugin);
    for expected in [
        "Plugins can be built here.",
        "enqueue support priority 0: queued",
        &format!("{plugin}.flow.wasm: good"),
        "ok      second-try.json",
        "ok      survives-restart",
        "checks hold (seed 1)",
    ] {
        assert!(folded.contains(expected), "{expected:?} is not in:\n{said}");
    }
    place
}

/// Needs the registry of npm.
#[test]
fn the_commands_for_typescript_lead_to_a_tested_plugin_too() {
    let page = page();
    let (_, in_typescript) = parts(&page);
    let commands = commands(in_typescript);
    assert!(commands.len() >= 2, "the page's commands were not found");
    let place = taken(&commands, "parcel-desk");
    assert!(
        place
            .path()
            .join("parcel-desk/node_modules/esbuild")
            .is_dir(),
        "npm installed nothing"
    );
}

#[test]
fn the_commands_of_the_page_lead_to_a_tested_plugin() {
    let page = page();
    let (in_rust, _) = parts(&page);
    let commands = commands(in_rust);
    assert!(commands.len() >= 5, "the page's commands were not found");
    let place = taken(&commands, "welcome-desk");
    let report = place.path().join("welcome-desk/report.xml");
    let report = std::fs::read_to_string(report).expect("a report");
    assert!(report.contains("failures=\"0\""), "{report}");

    // A change that breaks the flow is found, and stays as a fixture.
    let source = place.path().join("welcome-desk/src/lib.rs");
    let text = std::fs::read_to_string(&source).expect("the flow");
    let broken = text.replace(
        "(Place::Leaving, Event::Done(_))",
        "(Place::Leaving, Event::Other)",
    );
    assert_ne!(text, broken, "the template has changed");
    std::fs::write(&source, broken).expect("room");
    let folder = place.path().join("welcome-desk");
    let (good, said) = shell(&folder, "hotline plugin test");
    assert!(!good, "{said}");
    assert!(said.contains("FAILED  sound"), "{said}");
    assert!(said.contains("silence"), "{said}");
    assert!(
        folder.join("fixtures/sound-seed-1.json").is_file(),
        "{said}"
    );
}
