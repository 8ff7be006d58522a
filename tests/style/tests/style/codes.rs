//! Every code that an author can be shown is explained on a page, and the page explains no other.

use crate::{files, read, root};
use std::collections::BTreeSet;

/// What the codes of findings begin with.
const FAMILIES: [&str; 7] = [
    "admission.",
    "config.",
    "folder.",
    "language.",
    "rollout.",
    "store.",
    "script.",
];

fn page() -> String {
    read(&root().join("docs/plugin-errors.md"))
}

/// String literals below a folder that look like codes.
fn codes(folder: &str) -> BTreeSet<String> {
    let is_rust = |path: &std::path::Path| path.extension().is_some_and(|kind| kind == "rs");
    let sources = files(&root().join(folder), &is_rust);
    let mut found = BTreeSet::new();
    for source in sources {
        let text = read(&source);
        for literal in text.split('"') {
            let plain = |c: char| c.is_ascii_lowercase() || "-8".contains(c);
            let mut families = FAMILIES.iter();
            let rest = families.find_map(|family| literal.strip_prefix(family));
            if rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain)) {
                found.insert(literal.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_code_of_a_finding_has_its_section_and_no_other_has() {
    let mut shown = codes("host/sandbox/src");
    shown.extend(codes("plugins/flow-script/src"));
    assert!(shown.len() > 40, "the codes were not found: {shown:?}");
    let page = page();
    let sections: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = shown.difference(&sections).collect();
    assert!(missing.is_empty(), "without a section: {missing:?}");
    let idle: Vec<_> = sections.difference(&shown).collect();
    assert!(idle.is_empty(), "sections of nothing: {idle:?}");
}

#[test]
fn every_kind_of_fault_is_explained() {
    let vocabulary = read(&root().join("host/vocabulary/src/plugin.rs"));
    let mut kinds = 0;
    for line in vocabulary.lines() {
        let word = line
            .trim()
            .strip_prefix("FaultKind::")
            .and_then(|rest| rest.split_once(" => \""))
            .and_then(|(_, rest)| rest.strip_suffix("\","));
        if let Some(word) = word {
            kinds += 1;
            assert!(page().contains(&format!("| `{word}` |")), "{word}");
        }
    }
    assert!(kinds > 8, "the kinds were not found");
}
