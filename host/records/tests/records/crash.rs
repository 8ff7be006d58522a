//! A writer killed in the middle loses nothing that it was told is committed.

use super::journal::{everything, open};
use crate::story::{Story, tenant};
use hotline_vocabulary::Fact;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const FOLDER: &str = "HOTLINE_TEST_JOURNAL_FOLDER";
const SEED: &str = "HOTLINE_TEST_JOURNAL_SEED";

/// The appends of a writer with this seed, without end.
fn appends(seed: u64) -> impl Iterator<Item = Vec<Fact>> {
    let mut story = Story::new(tenant(1), seed);
    std::iter::repeat_with(move || {
        let size = 1 + story.draw(12) as usize;
        let facts = story.whole(1);
        facts.chunks(size).map(<[Fact]>::to_vec).collect::<Vec<_>>()
    })
    .flatten()
}

/// Not a test by itself: the writer, when the test below starts this program again.
#[test]
fn writer() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    let (journal, _) = open(folder.as_ref());
    let mut stderr = std::io::stderr();
    for (number, facts) in appends(seed).enumerate() {
        journal.append(&facts).unwrap();
        writeln!(stderr, "{number}").unwrap();
    }
}

#[test]
fn a_writer_killed_at_any_instant_loses_nothing_acknowledged() {
    let mut instants = Story::new(tenant(9), 2026);
    let mut acknowledged_at_all = 0;
    for round in 0..40 {
        let after = Duration::from_micros(instants.draw(60_000));
        let folder = TempDir::new().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::writer", "--nocapture"])
            .env(FOLDER, folder.path())
            .env(SEED, round.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // The instant counts from the first append, so that starting up does not eat it.
        let mut acknowledged: Option<usize> =
            lines.next().map(|line| line.unwrap().parse().unwrap());
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                acknowledged = line.parse().ok().or(acknowledged);
            }
            acknowledged
        });
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = reader.join().unwrap().expect("at least one append") + 1;
        acknowledged_at_all += acknowledged;

        let (journal, _) = open(folder.path());
        let kept = everything(&journal);
        let promised: Vec<Fact> = appends(round).take(acknowledged).flatten().collect();
        assert!(
            kept.starts_with(&promised),
            "round {round}, killed {after:?} after the first append: {} facts promised, {} kept",
            promised.len(),
            kept.len()
        );
        // Of the one append that was not acknowledged, all or nothing.
        let next: Vec<Fact> = appends(round).take(acknowledged + 1).flatten().collect();
        assert!(kept == promised || kept == next, "round {round}");
    }
    assert!(acknowledged_at_all > 1000, "{acknowledged_at_all} appends");
}
