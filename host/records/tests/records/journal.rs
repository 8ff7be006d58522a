//! The journal alone.

use crate::story::{Story, tenant};
use hotline_records::journal::{Flush, Journal, JournalError, Options, Position};
use hotline_vocabulary::Fact;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

pub fn open(dir: &Path) -> (Journal, hotline_records::journal::Recovered) {
    Journal::open(dir, Options::default()).expect("the journal opens")
}

pub fn everything(journal: &Journal) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut position = Position::default();
    loop {
        let (some, behind) = journal.read_facts(position, 4096).expect("it can be read");
        let done = some.is_empty() && behind >= journal.end();
        facts.extend(some);
        position = behind;
        if done {
            return facts;
        }
    }
}

/// For tests that open thousands of journals: a flush costs nothing there.
fn in_memory() -> TempDir {
    TempDir::new_in("/dev/shm").unwrap_or_else(|_| TempDir::new().unwrap())
}

fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "facts")
        })
        .collect();
    paths.sort();
    paths
}

#[test]
fn what_was_appended_is_read_back_after_a_reopening() {
    let dir = TempDir::new().unwrap();
    let mut here = Story::new(tenant(1), 5);
    let mut there = Story::new(tenant(2), 6);
    let mut written = Vec::new();
    for round in 0..5 {
        let (journal, recovered) = open(dir.path());
        assert_eq!(recovered.facts, written.len() as u64, "round {round}");
        assert_eq!(recovered.cut, []);
        for _ in 0..20 {
            let facts = [here.whole(1), there.whole(1)].concat();
            journal.append(&facts).unwrap();
            written.extend(facts);
        }
        assert_eq!(everything(&journal), written);
    }
}

#[test]
fn facts_are_read_back_in_order_across_segments_that_rotate() {
    let dir = TempDir::new().unwrap();
    let options = Options {
        segment_bytes: 20_000,
        ..Options::default()
    };
    let (journal, _) = Journal::open(dir.path(), options).unwrap();
    let mut story = Story::new(tenant(1), 7);
    let mut written = Vec::new();
    for _ in 0..30 {
        let facts = story.whole(1);
        journal.append(&facts).unwrap();
        written.extend(facts);
    }
    assert!(segments(dir.path()).len() > 5);
    for segment in segments(dir.path()) {
        assert!(segment.metadata().unwrap().len() <= 20_000);
    }
    assert_eq!(everything(&journal), written);
}

#[test]
fn a_journal_torn_at_any_byte_keeps_every_whole_append_before_it() {
    let dir = TempDir::new().unwrap();
    let mut story = Story::new(tenant(1), 8);
    let mut appends: Vec<(u64, Vec<Fact>)> = Vec::new();
    {
        let (journal, _) = open(dir.path());
        for facts in story.whole(1)[..10].chunks(2) {
            let end = journal.append(facts).unwrap();
            appends.push((end.offset, facts.to_vec()));
        }
    }
    assert!(appends.len() >= 4);
    let whole = std::fs::read(&segments(dir.path())[0]).unwrap();
    let later = story.whole(1)[..1].to_vec();
    for length in 0..=whole.len() {
        let torn = in_memory();
        let name = segments(dir.path())[0].file_name().unwrap().to_owned();
        std::fs::write(torn.path().join(&name), &whole[..length]).unwrap();
        let (journal, recovered) = open(torn.path());

        let mut kept: Vec<Fact> = Vec::new();
        for (end, facts) in &appends {
            if *end <= length as u64 {
                kept.extend(facts.iter().cloned());
            }
        }
        let at_border =
            [0, 8].contains(&length) || appends.iter().any(|(end, _)| *end == length as u64);
        assert_eq!(everything(&journal), kept, "torn at byte {length}");
        assert_eq!(recovered.facts, kept.len() as u64);
        assert_eq!(recovered.cut.is_empty(), at_border, "torn at byte {length}");
        if !at_border {
            let cut = &recovered.cut[0];
            assert_eq!(cut.offset + cut.bytes, length as u64);
        }

        // Nothing written afterwards is lost behind the tear.
        journal.append(&later).unwrap();
        drop(journal);
        let (journal, recovered) = open(torn.path());
        assert_eq!(everything(&journal), [kept, later.clone()].concat());
        assert_eq!(recovered.cut, []);
    }
}

#[test]
fn a_changed_byte_never_becomes_another_history() {
    let dir = TempDir::new().unwrap();
    let mut story = Story::new(tenant(1), 9);
    let mut appends: Vec<(u64, Vec<Fact>)> = Vec::new();
    {
        let (journal, _) = open(dir.path());
        for facts in story.whole(1).chunks(12) {
            let end = journal.append(facts).unwrap();
            appends.push((end.offset, facts.to_vec()));
        }
    }
    let whole = std::fs::read(&segments(dir.path())[0]).unwrap();
    let name = segments(dir.path())[0].file_name().unwrap().to_owned();
    for place in (0..whole.len()).step_by(7) {
        let mut changed = whole.clone();
        changed[place] ^= 0x41;
        let damaged = in_memory();
        std::fs::write(damaged.path().join(&name), &changed).unwrap();
        let (journal, recovered) = open(damaged.path());
        let kept: Vec<Fact> = appends
            .iter()
            .take_while(|(end, _)| place >= 8 && *end <= place as u64)
            .flat_map(|(_, facts)| facts.clone())
            .collect();
        assert_eq!(everything(&journal), kept, "byte {place} changed");
        // What was cut is kept aside, so that a person may look at it.
        let cut = &recovered.cut[0];
        let aside = std::fs::read(cut.segment.with_extension("cut")).unwrap();
        assert_eq!(aside, changed[cut.offset as usize..]);
    }
}

#[test]
fn a_folder_belongs_to_one_process_at_a_time() {
    let dir = TempDir::new().unwrap();
    let (journal, _) = open(dir.path());
    let second = Journal::open(dir.path(), Options::default());
    assert!(matches!(second, Err(JournalError::InUse { .. })));
    drop(journal);
    open(dir.path());
}

#[test]
fn a_full_journal_admits_no_new_contacts_and_writes_on_for_running_ones() {
    let dir = TempDir::new().unwrap();
    let options = Options {
        max_backlog_bytes: 50_000,
        segment_bytes: 8_000,
        flush: Flush::Every(Duration::from_millis(1)),
    };
    let (journal, _) = Journal::open(dir.path(), options.clone()).unwrap();
    let mut story = Story::new(tenant(1), 10);
    let mut written = Vec::new();
    let mut admitted = 0;
    while journal.has_room() {
        let facts = story.whole(1);
        journal.append(&facts).unwrap();
        written.extend(facts);
        admitted += 1;
        assert!(admitted < 1000, "it never filled");
    }
    assert!(journal.status().backlog_bytes >= 50_000);
    let facts = story.whole(2);
    journal.append(&facts).unwrap();
    written.extend(facts);
    assert_eq!(everything(&journal), written);
    drop(journal);
    // It is still full after a restart: SQL has nothing yet.
    let (journal, _) = Journal::open(dir.path(), options).unwrap();
    assert!(!journal.has_room());
}

#[test]
fn every_append_is_on_disk_when_asked_for() {
    let dir = TempDir::new().unwrap();
    let options = Options {
        flush: Flush::EachAppend,
        ..Options::default()
    };
    let (journal, _) = Journal::open(dir.path(), options).unwrap();
    let facts = Story::new(tenant(1), 11).whole(2);
    journal.append(&facts).unwrap();
    assert_eq!(everything(&journal), facts);
    assert!(!journal.status().disk_failed);
}

#[test]
fn appends_of_many_threads_stay_whole() {
    let dir = TempDir::new().unwrap();
    let (journal, _) = open(dir.path());
    let threads: Vec<_> = (0..4u64)
        .map(|number| {
            let journal = journal.clone();
            std::thread::spawn(move || {
                let mut story = Story::new(tenant(u128::from(number)), number);
                let mut written = Vec::new();
                for _ in 0..25 {
                    let facts = story.whole(1);
                    journal.append(&facts).unwrap();
                    written.push(facts);
                }
                written
            })
        })
        .collect();
    let written: Vec<Vec<Vec<Fact>>> = threads.into_iter().map(|t| t.join().unwrap()).collect();
    let read = everything(&journal);
    for (number, appends) in written.into_iter().enumerate() {
        let own: Vec<Fact> = read
            .iter()
            .filter(|fact| fact.tenant == tenant(number as u128))
            .cloned()
            .collect();
        assert_eq!(own, appends.concat());
    }
    // An append of one tenant is never dealt into one of another.
    let mut runs = 1;
    for pair in read.windows(2) {
        runs += usize::from(pair[0].tenant != pair[1].tenant);
    }
    assert!(runs <= 100, "{runs} runs of 100 appends");
}
