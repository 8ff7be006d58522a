//! How a release is kept: whole, once, and as it was.

use crate::stage;
use hotline_manifest::Manifest;
use hotline_museum::{AddError, Build, Name, ReadError, Release, add, releases, tree};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What `make plugins` built.
fn shipped(package: &str) -> Build {
    let path = tree().join(format!("plugins/dist/{package}.wasm"));
    let component = std::fs::read(&path).expect("`make plugins` builds it");
    let manifest = Manifest::of_component(&component).expect("readable");
    let manifest = manifest.expect("it says what it is");
    Build {
        name: manifest.name,
        world: manifest.world,
        sdk: manifest.sdk,
        component,
        config: json!({}),
        script: None,
    }
}

const TRIAL: Name = Name { major: 0, minor: 9 };

fn keep(shelf: &Path, builds: &[Build]) -> Result<PathBuf, AddError> {
    add(shelf, TRIAL, builds, &tree().join("wit"), &stage())
}

#[test]
fn a_release_is_kept_once_and_played_back() {
    let shelf = tempfile::tempdir().expect("a folder");
    let builds = [shipped("best_skill"), shipped("phrase_checklist")];
    let folder = keep(shelf.path(), &builds).expect("it is kept");
    assert!(matches!(
        keep(shelf.path(), &builds),
        Err(AddError::Exists(_))
    ));

    let kept = releases(shelf.path()).expect("it is whole");
    let [release] = kept.as_slice() else {
        panic!("{kept:?}");
    };
    assert_eq!(
        (release.name, release.contract.clone()),
        (TRIAL, folder.join("wit"))
    );
    assert_eq!(release.exhibits.len(), 2);
    for (exhibit, build) in release.exhibits.iter().zip(&builds) {
        assert!(exhibit.component == build.component, "{}", exhibit.name);
        stage().play(exhibit).expect("it answers as it did");
    }

    let mut other = release.exhibits[0].clone();
    other.golden.cases[0].expect = Some(json!([]));
    let told = stage().play(&other).expect_err("it answers something else");
    assert!(told.to_string().starts_with("decide: "), "{told}");
    other.component = shipped("rest_connector").component;
    let told = stage().play(&other).expect_err("it is no policy");
    assert!(told.to_string().contains("admission.world"), "{told}");
}

#[test]
fn a_file_that_is_changed_gone_or_too_many_is_found() {
    let shelf = tempfile::tempdir().expect("a folder");
    let folder = keep(shelf.path(), &[shipped("best_skill")]).expect("it is kept");
    let golden = folder.join("golden/best-skill.json");
    for file in [
        &golden,
        &folder.join("components.tar.br"),
        &folder.join("wit/root.wit"),
    ] {
        let was = std::fs::read(file).expect("a file");
        std::fs::write(file, [&was[..], b" "].concat()).expect("room");
        let told = Release::open(&folder).expect_err("it is changed");
        assert!(
            matches!(&told, ReadError::Changed(path) if path == file),
            "{told}"
        );
        std::fs::remove_file(file).expect("it was there");
        let told = Release::open(&folder).expect_err("it is gone");
        assert!(
            matches!(&told, ReadError::Gone(path) if path == file),
            "{told}"
        );
        std::fs::write(file, was).expect("room");
    }
    let stray = folder.join("golden/another.json");
    std::fs::write(&stray, "{}").expect("room");
    let told = Release::open(&folder).expect_err("it is one too many");
    assert!(
        matches!(&told, ReadError::Stray(path) if *path == stray),
        "{told}"
    );
}

#[test]
fn a_plugin_that_does_not_answer_keeps_the_release_from_being_made() {
    let shelf = tempfile::tempdir().expect("a folder");
    // An interpreter without a script.
    let told = keep(
        shelf.path(),
        &[shipped("best_skill"), shipped("flow_script")],
    );
    let told = told.expect_err("it can not be asked").to_string();
    assert!(told.starts_with("flow-script "), "{told}");
    let left = std::fs::read_dir(shelf.path()).expect("the shelf").count();
    assert_eq!(left, 0);
}

#[test]
fn releases_are_named_as_the_contract_counts() {
    assert_eq!("1.0".parse(), Ok(Name { major: 1, minor: 0 }));
    for wrong in ["1", "1.0.0", "01.0", "v1.0", "+1.0", ""] {
        assert!(wrong.parse::<Name>().is_err(), "{wrong}");
    }
}
