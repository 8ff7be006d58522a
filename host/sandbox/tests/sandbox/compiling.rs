//! The compiling process.

use crate::stand::{Stand, built, demo};
use hotline_sandbox::PluginKind;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const COMPILER: &str = env!("CARGO_BIN_EXE_hotline-compile-plugin");

#[test]
fn it_limits_its_time_and_memory_before_it_reads_anything() {
    let mut child = Command::new(COMPILER)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let limits = format!("/proc/{}/limits", child.id());
    let soft = |text: &str, name: &str| -> Option<String> {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line[name.len()..]
            .split_whitespace()
            .next()
            .map(str::to_owned)
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    // Nothing is written to it: it waits for its input, its limits set.
    let text = loop {
        let text = std::fs::read_to_string(&limits).unwrap();
        if soft(&text, "Max file size").as_deref() == Some("0") {
            break text;
        }
        assert!(Instant::now() < deadline, "no limits were set:\n{text}");
        std::thread::yield_now();
    };
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(soft(&text, "Max cpu time").as_deref(), Some("60"));
    assert_eq!(
        soft(&text, "Max address space").as_deref(),
        Some((3u64 << 30).to_string().as_str())
    );
    assert_eq!(soft(&text, "Max core file size").as_deref(), Some("0"));
}

#[test]
fn it_refuses_what_is_no_component_with_a_sentence() {
    let mut child = Command::new(COMPILER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"\0asm nonsense")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(!output.stderr.is_empty());
}

#[tokio::test]
async fn a_tenants_component_is_compiled_while_scripts_go_live() {
    let mut stand = Stand::with(&[]).await;
    stand.save("demo/large.flow.wasm", &built("loops_forever"));
    stand.save("demo/main.flow.yaml", crate::stand::MENU);
    stand.news("main", |status| status.live.is_some()).await;
    stand.news("large", |status| status.live.is_some()).await;
    assert!(stand.handle.has_flow(demo(), "large"));
    assert_eq!(stand.status(PluginKind::Flow, "large").problem, None);
}
