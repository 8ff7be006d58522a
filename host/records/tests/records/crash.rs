//! A writer killed in the middle loses nothing that it was told is committed.

use super::journal::{everything, open};
use super::projection::{follow, history};
use crate::story::{Story, tenant};
use hotline_records::journal::{Flush, Journal, Options as JournalOptions};
use hotline_records::projector::contact::Contact;
use hotline_records::schema::Options;
use hotline_records::{Database, Location, Records};
use hotline_vocabulary::Fact;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const FOLDER: &str = "HOTLINE_TEST_JOURNAL_FOLDER";
const SEED: &str = "HOTLINE_TEST_JOURNAL_SEED";

/// The appends of a writer with this seed, without end.
fn appends(seed: u64) -> impl Iterator<Item = Vec<Fact>> {
    let mut story = Story::new(tenant(u128::from(seed)), seed);
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

const SMALL: &str = "HOTLINE_TEST_SMALL_DISK";

/// Not a test by itself: a writer whose files may have 50 KiB each, as if the disk were full.
#[test]
fn cramped_writer() {
    let Ok(folder) = std::env::var(SMALL) else {
        return;
    };
    let options = JournalOptions {
        flush: Flush::Every(Duration::from_millis(5)),
        ..JournalOptions::default()
    };
    let (journal, _) = Journal::open(folder.as_ref(), options).unwrap();
    let mut written = Vec::new();
    let mut refused = 0;
    for facts in appends(4).take(400) {
        match journal.append(&facts) {
            Ok(_) => written.extend(facts),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 0, "the disk was never full");
    assert!(written.len() > 50);
    assert!(!journal.has_room());
    // Neither what was written in part nor anything refused is history.
    assert_eq!(everything(&journal), written);
    // The flusher tries the disk again and again; it is as full as before.
    std::thread::sleep(Duration::from_millis(50));
    assert!(!journal.has_room());
}

#[test]
fn a_full_disk_admits_no_new_contacts_and_tears_nothing() {
    let folder = TempDir::new().unwrap();
    let status = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 100; exec \"$0\" --exact crash::cramped_writer",
        ])
        .arg(std::env::current_exe().unwrap())
        .env(SMALL, folder.path())
        .status()
        .unwrap();
    assert!(status.success());
    // With room again, what was acknowledged is all there.
    let (journal, recovered) = open(folder.path());
    assert_eq!(recovered.cut, []);
    let kept = everything(&journal);
    let offered: Vec<Fact> = appends(4).take(400).flatten().collect();
    assert!(kept.len() > 50 && kept.len() < offered.len());
    assert!(kept.iter().all(|fact| offered.contains(fact)));
    assert!(journal.has_room());
    journal.append(&offered[..5]).unwrap();
}

const DATABASE: &str = "HOTLINE_TEST_DATABASE";

/// Not a test by itself: a host's records, when the test below starts this program again.
#[tokio::test]
async fn host() {
    let (Ok(folder), Ok(database)) = (std::env::var(FOLDER), std::env::var(DATABASE)) else {
        return;
    };
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    let location = match database.starts_with("postgres:") {
        true => Location::Postgres(database),
        false => Location::Sqlite(database.into()),
    };
    let database = Database::open(&Options::new(location)).await.unwrap();
    let options = JournalOptions {
        // Segments come and go all the time.
        segment_bytes: 20_000,
        ..JournalOptions::default()
    };
    let (journal, _) = Journal::open(folder.as_ref(), options).unwrap();
    let (_service, _handle) = follow(&journal, &database);
    let mut stderr = std::io::stderr();
    for (number, facts) in appends(seed).enumerate() {
        journal.append(&facts).unwrap();
        writeln!(stderr, "{number}").unwrap();
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
}

on_each_database! {
    async fn a_host_killed_at_any_instant_loses_nothing_acknowledged_and_tells_nothing_twice(test: TestDatabase) {
        let location = match &test.location {
            Location::Sqlite(path) => path.to_str().unwrap().to_owned(),
            Location::Postgres(url) => url.clone(),
        };
        drop(test.open().await);
        let mut instants = Story::new(tenant(9), 2027);
        for round in 0..8 {
            let after = Duration::from_micros(instants.draw(300_000));
            let folder = test.dir.path().join(format!("journal {round}"));
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "crash::host", "--nocapture"])
                .env(FOLDER, &folder)
                .env(DATABASE, &location)
                .env(SEED, round.to_string())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            let mut acknowledged: usize = first.parse().expect("the first append's number");
            let reader = std::thread::spawn(move || {
                for line in lines.map_while(Result::ok) {
                    acknowledged = line.parse().unwrap_or(acknowledged);
                }
                acknowledged + 1
            });
            tokio::time::sleep(after).await;
            child.kill().unwrap();
            child.wait().unwrap();
            let acknowledged = reader.join().unwrap();

            let database = test.open().await;
            let (journal, _) = open(&folder);
            let (_service, handle) = follow(&journal, &database);
            handle.caught_up().await.unwrap();
            let records = Records::new(&database);
            let whose = tenant(u128::from(round));
            let told = history(&records, whose).await;
            let promised: Vec<Fact> = appends(round).take(acknowledged).flatten().collect();
            let next: Vec<Fact> = appends(round).take(acknowledged + 1).flatten().collect();
            assert!(
                told == promised || told == next,
                "round {round}, killed {after:?} after the first append: {} promised, {} told",
                promised.len(),
                told.len()
            );
            let contacts: BTreeSet<_> = told.iter().filter_map(|fact| fact.contact).collect();
            for contact in contacts {
                let timeline = records.contacts.timeline(whose, contact).await.unwrap();
                let folded = records.contacts.folded(whose, contact).await.unwrap();
                assert_eq!(Some(folded), Contact::recount(&timeline), "round {round}");
            }
            database.close().await;
        }
    }
}
