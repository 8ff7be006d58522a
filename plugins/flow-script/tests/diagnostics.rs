//! Every broken file in `broken/` is told as its snapshot shows: line, column and length are drawn
//! below the line itself.

use flow_script::compile::check;
use hotline_sdk::flow_language::{Checked, Severity, Source};
use std::fmt::Write as _;
use std::path::Path;

fn check_text(text: &str) -> Checked {
    check(&[Source::new("main.flow.yaml", text)])
}

fn told(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut told = String::new();
    for found in check_text(text).diagnostics {
        let level = match found.severity {
            Severity::Error => "error",
            Severity::Warning | Severity::Ext(_) => "warning",
        };
        let _ = writeln!(
            told,
            "{}:{}: {level} {}: {}",
            found.line, found.column, found.code, found.message
        );
        let line = lines
            .get(found.line as usize - 1)
            .copied()
            .unwrap_or_default();
        let before: String = line
            .chars()
            .take(found.column as usize - 1)
            .map(|letter| if letter.is_ascii() { ' ' } else { '\u{3000}' })
            .collect();
        let _ = writeln!(
            told,
            "  {line}\n  {before}{}",
            "^".repeat(found.length.max(1) as usize)
        );
        if let Some(hint) = found.hint {
            let _ = writeln!(told, "  hint: {hint}");
        }
    }
    told
}

#[test]
fn every_broken_file_is_told_with_place_and_hint() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut names: Vec<String> = std::fs::read_dir(folder.clone())
        .expect("the folder of broken files")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".flow.yaml").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() > 8);
    for name in names {
        let path = folder.join(format!("{name}.flow.yaml"));
        let text = std::fs::read_to_string(path).expect("a broken file");
        insta::assert_snapshot!(name, told(&text));
    }
}

#[test]
fn the_demo_flow_has_nothing_to_tell() {
    let demo = include_str!("../../../flows/demo/main.flow.yaml");
    assert_eq!(told(demo), "");
    assert!(check_text(demo).artifact.is_some());
}

#[test]
fn the_readmes_flows_work() {
    let readme = include_str!("../README.md");
    let blocks: Vec<&str> = readme.split("```yaml\n").skip(1).collect();
    assert!(blocks.len() > 1);
    for block in blocks {
        let script = block.split("```").next().unwrap_or_default();
        assert_eq!(told(script), "", "{script}");
    }
}

#[test]
fn an_error_leaves_no_artifact_and_a_warning_does() {
    assert!(
        check_text("nodes: {a: {say: Hi, next: b}}")
            .artifact
            .is_none()
    );
    let warned = check_text("nodes: {a: {hangup: }, b: {hangup: }}");
    assert_eq!(warned.diagnostics[0].code, "script.unreachable");
    assert!(warned.artifact.is_some());
}

#[test]
fn a_hostile_file_is_told_and_not_followed() {
    for depth in [20, 5_000] {
        let deep = check_text(&format!("nodes: {}", "[".repeat(depth)));
        assert_eq!(deep.diagnostics[0].code, "script.syntax");
    }
    let huge = format!(
        "nodes: {{a: {{say: {}, next: hangup}}}}",
        "x".repeat(300_000)
    );
    assert!(told(&huge).contains("script.too-large"));
    let many: String = (0..500)
        .map(|n| format!("  n{n}: {{goto: x{n}}}\n"))
        .collect();
    assert_eq!(
        check_text(&format!("nodes:\n{many}")).diagnostics.len(),
        100
    );
}
