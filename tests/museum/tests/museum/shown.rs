//! The releases in `tests/museum/releases`.

use crate::stage;
use hotline_museum::contract::Contract;
use hotline_museum::{releases, shelf, tree};

fn contract() -> Contract {
    Contract::read(&tree().join("wit")).expect("the contract parses")
}

#[test]
fn every_plugin_ever_released_is_admitted_and_answers_as_it_did() {
    let stage = stage();
    let mut problems = Vec::new();
    for release in releases(&shelf()).expect("every release is whole") {
        for exhibit in &release.exhibits {
            if let Err(problem) = stage.play(exhibit) {
                problems.push(format!("{} of {}: {problem}", exhibit.name, release.name));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_contract_is_still_the_one_that_was_released() {
    let now = contract();
    let mut problems = Vec::new();
    for release in releases(&shelf()).expect("every release is whole") {
        let released = Contract::read(&release.contract).expect("it parsed when it was released");
        let broken = released.broken_by(&now);
        problems.extend(
            broken
                .into_iter()
                .map(|what| format!("{}: {what}", release.name)),
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_frozen_package_is_in_the_museum() {
    let now = contract();
    let shown: Vec<Contract> = releases(&shelf())
        .expect("every release is whole")
        .iter()
        .map(|release| Contract::read(&release.contract).expect("it parsed"))
        .collect();
    let missing: Vec<&str> = now
        .frozen()
        .filter(|package| !shown.iter().any(|contract| contract.has(&now, package)))
        .collect();
    assert!(
        missing.is_empty(),
        "no release has {}: run `make museum RELEASE=MAJOR.MINOR` (docs/adding.md, \"A release\")",
        missing.join(", ")
    );
}
