//! Every template, as its author would have it.

use hotline_plugin_build::{Naming, Options, build};
use hotline_scaffold::{Error, Language, Name, SdkState, World, create, renew_sdk, sdk_state};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Shared by all projects, so that the standard library and all dependencies are compiled once.
fn target() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects");
    std::fs::create_dir_all(&target).expect("room in the target folder");
    target
}

fn name() -> Name {
    "parcel-desk".parse().expect("a name")
}

/// As the contract names the world of a plugin made for `world`.
fn built_world(world: World) -> &'static str {
    match world {
        // A flow and its language in one.
        World::FlowLanguage => "flow-interpreter",
        World::FlowLanguageWithMigration => "flow-interpreter-with-migration",
        world => world.as_str(),
    }
}

fn succeeds(world: World, command: &mut Command) {
    let output = command.output().expect("the program starts");
    assert!(
        output.status.success(),
        "{world}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn builds_to_its_world(world: World, folder: &Path) {
    let report = build(&Options {
        directory: folder.to_owned(),
        packages: Vec::new(),
        out: folder.join("dist"),
        naming: Naming::ByKind,
        allow_imports: Vec::new(),
    })
    .unwrap_or_else(|error| panic!("{world}: {error}"));
    let [built] = report.built.as_slice() else {
        panic!("{world}: {} components", report.built.len());
    };
    let manifest = built.manifest.as_ref().expect("a manifest");
    assert_eq!(manifest.name, "parcel-desk");
    assert_eq!(manifest.world.name(), built_world(world));
}

#[test]
fn every_project_passes_its_own_tests_and_builds_to_its_world() {
    for world in World::ALL {
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("parcel-desk");
        create(&folder, &name(), world, Language::Rust).expect("a project");
        std::os::unix::fs::symlink(target(), folder.join("target")).expect("a link");
        succeeds(
            world,
            Command::new(env!("CARGO"))
                .args(["test", "--quiet"])
                .current_dir(&folder)
                .env("RUSTFLAGS", "-D warnings"),
        );
        builds_to_its_world(world, &folder);
    }
}

/// Needs Node and the SDK's packages (`make hostile`), which stand in for `npm install`.
#[test]
fn every_project_in_typescript_passes_its_own_tests_and_builds_to_its_world() {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../typescript/node_modules");
    for world in World::ALL {
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("parcel-desk");
        let files = create(&folder, &name(), world, Language::TypeScript).expect("a project");
        assert!(files.contains(&PathBuf::from("package.json")), "{files:?}");
        install(&packages, &folder);
        for script in ["check", "test"] {
            succeeds(
                world,
                Command::new("npm")
                    .args(["run", "--silent", script])
                    .current_dir(&folder),
            );
        }
        builds_to_its_world(world, &folder);
    }
}

/// As `npm install` leaves it: the packages beside the SDK, which is a link.
fn install(packages: &Path, folder: &Path) {
    let own = folder.join("node_modules");
    std::fs::create_dir_all(own.join("@hotline")).expect("room");
    let link = |from: &Path, to: &Path| std::os::unix::fs::symlink(from, to).expect("a link");
    for package in std::fs::read_dir(packages).expect("`make hostile` installs them") {
        let package = package.expect("readable").path();
        link(&package, &own.join(package.file_name().expect("a name")));
    }
    let sdk = folder.join(".hotline/sdk/typescript");
    link(&sdk, &own.join("@hotline/sdk"));
}

/// For authors who have no `hotline` at hand, only the package. Needs the registry of npm.
#[test]
fn a_project_builds_with_the_sdk_as_a_package_that_npm_installed() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../typescript");
    let place = tempfile::tempdir().expect("a folder");
    let npm = |folder: &Path, arguments: &[&str]| {
        let mut npm = Command::new("npm");
        npm.args(arguments).current_dir(folder);
        succeeds(World::QaLive, &mut npm);
    };
    let to = place.path().to_string_lossy();
    npm(&sdk, &["pack", "--pack-destination", &to]);
    let entries = std::fs::read_dir(place.path()).expect("the folder");
    let mut files = entries.flatten().map(|entry| entry.path());
    let packed = files.next().expect("a package");

    let folder = place.path().join("parcel-desk");
    create(&folder, &name(), World::QaLive, Language::TypeScript).expect("a project");
    std::fs::remove_dir_all(folder.join(".hotline")).expect("the SDK was there");
    let change = |file: &str, changes: &[(&str, &str)]| {
        let path = folder.join(file);
        let mut text = std::fs::read_to_string(&path).expect("of the template");
        for (from, to) in changes {
            assert!(text.contains(from), "{file} has no {from}");
            text = text.replace(from, to);
        }
        std::fs::write(&path, text).expect("room");
    };
    let packed = format!("file:{}", packed.display());
    change(
        "package.json",
        &[
            ("file:.hotline/sdk/typescript", &packed),
            (
                "node .hotline/sdk/typescript/toolchain/main.mjs",
                "hotline-sdk",
            ),
        ],
    );
    change(
        "tsconfig.json",
        &[("./.hotline/sdk/typescript/", "@hotline/sdk/")],
    );
    npm(&folder, &["install", "--no-audit", "--no-fund"]);
    assert!(
        folder
            .join("node_modules/@hotline/sdk/wit/root.wit")
            .is_file()
    );
    npm(&folder, &["run", "--silent", "check"]);
    npm(&folder, &["run", "--silent", "test"]);
    builds_to_its_world(World::QaLive, &folder);
}

#[test]
fn templates_are_formatted() {
    let place = tempfile::tempdir().expect("a folder");
    for world in World::ALL {
        let folder = place.path().join(world.as_str());
        create(&folder, &name(), world, Language::Rust).expect("a project");
        let output = Command::new("rustfmt")
            .args(["--edition", "2024", "--check"])
            .arg(folder.join("src/lib.rs"))
            .output()
            .expect("rustfmt starts");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{world}: {told}");
    }
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("precious"), "text").expect("room");
    let refused = create(place.path(), &name(), World::IvrFlow, Language::Rust);
    assert!(matches!(refused, Err(Error::Exists(_))), "{refused:?}");
    let left = std::fs::read_dir(place.path())
        .expect("still there")
        .count();
    assert_eq!(left, 1);
}

#[test]
fn an_old_sdk_is_noticed_and_renewed_without_touching_the_authors_files() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("parcel-desk");
    assert_eq!(sdk_state(&folder), SdkState::Absent);
    create(&folder, &name(), World::IvrFlow, Language::Rust).expect("a project");
    assert_eq!(sdk_state(&folder), SdkState::Current);

    let stamp = folder.join(".hotline/sdk-version");
    std::fs::write(&stamp, "0.0.9 (00000000)\n").expect("room");
    std::fs::write(folder.join("src/lib.rs"), "// mine").expect("room");
    let state = sdk_state(&folder);
    assert!(
        matches!(&state, SdkState::Other { found, ours }
            if found == "0.0.9 (00000000)" && ours.starts_with("1.0.0 (")),
        "{state:?}"
    );
    renew_sdk(&folder).expect("renewed");
    assert_eq!(sdk_state(&folder), SdkState::Current);
    let mine = std::fs::read_to_string(folder.join("src/lib.rs")).expect("still there");
    assert_eq!(mine, "// mine");
    assert!(matches!(renew_sdk(place.path()), Err(Error::NoProject(_))));
}
